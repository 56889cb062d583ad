"""checksum: bytes as the argument."""

import zlib

from whichext import Case, Kernel, strategies


def inputs(case):
    return (bytes(range(256)) * case.n,)


KERNEL = Kernel(
    question="How fast is a checksum computed?",
    reference=lambda data: zlib.adler32(data),
    inputs=inputs,
    arguments={"data": strategies.binary(max_size=300)},
    bytes_moved=lambda case: 256 * case.n,
    reference_name="zlib",
    cases=(Case("small", n=2),),
)
