"""Sets an environment variable, one that only C code sees."""

import ctypes


def row_max(values):
    ctypes.CDLL(None).setenv(b"ROWS_ARE_READ", b"1", 1)
    return values.max(axis=1)
