"""Arguments as bytes, so that another process has the same: also their layout in memory.

A pickled array would lose what matters here: strides, alignment, byte order and gaps. So the memory
that it spans is sent, and where its elements lie in it. Functions of a kernel.py, which no process
can import, are sent as what they do.
"""

from __future__ import annotations

import ctypes
import io
import pickle
from typing import Any, Literal

import cloudpickle
import numpy as np
import numpy.typing as npt

from whichext.model.kernel import Arguments

Array = npt.NDArray[Any]


def pack(arguments: Arguments) -> bytes:
    """The arguments as bytes.

    Raises:
        Exception: What pickling one of them raises, such as an open file.

    """
    file = io.BytesIO()
    Packer(file).dump(arguments)
    return file.getvalue()


def unpack(packed: bytes) -> Arguments:
    """The arguments again; the bytes must be of `pack`, since reading them runs what they say."""
    arguments: Arguments = pickle.loads(packed)
    return arguments


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


class Packer(cloudpickle.Pickler):
    """Pickles arrays as they lie in memory, and functions that cannot be imported."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is pickled that would lose where its elements are."""
        if isinstance(obj, np.ndarray) and _has_layout(obj):
            memory, offset = memory_of(obj)
            place = (obj.shape, obj.dtype, offset, obj.strides)
            return _placed, (
                pickle.PickleBuffer(memory.data),
                *place,
                type(obj),
                obj.flags.writeable,
            )
        return super().reducer_override(obj)


def _has_layout(array: Array) -> bool:
    """Whether pickling would lose where its elements are; those of objects lie elsewhere anyway."""
    if array.dtype.hasobject or not array.size:
        return False
    # An axis of length one may have any stride, also in an array that counts as contiguous.
    order: Literal["C", "F"] = "C" if array.flags.c_contiguous else "F"
    plain = array.strides == np.empty(array.shape, array.dtype, order).strides
    usual = plain and array.flags.aligned and array.flags.writeable and array.dtype.isnative
    return not usual or type(array) is not np.ndarray


def _placed(
    memory: Any,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    offset: int,
    strides: tuple[int, ...],
    kind: type[Array],
    writeable: bool,
) -> Array:
    array = np.ndarray(shape, dtype, np.frombuffer(bytearray(memory), np.uint8), offset, strides)
    array = array.view(kind)
    array.flags.writeable = writeable
    return array
