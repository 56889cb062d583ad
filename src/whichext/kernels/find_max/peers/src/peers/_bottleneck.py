"""Bottleneck: C, serial, one column after the other."""

from __future__ import annotations

from bottleneck import nanmax

from ._check import Array, check, dtypes

# Of all others, bottleneck hands what it can to NumPy, which races already.
_DTYPES = dtypes("int32", "int64")


def bottleneck_nanmax(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("bottleneck_nanmax", values, _DTYPES, "bottleneck ignores NaN, and has no other integers")
    maxima: Array = nanmax(values, 0)
    return maxima
