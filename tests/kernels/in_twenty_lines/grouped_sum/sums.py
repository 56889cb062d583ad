"""Sums of values by group."""

import numpy as np

GROUPS = 10


def in_a_loop(labels, values):
    """Sum of the values of each label; shapes (n,) and (n,) -> (10,)."""
    sums = np.zeros(GROUPS)
    for label, value in zip(labels, values, strict=True):
        sums[label] += value
    return sums


def counted(labels, values):
    """The same, by bincount, which has integers for no values."""
    return np.bincount(labels, weights=values, minlength=GROUPS).astype(float, copy=False)


def last_of_each(labels, values):
    """Wrong on purpose: of equal labels the last one counts."""
    sums = np.zeros(GROUPS)
    sums[labels] += values
    return sums
