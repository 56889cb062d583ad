"""Nasty inputs: small arguments on which extension code tends to go wrong, each with a name.

They are drawn from what the kernel says its arguments may be: every array gets certain lengths,
values or a layout, and everything else is the simplest there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from whichext.model.case import dtype_text
from whichext.model.check import Property
from whichext.model.kernel import ANY_DTYPE, Kernel, Prepared
from whichext.verify.inputs.apart import ask_each
from whichext.verify.inputs.arguments import draw_each, draw_some, tried_dtypes
from whichext.verify.inputs.layouts import (
    OF_SEVERAL_AXES,
    PLAIN,
    Array,
    as_subclass,
    greatest,
    layouts_of,
    least,
)
from whichext.verify.inputs.snippet import OF_CASE
from whichext.verify.inputs.unanswered import AskAll, Input, answered

_SMALL = (7, 5, 3)
_ODD = (67, 131, 3)  # no multiple of any vector width or tile
_SOME = 25
_FURTHER = 2  # length of axes beyond those

_LONGER = ((11, 123, 3), (27, 61, 3), (61, 27, 3), (123, 11, 3))
"""Longer than 8, 16, 32 and 64, and less than twice as long, with no multiple of 8.

Code that takes so many elements at a time takes its way through each of its parts on some of these,
and so does code that chooses its way by the length.
"""

_VALUES = ("all negative", "extremes", "NaN", "infinities and -0.0", "subnormals", "NaT")
_DIAGONALS = ("NaN along the diagonal", "NaT along the diagonal")

Changes = Callable[[np.dtype[Any]], dict[str, Callable[[Array], Array]]]
"""Changes of arrays by name, those that make sense for a dtype."""


@dataclass(frozen=True)
class Wish:
    """How the arrays of an input are drawn."""

    name: str
    """What is done to them."""
    looks_at: Property
    """What it is there for."""
    lengths: tuple[int, ...]
    """Lengths of their axes, as far as these are free."""
    values: Changes | None = None
    """What gives them special values, by the wish's name."""
    layouts: Changes | None = None
    """What puts them elsewhere in memory, by the wish's name."""
    axis: int | None = None
    """The axis whose length it is about."""

    @property
    def how(self) -> dict[str, Any]:
        """The same for the strategies."""
        return {
            "lengths": self.lengths,
            "values": partial(self._apply, self.values) if self.values else None,
            "layout": partial(self._apply, self.layouts) if self.layouts else None,
        }

    def _apply(self, changes: Changes, array: Array) -> Array:
        change = changes(array.dtype).get(self.name)
        return array if change is None else change(array)

    def suits(self, array: Array) -> bool:
        """Whether an array is what it is wished to be."""
        if self.axis is not None:
            return array.ndim > self.axis and array.shape[self.axis] == self.lengths[self.axis]
        changes = self.values or self.layouts
        if changes is None:
            return True
        change = changes(array.dtype).get(self.name)
        if change is None or not (array.size and array.ndim):
            return False
        # Values beyond the kernel's bounds were brought back to them.
        return changes is self.layouts or change(array).tobytes() == array.tobytes()

    def label(self, array: Array) -> str:
        """Its name, with the lengths of an array where there are several."""
        if self.lengths in (_SMALL, _ODD) or self.axis is not None:
            return self.name
        return f"{self.name} ({' x '.join(map(str, array.shape))})"


def nasty_inputs(kernel: Kernel, ask_all: AskAll = ask_each) -> dict[str, Prepared]:
    """All nasty inputs of a kernel by name, with the reference's answers.

    There are inputs of every dtype that the kernel or any entry of its projects declares, so the
    inputs of a contestant do not depend on its rivals. Only plain arrays must be answered, by the
    entries that declare their dtype. Every other input may be refused. Inputs that the reference
    refuses, or that the kernel lists as refused, must be refused.
    """
    found = [one for dtype in tried_dtypes(kernel) for one in _drawn(kernel, dtype)]
    asked = answered(kernel, [*found, *_some_drawn(kernel)], ask_all)
    prepared = {name: one for name, one in asked.items() if one.property is not Property.DRAWN}
    if not any(one.plain_of for one in prepared.values()):
        prepared |= answered(kernel, [_smallest_case(kernel)], ask_all)
    prepared |= asked
    for name, make in kernel.refused.items():
        prepared[name] = Prepared(
            make() if kernel.stateful is None else kernel.on_stream(make(), kernel.cases[0]),
            refusal="the kernel lists it as refused",
            property=Property.REFUSALS,
        )
    return prepared


def _smallest_case(kernel: Kernel) -> Input:
    """The smallest case, which must be answered: for the tests beyond a single call."""
    case = min(kernel.cases, key=kernel.amount_in)
    name = f"{OF_CASE}{case.name}"
    return Input(name, kernel.arguments_of(case), Property.PLAIN, ANY_DTYPE, of_case=True)


def _some_drawn(kernel: Kernel) -> Iterator[Input]:
    """A few inputs of any kind, for a race as well: texts and options have no layout to try."""
    if kernel.arguments is not None:
        dtypes = {"dtypes": kernel.dtypes} if kernel.dtypes else {}
        exact = kernel.agreement.is_exact
        for number, arguments in enumerate(draw_some(kernel, _SOME, exact=exact, **dtypes), 1):
            yield Input(f"drawn {number}", arguments, Property.DRAWN)


def _drawn(kernel: Kernel, dtype: str) -> Iterator[Input]:
    """Each input of a dtype with its name, as far as the kernel has such arrays."""
    exact = kernel.agreement.is_exact
    dtypes = () if dtype == ANY_DTYPE else (dtype,)
    common = {"dtypes": dtypes, "exact": exact} if dtypes else {"exact": exact}
    (plain,) = draw_each(kernel, [{**common, "lengths": _SMALL}])
    rank = max((a.ndim for a in plain or () if isinstance(a, np.ndarray)), default=0)
    wishes = list(_wishes(rank, exact=exact, all_shapes=dtype in (ANY_DTYPE, *kernel.dtypes)))
    found = draw_each(kernel, [{**common, **wish.how} for wish in wishes])
    for wish, arguments in zip(wishes, found, strict=True):
        arrays = (a for a in arguments or () if isinstance(a, np.ndarray))
        suited = next(filter(wish.suits, arrays), None)
        if arguments is not None and suited is not None:
            label = wish.label(suited)
            named = label if dtype == ANY_DTYPE else f"{dtype_text(dtype)} {label}"
            plain_of = dtype if wish.looks_at is Property.PLAIN else None
            yield Input(named, arguments, wish.looks_at, plain_of)


def _wishes(rank: int, *, exact: bool, all_shapes: bool) -> Iterator[Wish]:
    """All nasty inputs.

    Args:
        rank: Number of axes of the array that has most.
        exact: Whether any value of a dtype may be drawn.
        all_shapes: Whether each layout is tried in each of the longer shapes, or in one in turn.
            A layout that is misread is so in every dtype of one size, and all together would take
            longer than all other nasty inputs.

    """
    values, layouts = partial(_values, exact=exact), _layouts
    named = [
        name for name in layouts(np.dtype(np.float64)) if rank > 1 or name not in OF_SEVERAL_AXES
    ]
    yield Wish("odd shape", Property.PLAIN, _ODD)
    yield Wish(PLAIN, Property.PLAIN, _SMALL)
    for name in named:
        yield Wish(name, Property.LAYOUTS, _SMALL, layouts=layouts)
    for name in _VALUES:
        yield Wish(name, Property.VALUES, _SMALL, values=values)
    small = (*_SMALL, *(_FURTHER,) * rank)[:rank]
    for axis in range(rank):
        name = f"greatest at the end of axis {axis}"
        ends = partial(_ends, axis=axis, exact=exact)
        yield Wish(name, Property.EDGES, _SMALL, values=ends)
        for length in (0, 1):
            lengths = (*small[:axis], length, *small[axis + 1 :])
            name = f"axis {axis} of length {length}"
            yield Wish(name, Property.EDGES, lengths, axis=axis)
    for shape in _LONGER:
        for name in (*_VALUES, *_DIAGONALS):
            yield Wish(name, Property.VALUES, shape, values=partial(_longer_values, exact=exact))
    for number, name in enumerate(named):
        for shape in _LONGER if all_shapes else [_LONGER[number % len(_LONGER)]]:
            yield Wish(name, Property.LAYOUTS, shape, layouts=layouts)


def _layouts(dtype: np.dtype[Any]) -> dict[str, Callable[[Array], Array]]:
    """Layouts of a dtype, and the array of a subclass."""
    found = {name: change for name, change in layouts_of(dtype).items() if name != PLAIN}
    return {**found, "subclass": as_subclass}


def _ends(dtype: np.dtype[Any], axis: int, *, exact: bool) -> dict[str, Callable[[Array], Array]]:
    """The greatest value at the end of an axis, for dtypes that have one."""
    if dtype.kind not in "iufmM" or not exact:
        return {}
    return {f"greatest at the end of axis {axis}": partial(_greatest_at_end, axis=axis)}


def _longer_values(dtype: np.dtype[Any], *, exact: bool) -> dict[str, Callable[[Array], Array]]:
    """Values of a dtype, and what is missing along the diagonal."""
    changes = _values(dtype, exact=exact)
    missing = {"f": ("NaN", np.nan), "m": ("NaT", "NaT"), "M": ("NaT", "NaT")}
    if dtype.kind in missing:
        name, value = missing[dtype.kind]
        changes[f"{name} along the diagonal"] = partial(_with_diagonal, value=value)
    return changes


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
