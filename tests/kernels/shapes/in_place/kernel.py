"""in_place: a call that changes its argument and returns nothing."""

import numpy as np

from whichext import Case, Kernel, strategies


def reference(values):
    """Double every element."""
    values *= 2.0


def inputs(case):
    return (np.random.default_rng(0).integers(-50, 50, case.n).astype("float64"),)


KERNEL = Kernel(
    question="How fast is doubling in place?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    mutates=("values",),
    arguments={"values": strategies.array(dtypes="float64", min_value=-100, max_value=100)},
    bytes_moved=lambda case: 16 * case.n,
    cases=(Case("small", n=1_000), Case("large", n=1_000_000)),
)
