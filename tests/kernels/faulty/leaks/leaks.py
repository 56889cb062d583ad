"""Takes 4 kB with every call and never gives them back."""

import ctypes

_libc = ctypes.CDLL(None)
_libc.malloc.restype = ctypes.c_void_p
_libc.memset.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)


def row_max(values):
    _libc.memset(_libc.malloc(4096), 0, 4096)
    return values.max(axis=1)
