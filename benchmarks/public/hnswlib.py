"""An index of vectors is made."""

from types import SimpleNamespace

from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is an empty index made?",
    reference=lambda space, dim: SimpleNamespace(dim=dim),
    inputs=lambda case: ("l2", case.n),
    tolerance=lambda one, other: one.dim == other.dim,
    cases=(Case("small", n=8),),
)
