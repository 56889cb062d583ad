cdef class Greatest:
    """Keeps the last values in C."""

    cdef readonly Py_ssize_t count
    cdef Py_ssize_t size
    cdef double[64] last

    def __cinit__(self, Py_ssize_t size):
        if not 0 < size <= 64:
            raise ValueError("expected a size from 1 to 64")
        self.size = size
        self.count = 0

    def push(self, double value):
        cdef double greatest = value
        cdef Py_ssize_t i
        self.last[self.count % self.size] = value
        self.count += 1
        for i in range(min(self.count, self.size)):
            if self.last[i] > greatest:
                greatest = self.last[i]
        return greatest


cdef class Untyped:
    """Keeps the last values in a list, and looks at each through Python."""

    cdef readonly Py_ssize_t count
    cdef Py_ssize_t size
    cdef object last

    def __cinit__(self, Py_ssize_t size):
        self.size = size
        self.count = 0
        self.last = [None] * size

    def push(self, value):
        cdef Py_ssize_t i
        greatest = value
        self.last[self.count % self.size] = value
        self.count += 1
        for i in range(min(self.count, self.size)):
            if self.last[i] > greatest:
                greatest = self.last[i]
        return greatest
