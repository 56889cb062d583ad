"""Loses NaN where it takes 16 rows at a time; twice as many go another way, and so do fewer."""

import numpy as np

_ROWS = 16


def row_max(values):
    maxima = values.max(axis=1)
    left = len(values) % (2 * _ROWS)
    if left >= _ROWS:
        body = slice(len(values) - left, len(values) - left + _ROWS)
        maxima[body] = np.fmax.reduce(values[body], axis=1)
    return maxima
