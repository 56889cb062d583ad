"""Numba: the loops one would write, compiled when they are first called with a dtype and layout.

`cache=True` keeps the machine code beside this file, so that a new process only loads it. Without,
every process would compile for about 0.2 s (serial) or 0.7 s (`prange`) before its first answer.
"""

from __future__ import annotations

import numpy as np
from numba import get_num_threads, njit, prange

from ._check import Array, check, dtypes

# Each dtype would work, and take a second to compile in each of five layouts.
_DTYPES = dtypes("int8", "int32", "int64", "float32", "float64")
_WHY = "no others are compiled"

_BLOCK_COLUMNS = 16_384
"""Their maxima stay in the second cache: 64 ms where blocks of half a million columns take 80."""


def numba_rows(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("numba_rows", values, _DTYPES, _WHY)
    maxima: Array = _rows(values)
    return maxima


def numba_row_blocks(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("numba_row_blocks", values, _DTYPES, _WHY)
    n_blocks = max(get_num_threads(), values.shape[1] // _BLOCK_COLUMNS)
    maxima: Array = _row_blocks(values, n_blocks)
    return maxima


def numba_columns(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("numba_columns", values, _DTYPES, _WHY)
    maxima: Array = _columns(values)
    return maxima


@njit(nogil=True, cache=True)
def _rows(values: Array) -> Array:
    n_rows, n_cols = values.shape
    maxima: Array = values[0].copy()
    for row in range(1, n_rows):
        for col in range(n_cols):
            value = values[row, col]
            if value > maxima[col] or value != value:  # NaN enters, and nothing is greater
                maxima[col] = value
    return maxima


# The maxima of a block are an array of their own and the rows are slices: with indices into the
# whole arrays, or the fold in a function of its own, Numba vectorises neither and takes 135 ms.
@njit(nogil=True, parallel=True, cache=True)
def _row_blocks(values: Array, n_blocks: int) -> Array:
    n_rows, n_cols = values.shape
    maxima = np.empty(n_cols, values.dtype)
    for block in prange(n_blocks):
        begin = n_cols * block // n_blocks
        end = n_cols * (block + 1) // n_blocks
        best = values[0, begin:end].copy()
        for row in range(1, n_rows):
            line = values[row, begin:end]
            for col in range(end - begin):
                value = line[col]
                if value > best[col] or value != value:
                    best[col] = value
        maxima[begin:end] = best
    return maxima


@njit(nogil=True, parallel=True, cache=True)
def _columns(values: Array) -> Array:
    n_rows, n_cols = values.shape
    maxima = np.empty(n_cols, values.dtype)
    for col in prange(n_cols):
        column = values[:, col]
        best = column[0]
        for row in range(1, n_rows):
            value = column[row]
            if value > best or value != value:
                best = value
        maxima[col] = best
    return maxima
