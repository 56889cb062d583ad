"""Row sums without a compiler."""

import numpy as np


def row_sum(values):
    return np.einsum("ij->i", values).astype(values.dtype.newbyteorder("="))


def row_sum_c_order_only(values):
    if not values.flags.c_contiguous:
        raise ValueError(f"expected an array in C order, got strides {values.strides}")
    return row_sum(values)
