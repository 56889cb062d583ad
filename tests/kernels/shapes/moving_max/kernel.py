"""moving_max: a scalar and an option, both by keyword alone."""

import numpy as np

from whichext import Call, Case, Kernel, strategies


def reference(values, *, window, step=1):
    """Greatest value of each window; shape (n,) -> (about n / step,)."""
    return np.lib.stride_tricks.sliding_window_view(values, window)[::step].max(axis=-1)


def inputs(case):
    values = np.random.default_rng(0).permutation(case.n).astype(float)
    return Call(values, window=case.window)


KERNEL = Kernel(
    question="How fast is the greatest value of each window found?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments={
        "values": strategies.array(dtypes="float64", shape=(strategies.length(9),)),
        "window": strategies.integers(1, 9),
        "step": strategies.integers(1, 3),
    },
    cases=(Case("small", n=200, window=5),),
)
