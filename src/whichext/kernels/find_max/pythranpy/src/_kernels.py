"""What Pythran compiles, for two dtypes: plain loops over contiguous arrays with a row or more.

It checks neither indices nor byte order; `__init__.py` looks at the arrays before.
"""

import numpy as np

# pythran export columns(int64[:,:])
# pythran export columns(float64[:,:])
# pythran export rows(int64[:,:] order(C))
# pythran export rows(float64[:,:] order(C))

BLOCK_COLUMNS = 8192  # their maxima stay in the second cache
PLACES = 8  # rows that are read at once: one core reads memory faster so


def columns(values):
    """Greatest value of each column, one column after the other."""
    n_rows, n_cols = values.shape
    maxima = np.empty(n_cols, values.dtype)
    for col in range(n_cols):
        best = values[0, col]
        for row in range(1, n_rows):
            value = values[row, col]
            if value > best or value != value:  # a NaN enters, and nothing is greater
                best = value
        maxima[col] = best
    return maxima


def rows(values):
    """Greatest value of each column, from blocks of columns."""
    n_cols = values.shape[1]
    maxima = np.empty(n_cols, values.dtype)
    for begin in range(0, n_cols, BLOCK_COLUMNS):
        end = min(begin + BLOCK_COLUMNS, n_cols)
        maxima[begin:end] = values[0, begin:end]
        fold(maxima[begin:end], values, begin)
    return maxima


def greater(best, value):
    """The greater one; a NaN is greater than anything, and stays."""
    most = value if value > best else best
    return value if value != value else most


def fold(best, values, begin):
    """Fold all rows onto the maxima of some columns, from PLACES rows at a time."""
    n_rows = values.shape[0]
    part = n_rows // PLACES
    for row in range(part):
        r0, r1 = values[row], values[row + part]
        r2, r3 = values[row + 2 * part], values[row + 3 * part]
        r4, r5 = values[row + 4 * part], values[row + 5 * part]
        r6, r7 = values[row + 6 * part], values[row + 7 * part]
        for col in range(len(best)):
            i = begin + col
            a = greater(greater(r0[i], r1[i]), greater(r2[i], r3[i]))
            b = greater(greater(r4[i], r5[i]), greater(r6[i], r7[i]))
            best[col] = greater(best[col], greater(a, b))
    for row in range(PLACES * part, n_rows):
        for col in range(len(best)):
            best[col] = greater(best[col], values[row, begin + col])
