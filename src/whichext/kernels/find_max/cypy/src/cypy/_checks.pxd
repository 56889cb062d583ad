cdef object checked_array(str function, object values)
cdef int check_rows(str function, Py_ssize_t n_rows, Py_ssize_t n_columns) except -1
cdef object empty_result(Py_ssize_t n_columns, object dtype)
