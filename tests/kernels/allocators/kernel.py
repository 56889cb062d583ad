"""allocators: the same maximum with seven ways of taking memory, whose amounts are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]


def reference(values: Array) -> Array:
    """Greatest value of each row; shape (n_rows, n_cols) -> (n_rows,)."""
    maxima: Array = values.max(axis=1)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """Values that differ from each other."""
    return (np.arange(np.prod(case.shape), dtype=case.dtype).reshape(case.shape),)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape)) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="What does a call take of the memory?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(Case(name="48 MB", shape=(2_000, 3_000), dtype="float64"),),
)
