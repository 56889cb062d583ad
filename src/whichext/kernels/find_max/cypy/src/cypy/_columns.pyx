# cython: freethreading_compatible=True
"""The serial entry."""

from libc.stdint cimport int64_t

from cypy._checks cimport check_rows, checked_array, empty_result
from cypy._walk cimport number_t, walk_column


def find_max(values):
    """Return the largest value of each column of a 2-D int64 or float64 array.

    values: (n_rows, n_columns), any strides, at least one row.
    Returns a new array (n_columns,) of the same dtype; a column with a NaN gives NaN.
    """
    cdef object array = checked_array("find_max", values)
    if array.dtype.kind == "i":
        return columns_in_turn[int64_t](array, array.dtype)
    return columns_in_turn[double](array, array.dtype)


cdef object columns_in_turn(const number_t[:, :] values, object dtype):
    check_rows("find_max", values.shape[0], values.shape[1])
    cdef object result = empty_result(values.shape[1], dtype)
    cdef number_t[::1] result_view = result
    cdef Py_ssize_t column
    # SAFETY: nogil, boundscheck=False. Both views hold their buffers, so neither
    # array can be resized or freed during the loop; check_rows found a row; the
    # loop ends at the length which result was made with.
    with nogil:
        for column in range(values.shape[1]):
            walk_column(values, column, result_view)
    return result
