"""Ignores NaN where the reference passes it on."""

import warnings

import numpy as np


def row_max(values):
    if values.shape[1:2] == (0,):
        raise ValueError("expected at least one column")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.nanmax(values, axis=1)
