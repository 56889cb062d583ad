"""Answers that are tables, masked arrays or objects with a comparison of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference

EXACT = Tolerance()
NEAR = Tolerance(relative=1e-6, reason="sums may be added in any order")
VALUES = np.arange(4.0)


def table(**changes: Any) -> pd.DataFrame:
    return pd.DataFrame({"v": VALUES}, **changes)


@pytest.mark.parametrize(
    "other",
    [
        table().rename(columns={"v": "w"}),
        table(index=[1, 2, 3, 4]),
        table().astype("float32"),
        table() + 1e-9,
        table()[:3],
    ],
    ids=["column", "index", "dtype", "value", "length"],
)
def test_tables_differ_by_labels_dtypes_and_values(other: pd.DataFrame) -> None:
    assert find_difference(table(), table(), EXACT) is None
    assert find_difference(table(), other, EXACT) is not None


def test_values_of_a_table_may_differ_as_the_tolerance_says() -> None:
    assert find_difference(table() + 1, table() + 1 + 1e-9, NEAR) is None


def test_names_of_an_index_and_of_a_series_count() -> None:
    assert find_difference(pd.Index(VALUES), pd.Index(VALUES, name="z"), EXACT) is not None
    one, other = pd.Series(VALUES), pd.Series(VALUES, dtype="Float64")
    assert find_difference(one, other, EXACT) is not None


def masked(places: list[bool]) -> Any:
    return np.ma.masked_array(VALUES, places)


def test_masks_count_and_masked_values_do_not() -> None:
    one = masked([True, False, False, False])
    assert find_difference(one, masked([True, False, False, False]), EXACT) is None
    assert find_difference(one, np.ma.masked_array(VALUES - [7, 0, 0, 0], one.mask), EXACT) is None
    for other in (VALUES.copy(), masked([False, True, False, False])):
        for pair in ((one, other), (other, one)):
            found = find_difference(*pair, EXACT)
            assert found is not None
            assert "(" in found.expected


class NoTruth:
    """What a comparison gives that says neither yes nor no."""

    def __bool__(self) -> bool:
        raise RuntimeError("ambiguous")


class Unclear:
    """Its comparisons cannot be used."""

    def __eq__(self, other: object) -> Any:
        return NoTruth()

    def __ne__(self, other: object) -> Any:
        return NoTruth()

    __hash__ = None  # type: ignore[assignment]  # it has none


def test_what_cannot_be_compared_does_not_agree() -> None:
    assert find_difference(Unclear(), Unclear(), EXACT) is not None
