def above_zero(values):
    cdef Py_ssize_t found = 0
    if values.ndim != 1 or values.dtype != "float64":
        raise TypeError("expected one dimension of float64")
    for value in values:
        if value > 0:
            found += 1
    return found
