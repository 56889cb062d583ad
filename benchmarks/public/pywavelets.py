"""One step of the wavelet transform of Haar."""

import numpy as np

from whichext import Case, Kernel, Tolerance


def haar(values: np.ndarray, wavelet: str) -> tuple[np.ndarray, np.ndarray]:
    """Sums and differences of pairs."""
    return tuple((values[::2] + sign * values[1::2]) / np.sqrt(2) for sign in (1, -1))


KERNEL = Kernel(
    question="How fast is one step of a wavelet transform?",
    reference=haar,
    inputs=lambda case: (np.random.default_rng(0).normal(size=case.n), "haar"),
    tolerance=Tolerance(absolute=1e-12, reason="products may be added in any order"),
    cases=(Case("small", n=1000),),
)
