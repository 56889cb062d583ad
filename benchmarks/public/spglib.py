"""The symmetry of a crystal is found."""

from whichext import Case, Kernel

CUBE = ((4.0, 0, 0), (0, 4.0, 0), (0, 0, 4.0))

KERNEL = Kernel(
    question="How fast is the symmetry of a crystal found?",
    reference=lambda cell: "Pm-3m (221)",  # of one atom at the corners of a cube
    inputs=lambda case: ((CUBE, [(0.0, 0.0, 0.0)], [1]),),
    cases=(Case("small"),),
)
