"""Prints in every call, through the buffer of C's library."""

import ctypes


def row_max(values):
    ctypes.CDLL(None).puts(b"a row is read")
    return values.max(axis=1)
