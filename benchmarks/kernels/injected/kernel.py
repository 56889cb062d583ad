"""injected: two factors whose effects are known, for `benchmarks/injected.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]


def reference(values: Array) -> Array:
    """Greatest value of each column."""
    maxima: Array = values.max(axis=0)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """Numbers below 1,000."""
    return (np.random.default_rng(0).integers(1_000, size=case.shape).astype(case.dtype),)


def bytes_moved(case: Case) -> int:
    """Every value is read once at least."""
    return case.shape[0] * case.shape[1] * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="Are effects of known size recovered?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("int64",),
    cases=(Case(name="rows", shape=(1_000, 100), dtype="int64"),),
)
