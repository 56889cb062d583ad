# cython: freethreading_compatible=True
"""The boundary: what an entry accepts, and what it says when it does not.

Compiled, and shared by C call, because it runs on every call. NumPy is used as
a Python package only, so that a build needs no NumPy headers.
"""

from operator import index

import numpy

cdef object ndarray = numpy.ndarray
cdef object empty = numpy.empty
cdef object INT64 = numpy.dtype("int64")
cdef object FLOAT64 = numpy.dtype("float64")


cdef object checked_array(str function, object values):
    """Return values, or an aligned copy of them: 2-D, int64 or float64, native.

    The rows are left to check_rows: only the memoryview's own shape is sure to
    be the one that the loops go through.
    """
    if type(values) is not ndarray:
        refuse_type(function, values)
    if values.ndim != 2:
        refuse_dimensions(function, values)
    # Equality and not identity: long long and types with metadata are int64 too.
    cdef object dtype = values.dtype
    if not (dtype == INT64 or dtype == FLOAT64):
        raise TypeError(
            f"{function} supports int64 and float64 in native byte order, got {dtype}"
        )
    # C must not read an int64 or a double at an odd address, though x86 lets it
    # pass. "K" keeps the order in memory, so the walk stays the caller's.
    if not values.flags.aligned:
        return values.copy(order="K")
    return values


cdef int refuse_type(str function, object values) except -1:
    cdef str got = type(values).__name__
    if isinstance(values, ndarray):
        raise TypeError(
            f"{function} expects a plain NumPy array, got the subclass {got}: "
            "pass numpy.asarray(values)"
        )
    raise TypeError(f"{function} expects a NumPy array, got {got}")


cdef int refuse_dimensions(str function, object values) except -1:
    raise ValueError(
        f"{function} expects a 2-D array, got {values.ndim}-D with shape {values.shape}"
    )


cdef int check_rows(str function, Py_ssize_t n_rows, Py_ssize_t n_columns) except -1:
    if n_rows == 0:
        raise ValueError(
            f"{function} needs at least one row, got shape ({n_rows}, {n_columns})"
        )
    return 0


cdef int thread_count(object threads) except -1:
    cdef object wanted
    try:
        wanted = index(threads)
    except TypeError:
        raise TypeError(
            f"threads must be an int or None, got {type(threads).__name__}"
        ) from None
    if wanted < 1:
        raise ValueError(f"threads must be at least 1, got {wanted}")
    if wanted > MOST_THREADS:
        raise ValueError(f"threads must be at most {MOST_THREADS}, got {wanted}")
    return wanted


cdef object empty_result(Py_ssize_t n_columns, object dtype):
    return empty(n_columns, dtype)
