"""Entries that are no functions of their arguments, called as if they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from whichext.model.call import Call, copied
from whichext.model.case import Case
from whichext.model.forms import Changed, InPlace, Items, OnStream, Replayed, Stateful, one_call
from whichext.model.kernel import Kernel


def double(values: Any, by: float = 2.0) -> str:
    """Multiply in place."""
    values *= by
    return "done"


class Total:
    """Adds up what it is given."""

    def __init__(self, start: float = 0.0) -> None:
        self.total = start

    def add(self, value: float, times: int = 1) -> float:
        """The total so far."""
        self.total += value * times
        return self.total


ADD = Stateful(method="add", state=lambda made: made.total)


def in_place(*mutates: str | int) -> InPlace:
    return InPlace(double, mutates or ("values",), ("values", "by"))


def kernel(**told: Any) -> Kernel:
    usual: dict[str, Any] = {
        "question": "How fast?",
        "reference": Total,
        "inputs": lambda _: [1.0, 2.0],
        "cases": (Case("small"),),
        "stateful": ADD,
    }
    return Kernel(**{**usual, **told})


# In place


def test_the_answer_is_what_was_returned_and_the_argument_afterwards() -> None:
    values = np.array([1.0, 2.0])
    answer = in_place()(values)
    assert answer.returned == "done"
    assert answer.after["values"].tolist() == [2.0, 4.0]
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("mutates", ["values", 0])
def test_an_argument_is_named_or_numbered(mutates: str | int) -> None:
    assert list(in_place(mutates)(np.ones(2)).after) == ["values"]


def test_an_argument_without_a_known_name_is_numbered_from_one() -> None:
    form = InPlace(lambda _, other: other.clear(), (1,), ())
    assert form("one", [1]) == Changed(None, {"argument 2": []})


def test_an_argument_by_keyword_is_copied_as_well() -> None:
    values = np.ones(2)
    form = InPlace(lambda *, out: out.fill(7), ("out",), ())
    assert form(out=values).after["out"].tolist() == [7, 7]
    assert values.tolist() == [1, 1]


def test_an_argument_that_is_left_out_is_not_in_the_answer() -> None:
    form = InPlace(double, ("values", "by"), ("values", "by"))
    assert list(form(np.ones(1)).after) == ["values"]


def test_what_a_call_may_not_change_is_the_same_object() -> None:
    other = [1]
    form = InPlace(lambda values, kept: values.append(kept), ("values",), ("values", "kept"))
    after = form([], other).after["values"]
    assert after[0] is other


def layouts() -> dict[str, Any]:
    frozen = np.arange(4.0)
    frozen.flags.writeable = False
    return {
        "F order": np.asfortranarray(np.ones((3, 4))),
        "strided": np.arange(12.0)[::3],
        "backwards": np.arange(12.0)[::-1],
        "big-endian": np.arange(4, dtype=">f8"),
        "unaligned": np.frombuffer(bytearray(33), np.uint8)[1:].view("f8"),
        "read-only": frozen,
        "subclass": np.ma.masked_array([1.0, 2.0], [False, True]),
    }


@pytest.mark.parametrize("name", layouts())
def test_a_copy_lies_in_memory_as_the_original_does(name: str) -> None:
    array = layouts()[name]
    (copy,) = in_place().fresh((array,))
    assert not np.shares_memory(copy, array)
    assert type(copy) is type(array)
    assert (copy.strides, copy.dtype, copy.shape) == (array.strides, array.dtype, array.shape)
    assert copy.flags.writeable == array.flags.writeable
    assert copy.flags.aligned == array.flags.aligned
    assert np.array_equal(copy, array)


def test_objects_in_an_array_and_in_lists_are_copied_as_well() -> None:
    array = np.empty(1, object)
    array[0] = [1]
    (copy,) = in_place().fresh((array,))
    copy[0].append(2)
    assert array[0] == [1]
    nested = [[1]]
    (copied,) = in_place().fresh((nested,))
    copied[0].append(2)
    assert nested == [[1]]


@pytest.mark.parametrize("value", [np.zeros(3), [np.zeros(3)], {"a": np.zeros(3)}], ids=repr)
def test_copies_have_the_dtype_that_numpy_has(value: Any) -> None:
    ((one,),) = in_place().copies((value,), 1)
    (array,) = [one] if isinstance(one, np.ndarray) else one if type(one) is list else one.values()
    assert array.dtype is np.dtype("float64")


def test_arguments_that_lie_in_each_other_cannot_have_copies_that_do() -> None:
    values = np.arange(5.0)
    form = InPlace(lambda to, _: to.fill(0), ("to",), ("to", "source"))
    for source in (values[:-1], values):
        with pytest.raises(ValueError, match="share memory"):
            form(values[1:], source)
    assert form(values[::2], values[1::2]).after["to"].tolist() == [0, 0, 0]


def test_an_array_that_is_given_twice_is_one_array_in_the_copy_too() -> None:
    values = np.arange(3.0)
    first, second, other = copied((values, values, np.arange(3.0)))
    assert first is second
    assert first is not values
    assert other is not first


class Opaque:
    """Cannot be pickled."""

    def __init__(self) -> None:
        self.items = [1]

    def __reduce__(self) -> Any:
        raise TypeError("not me")

    def __deepcopy__(self, memo: object) -> Opaque:
        return Opaque()


@pytest.mark.parametrize(
    "value",
    [[1, 2.0, "three"], [[1], {"a": [2]}], bytearray(b"abc"), {"a": [1]}, {1, 2}, [Opaque()]],
    ids=lambda value: type(value).__name__,
)
def test_copies_of_any_value_share_nothing_that_changes(value: Any) -> None:
    first, second = (one for (one,) in in_place().copies((value,), 2))
    assert first is not value
    assert first is not second
    if not isinstance(value, list) or not isinstance(value[0], Opaque):
        assert first == second == value
    if isinstance(value, list) and not isinstance(value[0], int):
        assert first[0] is not value[0]


# Classes


def test_the_answer_of_a_class_is_that_to_each_item_and_the_state_at_the_end() -> None:
    assert OnStream(Total, ADD)([1.0, 2.0], 10.0) == Replayed([11.0, 13.0], 13.0)


def test_a_method_of_several_values_gets_those_of_a_call() -> None:
    assert OnStream(Total, ADD)([Call(1.0, 2), Call(2.0, 3)]) == Replayed([2.0, 8.0], 8.0)


def test_each_call_of_the_form_makes_an_object_of_its_own() -> None:
    form = OnStream(Total, ADD)
    assert form([1.0]) == form([1.0])


def test_without_a_state_nothing_is_compared_at_the_end() -> None:
    assert OnStream(Total, Stateful(method="add"))([1.0]).state is None


def test_an_array_gives_its_elements() -> None:
    assert OnStream(Total, ADD)(np.array([1.0, 2.0])).answers == [1.0, 3.0]


def test_items_are_cut_before_the_last_one() -> None:
    items = Items.of([Call(1, 2), Call(3, 4)])
    assert (items.but_last, items.only_last) == (Items([(1, 2)], True), Items([(3, 4)], True))


def test_what_a_case_gives_is_a_stream_and_what_its_object_is_made_from() -> None:
    told = Stateful(method="add", init=lambda case: Call(case.n, unit="m"))
    arguments = kernel(stateful=told).arguments_of(Case("small", n=3))
    assert isinstance(arguments, Call)
    assert (tuple(arguments), arguments.keywords) == (([1.0, 2.0], 3, "m"), ("unit",))


@pytest.mark.parametrize(
    "made",
    [None, 7, iter([1]), (np.ones(3),), [], [Call(1), 2], [Call(1, times=2)], Call(1)],
    ids=lambda made: f"{type(made).__name__} {made!r}" if type(made) in (int, list) else None,
)
def test_what_is_no_stream_is_refused(made: object) -> None:
    with pytest.raises(TypeError, match="expected inputs"):
        kernel(inputs=lambda _: made).arguments_of(Case("small"))


def test_what_an_object_is_made_from_is_a_tuple() -> None:
    told = Stateful(method="add", init=lambda _: 3)  # type: ignore[arg-type, return-value]  # the mistake
    with pytest.raises(TypeError, match="expected init"):
        kernel(stateful=told).arguments_of(Case("small"))


# One call at a time


@pytest.mark.parametrize(
    ("form", "arguments", "calls"),
    [
        (in_place(), (np.ones(2),), 1),
        (OnStream(Total, ADD), ([1.0, 2.0], 5.0), 2),
        (sum, ([1.0, 2.0],), 1),
    ],
    ids=["in place", "class", "function"],
)
def test_a_call_that_was_prepared_has_the_answer_of_the_form(
    form: Callable[..., Any], arguments: tuple[Any, ...], calls: int
) -> None:
    one = one_call(form, arguments)
    assert str(one.answer(one.make())) == str(form(*arguments))
    assert one.calls == calls


def test_copies_and_objects_are_made_before_the_call() -> None:
    log: list[str] = []

    class Noted(Total):
        def __init__(self) -> None:
            log.append("made")
            super().__init__()

    one = one_call(OnStream(Noted, ADD), ([1.0],))
    assert log == ["made"]
    one.make()
    assert log == ["made"]
