"""Polars: a frame whose columns are the array's, or its rows where these are fewer.

A frame is made for few and long columns; a million short ones take seconds to set up. Where the
frame's columns lie together in memory they are not copied.
"""

from __future__ import annotations

import polars

from ._check import Array, check, dtypes

_DTYPES = dtypes("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


def polars_max(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("polars_max", values, _DTYPES, "the maximum of Polars ignores NaN")
    n_rows, n_cols = values.shape
    if n_rows < n_cols:
        row_by_row = _frame(values).select(polars.max_horizontal(polars.all()))
        maxima: Array = row_by_row.to_series().to_numpy()
        # The greatest of a single column is that column, which is the caller's own memory.
        maxima = maxima.copy() if n_rows == 1 else maxima
    else:
        maxima = _frame(values.T).max().to_numpy()[0]
    return maxima


def _frame(lines: Array) -> polars.DataFrame:
    """A frame with a column for each line; DataFrame(lines) makes one column of a single line."""
    return polars.DataFrame([polars.Series(str(n), line) for n, line in enumerate(lines)])
