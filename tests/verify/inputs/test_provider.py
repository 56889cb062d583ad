"""Inputs that are made once and kept for the stages that need them again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from support.contestants import make_kernel
from whichext.model.call import Arguments
from whichext.model.case import Case
from whichext.model.forms import Stateful
from whichext.model.kernel import Prepared
from whichext.system.workers import messages
from whichext.verify.inputs import provider as module
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


def case_of(
    reference: Callable[..., Any], *, free_bytes: int = 10_000
) -> tuple[Prepared, messages.Prepared]:
    """What is prepared of a case of rising values, and what is told of it."""
    kernel = replace(make_kernel(ONE), reference=reference, inputs=lambda _: (np.arange(4.0),))
    provider = KernelInputs(kernel, free_bytes=lambda: free_bytes)
    told = provider.prepare(ONE)
    assert isinstance(told, messages.Prepared)
    return provider.inputs["one"], told


def test_a_case_comes_with_a_change_and_is_left_unchanged() -> None:
    prepared, told = case_of(np.sum)
    assert prepared.change is not None
    assert (prepared.answer, prepared.change.answer, told.fits) == (6.0, 3.0, True)
    assert told.changes
    assert prepared.arguments[0].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_an_answer_that_is_a_view_of_an_argument_has_no_change() -> None:
    prepared, told = case_of(lambda values: values[::2])
    assert (prepared.change, told.fits, told.changes) == (None, True, False)


@pytest.mark.parametrize(("free_bytes", "fits"), [(127, False), (128, True)])
def test_an_answer_of_over_a_quarter_of_the_free_memory_is_not_kept(
    free_bytes: int, fits: bool
) -> None:
    prepared, told = case_of(lambda values: values + 1, free_bytes=free_bytes)
    assert (prepared.change is not None, told.fits) == (fits, fits)


def test_an_iterator_is_no_argument_of_several_calls() -> None:
    kernel = replace(make_kernel(ONE), inputs=lambda _: (iter([1]),))
    found = KernelInputs(kernel).prepare(ONE)
    assert isinstance(found, messages.Failed)
    assert "list_iterator" in found.what


def small_of(case: Case, **changes: Any) -> Arguments | None:
    """The small arguments that come with a case."""
    kernel = replace(make_kernel(case), reference=np.sum, **changes)
    provider = KernelInputs(kernel)
    assert isinstance(provider.prepare(case), messages.Prepared)
    return provider.inputs[case.name].small


def test_a_large_case_comes_with_small_arguments_of_the_same_kind() -> None:
    case = Case(name="large", shape=(1_000, 3_000), dtype="int16")
    small = small_of(case)
    assert small is not None
    (values,) = small
    assert values.dtype == "int16"
    assert values.ndim == 2
    assert 100_000 < values.nbytes <= 1 << 18


def test_a_case_that_is_small_is_so_itself() -> None:
    maker = Maker()
    assert small_of(ONE, inputs=maker) is not None
    assert maker.made == ["one"]


def test_a_kernel_that_makes_no_smaller_arrays_has_no_small_arguments() -> None:
    def inputs(case: Case) -> Arguments:
        if case.shape != (1_000, 1_000):
            raise IndexError("a thousand or nothing")
        return (np.zeros(case.shape),)

    case = Case(name="large", shape=(1_000, 1_000), dtype="float64")
    assert small_of(case, inputs=inputs) is None


@pytest.mark.parametrize(
    ("argument", "held_bytes", "read_bytes"),
    [
        (np.zeros(50), 400, 400),
        (b"a" * 1000, sys.getsizeof(b"a" * 1000), 1000),
        ("a" * 1000, sys.getsizeof("a" * 1000), 0),
        ([0.5, 1.5], sys.getsizeof([0.5, 1.5]) + 2 * 32, 0),  # 24 in steps of 16
    ],
    ids=["array", "bytes", "text", "list"],
)
def test_any_argument_has_a_size_and_some_can_be_read(
    argument: Any, held_bytes: int, read_bytes: int
) -> None:
    case = Case("one")
    kernel = replace(make_kernel(case), reference=len, inputs=lambda _: (argument,))
    told = KernelInputs(kernel).prepare(case)
    assert isinstance(told, messages.Prepared)
    assert (told.argument_bytes, told.input_bytes) == ((held_bytes,), read_bytes)


def test_lists_make_room_as_arrays_do() -> None:
    made: list[str] = []

    def inputs(case: Case) -> Arguments:
        made.append(case.name)
        return ([0.5] * 1000,)

    kernel = replace(make_kernel(ONE, TWO), reference=len, inputs=inputs)
    kernel = replace(kernel, cases=tuple(Case(name) for name in ("one", "two")))
    provider = KernelInputs(kernel, free_bytes=lambda: 10_000)
    for case in (*kernel.cases, kernel.cases[0]):
        provider.prepare(case)
    assert made == ["one", "two", "one"]


class Roots:
    """Answers with square roots."""

    def __init__(self, least: float = 0.0) -> None:
        if least < 0:
            raise ValueError("no roots of those")
        self.least = least

    def push(self, value: float) -> float:
        """The root of a value."""
        if value < self.least:
            raise ValueError(f"{value} is too small")
        return value**0.5


ROOTS = {"reference": Roots, "inputs": lambda _: [4.0, 9.0, -1.0, 16.0]}
PUSH = Stateful(method="push")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {**ROOTS, "stateful": PUSH},
            "case one: the reference raises ValueError: -1.0 is too small, at item 2 of its "
            "stream, the first being 0",
        ),
        (
            {**ROOTS, "stateful": replace(PUSH, init=lambda _: (-2.0,))},
            "case one: the reference raises ValueError: no roots of those",
        ),
        (
            {"reference": lambda values: values[0], "inputs": lambda _: ([],)},
            "case one: the reference raises IndexError: list index out of range",
        ),
    ],
)
def test_a_reference_that_refuses_a_case_is_said_to_and_at_which_item(
    changes: dict[str, Any], said: str
) -> None:
    provider = KernelInputs(replace(make_kernel(Case(name="one", n=4)), **changes))
    told = provider.prepare(Case(name="one", n=4))
    assert told == messages.Failed(said, next_step="fix kernel.py")


def test_the_limit_is_one_of_calls_of_a_method_and_not_of_making_objects_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[float | None] = []

    @contextmanager
    def limited(limit_s: float | None) -> Iterator[None]:
        limits.append(limit_s)
        yield
        limits.pop()

    class Noting:
        def push(self, _: float) -> tuple[float | None, ...]:
            return tuple(limits)

    case = Case(name="one", n=1)
    kernel = replace(make_kernel(case), reference=Noting, inputs=lambda _: [4.0], stateful=PUSH)
    provider = KernelInputs(kernel)
    monkeypatch.setattr(module, "last_resort", limited)
    assert isinstance(provider.prepare(case, 60.0), messages.Prepared)
    assert provider.inputs["one"].answer.answers == [(60.0,)]
