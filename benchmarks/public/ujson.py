"""JSON becomes objects of Python."""

import json

from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is JSON read?",
    reference=json.loads,
    reference_name="json",
    inputs=lambda case: (json.dumps([{"n": n, "text": "some text"} for n in range(case.n)]),),
    cases=(Case("small", n=100),),
)
