"""Answers that are found again: seen by what calls on known content take."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.audit import remembering
from whichext.audit.remembering import remembers_content

Array = npt.NDArray[Any]


class Clock:
    """Time that only calls move on."""

    def __init__(self) -> None:
        self.now_ns = 0

    def perf_counter_ns(self) -> int:
        """What the clock says."""
        return self.now_ns


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of what is tested."""
    made = Clock()
    monkeypatch.setattr(remembering, "time", SimpleNamespace(perf_counter_ns=made.perf_counter_ns))
    return made


def taking(clock: Clock, fresh_ns: int, again_ns: int) -> tuple[Callable[[Array], None], list[int]]:
    """An entry with other times for what it has seen before, and its calls."""
    kept: set[bytes] = set()
    calls: list[int] = []

    def call(values: Array) -> None:
        calls.append(1)
        clock.now_ns += again_ns if values.tobytes() in kept else fresh_ns
        kept.add(values.tobytes())

    return call, calls


VALUES = np.arange(1_000.0)


@pytest.mark.parametrize(("again_ns", "remembers"), [(9, True), (34, False), (90, False)])
def test_less_than_a_third_of_the_time_is_remembering(
    clock: Clock, again_ns: int, remembers: bool
) -> None:
    call, _ = taking(clock, 100, again_ns)
    assert remembers_content(call, (VALUES,)) == remembers


def test_who_does_not_remember_is_called_four_times(clock: Clock) -> None:
    call, calls = taking(clock, 100, 100)
    remembers_content(call, (VALUES,))
    assert len(calls) == 4


def test_one_slow_call_among_those_that_are_alike_is_no_remembering(clock: Clock) -> None:
    times = iter([100, 900, 100, 100, *[100] * 20])

    def call(_: Array) -> None:
        clock.now_ns += next(times)

    assert remembers_content(call, (VALUES,)) is False


def test_what_takes_long_is_not_called_again(clock: Clock) -> None:
    call, calls = taking(clock, 10**9, 10**9)
    assert remembers_content(call, (VALUES,)) is None
    assert len(calls) == 1


@pytest.mark.parametrize("values", [np.ones(50), np.empty(0), np.array([None, 1]), "text"])
def test_without_an_element_to_change_nothing_is_said(clock: Clock, values: Any) -> None:
    assert remembers_content(lambda _: None, (values,)) is None
    assert clock.now_ns == 0


def test_the_arguments_stay_as_they_are(clock: Clock) -> None:
    values = VALUES.copy()
    call, _ = taking(clock, 100, 1)
    assert remembers_content(call, (values,))
    np.testing.assert_array_equal(values, VALUES)


def test_an_argument_that_may_not_be_written_to_is_no_hindrance(clock: Clock) -> None:
    values = VALUES.copy()
    values.flags.writeable = False
    call, _ = taking(clock, 100, 1)
    assert remembers_content(call, (values,))
