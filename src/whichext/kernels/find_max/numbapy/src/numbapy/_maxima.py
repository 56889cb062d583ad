"""The two functions, and what they compile for each dtype and layout that they are called with.

`cache=True` keeps the machine code beside this file, so that a new process only loads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Array = npt.NDArray[Any]

_DTYPES = frozenset(map(np.dtype, ("int64", "float64")))  # others would compile for seconds

_BLOCK_COLUMNS = 8_192
"""Columns whose maxima stay in the second cache."""
_LANES = 256
"""Maxima of a long column, until its end."""


def find_max(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    _check("find_max", values)
    maxima: Array = _columns(values)
    return maxima


def find_max_tiled(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    _check("find_max_tiled", values)
    along = values.flags.f_contiguous and not values.flags.c_contiguous and values.flags.aligned
    maxima: Array = _along(values.T) if along else _rows(values)
    return maxima


def _check(function: str, values: Array) -> None:
    """Refuse all but a plain 2-D array with a row, of a dtype that is compiled.

    Raises:
        TypeError: It is no plain NumPy array, or one of another dtype.
        ValueError: It is not two-dimensional, or has no row.

    """
    if type(values) is not np.ndarray:
        got = type(values).__name__
        raise TypeError(f"{function} expects a plain NumPy array, got {got}")
    if values.dtype not in _DTYPES:
        raise TypeError(
            f"{function} supports int64 and float64 in native byte order, got {values.dtype}"
        )
    if values.ndim != 2:
        raise ValueError(f"{function} expects a 2-D array, got shape {values.shape}")
    if not values.shape[0]:
        raise ValueError(f"{function} needs at least one row, got shape {values.shape}")


# SAFETY: Numba checks no index. Each is below a length of the shape that its loop ends at, and
# _check has found row 0.
@njit(nogil=True, cache=True)
def _columns(values: Array) -> Array:
    n_rows, n_cols = values.shape
    maxima = np.empty(n_cols, values.dtype)
    for col in range(n_cols):
        best = values[0, col]
        for row in range(1, n_rows):
            value = values[row, col]
            if value > best or value != value:  # a NaN enters, and nothing is greater
                best = value
        maxima[col] = best
    return maxima


@njit(nogil=True, cache=True)
def _rows(values: Array) -> Array:
    """From blocks of columns."""
    n_cols = values.shape[1]
    maxima = np.empty(n_cols, values.dtype)
    for begin in range(0, n_cols, _BLOCK_COLUMNS):
        end = min(begin + _BLOCK_COLUMNS, n_cols)
        best = values[0, begin:end].copy()
        _fold(best, values, begin, end)
        maxima[begin:end] = best
    return maxima


@njit(nogil=True, cache=True)
def _along(vectors: Array) -> Array:
    """Greatest value of each row of a C-contiguous array, from lanes of it."""
    n_vectors, length = vectors.shape
    maxima = np.empty(n_vectors, vectors.dtype)
    lanes = min(_LANES, length)
    whole = length // lanes
    for n in range(n_vectors):
        vector = vectors[n]
        parts = vector[: whole * lanes].reshape((whole, lanes))
        best = parts[0].copy()
        _fold(best, parts, 0, lanes)
        found = best[0]
        for lane in range(1, lanes):
            found = _greater(found, best[lane])
        for rest in range(whole * lanes, length):
            found = _greater(found, vector[rest])
        maxima[n] = found
    return maxima


@njit(nogil=True, cache=True)
def _greater(best: Any, value: Any) -> Any:
    """The greater one; a NaN is greater than anything, and stays."""
    most = value if value > best else best
    return value if value != value else most


# Slices, since Numba makes no vectors of indices into the whole array. Row by row it takes 1.5 to
# 2.3 times as long on 100 x 1,000,000, and 1.3 times as long on 1,000,000 x 100.
@njit(nogil=True, cache=True)
def _fold(best: Array, values: Array, begin: int, end: int) -> None:
    """Fold all rows, between two columns, onto their maxima."""
    n_rows = values.shape[0]
    part = n_rows // 8
    # SAFETY: the last row of the eight places is 8 * part - 1; best has end - begin values.
    for row in range(part):
        r0, r1 = values[row, begin:end], values[row + part, begin:end]
        r2, r3 = values[row + 2 * part, begin:end], values[row + 3 * part, begin:end]
        r4, r5 = values[row + 4 * part, begin:end], values[row + 5 * part, begin:end]
        r6, r7 = values[row + 6 * part, begin:end], values[row + 7 * part, begin:end]
        for i in range(end - begin):
            a = _greater(_greater(r0[i], r1[i]), _greater(r2[i], r3[i]))
            b = _greater(_greater(r4[i], r5[i]), _greater(r6[i], r7[i]))
            best[i] = _greater(best[i], _greater(a, b))
    for row in range(8 * part, n_rows):
        rest = values[row, begin:end]
        for i in range(end - begin):
            best[i] = _greater(best[i], rest[i])
