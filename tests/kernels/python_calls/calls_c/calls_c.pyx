from libc.math cimport fabs


def beyond_one(const double[::1] values not None):
    cdef Py_ssize_t i, found = 0
    for i in range(values.shape[0]):
        if fabs(values[i]) > 1.0:
            found += 1
    return found
