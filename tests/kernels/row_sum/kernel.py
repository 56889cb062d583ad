"""row_sum: a second, tiny kernel, so that nothing outside a kernel's folder can know find_max."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel, Layout
from whichext.model.kernel import Tolerance

Array = npt.NDArray[Any]


def reference(values: Array) -> Array:
    """Sum of each row; shape (n_rows, n_cols) -> (n_rows,)."""
    sums: Array = values.sum(axis=1)
    return sums


def inputs(case: Case) -> tuple[Array]:
    """Small whole numbers, so that no order of adding them rounds differently."""
    values = np.random.default_rng(0).integers(-50, 50, size=case.shape).astype(case.dtype)
    return (np.asfortranarray(values) if case.layout is Layout.F else values,)


def bytes_moved(case: Case) -> int:
    """Every value is read once, and one sum a row is written."""
    n_rows, n_cols = case.shape
    return n_rows * (n_cols + 1) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="How fast can the rows of a small table be summed?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    tolerance=Tolerance(relative=1e-12, reason="sums may be added in any order"),
    cases=(
        Case(name="small", shape=(20, 30), dtype="float64"),
        Case(name="column-major", shape=(30, 20), dtype="float64", layout=Layout.F),
    ),
)
