"""marked_texts: arrays of texts, of a fixed length and of any."""

import numpy as np

from whichext import Case, Kernel, strategies


def inputs(case):
    return (np.array([f"name {n}"[:6] for n in range(case.n)], case.dtype),)


KERNEL = Kernel(
    question="How fast is a mark put behind each of many texts?",
    reference=lambda texts: np.strings.add(texts, "!"),
    reference_name="numpy",
    inputs=inputs,
    arguments={"texts": strategies.array(dtypes=("<U6", "T"))},
    cases=(Case("short", n=100, dtype="<U6"), Case("any", n=100, dtype="T")),
)
