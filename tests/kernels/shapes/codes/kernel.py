"""codes: a reference that refuses with exceptions of its own."""

from whichext import Case, Kernel, strategies


def reference(table, key):
    """The code of a key as one byte."""
    return table[key].to_bytes(1, "little")


def inputs(case):
    return {chr(97 + n): n for n in range(case.n)}, "c"


KERNEL = Kernel(
    question="How fast is a code looked up?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments={
        "table": strategies.dictionaries(
            strategies.sampled_from("abc"), strategies.integers(0, 300)
        ),
        "key": strategies.sampled_from("abc"),
    },
    refuses=(KeyError, OverflowError),
    cases=(Case("small", n=20),),
)
