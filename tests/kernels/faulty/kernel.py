"""faulty: one good project among projects that are wrong on purpose, each in exactly one way.

A folder's name is its fault.
"""

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
    rng = np.random.default_rng(0)
    return (rng.permutation(int(np.prod(case.shape))).reshape(case.shape).astype(case.dtype),)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape)) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="Which of these projects is at fault?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(Case(name="small", shape=(40, 50), dtype="float64"),),
)
