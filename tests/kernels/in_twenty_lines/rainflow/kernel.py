"""How fast are load cycles counted? One array in, two of variable length out."""

import loads
import numpy as np

from whichext import Case, Kernel, strategies


def inputs(case):
    return (np.random.default_rng(0).normal(size=case.n).cumsum(),)


KERNEL = Kernel(
    question="How fast are the load cycles of a series counted?",
    reference=loads.cycles,
    functions={"right": loads.cycles_in_place, "wrong": loads.cycles_without_halves},
    inputs=inputs,
    arguments={"series": strategies.array(dtypes="float64", ndim=1, min_value=-9, max_value=9)},
    cases=(Case("day", n=1_000),),
)
