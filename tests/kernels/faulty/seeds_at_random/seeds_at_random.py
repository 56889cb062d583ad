"""Seeds the generators of random numbers of the whole process."""

import random

import numpy as np


def row_max(values):
    random.seed(0)
    np.random.seed(0)
    return values.max(axis=1)
