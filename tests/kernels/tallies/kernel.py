"""tallies: classes of several toolchains, whose method gets one value after the other."""

from collections import deque

import numpy as np

from whichext import Case, Kernel, Stateful, strategies


class Greatest:
    """The greatest of the last values."""

    def __init__(self, size):
        self.count, self.last = 0, deque(maxlen=size)

    def push(self, value):
        """The greatest of the last values, this one among them."""
        self.count += 1
        self.last.append(value)
        return max(self.last)


def inputs(case):
    return np.random.default_rng(0).normal(size=case.n).tolist()


KERNEL = Kernel(
    question="How fast is the greatest of the last values known?",
    reference=Greatest,
    reference_name="python",
    inputs=inputs,
    stateful=Stateful(
        method="push",
        init=lambda case: (case.size,),
        state=lambda greatest: greatest.count,
    ),
    arguments=strategies.lists(strategies.floats(-10, 10)),
    cases=(Case("usual", n=1_000, size=8), Case("short", n=50, size=3)),
)
