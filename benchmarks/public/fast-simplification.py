"""A surface that is to lose no triangle stays as it is."""

import numpy as np

from whichext import Case, Kernel

POINTS = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], np.float32)
FACES = np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)], np.int32)

KERNEL = Kernel(
    question="How fast is a surface simplified?",
    reference=lambda points, faces, reduction: (points.astype(float), faces),
    inputs=lambda case: (POINTS, FACES, 0.0),
    cases=(Case("small"),),
)
