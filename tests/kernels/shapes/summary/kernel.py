"""summary: an answer that is a dict, with tuples and dicts in it."""

import numpy as np

from whichext import Case, Kernel, Tolerance, strategies


def reference(values):
    """Count, extremes and moments."""
    if not len(values):
        raise ValueError("there is no mean of nothing")
    values = np.asarray(values)
    return {
        "count": len(values),
        "extremes": (values.min(), values.max()),
        "moments": {"mean": values.mean(), "spread": values.std()},
    }


def inputs(case):
    return (np.random.default_rng(0).normal(size=case.n),)


KERNEL = Kernel(
    question="How fast is an array summed up?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments={"values": strategies.array(dtypes="float64", min_value=-100, max_value=100)},
    tolerance=Tolerance(relative=1e-9, absolute=1e-9, reason="sums may be added in any order"),
    cases=(Case("small", n=100),),
)
