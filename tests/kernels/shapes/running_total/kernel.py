"""running_total: one axis of sizes."""

import numpy as np

from whichext import Case, Kernel, strategies


def inputs(case):
    return (np.random.default_rng(0).integers(-50, 50, case.n),)


KERNEL = Kernel(
    question="From which length on does a loop pay?",
    reference=lambda values: np.cumsum(values),
    reference_name="numpy",
    inputs=inputs,
    arguments={"values": strategies.array(dtypes="int64")},
    bytes_moved=lambda case: 16 * case.n,
    operations=lambda case: case.n,
    cases=(Case("usual", n=50), *Case.sweep("size", over="n", values=(10, 100, 1000))),
)
