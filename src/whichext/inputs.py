"""Nasty inputs: small arrays on which extension code tends to go wrong, each with a name.

They are made from the kernel's own `inputs` for small shapes: every array of the case's dtype is
given another layout or other values, arguments of other dtypes (labels, counts) stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.contestant import Case
from whichext.kernel import Arguments, Kernel

Array = npt.NDArray[Any]

_SMALL = (7, 5, 3, 2)
_ODD = (67, 131, 3, 2)  # no multiple of any vector width or tile


@dataclass(frozen=True)
class Prepared:
    """One input with what the reference makes of it."""

    arguments: Arguments
    """Arguments of the call."""
    answer: Any = None
    """The reference's answer; meaningless when `refusal` is set."""
    refusal: str = ""
    """Why the input must be refused; empty when it must or may be answered."""
    plain_of: str = ""
    """The dtype of which it is a plain array, so that whoever declares that dtype must answer it;
    empty where a clean error is as good as the right answer."""


def nasty_inputs(kernel: Kernel) -> dict[str, Prepared]:
    """All nasty inputs of a kernel by name, with the reference's answers.

    There are inputs of every dtype that the kernel or any entry of its projects declares, whoever
    races: what a contestant is tried on does not depend on its rivals. Only plain arrays must be
    answered, by those who declare their dtype. Every other input may be refused, and those that
    the reference itself refuses, or the kernel lists as refused, must be.
    """
    prepared: dict[str, Prepared] = {}
    for dtype in _dtypes(kernel):
        for name, arguments in _variants(kernel, np.dtype(dtype)):
            plain = name in ("plain", "odd shape")
            prepared[f"{dtype} {name}"] = _ask_reference(kernel, arguments, dtype if plain else "")
    for name, make in kernel.refused.items():
        prepared[name] = Prepared(make(), refusal="the kernel lists it as refused")
    return prepared


def _dtypes(kernel: Kernel) -> tuple[str, ...]:
    """The kernel's dtypes and those that entries declare, each once."""
    entries = (entry for project in kernel.projects for entry in project.entries)
    return tuple(dict.fromkeys((*kernel.dtypes, *(n for e in entries for n in e.dtypes or ()))))


def _ask_reference(kernel: Kernel, arguments: Arguments, plain_of: str) -> Prepared:
    try:
        with np.errstate(all="ignore"):  # that NaN and infinities are odd is what they are here for
            answer = kernel.reference(*arguments)
    except (TypeError, ValueError) as error:
        reason = f"the reference raises {type(error).__name__}: {error}"
        return Prepared(arguments, refusal=reason)
    return Prepared(arguments, answer, plain_of=plain_of)


def _variants(kernel: Kernel, dtype: np.dtype[Any]) -> Iterator[tuple[str, Arguments]]:
    rank = len(kernel.cases[0].shape)

    def make(shape: tuple[int, ...]) -> Arguments:
        return kernel.inputs(Case(name="nasty", shape=shape, dtype=str(dtype)))

    small, odd = ((*shape, *(2,) * rank)[:rank] for shape in (_SMALL, _ODD))
    plain = make(small)
    yield "odd shape", make(odd)
    for name, change in {**_layouts(dtype), **_values(dtype, exact=_is_exact(kernel))}.items():
        yield name, _changed(plain, dtype, change)
    for axis in range(rank):
        for length in (0, 1):
            shape = (*small[:axis], length, *small[axis + 1 :])
            yield f"axis {axis} of length {length}", make(shape)


def _changed(
    arguments: Arguments, dtype: np.dtype[Any], change: Callable[[Array], Array]
) -> Arguments:
    return tuple(
        change(argument)
        if isinstance(argument, np.ndarray)
        and argument.dtype == dtype
        and argument.ndim
        and argument.size
        else argument
        for argument in arguments
    )


def _reversed(array: Array) -> Array:
    """Negative strides on every axis."""
    back = (slice(None, None, -1),) * array.ndim
    return array[back].copy()[back]


def _skipping(array: Array) -> Array:
    """Every second element of a larger array whose other elements would win any comparison."""
    larger = np.full(tuple(2 * length for length in array.shape), _greatest(array), array.dtype)
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


_LAYOUTS: Mapping[str, Callable[[Array], Array]] = {
    "plain": lambda array: array,
    "Fortran order": np.asfortranarray,
    "negative strides": _reversed,
    "skipping strides": _skipping,
    "zero stride": lambda array: np.broadcast_to(array[:1], array.shape),
    "read-only": _read_only,
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "misaligned": _misaligned,
    "packed field": _packed_field,
}


def _layouts(dtype: np.dtype[Any]) -> dict[str, Callable[[Array], Array]]:
    """Layouts that make sense for a dtype: a single byte has no order and is always aligned."""
    none = ("big-endian", "misaligned") if dtype.itemsize == 1 else ()
    return {name: change for name, change in _LAYOUTS.items() if name not in none}


def _is_exact(kernel: Kernel) -> bool:
    return kernel.tolerance.relative == kernel.tolerance.absolute == 0


def _values(dtype: np.dtype[Any], *, exact: bool) -> dict[str, Callable[[Array], Array]]:
    """Changes of values that make sense for a dtype.

    A kernel that rounds has no one answer at the extremes: a sum over them depends on its order.
    """
    changes: dict[str, Callable[[Array], Array]] = {}
    if dtype.kind in "ifmM":
        changes["all negative"] = _negative
    if dtype.kind in "iufmM" and exact:
        changes["extremes"] = _extremes
    if dtype.kind == "f":
        changes["NaN"] = lambda array: _with_missing(array, np.nan)
        changes["infinities and -0.0"] = _with_infinities
    if dtype.kind in "mM":
        changes["NaT"] = lambda array: _with_missing(array, "NaT")
    return changes


def _negative(array: Array) -> Array:
    """-1 - x overflows for no x, where -abs(x) does for the least integer."""
    numbers = array.view(np.int64) if array.dtype.kind in "mM" else array
    negative: Array = np.minimum(numbers, -1 - numbers)
    return negative.view(array.dtype)


def _extremes(array: Array) -> Array:
    """The dtype's least value all along the first index of the last axis, and its greatest."""
    array = array.copy()
    array[..., 0] = _least(array)
    array[(-1,) * array.ndim] = _greatest(array)
    return array


def _with_missing(array: Array, missing: Any) -> Array:
    """NaN or NaT first, last, in the middle, and all along one index of the last axis."""
    array = array.copy()
    array.reshape(-1)[[0, array.size // 2, -1]] = missing
    array[..., -1] = missing
    return array


def _with_infinities(array: Array) -> Array:
    array = array.copy()
    array[..., 0] = -np.inf
    array.reshape(-1)[array.size // 2] = -0.0
    array[(-1,) * array.ndim] = np.inf
    return array


def _least(array: Array) -> Any:
    if array.dtype.kind in "mM":  # the least integer of all is NaT
        return np.int64(np.iinfo(np.int64).min + 1).view(array.dtype)
    return _limits(array.dtype).min


def _greatest(array: Array) -> Any:
    """The dtype's greatest value; the array's own where the dtype has no limits."""
    if array.dtype.kind in "mM":
        return np.int64(np.iinfo(np.int64).max).view(array.dtype)
    return _limits(array.dtype).max if array.dtype.kind in "iuf" else array.max()


def _limits(dtype: np.dtype[Any]) -> np.finfo[Any] | np.iinfo[Any]:
    return np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
