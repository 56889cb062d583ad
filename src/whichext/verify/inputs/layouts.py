"""Memory layouts on which extension code goes wrong: the same elements, elsewhere in memory.

An input that was drawn is data, a recipe: small enough to send, and the same array wherever it is
made. A pickled array would lose what matters here: strides, alignment, byte order and gaps.

    values (dtype, shape, bytes)  ->  layout  ->  subclass  ->  read-only
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from whichext.model.contestant import Case
from whichext.model.kernel import Arguments, Kernel

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
    """Layouts that make sense for a dtype: a single byte has no order and is always aligned."""
    none = ("big-endian", "misaligned") if dtype.itemsize == 1 else ()
    return {name: change for name, change in _LAYOUTS.items() if name not in none}


def least(array: Array) -> Any:
    """The dtype's least value."""
    if array.dtype.kind in "mM":  # the least integer of all is NaT
        return np.int64(np.iinfo(np.int64).min + 1).view(array.dtype)
    return _limits(array.dtype).min


def greatest(array: Array) -> Any:
    """The dtype's greatest value; the array's own where the dtype has no limits."""
    if array.dtype.kind in "mM":
        return np.int64(np.iinfo(np.int64).max).view(array.dtype)
    return _limits(array.dtype).max if array.dtype.kind in "iuf" else array.max()


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


_LAYOUTS: Mapping[str, Change] = {
    PLAIN: lambda array: array,
    "Fortran order": np.asfortranarray,
    "negative strides": _reversed,
    "Fortran order, negative strides": _reversed_fortran,
    "skipping strides": _skipping,
    "zero stride": lambda array: np.broadcast_to(array[:1], array.shape),
    "read-only": _read_only,
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "misaligned": _misaligned,
    "packed field": _packed_field,
}


class Recipe(Struct, frozen=True):
    """The first array of a call, element by element; the kernel makes the other arguments."""

    dtype: str
    """NumPy's name of it."""
    shape: tuple[int, ...]
    """Shape, also one of another rank than the kernel's."""
    values: bytes
    """The elements in C order and native byte order."""
    layout: str = PLAIN
    """Name of the layout."""
    swapped: bool = False
    """Whether the first and the last axis change places in memory."""
    read_only: bool = False
    """Whether it may not be written to."""
    subclass: bool = False
    """Whether it is of a subclass of NumPy's array that adds nothing."""

    def __repr__(self) -> str:
        """In short: Hypothesis writes out what shows a fault, and thousands of values take long."""
        return f"Recipe({self.dtype!r}, {self.shape}, {self.layout!r})"


def make_array(recipe: Recipe) -> Array:
    """The array that a recipe describes."""
    dtype = np.dtype(recipe.dtype)
    array = np.empty(recipe.shape, dtype)
    if array.size:  # NumPy refuses to read from an empty buffer
        array.reshape(-1)[:] = np.frombuffer(recipe.values, dtype)
    if array.ndim and array.size:  # in memory, an array of no axes or no elements has no layout
        swapped = recipe.swapped and array.ndim > 1
        # Swapped around the layout, since most layouts make a copy of their own in C order.
        array = array.swapaxes(0, -1).copy() if swapped else array
        array = layouts_of(dtype)[recipe.layout](array)
        array = array.swapaxes(0, -1) if swapped else array
    if recipe.subclass:
        array = as_subclass(array)
    if recipe.read_only:
        array.flags.writeable = False
    return array


def make_arguments(kernel: Kernel, recipe: Recipe) -> Arguments | None:
    """The arguments of a call; None where the kernel makes none for such a shape."""
    try:
        first, *others = kernel.inputs(Case(name="drawn", shape=recipe.shape, dtype=recipe.dtype))
    except Exception:  # a stranger's code, for a shape that it was never meant for
        return None
    return (make_array(recipe), *others) if isinstance(first, np.ndarray) else None
