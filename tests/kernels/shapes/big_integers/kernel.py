"""big_integers: arrays of Python's objects."""

import numpy as np

from whichext import Case, Kernel, strategies


def inputs(case):
    return (np.array([3**n for n in range(case.n)], dtype=object),)


KERNEL = Kernel(
    question="How fast are integers of any length added up?",
    reference=lambda values: np.cumsum(values, dtype=object),
    reference_name="numpy",
    inputs=inputs,
    arguments={
        "values": strategies.array(
            dtypes="object", elements=strategies.integers(-(2**80), 2**80)
        )
    },
    cases=(Case("small", n=100),),
)
