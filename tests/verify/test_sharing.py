"""Which memory an answer lies in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.verify.sharing import answer_bytes, arrays_in, share, shared_argument

Array = npt.NDArray[Any]


@pytest.mark.parametrize(
    ("result", "number"),
    [
        (lambda one, two: one.copy(), None),  # noqa: ARG005  # what a check is given
        (lambda one, two: one[1:], 0),  # noqa: ARG005  # what a check is given
        (lambda one, two: (3, [one.copy(), two[::2]]), 1),
        (lambda one, two: None, None),  # noqa: ARG005  # what a check is given
    ],
    ids=["a copy", "a part of the first", "a part of the second in a list", "nothing"],
)
def test_an_answer_that_shares_memory_names_the_argument(
    result: Callable[[Array, Array], Any], number: int | None
) -> None:
    one, two = np.arange(6.0), np.arange(8.0)
    assert shared_argument(result(one, two), (one, "axis", two)) == (2 if number == 1 else number)


def test_arrays_are_found_in_whatever_holds_them() -> None:
    one, two = np.arange(2), np.arange(3)
    assert [len(array) for array in arrays_in({"a": (one, 3), "b": [two, None]})] == [2, 3]


def test_arrays_that_interleave_share_nothing() -> None:
    values = np.arange(6.0)
    assert not share(values[::2], values[1::2])
    assert share(values[::2], values[::3])


NUMBERS = list(range(10**6, 10**6 + 3000))
ARRAY = np.zeros(1000)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (lambda: [n + 1 for n in NUMBERS], 3000 * (8 + 32)),
        (lambda: NUMBERS[::-1], 3000 * 8),
        (lambda: NUMBERS, 0),
        (lambda: (ARRAY[1:], [ARRAY.copy()]), 8000),
        (lambda: "text" * 1000, 4000),
    ],
    ids=["its own elements", "the same elements", "the argument itself", "arrays", "text"],
)
def test_of_an_answer_only_what_is_no_arguments_counts(
    result: Callable[[], Any], expected: int
) -> None:
    assert answer_bytes(result(), (NUMBERS, ARRAY)) == pytest.approx(expected, rel=0.02, abs=200)
