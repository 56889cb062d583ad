"""column_max: arrays of three axes."""

import numpy as np

from whichext import Case, Kernel, strategies


def inputs(case):
    rng = np.random.default_rng(0)
    return (rng.permutation(int(np.prod(case.shape))).reshape(case.shape).astype(case.dtype),)


KERNEL = Kernel(
    question="How fast is the greatest along the middle axis found?",
    reference=lambda values: values.max(axis=1),
    reference_name="numpy",
    inputs=inputs,
    arguments={"values": strategies.array(ndim=3)},
    dtypes=("float64", "int16"),
    bytes_moved=lambda case: 8 * int(np.prod(case.shape)),
    cases=(Case("small", shape=(4, 5, 6), dtype="float64"),),
)
