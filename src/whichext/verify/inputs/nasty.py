"""Nasty inputs: small arrays on which extension code tends to go wrong, each with a name.

They are made from the kernel's own `inputs` for small shapes: every array of the case's dtype is
given another layout or other values, arguments of other dtypes (labels, counts) stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from whichext.model.check import Property
from whichext.model.contestant import Case
from whichext.model.kernel import Arguments, Change, Kernel, Prepared
from whichext.verify.inputs.change import find_change
from whichext.verify.inputs.layouts import PLAIN, Array, as_subclass, greatest, layouts_of, least
from whichext.verify.sharing import shared_argument

_SMALL = (7, 5, 3, 2)
_ODD = (67, 131, 3, 2)  # no multiple of any vector width or tile

_LONGER = ((11, 123, 3), (27, 61, 3), (61, 27, 3), (123, 11, 3))
"""Longer than 8, 16, 32 and 64, and less than twice as long, with no multiple of 8.

Code that takes so many elements at a time takes its way through each of its parts on some of these,
and so does code that chooses its way by the length.
"""


def nasty_inputs(kernel: Kernel) -> dict[str, Prepared]:
    """All nasty inputs of a kernel by name, with the reference's answers.

    There are inputs of every dtype that the kernel or any entry of its projects declares, so the
    inputs of a contestant do not depend on its rivals. Only plain arrays must be answered, by the
    entries that declare their dtype. Every other input may be refused. Inputs that the reference
    refuses, or that the kernel lists as refused, must be refused.
    """
    prepared: dict[str, Prepared] = {}
    for dtype in tried_dtypes(kernel):
        for name, property_, arguments in _variants(kernel, np.dtype(dtype)):
            plain_of = dtype if property_ is Property.PLAIN else None
            asked = ask_reference(kernel, arguments, plain_of)
            if plain_of is not None:
                asked = replace(asked, change=_change(kernel, asked))
            prepared[f"{dtype} {name}"] = replace(asked, property=property_)
    for name, make in kernel.refused.items():
        prepared[name] = Prepared(
            make(), refusal="the kernel lists it as refused", property=Property.REFUSALS
        )
    return prepared


def _change(kernel: Kernel, asked: Prepared) -> Change | None:
    """A change that an entry which remembers answers does not see."""
    view = shared_argument(asked.answer, asked.arguments) is not None  # changes by itself
    if asked.refusal is not None or view:
        return None
    return find_change(kernel, asked.arguments, asked.answer)


def tried_dtypes(kernel: Kernel) -> tuple[str, ...]:
    """The kernel's dtypes and those that entries declare, each once."""
    entries = (entry for project in kernel.projects for entry in project.entries)
    return tuple(dict.fromkeys((*kernel.dtypes, *(n for e in entries for n in e.dtypes or ()))))


def ask_reference(kernel: Kernel, arguments: Arguments, plain_of: str | None = None) -> Prepared:
    """An input with the reference's answer."""
    try:
        with np.errstate(all="ignore"):  # that NaN and infinities are odd is what they are here for
            answer = kernel.reference(*arguments)
    except (TypeError, ValueError) as error:
        reason = f"the reference raises {type(error).__name__}: {error}"
        return Prepared(arguments, refusal=reason)
    return Prepared(arguments, answer, plain_of=plain_of)


def _variants(kernel: Kernel, dtype: np.dtype[Any]) -> Iterator[tuple[str, Property, Arguments]]:
    rank = len(kernel.cases[0].shape)

    def make(shape: tuple[int, ...]) -> Arguments:
        return kernel.inputs(Case(name="nasty", shape=_of_rank(shape, rank), dtype=str(dtype)))

    small = _of_rank(_SMALL, rank)
    plain = make(small)
    exact = kernel.tolerance.is_exact
    yield "odd shape", Property.PLAIN, make(_ODD)
    for name, change in layouts_of(dtype).items():
        kind = Property.PLAIN if name == PLAIN else Property.LAYOUTS
        yield name, kind, _changed(plain, dtype, change)
    yield "subclass", Property.LAYOUTS, _changed(plain, dtype, as_subclass)
    for name, change in _values(dtype, exact=exact).items():
        yield name, Property.VALUES, _changed(plain, dtype, change)
    for axis in range(rank):
        if dtype.kind in "iufmM" and exact:
            change = partial(_greatest_at_end, axis=axis)
            name = f"greatest at the end of axis {axis}"
            yield name, Property.EDGES, _changed(plain, dtype, change)
        for length in (0, 1):
            shape = (*small[:axis], length, *small[axis + 1 :])
            yield f"axis {axis} of length {length}", Property.EDGES, make(shape)
    longer: dict[tuple[int, ...], Arguments] = {shape: make(shape) for shape in _LONGER}
    yield from _longer_values(longer, dtype, rank, exact=exact)
    yield from _longer_layouts(longer, dtype, rank, all_shapes=str(dtype) in kernel.dtypes)


def _of_rank(shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """The first axes of a shape; those beyond its last are two long."""
    return (*shape, *(2,) * rank)[:rank]


def _longer_values(
    longer: Mapping[tuple[int, ...], Arguments], dtype: np.dtype[Any], rank: int, *, exact: bool
) -> Iterator[tuple[str, Property, Arguments]]:
    """Each change of values in each of the longer shapes."""
    changes = _values(dtype, exact=exact)
    missing = {"f": ("NaN", np.nan), "m": ("NaT", "NaT"), "M": ("NaT", "NaT")}
    if dtype.kind in missing:
        name, value = missing[dtype.kind]
        changes[f"{name} along the diagonal"] = partial(_with_diagonal, value=value)
    for shape, arguments in longer.items():
        for name, change in changes.items():
            yield _named(name, shape, rank), Property.VALUES, _changed(arguments, dtype, change)


def _longer_layouts(
    longer: Mapping[tuple[int, ...], Arguments],
    dtype: np.dtype[Any],
    rank: int,
    *,
    all_shapes: bool,
) -> Iterator[tuple[str, Property, Arguments]]:
    """Each layout in each of the longer shapes, or in one of them in turn.

    A layout that is misread is so in every dtype of one size, and all together would take longer
    than all other nasty inputs.
    """
    layouts = {name: change for name, change in layouts_of(dtype).items() if name != PLAIN}
    shapes = list(longer)
    for number, (name, change) in enumerate(layouts.items()):
        for shape in shapes if all_shapes else [shapes[number % len(shapes)]]:
            arguments = _changed(longer[shape], dtype, change)
            yield _named(name, shape, rank), Property.LAYOUTS, arguments


def _named(name: str, shape: tuple[int, ...], rank: int) -> str:
    return f"{name}, {' x '.join(map(str, _of_rank(shape, rank)))}"


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
        if exact:
            changes["subnormals"] = _subnormals
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
    array[..., 0] = least(array)
    array[(-1,) * array.ndim] = greatest(array)
    return array


def _greatest_at_end(array: Array, axis: int) -> Array:
    """The dtype's greatest value along the last index of an axis, which a short loop misses."""
    array = array.copy()
    if axis < array.ndim:
        array[(slice(None),) * axis + (-1,)] = greatest(array)
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


def _with_diagonal(array: Array, value: Any) -> Array:
    """A value along the diagonal, so that each row and column has few of them, each elsewhere.

    Of a single axis, in the middle. Where code takes several elements at a time, it is then in
    every part of it, and in no other part of the same row or column that could make up for it.
    """
    array = array.copy()
    if array.ndim == 1:
        array[array.size // 2] = value
    else:
        columns = np.arange(array.shape[1])
        array[columns * len(array) // len(columns), columns] = value
    return array


def _subnormals(array: Array) -> Array:
    """The least subnormals and zeros of both signs, which a process may take for each other.

    -ffast-math does so, in all code of the process.
    """
    tiny = np.finfo(array.dtype).smallest_subnormal
    some = np.array([0.0, tiny, -0.0, -tiny], array.dtype)
    return np.resize(some, array.shape)
