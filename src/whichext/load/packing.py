"""Arguments as bytes, so that another process has the same: also their layout in memory.

A pickled array would lose what matters here: strides, alignment, byte order and gaps. So the memory
that it spans is sent, and where its elements lie in it. Functions of a kernel.py, which no process
can import, are sent as what they do.
"""

from __future__ import annotations

import io
import pickle
import sys
from typing import Any

import cloudpickle
import numpy as np

from whichext.model.arrays import has_layout, memory_of, placed, reduced_dtype
from whichext.model.call import Arguments


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


class Packer(cloudpickle.Pickler):
    """Pickles arrays as they lie in memory, and functions that cannot be imported."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is pickled that would lose where its elements are, or what it is.

        Raises:
            TypeError: It is an open file, of which cloudpickle would make a copy of its content.

        """
        if (dtype := reduced_dtype(obj)) is not None:
            return dtype
        if isinstance(obj, io.TextIOWrapper) and obj not in (sys.stdin, sys.stdout, sys.stderr):
            raise TypeError(f"the open file {obj.name!r}")
        if isinstance(obj, np.ndarray) and has_layout(obj):
            memory, offset = memory_of(obj)
            place = (obj.shape, obj.dtype, offset, obj.strides)
            return placed, (
                pickle.PickleBuffer(memory.data),
                *place,
                type(obj),
                obj.flags.writeable,
            )
        return super().reducer_override(obj)
