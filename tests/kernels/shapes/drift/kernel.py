"""drift: a class whose method gets one value after the other."""

import numpy as np

from whichext import Case, Kernel, Stateful, strategies


class PageHinkley:
    """Says when the mean of a stream has grown."""

    def __init__(self, threshold):
        self.threshold, self.count, self.mean, self.total, self.least = threshold, 0, 0.0, 0.0, 0.0

    def update(self, value):
        """Whether the mean has grown; then it begins anew."""
        self.count += 1
        self.mean += (value - self.mean) / self.count
        self.total += value - self.mean - 0.005
        self.least = min(self.least, self.total)
        drifted = self.total - self.least > self.threshold
        if drifted:
            self.__init__(self.threshold)
        return drifted


def inputs(case):
    values = np.random.default_rng(0).normal(size=case.n)
    values[case.n // 2 :] += 1
    return values.tolist()


KERNEL = Kernel(
    question="How fast is drift found?",
    reference=PageHinkley,
    reference_name="python",
    inputs=inputs,
    stateful=Stateful(
        method="update",
        init=lambda case: (case.threshold,),
        state=lambda detector: (detector.count, detector.mean),
    ),
    arguments=strategies.lists(strategies.floats(-10, 10)),
    cases=(Case("usual", n=5_000, threshold=50.0), Case("short", n=50, threshold=5.0)),
)
