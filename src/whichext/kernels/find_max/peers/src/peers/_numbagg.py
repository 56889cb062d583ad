"""numbagg: a NumPy gufunc that Numba compiles, serial, one column after the other."""

from __future__ import annotations

import numbagg

from ._check import Array, check, dtypes

_DTYPES = dtypes("int8", "int16", "int32", "uint8", "uint16", "uint32")
_WHY = "numbagg ignores NaN, and its maximum is a float64, which rounds 2**53 + 1"


def numbagg_nanmax(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("numbagg_nanmax", values, _DTYPES, _WHY)
    maxima: Array = numbagg.nanmax(values, axis=0)
    return maxima.astype(values.dtype)
