"""Answers that outlive their input: each way of remembering is found by a check that is for it."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.change import Change
from whichext.model.forms import OnStream, Replayed, Stateful
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import OUTLIVES, Outcome, Right, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify import earlier
from whichext.verify.earlier import at_the_same_place, changed_in_place
from whichext.verify.in_worker import Tried, Try, answer

Array = npt.NDArray[Any]
Call = Callable[[Array], Array]

LONG_NS = 10**12
"""Longer than any call here."""

STALE = "an answer from an earlier call"


def row_maxima(values: Array) -> Array:
    maxima: Array = values.max(axis=1)
    return maxima


def table(n_rows: int = 40) -> Prepared:
    """A table whose first row has another maximum after the change."""
    values = np.arange(50.0 * n_rows).reshape(n_rows, 50)
    answer = row_maxima(values)
    changed = answer.copy()
    changed[0] -= 1
    change = Change(argument=0, place=(0, 49), before=49.0, after=0.0, answer=changed)
    return Prepared((values,), answer, plain_of="float64", change=change)


def remembering(key: Callable[[Array], object]) -> Call:
    """A contestant that keeps its answers by something of its argument."""
    kept: dict[object, Array] = {}

    def call(values: Array) -> Array:
        return kept.setdefault(key(values), row_maxima(values)).copy()

    return call


def by_weak_reference() -> Call:
    """A contestant that keeps its answers as long as their array lives."""
    kept: dict[int, tuple[weakref.ref[Array], Array]] = {}

    def call(values: Array) -> Array:
        known = kept.get(id(values))
        if known is None or known[0]() is not values:
            known = kept[id(values)] = (weakref.ref(values), row_maxima(values))
        return known[1].copy()

    return call


def tried(
    act: Callable[[Subject, str, Prepared], Outcome | None], call: Call, prepared: Prepared
) -> Outcome | None:
    return act(Subject(call, {}, Tolerance()), "here", prepared)


WAYS: dict[str, Callable[[Array], object]] = {
    "address": lambda values: values.ctypes.data,
    "shape": lambda values: (values.shape, values.dtype),
    "some elements": lambda values: values.ravel()[::100].tobytes(),
}


@pytest.mark.parametrize("act", [changed_in_place, at_the_same_place])
def test_who_reads_its_argument_is_right(act: Callable[..., Outcome | None]) -> None:
    assert tried(act, row_maxima, table()) == Right()


@pytest.mark.parametrize("way", [*WAYS, "identity", "weak reference"])
def test_an_answer_that_is_kept_is_wrong_after_a_change_in_place(way: str) -> None:
    by = {**WAYS, "identity": id}
    call = by_weak_reference() if way == "weak reference" else remembering(by[way])
    assert tried(changed_in_place, call, table()) == Wrong(
        "here", "48.0 at (0,)", f"49.0 (1 of 40 values differ), {STALE}"
    )


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_is_kept_is_wrong_for_another_array_at_the_same_place(way: str) -> None:
    found = tried(at_the_same_place, remembering(WAYS[way]), table())
    assert isinstance(found, Wrong)
    assert found.got.endswith(STALE)


def test_an_answer_that_is_kept_after_the_change_is_wrong_when_it_is_undone() -> None:
    calls: list[Array] = []

    def call(values: Array) -> Array:
        calls.append(row_maxima(values))
        return calls[min(len(calls), 2) - 1]

    found = tried(changed_in_place, call, table())
    assert found == Wrong("here", "49.0 at (0,)", f"48.0 (1 of 40 values differ), {STALE}")


def test_a_wrong_answer_that_never_was_right_is_none_from_an_earlier_call() -> None:
    found = tried(changed_in_place, lambda values: row_maxima(values) + 1, table())
    assert found == Wrong("here", "49.0 at (0,)", "50.0 (40 of 40 values differ)")


def test_the_input_stays_as_it_is() -> None:
    prepared = table()
    (values,) = prepared.arguments
    before = values.copy()
    for act in (changed_in_place, at_the_same_place):
        tried(act, row_maxima, prepared)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("act", [changed_in_place, at_the_same_place])
def test_without_a_change_nothing_is_told(act: Callable[..., Outcome | None]) -> None:
    assert tried(act, row_maxima, Prepared((np.ones((2, 2)),), np.ones(2))) is None


def test_who_keeps_its_arguments_gets_no_other_array_at_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(earlier, "_PLACES", 3)
    kept: list[Array] = []

    def call(values: Array) -> Array:
        kept.append(values)
        return row_maxima(values)

    assert tried(at_the_same_place, call, table()) is None
    assert len(kept) == 1


def words() -> Prepared:
    """A list of which the last element gets another value."""
    change = Change(argument=0, place=(2,), before=["c"], after=["a"], answer={"a": 2, "b": 1})
    return Prepared((["a", "b", "c"],), {"a": 1, "b": 1, "c": 1}, plain_of="", change=change)


@pytest.mark.parametrize(
    "key", [id, len, lambda values: values[0]], ids=["identity", "length", "some elements"]
)
def test_an_answer_that_is_kept_is_wrong_after_a_change_of_a_list(
    key: Callable[[list[str]], object],
) -> None:
    kept: dict[object, Counter[str]] = {}
    prepared = words()

    def call(values: list[str]) -> dict[str, int]:
        return dict(kept.setdefault(key(values), Counter(values)))

    found = tried(changed_in_place, call, prepared)  # type: ignore[arg-type]
    assert isinstance(found, Wrong)
    assert found.got.endswith(STALE)
    assert prepared.arguments == (["a", "b", "c"],)
    assert tried(changed_in_place, lambda values: dict(Counter(values)), words()) == Right()


def test_no_list_is_known_by_its_place() -> None:
    assert tried(at_the_same_place, lambda values: dict(Counter(values)), words()) is None


# The inputs of cases


def table_tried(call: Call, changes_ns: int) -> Outcome:
    """What becomes of a case's input on which calls follow that take no longer."""
    prepared = table()
    before = prepared.arguments[0].copy()
    found = answer(
        Subject(call, {"case": prepared}, Tolerance()), Try("case", changes_ns=changes_ns)
    )
    np.testing.assert_array_equal(prepared.arguments[0], before)
    assert isinstance(found, Tried)
    return found.result


def test_an_answer_that_is_kept_is_wrong_after_the_input_of_a_case_has_changed() -> None:
    stale = f"49.0 (1 of 40 values differ), {STALE}"
    assert table_tried(remembering(id), LONG_NS) == Wrong("case", "48.0 at (0,)", stale)
    assert table_tried(row_maxima, LONG_NS) == Right()


@pytest.mark.parametrize(("changes_ns", "calls"), [(0, 1), (LONG_NS, 3)])
def test_only_calls_that_are_short_enough_are_made_again(changes_ns: int, calls: int) -> None:
    made: list[int] = []

    def call(values: Array) -> Array:
        made.append(1)
        return row_maxima(values)

    table_tried(call, changes_ns)
    assert len(made) == calls


def test_a_copy_of_what_may_not_be_written_to_may_not_be_written_to_either() -> None:
    prepared = table()
    prepared.arguments[0].flags.writeable = False
    seen: list[bool] = []

    def call(values: Array) -> Array:
        seen.append(values.flags.writeable)
        return row_maxima(values)

    assert tried(changed_in_place, call, prepared) == Right()
    assert seen == [False] * 3


class Drift:
    """Detects what all objects together have seen."""

    calls: ClassVar = [0]

    def update(self, value: float) -> bool:
        """Whether there is a drift."""
        self.calls[0] += 1
        return value > 5 or self.calls[0] > 12


def test_a_class_that_counts_over_all_objects_is_said_to_do_so_where_only_a_change_shows_it() -> (
    None
):
    form = OnStream(Drift, Stateful(method="update"))
    stream = [1.0, 2.0, 9.0, 3.0] * 2
    answer = Replayed([one > 5 for one in stream], None)
    changed = Replayed([False, False, False, *answer.answers[3:]], None)
    change = Change(argument=0, place=(2,), before=[9.0], after=[1.0], answer=changed)
    prepared = Prepared((stream,), answer, change=change)
    found = changed_in_place(Subject(form, {}, Tolerance()), "here", prepared)
    assert isinstance(found, Wrong)
    assert found.got.endswith(f", {OUTLIVES}")
    assert stream == [1.0, 2.0, 9.0, 3.0] * 2
