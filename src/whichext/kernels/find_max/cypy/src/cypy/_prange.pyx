# cython: freethreading_compatible=True
"""The parallel entry. meson builds this module only where it finds OpenMP."""

cimport openmp
from cython.parallel cimport prange
from libc.stdint cimport int64_t

from cypy._checks cimport check_rows, checked_array, empty_result, thread_count
from cypy._walk cimport number_t, walk_column

# Without this a compiler that lost its OpenMP flag would build a serial prange.
cdef extern from *:
    """
    #ifndef _OPENMP
    #error "cypy._prange needs a compiler with OpenMP switched on"
    #endif
    """


def find_max_prange(values, threads=None, schedule="static"):
    """Return the largest value of each column, the columns shared among threads.

    values: (n_rows, n_columns), any strides, at least one row.
    threads: 1 to 1024; None leaves the number to OpenMP (OMP_NUM_THREADS).
    schedule: "static" (equal shares), "dynamic" (one column at a time) or "guided".
    Returns a new array (n_columns,) of the same dtype; a column with a NaN gives NaN.
    """
    cdef object array = checked_array("find_max_prange", values)
    if array.dtype.kind == "i":
        return columns_at_once[int64_t](array, array.dtype, threads, schedule)
    return columns_at_once[double](array, array.dtype, threads, schedule)


cdef object columns_at_once(
    const number_t[:, :] values, object dtype, object threads, object schedule
):
    check_rows("find_max_prange", values.shape[0], values.shape[1])
    cdef int team = openmp.omp_get_max_threads() if threads is None else thread_count(threads)
    cdef openmp.omp_sched_t kind = schedule_kind(schedule)
    cdef object result = empty_result(values.shape[1], dtype)
    cdef number_t[::1] result_view = result
    cdef openmp.omp_sched_t callers_kind
    cdef int callers_chunk
    cdef Py_ssize_t column
    # schedule="runtime" reads a setting of the calling thread alone, which the
    # team inherits: two Python threads cannot disturb each other. The caller's
    # other OpenMP code reads it as well, so it gets its value back.
    # SAFETY: nogil, boundscheck=False. Both views hold their buffers, so neither
    # array can be resized or freed during the loop; check_rows found a row; the
    # loop ends at the length which result was made with; a column has one
    # thread, so no two threads write the same element.
    with nogil:
        openmp.omp_get_schedule(&callers_kind, &callers_chunk)
        openmp.omp_set_schedule(kind, 0)  # 0: OpenMP's own chunk size
        for column in prange(values.shape[1], schedule="runtime", num_threads=team):
            walk_column(values, column, result_view)
        openmp.omp_set_schedule(callers_kind, callers_chunk)
    return result


cdef openmp.omp_sched_t schedule_kind(object schedule) except *:
    if schedule == "static":
        return openmp.omp_sched_static
    if schedule == "dynamic":
        return openmp.omp_sched_dynamic
    if schedule == "guided":
        return openmp.omp_sched_guided
    raise ValueError(
        f"schedule must be 'static', 'dynamic' or 'guided', got {schedule!r}"
    )
