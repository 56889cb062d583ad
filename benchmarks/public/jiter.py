"""JSON becomes objects of Python."""

import json

from whichext import Case, Kernel


def loads(data: bytes) -> object:
    """Of bytes alone: json.loads has an argument for everything."""
    return json.loads(data)


KERNEL = Kernel(
    question="How fast is JSON read?",
    reference=loads,
    reference_name="json",
    inputs=lambda case: (json.dumps([{"n": n, "text": "a"} for n in range(case.n)]).encode(),),
    cases=(Case("small", n=100),),
)
