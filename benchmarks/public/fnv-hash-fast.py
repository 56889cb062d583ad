"""The hash FNV-1a of bytes."""

from whichext import Case, Kernel, strategies


def fnv1a_32(data: bytes) -> int:
    """32 bits of it, as its authors publish it."""
    found = 0x811C9DC5
    for byte in data:
        found = (found ^ byte) * 0x01000193 % 2**32
    return found


KERNEL = Kernel(
    question="How fast are bytes hashed?",
    reference=fnv1a_32,
    inputs=lambda case: (b"some bytes" * case.n,),
    arguments={"data": strategies.binary()},
    cases=(Case("small", n=100),),
)
