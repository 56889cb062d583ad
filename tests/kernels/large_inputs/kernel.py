"""large_inputs: a maximum of more than a megabyte, by projects of which some find it again."""

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
    """Values that differ from each other, in an array that may not be written to."""
    rng = np.random.default_rng(0)
    values = rng.permutation(int(np.prod(case.shape))).reshape(case.shape).astype(case.dtype)
    values.flags.writeable = False
    return (values,)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape)) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="Which of these projects finds a large answer again?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(
        Case(name="1.6 MB", shape=(400, 500), dtype="float64"),
        Case(name="2.4 MB", shape=(600, 500), dtype="float64"),
    ),
)
