"""Angles are brought into one turn."""

import numpy as np

from whichext import Case, Kernel, Tolerance, strategies

KERNEL = Kernel(
    question="How fast are angles brought into the range of one turn?",
    reference=lambda angles: np.mod(angles, 2 * np.pi),
    inputs=lambda case: (np.linspace(-50, 50, case.n),),
    arguments={"angles": strategies.array(dtypes="float64", min_value=0.5, max_value=50)},
    tolerance=Tolerance(absolute=1e-13, reason="2 pi is rounded"),
    cases=(Case("small", n=1000),),
)
