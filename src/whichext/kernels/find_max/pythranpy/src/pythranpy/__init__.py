"""Column maxima of a 2-D NumPy array, compiled by Pythran for int64 and float64.

``find_max_tiled`` is the one to use; ``find_max`` walks one column after the other.
"""

import numpy as np

from . import _kernels

__all__ = ["find_max", "find_max_tiled"]


def find_max(values):
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    _check("find_max", values)
    return _kernels.columns(values)


def find_max_tiled(values):
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    _check("find_max_tiled", values)
    return _kernels.rows(values) if values.flags.c_contiguous else _kernels.columns(values)


_DTYPES = frozenset(map(np.dtype, ("int64", "float64")))


def _check(function, values):
    """Refuse what Pythran itself would read wrongly, and what it is not compiled for.

    Raises:
        TypeError: It is no plain NumPy array, or one of another dtype or byte order.
        ValueError: It is not two-dimensional, has no row, or has gaps.

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
    if not (values.flags.forc and values.flags.aligned):
        raise ValueError(
            f"{function} expects aligned values without gaps, got strides {values.strides}: "
            "pass numpy.ascontiguousarray(values)"
        )
