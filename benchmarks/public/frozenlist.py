"""A list that can be made constant is filled."""

from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is a list filled?",
    reference=list,
    reference_name="list",
    inputs=lambda case: (list(range(case.n)),),
    tolerance=lambda one, other: [*one] == [*other],
    cases=(Case("small", n=100),),
)
