"""Finding one element on which an answer depends."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from support.contestants import make_kernel
from whichext.model.call import Arguments
from whichext.model.case import Case
from whichext.model.change import Change
from whichext.model.kernel import Kernel, Tolerance
from whichext.verify.inputs import change as module
from whichext.verify.inputs.change import find_change

CASE = Case(name="one", shape=(4,), dtype="float64")


def asking(reference: Callable[..., Any], **changes: Any) -> Kernel:
    """A kernel with that reference."""
    return dataclasses.replace(make_kernel(CASE), reference=reference, **changes)


def change_of(reference: Callable[..., Any], *arguments: Any, **changes: Any) -> Change | None:
    """What is found for a call, which must leave its arguments as they were."""
    before = tuple(np.copy(argument) for argument in arguments)
    found = find_change(asking(reference, **changes), arguments, reference(*arguments))
    for argument, kept in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, kept)
    return found


def found_for(reference: Callable[..., Any], *arguments: Any) -> Change:
    """The same, where there must be one."""
    found = change_of(reference, *arguments)
    assert found is not None
    return found


def rows(values: Any) -> Any:
    return values.max(axis=1)


class Incomparable:
    """Raises where it is compared."""

    def __repr__(self) -> str:
        return "Incomparable()"

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("who knows")

    def __hash__(self) -> int:
        return 0


ORDERED = np.arange(12.0).reshape(3, 4)


def test_the_answer_of_a_change_is_that_of_the_changed_arguments() -> None:
    values = ORDERED.copy()
    found = found_for(rows, values)
    found.make((values,))
    np.testing.assert_array_equal(rows(values), found.answer)
    assert not np.array_equal(values, ORDERED)
    found.undo((values,))
    np.testing.assert_array_equal(values, ORDERED)


def test_the_other_value_is_that_of_another_element() -> None:
    found = found_for(rows, ORDERED.copy())
    assert (found.before, found.after) == (11.0, 0.0)
    assert found.place == (2, 3)


@pytest.mark.parametrize(
    "values",
    [
        ORDERED,
        np.asfortranarray(ORDERED),
        ORDERED[:, ::-1],
        np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
        ORDERED.astype("int8"),
        ORDERED.astype("complex128"),
        ORDERED.astype("int64").view("timedelta64[s]"),
        ORDERED.astype(">f8"),
        ORDERED > 5,
    ],
    ids=str,
)
def test_a_change_is_found_in_any_order_of_memory_and_of_any_kind(values: Any) -> None:
    values = values.copy(order="K")
    found = found_for(np.copy, values)
    assert found.answer[found.place] == found.after
    assert values[found.place] == found.before


def test_an_element_far_behind_is_found() -> None:
    values = np.zeros((100, 1000))
    values[70, 900] = 1
    assert found_for(np.max, values).place == (70, 900)


def test_where_the_greatest_do_not_tell_the_first_elements_do() -> None:
    values = np.full(5000, 9.0)
    values[:3] = (2, 3, 2)
    values[4000:] = 1
    assert found_for(lambda array: array[:3].copy(), values).place == (0,)


@pytest.mark.parametrize("turned", [False, True])
def test_where_the_greatest_occurs_often_all_of_a_line_are_changed(turned: bool) -> None:
    values = np.tile([[9.0], [1.0], [9.0], [2.0]], (1, 3))
    columns = np.asfortranarray(values) if turned else values
    found = found_for(lambda array: array.max(axis=0), columns)
    assert sorted(found.answer) == [2.0, 9.0, 9.0]
    assert found.before.tolist() == [9.0, 9.0]


def test_where_one_element_is_lost_in_rounding_many_are_changed() -> None:
    values = np.arange(1e6)
    rounded = Tolerance(relative=1e-4, reason="sums round")
    found = change_of(np.mean, values, tolerance=rounded)
    assert found is not None
    assert len(found.before) == 4096


@pytest.mark.parametrize("missing", [np.nan, -np.inf])
def test_nan_is_no_value_to_choose(missing: float) -> None:
    values = np.array([missing, 4.0, 5.0, np.nan])
    found = found_for(lambda array: array[1:3].copy(), values)
    assert not np.isnan([found.before, found.after]).any()


@pytest.mark.parametrize(
    "values",
    [
        np.zeros(0),
        np.array([(1, 2.0), (3, 4.0)], dtype="i8,f8"),
        "text",
        3,
        [],
        {},
        [None, None],
        [Incomparable(), Incomparable()],
    ],
    ids=str,
)
def test_where_there_is_nothing_to_change_there_is_no_change(values: Any) -> None:
    assert find_change(asking(repr), (values,), repr(values)) is None


@pytest.mark.parametrize(
    ("values", "place", "after"),
    [
        ([3, 1, 9, 2], (2,), [1]),
        ([0.5, float("nan"), 0.25], (0,), [0.25]),
        (["b", "a", "c"], (2,), ["a"]),
        ([b"b", b"a"], (0,), [b"a"]),
        ([(2, "x"), (1, "y")], (0,), [(1, "y")]),
        ([1, "a", None], (1,), [1]),
        ([1 + 2j, 3 + 0j], (1,), [1 + 2j]),
    ],
    ids=str,
)
def test_an_element_of_a_list_gets_the_value_of_another_one(
    values: list[Any], place: tuple[int, ...], after: list[Any]
) -> None:
    before = list(values)
    found = find_change(asking(tuple), (values,), tuple(values))
    assert found is not None
    assert (found.place, found.after, values) == (place, after, before)
    found.make((values,))
    assert tuple(values) == found.answer != tuple(before)
    found.undo((values,))
    assert values == before


def test_where_the_greatest_is_in_a_list_often_all_of_them_are_changed() -> None:
    values = [9, 1, 9, 2, 9]
    found = found_in_list(max, values)
    assert (found.place, found.answer) == ((0, 2, 4), 2)


def test_where_one_element_of_a_list_does_not_tell_the_first_ones_do() -> None:
    values = [2, 3, 2, *[9] * 5000, 1]
    assert found_in_list(lambda one: one[:3].count(1), values).answer == 3


def found_in_list(reference: Callable[..., Any], values: list[Any]) -> Change:
    """The change of a list, which must be left as it was."""
    before = list(values)
    found = find_change(asking(reference), (values,), reference(values))
    assert found is not None
    assert values == before
    return found


def read_only() -> Any:
    values = ORDERED.copy()
    values.flags.writeable = False
    return values


@pytest.mark.parametrize("view", [lambda a: a, lambda a: a[:, ::-1], lambda a: a.T[1:].T])
def test_a_read_only_argument_is_changed_and_still_read_only(view: Callable[[Any], Any]) -> None:
    owner = read_only()
    values = view(owner)
    found = found_for(rows, values)
    assert np.array_equal(owner, ORDERED)
    found.make((values,))
    assert np.array_equal(found.answer, rows(values))
    found.undo((values,))
    assert np.array_equal(owner, ORDERED)
    assert not values.flags.writeable
    assert not owner.flags.writeable


def test_memory_that_cannot_be_written_to_is_not_changed() -> None:
    values = np.frombuffer(ORDERED.tobytes()).reshape(ORDERED.shape)
    assert change_of(rows, values) is None


def test_the_next_argument_is_tried_where_the_first_does_not_matter() -> None:
    found = found_for(lambda _, second: second.sum(), ORDERED.copy(), ORDERED.copy())
    assert found.argument == 1


def test_where_nothing_matters_there_is_no_change() -> None:
    assert change_of(lambda _: 1, ORDERED.copy()) is None


def test_what_the_tolerance_allows_is_no_other_answer() -> None:
    values = np.array([1e9, 1e9 + 1])
    loose = Tolerance(relative=1e-6, reason="sums round")
    assert change_of(np.sum, values.copy(), tolerance=loose) is None
    assert change_of(np.sum, values.copy()) is not None


def test_only_a_few_calls_are_made() -> None:
    calls: list[Arguments] = []

    def counted(*arguments: Any) -> int:
        calls.append(arguments)
        return 1

    find_change(asking(counted), (ORDERED.copy(),) * 9, 1)
    assert len(calls) == 8


def test_fewer_are_made_where_each_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now_s[0]))

    def constant(_: Any) -> float:
        now_s[0] += 3.0
        return 1.0

    assert change_of(constant, np.arange(2_000.0)) is None
    assert now_s == [3 * 3.0 + 3.0]  # the tries, and the answer without a change


def test_a_change_that_the_reference_refuses_is_no_change() -> None:
    def picky(values: Any) -> Any:
        if not np.array_equal(values, ORDERED):
            raise ValueError("I know one array")
        return values.sum()

    assert change_of(picky, ORDERED.copy()) is None
