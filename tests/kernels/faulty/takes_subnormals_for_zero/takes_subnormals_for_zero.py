"""Takes subnormals for zero, as code built with -ffast-math does."""

import numpy as np


def row_max(values):
    return np.where(np.abs(values) < np.finfo(values.dtype).tiny, 0, values).max(axis=1)
