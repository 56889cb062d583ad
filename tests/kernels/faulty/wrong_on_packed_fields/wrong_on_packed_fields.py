"""Takes strides for multiples of the item's size, as C does that indexes a typed pointer."""

import numpy as np


def row_max(values):
    whole = tuple(stride // values.itemsize * values.itemsize for stride in values.strides)
    return np.lib.stride_tricks.as_strided(values, strides=whole).max(axis=1)
