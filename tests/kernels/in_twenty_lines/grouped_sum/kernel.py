"""How fast are values added by group? The labels are the first argument."""

import numpy as np
import sums

from whichext import Case, Kernel, strategies


def inputs(case):
    random = np.random.default_rng(0)
    return random.integers(0, sums.GROUPS, case.n), random.integers(-50, 50, case.n).astype(float)


KERNEL = Kernel(
    question="How fast are values added by group?",
    reference=sums.in_a_loop,
    functions={"right": sums.counted, "wrong": sums.last_of_each},
    inputs=inputs,
    arguments=strategies.same_length(
        labels={"dtypes": "int64", "min_value": 0, "max_value": sums.GROUPS - 1},
        values={"dtypes": "float64", "min_value": -(2**40), "max_value": 2**40},
    ),
    cases=(Case("small", n=1_000),),
)
