"""How fast is drift found? A class, whose method gets one value after the other."""

import detectors

from whichext import Case, Kernel, Stateful, strategies


def inputs(case):
    return [one * one % 7 / 7 + (one > case.n // 2) for one in range(case.n)]


KERNEL = Kernel(
    question="How fast is drift found?",
    reference=detectors.Cusum,
    functions={"right": detectors.Branching, "wrong": detectors.Deaf},
    inputs=inputs,
    stateful=Stateful(method="update", init=lambda case: (case.threshold,)),
    arguments=strategies.lists(strategies.floats(-10, 10)),
    cases=(Case("usual", n=1_000, threshold=10.0),),
)
