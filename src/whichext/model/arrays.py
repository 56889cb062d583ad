"""Arrays as they lie in memory, with strides, alignment, byte order and gaps."""

from __future__ import annotations

import ctypes
import io
import pickle
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def memory_of(array: Array) -> tuple[Array, int]:
    """The bytes from the first to the last element of an array, and where its first element lies.

    Before them are as many as it takes to lie as the original does: NumPy's own memory begins at a
    multiple of every alignment.

    Returns:
        A copy of shape (n_bytes,), dtype uint8, and an offset in bytes.

    """
    low, high = np.lib.array_utils.byte_bounds(np.asarray(array))
    lead = low % array.dtype.alignment
    memory = np.zeros(lead + high - low, np.uint8)
    # SAFETY: these bytes lie between the first and the last byte of one array's elements, all of
    # which NumPy allocated in one piece, and the array is alive until this function ends.
    memory[lead:] = np.frombuffer(ctypes.string_at(low, high - low), np.uint8)
    return memory, lead + array.__array_interface__["data"][0] - low


def has_layout(array: Array) -> bool:
    """Whether a copy would lose where its elements are; those of objects lie elsewhere anyway."""
    if array.dtype.hasobject or not array.size:
        return False
    # An axis of length one may have any stride, also in an array that counts as contiguous.
    order: Literal["C", "F"] = "C" if array.flags.c_contiguous else "F"
    plain = array.strides == np.empty(array.shape, array.dtype, order).strides
    usual = plain and array.flags.aligned and array.flags.writeable and array.dtype.isnative
    return not usual or type(array) is not np.ndarray


def placed(
    memory: Any,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    offset: int,
    strides: tuple[int, ...],
    kind: type[Array],
    writeable: bool,
) -> Array:
    """An array over a copy of the bytes that `memory_of` gave."""
    array = np.ndarray(shape, dtype, np.frombuffer(bytearray(memory), np.uint8), offset, strides)
    array = array.view(kind)
    array.flags.writeable = writeable
    return array


def reduced_dtype(value: object) -> tuple[Any, ...] | None:
    """How a dtype is pickled of which NumPy has only one; None for anything else.

    NumPy itself gives a second one back, which is equal, and by which its ufuncs do not find their
    fast ways: np.add.at then takes 40 times as long.
    """
    if not isinstance(value, np.dtype) or value.isbuiltin != 1 or np.dtype(value.str) is not value:
        return None
    return np.dtype, (value.str,)


class Pickler(pickle.Pickler):
    """Pickles so that arrays come back with dtypes that are NumPy's own."""

    def reducer_override(self, obj: Any) -> Any:
        """How a dtype is pickled; all else as usual."""
        found = reduced_dtype(obj)
        return NotImplemented if found is None else found


def pickled(value: object) -> bytes:
    """A value pickled in this way; raises whatever its class raises."""
    file = io.BytesIO()
    Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


def as_it_lies(array: Array) -> Array:
    """A copy of an array that lies in memory as the original does."""
    if has_layout(array):
        memory, offset = memory_of(array)
        writeable = array.flags.writeable
        place = (array.shape, array.dtype, offset, array.strides)
        return placed(memory.data, *place, type(array), writeable)
    return array.copy(order="K")
