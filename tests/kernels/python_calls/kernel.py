"""python_calls: loops that call Python, each beside a twin that differs in nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]


def reference(values: Array) -> int:
    """How many values are further than 1 from 0; shape (n,)."""
    return int(np.count_nonzero(np.abs(values) > 1))


def inputs(case: Case) -> tuple[Array]:
    """A third of them are."""
    return (np.random.default_rng(0).standard_normal(case.shape).astype(case.dtype),)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape)) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="What does Python in the loop cost?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(Case(name="long", shape=(100_000,), dtype="float64"),),
)
