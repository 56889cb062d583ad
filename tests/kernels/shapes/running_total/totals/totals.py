"""Adds up from left to right."""

import numpy as np


def right(values):
    total, totals = np.int64(0), np.empty(len(values), np.int64)
    with np.errstate(over="ignore"):
        for n in range(len(values)):
            total += values[n]
            totals[n] = total
    return totals


def wrong(values):
    """Adds up in blocks of 64, each from 0 on."""
    parts = [right(values[n : n + 64]) for n in range(0, len(values), 64)]
    return np.concatenate(parts) if parts else right(values)
