"""Every byte of a message is combined with one of four."""

from whichext import Case, Kernel, strategies

KERNEL = Kernel(
    question="How fast is a message masked?",
    reference=lambda data, mask: bytes(b ^ mask[i % 4] for i, b in enumerate(data)),
    inputs=lambda case: (bytes(range(256)) * case.n, b"mask"),
    arguments={"data": strategies.binary(), "mask": strategies.binary(min_size=4, max_size=4)},
    cases=(Case("small", n=10),),
)
