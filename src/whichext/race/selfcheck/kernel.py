"""selfcheck: one piece of code, raced against itself in many small cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.case import Case, Layout
from whichext.model.kernel import Kernel

Array = npt.NDArray[Any]

_SHAPES = ((10, 10), (30, 100), (100, 300), (300, 1_000), (1_000, 3_000))
_KINDS = (
    ("int64", Layout.C),
    ("int64", Layout.F),
    ("float64", Layout.C),
    ("float64", Layout.F),
    ("float32", Layout.C),
)


def reference(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    maxima: Array = values.max(axis=0)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """Values that do not matter; the same ones each time."""
    values = np.random.default_rng(0).integers(1_000, size=case.shape).astype(case.dtype)
    return (np.asfortranarray(values) if case.layout is Layout.F else values,)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape) * np.dtype(case.dtype).itemsize)


KERNEL = Kernel(
    question="How often is identical code called different on this machine?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("int64", "float64", "float32"),
    cases=tuple(
        Case(
            name=f"{n_rows}x{n_cols}-{dtype}-{layout}",
            shape=(n_rows, n_cols),
            dtype=dtype,
            layout=layout,
        )
        for n_rows, n_cols in _SHAPES
        for dtype, layout in _KINDS
    ),
)
