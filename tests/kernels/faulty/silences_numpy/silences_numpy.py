"""Switches NumPy's warnings off and leaves them so."""

import numpy as np


def row_max(values):
    np.seterr(divide="ignore", invalid="ignore")
    return values.max(axis=1)
