"""A module whose functions become kernels, or do not."""

SIGNAL = '''\
from __future__ import annotations
import math
import sys
import numpy as np
import numpy.typing as npt

SCALE = 2.0


def smooth(values: npt.NDArray[np.float64], window: int, fast=False) -> object:
    """Moving averages."""
    out = np.empty(max(0, len(values) - window + 1))  # one for each window
    for i in range(len(out)):
        out[i] = values[i] / math.sqrt(window)
    return out


def _half(value):
    return value / SCALE


def spread(values: "float64[:,:]") -> float:
    return sorted(map(_half, values.flat))[-1]


def untyped(values, window=3):
    return sum(values[:window])


def odd(values: list[float]):
    return sum(values)


def packed(*values: float):
    return sum(values)


def nothing():
    return 0


sys.exit("it was run")
'''
