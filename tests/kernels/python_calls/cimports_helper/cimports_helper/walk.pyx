from cimports_helper.part cimport is_beyond


def beyond_one(const double[::1] values not None):
    return counted(values)


cdef Py_ssize_t counted(const double[::1] values) except -1:
    cdef Py_ssize_t i, found = 0
    for i in range(values.shape[0]):
        if is_beyond(values[i]):
            found += 1
    return found
