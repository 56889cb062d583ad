"""readings: a class whose stream is an array."""

import numpy as np

from whichext import Case, Kernel, Stateful, strategies


class Smooth:
    """Half of what is new, and half of what was there."""

    def __init__(self):
        self.level = 0.0

    def feed(self, value):
        """The level with a value more."""
        self.level = (self.level + value) / 2
        return self.level


def inputs(case):
    return np.random.default_rng(0).normal(size=case.n)


KERNEL = Kernel(
    question="How fast are readings smoothed?",
    reference=Smooth,
    reference_name="python",
    inputs=inputs,
    stateful=Stateful(method="feed", state=lambda smooth: smooth.level),
    arguments=strategies.array(dtypes="float64", min_value=-9, max_value=9),
    cases=(Case("usual", n=500),),
)
