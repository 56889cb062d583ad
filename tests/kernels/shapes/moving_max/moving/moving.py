"""The greatest of each window."""

import numpy as np


def right(values, *, window, step=1):
    firsts = range(0, len(values) - window + 1, step)
    return np.array([values[n : n + window].max() for n in firsts])


def wrong(values, *, window, step=1):
    """Takes every place, whatever the step."""
    return right(values, window=window)
