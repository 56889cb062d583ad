"""slower: two contestants that do a known amount of extra work, for `benchmarks/slowdown.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]

ROWS = 1_000
"""Rows that are asked for; the array has more, for those that do extra work."""


def reference(values: Array) -> Array:
    """Greatest value of each column of the first 1,000 rows."""
    maxima: Array = values[:ROWS].max(axis=0)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """The greatest values stand in the first row, so that extra rows change no answer."""
    values = np.random.default_rng(0).integers(1_000, size=case.shape).astype(case.dtype)
    values[:1] = 1_000
    return (values,)


def bytes_moved(case: Case) -> int:
    """The first 1,000 rows are read once."""
    return ROWS * case.shape[1] * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="Is a contestant that does 3 % more work called slower?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("int64",),
    cases=(Case(name="rows", shape=(2_000, 30), dtype="int64"),),
)
