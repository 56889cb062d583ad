"""group_sum: several arguments of tied shape, one of them with a domain."""

import numpy as np

from whichext import Case, Kernel, strategies

N_GROUPS = 10


def reference(labels, values):
    """Sum of the values of each label; shapes (n,) and (n,) -> (10,)."""
    sums = np.zeros(N_GROUPS)
    np.add.at(sums, labels, values)
    return sums


def inputs(case):
    rng = np.random.default_rng(0)
    return rng.integers(0, N_GROUPS, case.n), rng.integers(-50, 50, case.n).astype(float)


KERNEL = Kernel(
    question="How fast can values be added by their labels?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments=strategies.same_length(
        labels={"dtypes": "int64", "min_value": 0, "max_value": N_GROUPS - 1},
        values={"dtypes": "float64", "min_value": -(2**40), "max_value": 2**40},
    ),
    bytes_moved=lambda case: 16 * case.n,
    cases=(Case("small", n=200),),
)
