"""PyTorch: a tensor that shares the array's memory; threads as OMP_NUM_THREADS says."""

from __future__ import annotations

import torch

from ._check import Array, check, dtypes

_DTYPES = dtypes("int8", "int32", "int64", "float32", "float64")


def torch_amax(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,).

    Raises:
        ValueError: Strides that a tensor cannot have: negative, or no multiple of the item's size.

    """
    check("torch_amax", values, _DTYPES)
    maxima: Array = torch.amax(torch.from_numpy(values), dim=0).numpy()
    return maxima
