"""A UUID of a name."""

import uuid

from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is the UUID of a name?",
    reference=lambda namespace, name: uuid.uuid5(uuid.UUID(str(namespace)), name),
    inputs=lambda case: (uuid.NAMESPACE_DNS, "example.org"),
    tolerance=lambda one, other: str(one) == str(other),
    cases=(Case("small"),),
)
