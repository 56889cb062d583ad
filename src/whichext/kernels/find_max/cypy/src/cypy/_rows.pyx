# cython: freethreading_compatible=True
"""The serial entry that goes along the rows: find_max with its two loops exchanged."""

from libc.stdint cimport int64_t

from cypy._checks cimport check_rows, checked_array, empty_result
from cypy._walk cimport number_t


def find_max_rows(values):
    """Return the largest value of each column of a 2-D int64 or float64 array, row after row.

    values: (n_rows, n_columns), any strides, at least one row.
    Returns a new array (n_columns,) of the same dtype; a column with a NaN gives NaN.
    """
    cdef object array = checked_array("find_max_rows", values)
    if array.dtype.kind == "i":
        return rows_in_turn[int64_t](array, array.dtype)
    return rows_in_turn[double](array, array.dtype)


cdef object rows_in_turn(const number_t[:, :] values, object dtype):
    check_rows("find_max_rows", values.shape[0], values.shape[1])
    cdef object result = empty_result(values.shape[1], dtype)
    cdef number_t[::1] best = result
    cdef Py_ssize_t row, column
    if values.shape[1] == 0:
        return result
    # SAFETY: nogil, boundscheck=False. Both views hold their buffers, so neither
    # array can be resized or freed during the loops; check_rows found row 0, and
    # there is a column; the loops end at the view's shape, and result was made
    # with its number of columns.
    with nogil:
        for column in range(values.shape[1]):
            best[column] = values[0, column]
        for row in range(1, values.shape[0]):
            # SAFETY: the address of an element that is there, see above.
            fold_row(
                <const char *>&values[row, 0], values.strides[1], &best[0], values.shape[1]
            )
    return result


# Pointers, because gcc makes no vectors of a loop whose stride it does not know,
# and a memoryview of any strides never tells. So rows without gaps have their own loop.
cdef inline void fold_row(
    const char *row, Py_ssize_t stride, number_t *best, Py_ssize_t n_columns
) noexcept nogil:
    # SAFETY: the caller's row has n_columns elements `stride` bytes apart, and best has as many.
    cdef const number_t *packed = <const number_t *>row
    cdef Py_ssize_t column
    if stride == sizeof(number_t):
        for column in range(n_columns):
            best[column] = greater(packed[column], best[column])
    else:
        for column in range(n_columns):
            # SAFETY: as above. checked_array gave aligned elements.
            best[column] = greater((<const number_t *>(row + column * stride))[0], best[column])


cdef inline number_t greater(number_t value, number_t best) noexcept nogil:
    # Two choices without a branch, which have a vector form. The second is for NaN
    # only: as in NumPy, a NaN wins and stays.
    best = value if value > best else best
    return value if value != value else best
