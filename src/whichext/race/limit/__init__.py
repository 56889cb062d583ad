"""The hardware limit: how fast this machine can at least read what a kernel is given.

`limitprobe/` is an extension project like any contestant's, built by the same stage and raced in
the same rounds; `read` here replaces it where there is no C compiler. Both are called as
`read(*arguments, threads=1)` and return the same checksum. NumPy reads one stream a thread, so it
can be slower than `limitprobe`, whose README.md has the figures. A report must therefore name the
reader behind a limit.
"""

from __future__ import annotations

import operator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import numpy as np
import numpy.typing as npt

_NAME = "whichext.race.limit.read"
_MOST_THREADS = 1024
_WORD_BYTES = 8

# Data for which one more thread pays. Time of one thread / time of two, data in cache:
# 3 MB 0.2, 8 MB 0.4, 16 MB 0.55, 24 MB 0.8. A pool costs more to start than limitprobe's threads.
_BYTES_PER_THREAD = 16 << 20

_Bytes = npt.NDArray[np.uint8]


def read(*arguments: object, threads: int = 1) -> int:
    """Read every byte of every argument that has a buffer once, and return a checksum.

    Args:
        arguments: Contiguous arrays of any shape, type and order; what has no buffer (numbers,
            strings, None) is ignored.
        threads: How many threads may read at once, 1 to 1024.

    Returns:
        64 bits: the xor of the arguments' checksums, that of the k-th with a buffer (from 0)
        rotated left by k bits. An argument's is the xor of its little-endian 64-bit words.

    Raises:
        TypeError: `threads` is not an integer.
        ValueError: `threads` is out of range, or an argument is not contiguous.

    """
    threads = _checked(threads)
    found = (_bytes_of(argument, position) for position, argument in enumerate(arguments, 1))
    buffers = [buffer for buffer in found if buffer is not None]
    parts = min(threads, sum(buffer.size for buffer in buffers) // _BYTES_PER_THREAD)
    if parts <= 1:
        return _checksum(buffers)
    shares = [[_part(buffer, i, parts) for buffer in buffers] for i in range(parts)]
    with ThreadPoolExecutor(parts) as pool:  # NumPy releases the GIL while it reduces
        return reduce(operator.xor, pool.map(_checksum, shares))


def nothing(*arguments: object) -> None:
    """Do nothing: what it takes is what calling takes, here that of a function in Python."""


def _checked(threads: object) -> int:
    try:
        number = operator.index(threads)  # type: ignore[arg-type]  # that is what is asked here
    except TypeError:
        got = type(threads).__name__
        raise TypeError(f"{_NAME} expects threads to be an int, got {got}") from None
    if not 1 <= number <= _MOST_THREADS:
        raise ValueError(f"{_NAME} expects 1 to {_MOST_THREADS} threads, got {threads}")
    return number


def _bytes_of(argument: object, position: int) -> _Bytes | None:
    """The argument's memory as it lies there, shape (n_bytes,); None when it has no buffer."""
    if isinstance(argument, np.ndarray):
        # Not by way of memoryview, which refuses dates: its formats have no letter for them.
        array = np.asarray(argument)
    else:
        try:
            view = memoryview(argument)  # type: ignore[arg-type]  # that is what is asked here
        except TypeError:
            return None
        array = np.asarray(view)
    if not (array.flags.c_contiguous or array.flags.f_contiguous):
        raise ValueError(
            f"{_NAME} expects contiguous arrays, got strides {array.strides} "
            f"in argument {position}: pass numpy.ascontiguousarray(values)"
        )
    if array.nbytes == 0:
        return np.empty(0, np.uint8)  # frombuffer refuses it
    return np.frombuffer(array if array.flags.c_contiguous else array.T, np.uint8)


def _part(buffer: _Bytes, index: int, parts: int) -> _Bytes:
    """Part `index` of `parts` nearly equal ones, cut between words; shape (n_bytes,)."""
    words = buffer.size // _WORD_BYTES
    stop = buffer.size if index + 1 == parts else words * (index + 1) // parts * _WORD_BYTES
    return buffer[words * index // parts * _WORD_BYTES : stop]


def _checksum(buffers: list[_Bytes]) -> int:
    """What `read` returns for these; each of shape (n_bytes,)."""
    checksum = 0
    for turn, buffer in enumerate(buffers):
        whole = buffer.size // _WORD_BYTES * _WORD_BYTES
        # One call for all words: it makes no copy, and in chunks there would only be more calls.
        word = int(np.bitwise_xor.reduce(buffer[:whole].view("<u8")))
        word ^= int.from_bytes(buffer[whole:].tobytes(), "little")
        checksum ^= _rotated_left(word, turn % 64)
    return checksum


def _rotated_left(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & 0xFFFF_FFFF_FFFF_FFFF
