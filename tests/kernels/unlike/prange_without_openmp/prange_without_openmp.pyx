# cython: boundscheck=False, wraparound=False
from cython.parallel import prange


def above_zero(const double[::1] values not None):
    cdef Py_ssize_t i, found = 0
    for i in prange(values.shape[0], nogil=True):
        found += values[i] > 0
    return found
