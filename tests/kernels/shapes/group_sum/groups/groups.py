"""Adds values by their labels, one by one."""

import numpy as np


def right(labels, values):
    sums = np.zeros(10)
    for label, value in zip(labels, values):
        sums[label] += value
    return sums


def wrong(labels, values):
    """Adds only the last value of each label, as `sums[labels] += values` does."""
    sums = np.zeros(10)
    sums[labels] += values
    return sums
