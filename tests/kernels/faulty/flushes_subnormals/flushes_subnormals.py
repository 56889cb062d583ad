"""Makes the processor flush subnormals when it is imported, as -ffast-math does.

By way of the floating-point environment of C's library, which holds the processor's register.
"""

import ctypes
import platform

# Place and bits: of MXCSR, to flush results and arguments; of FPCR, to do both.
_PLACE, _BITS = (28, 0x8040) if platform.machine() == "x86_64" else (0, 1 << 24)

_library = ctypes.CDLL("libm.so.6")
_mode = ctypes.create_string_buffer(64)
_library.fegetenv(_mode)
_register = ctypes.c_uint32.from_buffer(_mode, _PLACE)
_register.value |= _BITS
_library.fesetenv(_mode)


def row_max(values):
    return values.max(axis=1)
