"""Turns of calls in place and of classes: what is timed, compared and asked after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from whichext.model.change import Change
from whichext.model.forms import InPlace, OnStream, Stateful
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import EARLIER, Wrong
from whichext.race.in_worker import Refused, Reply, Turn, Turned, answer
from whichext.system.workers.worker import Subject

ADD = Stateful(method="add", state=lambda made: made.total)


class Total:
    """Adds up what it is given."""

    def __init__(self) -> None:
        self.total = 0.0

    def add(self, value: float) -> float:
        """The total so far."""
        self.total += value
        return self.total


def double(values: Any) -> None:
    """Multiply in place."""
    values *= 2


def on_stream(made: type = Total) -> OnStream:
    return OnStream(made, ADD)


def in_place(function: Callable[..., Any] = double) -> InPlace:
    return InPlace(function, ("values",), ("values",))


def prepared(right: InPlace | OnStream) -> Prepared:
    """Three values, of which the last one may become 2 instead of 3."""
    values = np.array([1.0, 2.0, 3.0])
    before = right(values)
    change = Change(0, (2,), 3.0, 2.0, None)
    change.make((values,))
    changed = right(values)
    change.undo((values,))
    return Prepared((values,), before, change=replace(change, answer=changed))


def turned(
    form: InPlace | OnStream, right: InPlace | OnStream, *, calls: int = 6, **told: Any
) -> Reply:
    subject = Subject(form, {"three": prepared(right)}, Tolerance())
    return answer(subject, Turn("three", calls, compared="three, epoch 1", **told))


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("form", [in_place(), on_stream()], ids=["in place", "class"])
def test_right_answers_are_timed_whatever_the_element_is(
    form: InPlace | OnStream, changed: bool
) -> None:
    found = turned(form, form, changed=changed, warm=1, alternates_below_ns=10**9)
    assert isinstance(found, Turned)
    assert found.alternated
    assert not found.remembers


def test_what_the_last_call_leaves_behind_is_compared() -> None:
    found = turned(in_place(lambda values: values.fill(0)), in_place())
    assert isinstance(found, Wrong)
    assert "part .after['values']" in found.expected


def test_the_last_answer_and_the_state_of_the_last_object_are_compared() -> None:
    class Late(Total):
        def add(self, value: float) -> float:
            """Wrong from 5 on."""
            return super().add(value) + (self.total > 5)

    class Reset(Total):
        def add(self, value: float) -> float:
            """Right, and then nothing is left."""
            found = super().add(value)
            self.total = 0.0 if found > 5 else found
            return found

    late, reset = (turned(on_stream(made), on_stream()) for made in (Late, Reset))
    assert isinstance(late, Wrong)
    assert isinstance(reset, Wrong)
    assert "part .answers[0]" in late.expected
    assert "part .state" in reset.expected


def test_an_answer_that_is_kept_beyond_its_object_is_one_from_an_earlier_call() -> None:
    kept: list[float] = []

    class Keeps(Total):
        def add(self, value: float) -> float:
            """The total of the first object that came so far."""
            found = super().add(value)
            if len(kept) < 3:
                kept.append(found)
            self.total = kept[min(2, [1.0, 3.0, 6.0, 5.0].index(found))]
            return self.total

    found = turned(on_stream(Keeps), on_stream(), alternates_below_ns=10**9)
    assert isinstance(found, Wrong)
    assert EARLIER in found.got


@pytest.mark.parametrize("warm", [0, 1])
def test_an_error_of_a_method_or_of_a_class_is_an_answer(warm: int) -> None:
    class Fails(Total):
        def add(self, value: float) -> float:
            """Not this one."""
            raise ValueError("tired" if value else "of nothing")

    class Makes(Total):
        def __init__(self) -> None:
            raise ValueError("tired")

    for made in (Fails, Makes):
        assert turned(on_stream(made), on_stream(), warm=warm) == Refused("ValueError: tired")
