"""An input that was drawn, as data: small enough to send, and the same array wherever it is made.

    values (dtype, shape, bytes)  ->  layout  ->  subclass  ->  read-only

A pickled array would lose what matters here: strides, alignment, byte order and gaps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from whichext.model.contestant import Case
from whichext.model.kernel import Arguments, Kernel
from whichext.verify.inputs.layouts import PLAIN, as_subclass, layouts_of

Array = npt.NDArray[Any]


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


def make_array(recipe: Recipe) -> Array:
    """The array that a recipe stands for."""
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
