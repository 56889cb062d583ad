"""One sum, built by each of the usual backends, with flags of its own where a project has some."""

import numpy as np

from whichext import Case, Kernel
from whichext.kernel import Tolerance

KERNEL = Kernel(
    question="Which backends compile as a profile says?",
    reference=lambda values: float(values.sum()),
    inputs=lambda case: (np.arange(float(case.shape[0])),),
    cases=(Case(name="small", shape=(1_000,), dtype="float64"),),
    dtypes=("float64",),
    bytes_moved=lambda case: 8 * case.shape[0],
    tolerance=Tolerance(relative=1e-12, reason="any order of adding is a sum"),
)
