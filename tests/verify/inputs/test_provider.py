"""Inputs that are made once and kept for the stages that need them again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from support.contestants import make_kernel
from whichext.model.contestant import Case
from whichext.model.kernel import Arguments
from whichext.system.workers import messages
from whichext.verify.inputs.provider import KernelInputs

ONE, TWO = (Case(name=name, shape=(4,), dtype="float64") for name in ("one", "two"))


class Maker:
    """Makes inputs of 32 bytes, and remembers for which cases."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, case: Case) -> Arguments:
        """Remember the case."""
        self.made.append(case.name)
        return (np.ones(case.shape),)


def prepared_in_turn(*cases: Case, free_bytes: int = 1_000) -> list[str]:
    """The cases of which inputs were made while these were asked for."""
    maker = Maker()
    kernel = replace(make_kernel(ONE, TWO), inputs=maker, reference=np.sum)
    provider = KernelInputs(kernel, free_bytes=lambda: free_bytes)
    for case in cases:
        assert isinstance(provider.prepare(case), messages.Prepared)
        assert list(provider.inputs) == [case.name]
    return maker.made


def test_what_was_made_before_is_not_made_again() -> None:
    assert prepared_in_turn(ONE, TWO, ONE, TWO) == ["one", "two"]


def test_where_memory_is_short_the_earlier_inputs_go() -> None:
    assert prepared_in_turn(ONE, TWO, ONE, free_bytes=32) == ["one", "two", "one"]


def test_nothing_is_there_after_a_failure() -> None:
    kernel = make_kernel(ONE, TWO)
    wrong = replace(kernel, inputs=lambda case: (np.ones(4 if case is ONE else 5),))
    provider = KernelInputs(replace(wrong, reference=np.sum))
    provider.prepare(ONE)
    assert isinstance(provider.prepare(TWO), messages.Failed)
    assert provider.inputs == {}
