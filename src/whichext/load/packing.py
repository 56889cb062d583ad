"""Arguments as bytes, so that another process has the same: also their layout in memory.

A pickled array would lose what matters here: strides, alignment, byte order and gaps. So the memory
that it spans is sent, and where its elements lie in it. Functions of a kernel.py, which no process
can import, are sent as what they do. So are those that `functools.lru_cache` made, without what
they remember.
"""

from __future__ import annotations

import functools
import io
import pickle
import sys
import types
from collections.abc import Callable
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


_Remembering = type(functools.lru_cache(len))


class Packer(cloudpickle.Pickler):
    """Pickles arrays as they lie in memory, and functions that cannot be imported."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is pickled that would lose where its elements are, or what it is.

        Raises:
            TypeError: It is an open file, of which cloudpickle would make a copy of its content, or
                what is found by its name in the script alone.

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
        if not _is_found_elsewhere(obj):
            if isinstance(obj, _Remembering):
                return _remembering, (obj.__wrapped__, obj.cache_parameters())
            if not isinstance(obj, types.FunctionType | type) and isinstance(
                obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL), str
            ):
                raise TypeError(f"{obj!r} has a name in this process alone")
        return super().reducer_override(obj)


def _is_found_elsewhere(obj: Any) -> bool:
    """Whether another process finds an object by the module and name that it says it has."""
    module = getattr(obj, "__module__", None)
    if isinstance(obj, _Remembering) and module != "__main__":
        found: Any = sys.modules.get(module or "")
        for part in getattr(obj, "__qualname__", "").split("."):
            found = getattr(found, part, None)
        return found is obj
    return module != "__main__"


def _remembering(function: Callable[..., Any], told: dict[str, Any]) -> Callable[..., Any]:
    """A function that remembers its answers, and as yet has none."""
    made: Callable[..., Any] = functools.lru_cache(**told)(function)
    return made
