"""Which memory an answer lies in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.verify.sharing import arrays_in, share, shared_argument

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
