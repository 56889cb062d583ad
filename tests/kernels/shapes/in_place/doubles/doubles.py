"""Doubles arrays in place."""

import numpy as np


def right(values):
    """Double every element."""
    np.add(values, values, out=values)


def wrong(values):
    """Double all but the last element of long arrays."""
    values[: 63 if len(values) > 63 else None] *= 2.0
