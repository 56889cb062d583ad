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
    may_refuse: bool = True
    """Whether a clean error is as good as the right answer."""


def nasty_inputs(kernel: Kernel) -> dict[str, Prepared]:
    """All nasty inputs of a kernel by name, with the reference's answers.

    Only plain arrays of the declared dtypes must be answered. Every other input may be refused,
    and those that the reference itself refuses, or the kernel lists as refused, must be.
    """
    prepared: dict[str, Prepared] = {}
    for dtype in kernel.dtypes:
        for name, arguments in _variants(kernel, np.dtype(dtype)):
            must = name in ("plain", "odd shape")
            prepared[f"{dtype} {name}"] = _ask_reference(kernel, arguments, may_refuse=not must)
    for name, make in kernel.refused.items():
        prepared[name] = Prepared(make(), refusal="the kernel lists it as refused")
    return prepared


def _ask_reference(kernel: Kernel, arguments: Arguments, *, may_refuse: bool) -> Prepared:
    try:
        with np.errstate(all="ignore"):  # that NaN and infinities are odd is what they are here for
            answer = kernel.reference(*arguments)
    except (TypeError, ValueError) as error:
        reason = f"the reference raises {type(error).__name__}: {error}"
        return Prepared(arguments, refusal=reason)
    return Prepared(arguments, answer, may_refuse=may_refuse)


def _variants(kernel: Kernel, dtype: np.dtype[Any]) -> Iterator[tuple[str, Arguments]]:
    rank = len(kernel.cases[0].shape)

    def make(shape: tuple[int, ...]) -> Arguments:
        return kernel.inputs(Case(name="nasty", shape=shape, dtype=str(dtype)))

    small, odd = ((*shape, *(2,) * rank)[:rank] for shape in (_SMALL, _ODD))
    plain = make(small)
    yield "odd shape", make(odd)
    for name, change in {**_LAYOUTS, **_values(dtype, exact=_is_exact(kernel))}.items():
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


def _is_exact(kernel: Kernel) -> bool:
    return kernel.tolerance.relative == kernel.tolerance.absolute == 0


def _values(dtype: np.dtype[Any], *, exact: bool) -> dict[str, Callable[[Array], Array]]:
    """Changes of values that make sense for a dtype.

    A kernel that rounds has no one answer at the extremes: a sum over them depends on its order.
    """
    changes: dict[str, Callable[[Array], Array]] = {}
    if dtype.kind in "if":
        changes["all negative"] = lambda array: -np.abs(array) - 1
    if dtype.kind in "iuf" and exact:
        changes["extremes"] = _extremes
    if dtype.kind == "f":
        changes["NaN"] = _with_nan
        changes["infinities and -0.0"] = _with_infinities
    return changes


def _extremes(array: Array) -> Array:
    """The dtype's least value all along the first index of the last axis, and its greatest."""
    array = array.copy()
    array[..., 0] = _least(array)
    array[(-1,) * array.ndim] = _greatest(array)
    return array


def _with_nan(array: Array) -> Array:
    """NaN first, last, in the middle, and nothing else along one index of the last axis."""
    array = array.copy()
    array.reshape(-1)[[0, array.size // 2, -1]] = np.nan
    array[..., -1] = np.nan
    return array


def _with_infinities(array: Array) -> Array:
    array = array.copy()
    array[..., 0] = -np.inf
    array.reshape(-1)[array.size // 2] = -0.0
    array[(-1,) * array.ndim] = np.inf
    return array


def _least(array: Array) -> Any:
    return _limits(array.dtype).min


def _greatest(array: Array) -> Any:
    """The dtype's greatest value; the array's own where the dtype has no limits."""
    return _limits(array.dtype).max if array.dtype.kind in "iuf" else array.max()


def _limits(dtype: np.dtype[Any]) -> np.finfo[Any] | np.iinfo[Any]:
    return np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
