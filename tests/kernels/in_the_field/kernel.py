"""in_the_field: one question, asked by one thread, by several at once, in a forked child."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]
SHAPE = (40, 50)


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
    question="What does a call cost where it is used?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(
        Case(name="alone", shape=SHAPE, dtype="float64"),
        Case(name="crowd", shape=SHAPE, dtype="float64", callers=4),
        Case(name="forked", shape=SHAPE, dtype="float64", forked=True),
        Case(name="crowded_fork", shape=SHAPE, dtype="float64", callers=4, forked=True),
        Case(name="throng", shape=SHAPE, dtype="float64", callers=7, family="throng"),
    ),
)
