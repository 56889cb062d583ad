"""The same loop, compiled in ways that an audit has to tell apart."""

import numpy as np

from whichext import Case, Kernel


def total(values: np.ndarray) -> float:
    """The sum of whole numbers, the same in whichever order they are added."""
    return float(values.sum())


def inputs(case: Case) -> tuple[np.ndarray]:
    """Whole numbers."""
    return (np.random.default_rng(0).integers(-50, 50, case.shape).astype(case.dtype),)


KERNEL = Kernel(
    question="How fast is the sum?",
    reference=total,
    inputs=inputs,
    dtypes=("float64",),
    bytes_moved=lambda case: 8 * case.shape[0],
    cases=(Case(name="small", shape=(1000,), dtype="float64"),),
)
