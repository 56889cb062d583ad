"""Memory layouts on which extension code goes wrong: the same elements, elsewhere in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Change = Callable[[Array], Array]

PLAIN = "plain"
"""Name of the layout that changes nothing."""


class Subclass(np.ndarray[Any, Any]):
    """An array that is one only by inheritance."""


def as_subclass(array: Array) -> Array:
    """The same memory as an array of a subclass that adds nothing."""
    return array.view(Subclass)


def layouts_of(dtype: np.dtype[Any]) -> dict[str, Change]:
    """Layouts that make sense for a dtype.

    A single byte has no order and is always aligned; references to objects are never misaligned.
    """
    none: tuple[str, ...] = ("big-endian", "misaligned") if dtype.itemsize == 1 else ()
    if dtype.kind in "OT":
        none = ("big-endian", "misaligned", "packed field")
    return {name: change for name, change in _LAYOUTS.items() if name not in none}


def least(array: Array) -> Any:
    """The dtype's least value."""
    if array.dtype.kind in "mM":  # the least integer of all is NaT
        return np.int64(np.iinfo(np.int64).min + 1).view(array.dtype)
    return _limits(array.dtype).min


def greatest(array: Array) -> Any:
    """The dtype's greatest value; one of the array's own where the dtype has no limits."""
    if array.dtype.kind in "mM":
        return np.int64(np.iinfo(np.int64).max).view(array.dtype)
    if array.dtype.kind in "iuf":
        return _limits(array.dtype).max
    return array.flat[0] if array.dtype.kind in "USTO" else array.max()


def _limits(dtype: np.dtype[Any]) -> np.finfo[Any] | np.iinfo[Any]:
    return np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)


def _reversed(array: Array) -> Array:
    """Negative strides on every axis."""
    back = (slice(None, None, -1),) * array.ndim
    return array[back].copy()[back]


def _reversed_fortran(array: Array) -> Array:
    """Negative strides on every axis, the first index fastest."""
    back = (slice(None, None, -1),) * array.ndim
    return np.asfortranarray(array[back])[back]


def _skipping(array: Array) -> Array:
    """Every second element of a larger array whose other elements would win any comparison."""
    larger = np.full(tuple(2 * length for length in array.shape), greatest(array), array.dtype)
    view = larger[(slice(None, None, 2),) * array.ndim]
    view[...] = array
    return view


def _misaligned(array: Array) -> Array:
    """Elements that begin one byte off."""
    view = np.empty(array.nbytes + 1, dtype=np.uint8)[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def _packed_field(array: Array) -> Array:
    """A field of a packed record: the stride is no multiple of the item's size."""
    records = np.zeros(array.shape, dtype=[("tag", "i1"), ("value", array.dtype)])
    records["value"] = array
    return records["value"]


def _read_only(array: Array) -> Array:
    array = array.copy()
    array.flags.writeable = False
    return array


OF_SEVERAL_AXES = ("Fortran order", "Fortran order and negative strides")
"""Layouts that are others of a single axis: there is no order of axes."""

_LAYOUTS: Mapping[str, Change] = {
    PLAIN: lambda array: array,
    "Fortran order": np.asfortranarray,
    "negative strides": _reversed,
    "Fortran order and negative strides": _reversed_fortran,
    "skipping strides": _skipping,
    "zero stride": lambda array: np.broadcast_to(array[:1], array.shape),
    "read-only": _read_only,
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "misaligned": _misaligned,
    "packed field": _packed_field,
}
