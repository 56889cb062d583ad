"""Other values for an element where all are alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from support.contestants import make_kernel
from whichext.model.case import Case
from whichext.model.kernel import Kernel
from whichext.verify.inputs import strategies
from whichext.verify.inputs.other_values import fair_others, other_values


def grouped(labels: Any, n: int) -> Any:
    return np.bincount(labels, minlength=n)


def kernel(**changes: Any) -> Kernel:
    return replace(make_kernel(Case(name="any")), **changes)


@pytest.mark.parametrize(
    ("value", "others"),
    [
        (True, [False]),
        (3, [2, 0]),
        (-2, [-1, 0]),
        (0, [1]),
        (1, [0]),
        (1.0, [0.5, 0.0]),
        (0.0, [1.0]),
        (float("inf"), [0.0, 1.0]),
        (2 + 2j, [1 + 1j, 0, 1]),
        ("word", ["wor"]),
        ("a", ["aa"]),
        (b"11", [b"1"]),
        ((0, "x"), [(1, "x"), (0, "xx")]),
        (np.uint8(0), [1]),
        (np.datetime64("2020-01-01"), [np.datetime64("2020-01-02")]),
        (np.timedelta64("NaT", "s"), [np.timedelta64(0, "s")]),
        (None, []),
        ("", []),
        pytest.param(object(), [], id="an object"),
    ],
    ids=repr,
)
def test_another_value_is_of_the_same_kind_and_differs(value: Any, others: list[Any]) -> None:
    found = list(other_values(value))
    assert found == others
    assert {type(one) for one in found} <= {type(value)}


def test_an_integer_that_may_be_an_index_comes_closer_to_zero() -> None:
    assert all(0 <= one < 7 for one in other_values(7))


def test_numbers_stay_within_what_is_drawn() -> None:
    bounded = kernel(arguments=strategies.tuples(strategies.lists(strategies.floats(0.75, 2))))
    others = fair_others(bounded, ([1.0],), 0)
    assert list(others(1.0)) == []
    assert all(0.75 <= one <= 2 for one in others(2.0))


def test_a_number_may_depend_on_the_option_beside_it() -> None:
    groups = strategies.sampled_from((10, 1))
    stated = strategies.same_length(labels={"below": "n"}, n=groups)
    bounded = kernel(reference=grouped, arguments=stated)
    zeros = np.zeros(3, np.int64)
    assert list(fair_others(bounded, (zeros, 1), 0)(zeros[0])) == []
    assert list(fair_others(bounded, (zeros, 10), 0)(zeros[0])) == [1]


def test_texts_are_those_that_are_drawn() -> None:
    words = strategies.lists(strategies.sampled_from(("left", "right")), min_size=1)
    others = fair_others(kernel(arguments=strategies.tuples(words)), (["left"],), 0)
    assert set(others("left")) == {"right"}
