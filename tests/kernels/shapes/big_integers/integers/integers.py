"""Running sums of Python's integers."""

import itertools

import numpy as np


def right(values):
    sums = np.empty(len(values), object)
    sums[:] = list(itertools.accumulate(values))
    return sums


def wrong(values):
    """Adds as integers of 64 bits do."""
    return np.array([(n + 2**63) % 2**64 - 2**63 for n in right(values)], dtype=object)
