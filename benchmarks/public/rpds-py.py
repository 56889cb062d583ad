"""A list of which versions share what they have in common is made."""

from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is a list made?",
    reference=list,
    reference_name="list",
    inputs=lambda case: (list(range(case.n)),),
    tolerance=lambda one, other: [*one] == [*other],
    cases=(Case("small", n=100),),
)
