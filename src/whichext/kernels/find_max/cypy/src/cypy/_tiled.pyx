# cython: freethreading_compatible=True, cdivision=True
"""The entry for users: any layout, any dtype with an order, at the speed of memory."""

import os
from operator import index

cimport numpy as cnp
from cpython.long cimport PyLong_AsLongAndOverflow, PyLong_CheckExact
from cpython.pycapsule cimport PyCapsule_GetPointer
from cpython.ref cimport Py_INCREF
from numpy.exceptions import AxisError

from cypy._block cimport (
    FLOAT16, FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, MOMENT, UINT8, UINT16, UINT32, UINT64,
    UNSUPPORTED, block_t, kind_t, reduce_t,
)
from cypy._checks cimport MOST_THREADS, refuse_dimensions, refuse_type, thread_count
from cypy._cpu import reduce_block as _reduce_block
from cypy._pool cimport reduce_in_parallel
from cypy._tuning cimport BYTES_PER_THREAD, GIL_BYTES

cdef extern from "numpy/arrayobject.h":
    enum:
        NPY_HALF
    # NumPy's own pxd leaves it out because it takes over the reference to the dtype.
    object PyArray_Empty(int ndim, cnp.npy_intp *shape, cnp.dtype dtype, int fortran)

cnp.import_array()

cdef enum:
    MOST_KINDS = 32  # NumPy numbers its own types from 0 to 24

cdef bint HAS_AFFINITY = hasattr(os, "sched_getaffinity")
cdef reduce_t reduce_block = <reduce_t>PyCapsule_GetPointer(_reduce_block(), "cypy.reduce_block")
cdef kind_t[MOST_KINDS] KINDS
cdef object DEFAULT_AXIS = 0


# By size, since C leaves open which of long and long long has 64 bits.
SIGNED = {1: INT8, 2: INT16, 4: INT32, 8: INT64}
UNSIGNED = {1: UINT8, 2: UINT16, 4: UINT32, 8: UINT64}

cdef int _number
for _number in range(MOST_KINDS):
    KINDS[_number] = UNSUPPORTED
for _number, _kind in {
    cnp.NPY_BOOL: UINT8,
    cnp.NPY_BYTE: SIGNED[sizeof(char)],
    cnp.NPY_SHORT: SIGNED[sizeof(short)],
    cnp.NPY_INT: SIGNED[sizeof(int)],
    cnp.NPY_LONG: SIGNED[sizeof(long)],
    cnp.NPY_LONGLONG: SIGNED[sizeof(long long)],
    cnp.NPY_UBYTE: UNSIGNED[sizeof(char)],
    cnp.NPY_USHORT: UNSIGNED[sizeof(short)],
    cnp.NPY_UINT: UNSIGNED[sizeof(int)],
    cnp.NPY_ULONG: UNSIGNED[sizeof(long)],
    cnp.NPY_ULONGLONG: UNSIGNED[sizeof(long long)],
    NPY_HALF: FLOAT16,
    cnp.NPY_FLOAT: FLOAT32,
    cnp.NPY_DOUBLE: FLOAT64,
    cnp.NPY_DATETIME: MOMENT,
    cnp.NPY_TIMEDELTA: MOMENT,
}.items():
    KINDS[_number] = _kind


def find_max_tiled(values, axis=DEFAULT_AXIS, threads=None, out=None):
    """Return the largest value of each column (axis 0) or row (axis 1) of a 2-D array.

    values: (n_rows, n_columns), any strides; bool, integers, float16 to float64, datetime64 or
        timedelta64, in native byte order; at least one element along the axis.
    axis: 0 or 1, -2 or -1, or a tuple of one of these.
    threads: the most to use, 1 to 1024; None means OMP_NUM_THREADS, or else as many as there are
        CPUs for this process. A small array gets one.
    out: where the result goes, 1-D, of the same dtype and the right length.
    Returns out, or a new array of the same dtype. As in NumPy, a NaN or NaT wins.
    """
    if not cnp.PyArray_CheckExact(values):
        refuse_type("find_max_tiled", values)
    cdef cnp.ndarray array = <cnp.ndarray>values
    if cnp.PyArray_NDIM(array) != 2:
        refuse_dimensions("find_max_tiled", array)
    cdef block_t block
    block.kind = kind_of(array)
    block.itemsize = cnp.PyArray_ITEMSIZE(array)
    cdef bint backwards = lay_out(&block, array, axis_number(axis))
    cdef int most_threads = 0 if threads is None else thread_count(threads)
    if out is None:
        return filled(&block, new_result(&block, array), backwards, most_threads)
    check_out(&block, array, out)
    if can_be_written(&block, out):
        return filled(&block, out, backwards, most_threads)
    cnp.PyArray_CopyInto(out, filled(&block, new_result(&block, array), backwards, most_threads))
    return out


cdef kind_t kind_of(cnp.ndarray array) except UNSUPPORTED:
    cdef int number = cnp.PyArray_TYPE(array)
    # SAFETY: KINDS has MOST_KINDS items; types from outside NumPy have numbers beyond.
    cdef kind_t kind = KINDS[number] if 0 <= number < MOST_KINDS else UNSUPPORTED
    if kind == UNSUPPORTED or not cnp.PyArray_ISNOTSWAPPED(array):
        raise TypeError(
            "find_max_tiled supports bool, integers, float16 to float64, datetime64 and "
            f"timedelta64 in native byte order, got {array.dtype}"
        )
    return kind


# As NumPy reads it: an integer or a tuple of one, and no bool.
cdef int axis_number(object axis) except -1:
    cdef int overflow
    cdef long number
    if axis is DEFAULT_AXIS:  # 5 ns of 125
        return 0
    if not PyLong_CheckExact(axis):
        return axis_number(integer_axis(axis))
    number = PyLong_AsLongAndOverflow(axis, &overflow)
    if overflow:
        raise OverflowError(f"axis must fit a C integer, got {axis}")
    if not -2 <= number <= 1:
        raise AxisError(number, 2, "find_max_tiled")
    return number & 1


cdef object integer_axis(object axis):
    if isinstance(axis, tuple):
        if len(axis) != 1:
            raise ValueError(f"axis must name one axis, got {axis}")
        axis = axis[0]
    if not isinstance(axis, bool):
        try:
            return index(axis)
        except TypeError:
            pass
    raise TypeError(f"axis must be an int, got {type(axis).__name__}")


# Everything of the block but kind, itemsize and out: the reduced axis becomes the rows, strides
# become positive, and those that are never stepped along what suits the kernels best.
# Returns whether the columns are met in reverse; the order of the rows makes no difference.
cdef bint lay_out(block_t *block, cnp.ndarray array, int axis) except -1:
    # SAFETY: the array has two axes, and axis is 0 or 1.
    cdef Py_ssize_t row_stride = cnp.PyArray_STRIDES(array)[axis]
    cdef Py_ssize_t column_stride = cnp.PyArray_STRIDES(array)[1 - axis]
    cdef bint backwards
    block.n_rows = cnp.PyArray_DIMS(array)[axis]
    block.n_columns = cnp.PyArray_DIMS(array)[1 - axis]
    if block.n_rows == 0:
        raise ValueError(
            f"find_max_tiled needs at least one {'column' if axis else 'row'}, "
            f"got shape ({array.shape[0]}, {array.shape[1]})"
        )
    if block.n_columns <= 1:
        column_stride = block.itemsize
    backwards = column_stride < 0
    block.first = <const char *>cnp.PyArray_BYTES(array)
    # SAFETY: these are elements of the array, the last row's or the last column's first.
    if row_stride < 0:
        block.first += (block.n_rows - 1) * row_stride
    if backwards:
        block.first += (block.n_columns - 1) * column_stride
    block.column_stride = -column_stride if backwards else column_stride
    if row_stride == 0:  # the same row again and again
        block.n_rows = 1
    block.row_stride = -row_stride if row_stride < 0 else row_stride
    if block.n_rows == 1:
        block.row_stride = block.n_columns * block.column_stride
    return backwards


cdef object new_result(const block_t *block, cnp.ndarray array):
    cdef cnp.npy_intp length = block.n_columns
    cdef cnp.dtype dtype = array.descr
    Py_INCREF(dtype)
    return PyArray_Empty(1, &length, dtype, 0)


cdef int check_out(const block_t *block, cnp.ndarray array, object out) except -1:
    if cnp.PyArray_Check(out) and out.shape != (block.n_columns,):
        raise ValueError(f"out must have the shape ({block.n_columns},), got {out.shape}")
    # A masked array would keep a mask that says nothing of what was written.
    if not cnp.PyArray_CheckExact(out):
        raise TypeError(f"out must be a plain NumPy array, got {type(out).__name__}")
    if not cnp.PyArray_EquivArrTypes(out, array):
        raise TypeError(f"out must have the dtype of the values, {array.dtype}, got {out.dtype}")
    if not cnp.PyArray_ISWRITEABLE(out):
        raise ValueError("out must be writeable, got a read-only array")
    return 0


# Whether the kernels may write there: in a row, aligned, and apart from what they read.
cdef bint can_be_written(const block_t *block, cnp.ndarray out) noexcept:
    cdef const char *start = <const char *>cnp.PyArray_BYTES(out)
    cdef const char *end = start + block.n_columns * block.itemsize
    cdef const char *last = (
        block.first
        + (block.n_rows - 1) * block.row_stride
        + (block.n_columns - 1) * block.column_stride
    )
    cdef bint apart = end <= block.first or last + block.itemsize <= start
    return apart and cnp.PyArray_IS_C_CONTIGUOUS(out) and cnp.PyArray_ISALIGNED(out)


cdef object filled(block_t *block, cnp.ndarray result, bint backwards, int most_threads):
    block.out = cnp.PyArray_BYTES(result)
    if block.n_columns > 0:
        reduce(block, most_threads)
    if backwards:
        cnp.PyArray_CopyInto(result, result[::-1])
    return result


cdef int reduce(const block_t *block, int most_threads) except -1:
    cdef Py_ssize_t size_bytes = block.n_rows * block.n_columns * block.itemsize
    if size_bytes < GIL_BYTES:
        reduce_block(block)
        return 0
    cdef int threads = 1
    if size_bytes >= 2 * BYTES_PER_THREAD and most_threads != 1:
        threads = min(most_threads or default_threads(), size_bytes // BYTES_PER_THREAD)
    # SAFETY: nogil. The caller's references keep the arrays alive, and while there are such
    # references NumPy refuses to resize an array. The block is on this thread's stack.
    with nogil:
        if threads == 1:
            reduce_block(block)
        else:
            reduce_in_parallel(block, reduce_block, threads)
    return 0


# Read at each large call: a program may change its mind, and it takes a microsecond.
cdef int default_threads() except -1:
    cdef str wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if wanted.isdecimal() and int(wanted) > 0:
        return min(int(wanted), MOST_THREADS)
    cdef object cpus = len(os.sched_getaffinity(0)) if HAS_AFFINITY else os.cpu_count()
    return min(cpus or 1, MOST_THREADS)
