"""A sparse matrix times a vector."""

import numpy as np


def right(data, indices, indptr, vector):
    rows = range(len(indptr) - 1)
    products = data * vector[indices]
    sums = [products[indptr[n] : indptr[n + 1]].sum() for n in rows]
    return np.array(sums, np.int64)


def wrong(data, indices, indptr, vector):
    """Takes the next row's first product for the sum of an empty row."""
    products = np.append(data * vector[indices], 0)
    return np.add.reduceat(products, indptr)[:-1] if len(indptr) > 1 else np.empty(0, np.int64)
