"""runs: an answer of two arrays, whose length depends on the values."""

import numpy as np

from whichext import Case, Kernel, strategies


def reference(values):
    """Value and length of each run of equal values; shape (n,) -> twice (n_runs,)."""
    starts = np.flatnonzero(np.diff(values, prepend=values[:1] - 1))
    return values[starts], np.diff(starts, append=len(values))


def inputs(case):
    return (np.random.default_rng(0).integers(0, 3, case.n),)


KERNEL = Kernel(
    question="How fast are runs of equal values found?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments={"values": strategies.array(dtypes="int64", min_value=0, max_value=3)},
    cases=(Case("small", n=200),),
)
