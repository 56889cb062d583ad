"""PyArrow: one Arrow array per column, or per row where these are fewer; one thread.

Setting up a million short arrays takes seconds. Those that lie together in memory are not copied.
"""

from __future__ import annotations

import numpy as np
import pyarrow
from pyarrow import compute

from ._check import Array, check, dtypes

_DTYPES = dtypes("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


def pyarrow_max(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    check("pyarrow_max", values, _DTYPES, "Arrow's maximum ignores NaN")
    n_rows, n_cols = values.shape
    if n_rows < n_cols:
        maxima: Array = compute.max_element_wise(*map(pyarrow.array, values)).to_numpy()
        return maxima
    columns = map(pyarrow.array, values.T)
    return np.array([compute.max(column).as_py() for column in columns], values.dtype)
