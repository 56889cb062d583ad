# What the boundary, the threads and the kernels hand each other: no Python in it.

from libc.stdint cimport int64_t, uint16_t

# Structs, because Cython takes a second name for an integer for the integer itself.
ctypedef struct moment_t:  # datetime64 and timedelta64
    int64_t ticks          # the smallest is NaT


ctypedef struct half_t:  # float16
    uint16_t bits


# How elements compare. A NumPy type has one of these (_tiled.pyx, KINDS).
cdef enum kind_t:
    UNSUPPORTED
    INT8
    INT16
    INT32
    INT64
    UINT8  # bool too
    UINT16
    UINT32
    UINT64
    FLOAT16
    FLOAT32
    FLOAT64
    MOMENT


# A 2-D array and where the maxima of its columns go.
ctypedef struct block_t:
    kind_t kind
    Py_ssize_t itemsize       # bytes
    const char *first         # element (0, 0)
    Py_ssize_t n_rows         # at least 1
    Py_ssize_t n_columns
    Py_ssize_t row_stride     # bytes, not negative
    Py_ssize_t column_stride  # bytes, not negative
    char *out                 # n_columns elements in a row, aligned, apart from the block


ctypedef void (*reduce_t)(const block_t *block) noexcept nogil
