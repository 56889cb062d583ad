"""Makes the processor round upward."""

import ctypes
import platform

_UPWARD = 0x800 if platform.machine() == "x86_64" else 0x400000


def row_max(values):
    ctypes.CDLL("libm.so.6").fesetround(_UPWARD)
    return values.max(axis=1)
