"""fleet: the same work once, once again and twice, for `benchmarks/fleet.py`."""

import numpy as np

from whichext import Case, Kernel, Tolerance


def reference(values: "np.typing.NDArray[np.float64]") -> float:
    """The sum after ten steps of x -> x * x - 0.5 for each value; they stay between -0.5 and 0."""
    for _ in range(10):
        values = values * values - 0.5
    return float(values.sum())


KERNEL = Kernel(
    question="Are verdicts right on every machine of a fleet, whatever happens to them?",
    reference=reference,
    inputs=lambda case: (np.linspace(-0.5, 0.5, case.n),),
    cases=(Case("values", n=10_000),),
    dtypes=("float64",),
    bytes_moved=lambda case: 8 * case.n,
    tolerance=Tolerance(relative=1e-9, reason="any order of adding is a sum"),
)
