"""unlike: one good project among projects that are right, and built wrong in exactly one way each.

A folder's name is its fault.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel

Array = npt.NDArray[Any]


def reference(values: Array) -> int:
    """How many values are above 0; shape (n,)."""
    return int(np.count_nonzero(values > 0))


def inputs(case: Case) -> tuple[Array]:
    """About as many above as below."""
    return (np.random.default_rng(0).standard_normal(case.shape).astype(case.dtype),)


def bytes_moved(case: Case) -> int:
    """Every value is read once."""
    return int(np.prod(case.shape)) * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="Which of these projects is built unlike the others?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=bytes_moved,
    dtypes=("float64",),
    cases=(Case(name="long", shape=(2_000_000,), dtype="float64"),),
)
