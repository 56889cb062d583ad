"""The calls of a turn: all that they need is made before the clock starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from whichext.model.call import Call
from whichext.model.forms import Changed, InPlace, OnStream, Replayed, Stateful
from whichext.race.calls import Calls, calls_in_one, ready, repeated


def made(calls: Calls) -> list[Any]:
    """What all calls return."""
    return [*calls.others, *calls.last]


class Total:
    """Adds up what it is given, and notes that it was made."""

    count = 0

    def __init__(self) -> None:
        type(self).count += 1
        self.total = 0

    def add(self, value: int) -> int:
        """The total so far."""
        self.total += value
        return self.total


@pytest.fixture
def on_stream() -> OnStream:
    Total.count = 0
    return OnStream(Total, Stateful(method="add", state=lambda made: made.total))


def test_a_function_gets_the_same_arguments_each_time() -> None:
    given: list[object] = []
    values = [1]
    assert made(ready(lambda one: given.append(one), (values,), 3)) == [None] * 3
    assert all(one is values for one in given)


def test_keywords_are_given_as_such() -> None:
    assert made(ready(lambda *, by: by, Call(by=3), 2)) == [3, 3]


@pytest.mark.parametrize("calls", [0, 1, 5])
def test_the_last_call_is_apart(calls: int) -> None:
    found = repeated(lambda: 1, (), calls)
    assert len(list(found.others)) == max(0, calls - 1)
    assert len(list(found.last)) == min(1, calls)


def test_each_call_in_place_gets_a_copy_of_its_own() -> None:
    values = np.array([1.0])
    form = InPlace(lambda given: given.__imul__(2).tolist(), ("values",), ("values",))
    assert made(ready(form, (values,), 4)) == [[2.0]] * 4
    assert values.tolist() == [1.0]


def test_copies_are_there_before_the_first_call() -> None:
    values = [1]
    form = InPlace(lambda given: list(given), ("values",), ("values",))
    calls = ready(form, (values,), 2)
    values.append(2)
    assert made(calls) == [[1], [1]]


def test_an_argument_by_keyword_is_copied_for_each_call() -> None:
    form = InPlace(lambda *, out: out.append(1) or list(out), ("out",), ())
    assert made(ready(form, Call(out=[]), 3)) == [[1]] * 3


def test_what_is_compared_of_a_call_in_place_has_its_own_copy() -> None:
    form = InPlace(lambda given: given.append(7), ("values",), ("values",))
    calls = ready(form, ([],), 2)
    (returned,) = list(calls.others)
    (last,) = calls.last
    assert returned is None
    assert calls.answered(last) == Changed(None, {"values": [7]})


def test_each_pass_over_a_stream_has_an_object_of_its_own(on_stream: OnStream) -> None:
    assert made(ready(on_stream, ([1, 2, 3],), 6)) == [1, 3, 6, 1, 3, 6]
    assert Total.count == 2


def test_objects_are_made_before_the_first_call(on_stream: OnStream) -> None:
    ready(on_stream, ([1, 2, 3],), 9)
    assert Total.count == 3


def test_a_stream_of_one_item_has_its_only_call_last(on_stream: OnStream) -> None:
    calls = ready(on_stream, ([5],), 1)
    assert (list(calls.others), list(calls.last)) == ([], [5])


def test_the_last_answer_and_the_end_state_are_compared(on_stream: OnStream) -> None:
    arguments = ([1, 2, 3],)
    calls = ready(on_stream, arguments, 6)
    list(calls.others)
    (last,) = calls.last
    assert calls.answered(last) == Replayed([6], 6)
    assert calls.expected(on_stream(*arguments)) == Replayed([6], 6)


def test_several_values_are_given_apart() -> None:
    class Pairs:
        def put(self, key: str, value: int) -> str:
            return f"{key}{value}"

    form = OnStream(Pairs, Stateful(method="put"))
    assert made(ready(form, ([Call("a", 1), Call("b", 2)],), 4)) == ["a1", "b2", "a1", "b2"]


def test_a_pass_has_as_many_calls_as_the_stream_has_items(on_stream: OnStream) -> None:
    assert calls_in_one(on_stream, ([1, 2, 3], "init")) == 3
    assert calls_in_one(len, ([1, 2, 3],)) == 1


def test_no_object_is_freed_before_the_last_answer_is_there() -> None:
    log: list[str] = []

    class Noted:
        def add(self, value: int) -> int:
            log.append("call")
            return value

        def __del__(self) -> None:
            log.append("freed")

    calls = ready(OnStream(Noted, Stateful(method="add")), ([1, 2],), 6)
    made(calls)
    assert log == ["call"] * 6
    del calls
    assert log == ["call"] * 6 + ["freed"] * 3
