"""Puts a function of its own in the place of one of NumPy."""

import numpy as np

_sum = np.sum


def _own_sum(*args, **kwargs):
    return _sum(*args, **kwargs)


np.sum = _own_sum


def row_max(values):
    return values.max(axis=1)
