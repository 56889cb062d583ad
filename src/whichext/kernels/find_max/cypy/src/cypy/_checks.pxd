# OpenMP has no way to report a failure. Asked for 40,000 threads libgomp ended
# the process, asked for 200,000 it died of SIGSEGV: stop well before, but above
# the CPUs of any machine that this is likely to meet.
cdef enum:
    MOST_THREADS = 1024

cdef object checked_array(str function, object values)
cdef int refuse_type(str function, object values) except -1
cdef int refuse_dimensions(str function, object values) except -1
cdef int check_rows(str function, Py_ssize_t n_rows, Py_ssize_t n_columns) except -1
cdef int thread_count(object threads) except -1
cdef object empty_result(Py_ssize_t n_columns, object dtype)
