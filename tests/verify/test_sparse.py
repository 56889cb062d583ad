"""Sparse answers are compared by their values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference
from whichext.verify.parts import Difference, describe

EXACT = Tolerance()
DENSE = np.array([[0.0, 2.0, 0.0], [1.0, 0.0, 4.0]])
FORMATS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")


def matrix(dense: Any = DENSE, of: str = "csr") -> Any:
    made: Any = sparse.csr_array(dense)
    return made.asformat(of)


@pytest.mark.parametrize("of", FORMATS)
def test_the_same_values_agree_in_each_format(of: str) -> None:
    assert find_difference(matrix(of=of), matrix(of=of), EXACT) is None


@pytest.mark.parametrize("of", FORMATS)
def test_the_first_value_that_differs_is_named(of: str) -> None:
    other = DENSE.copy()
    other[1, 2] = 5
    found = find_difference(matrix(of=of), matrix(other, of), EXACT)
    assert found == Difference("4.0 at (1, 2)", "5.0 (1 of 6 values differ)")


def test_a_value_that_is_stored_nowhere_is_zero() -> None:
    found = find_difference(matrix(), matrix(np.zeros((2, 3))), EXACT)
    assert found == Difference("2.0 at (0, 1)", "0.0 (3 of 6 values differ)")


def test_how_values_are_stored_does_not_count() -> None:
    places = ([1, 0, 1, 0, 0], [2, 1, 0, 1, 0])
    other = sparse.coo_array(([4.0, 1.5, 1.0, 0.5, 0.0], places), shape=(2, 3))
    assert find_difference(matrix(of="coo"), other, EXACT) is None
    unsorted = sparse.csr_array(([2.0, 4.0, 1.0], [1, 2, 0], [0, 1, 3]), shape=(2, 3))
    assert find_difference(matrix(), unsorted, EXACT) is None


def test_a_tolerance_holds_for_their_values_and_nan_equals_nan() -> None:
    loose = Tolerance(relative=1e-6, reason="sums round")
    values = DENSE.copy()
    values[0, 1] = np.nan
    assert find_difference(matrix(values), matrix(values), EXACT) is None
    assert find_difference(matrix(), matrix(DENSE * (1 + 1e-9)), loose) is None
    assert find_difference(matrix(), matrix(DENSE * (1 + 1e-9)), EXACT) is not None


@pytest.mark.parametrize(
    "other", [matrix(of="coo"), sparse.csr_matrix(DENSE), matrix(DENSE.astype("f4")), DENSE, None]
)
def test_another_class_shape_or_dtype_differs_and_both_are_said(other: Any) -> None:
    found = find_difference(matrix(), other, EXACT)
    assert found is not None
    assert found.expected == describe(matrix())
    assert found.got != found.expected
    assert "csr_array" in found.expected


def test_a_sparse_part_of_an_answer_is_named() -> None:
    found = find_difference({"m": matrix()}, {"m": matrix(2 * DENSE)}, EXACT)
    assert found == Difference("2.0 at (0, 1) in part ['m']", "4.0 (3 of 6 values differ)")
