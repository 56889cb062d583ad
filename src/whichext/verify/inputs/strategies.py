"""What the arguments of a kernel may be: Hypothesis's strategies, with those for arrays on top.

    arguments = {"values": strategies.array(ndim=1), "window": strategies.integers(1, 20)}

All of `hypothesis.strategies` is here under its own name. An array is drawn in any layout and with
any values of its domain. Verify also asks for arrays of certain lengths, values and layouts, which
it names: `How` says which ones are wanted while something is drawn.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from whichext.verify.inputs.elements import (
    Domain,
    any_elements,
    drawn_as,
    numbers,
    some_elements,
    texts,
)
from whichext.verify.inputs.how import How, current
from whichext.verify.inputs.layouts import Array, as_subclass, layouts_of

__all__ = ["array", "csr", "length", "same_length"]

_SMALL, _MOST_LENGTH, _SHORT_LENGTH = 6, 200, 2
_LONG = (7, 8, 11, 16, 19, 32, 35, 64, 67, 70)
_SIDES = (1, 2, 3, 5, *_LONG)
_SEEDS = 1_000
_ODD_ELEMENTS = 6
_ONE_SUBCLASS = 8  # one in so many arrays is of a subclass
_NUMBERS = "biufcmM"

DTypes = str | np.dtype[Any] | Sequence[str | np.dtype[Any]]
Length = int | SearchStrategy[int] | None
"""The length of an axis: a number, a strategy such as `length()`, or None for any."""


def array(
    ndim: int | Sequence[int] | None = None,
    dtypes: DTypes | None = None,
    *,
    shape: Sequence[Length] | None = None,
    min_value: float | None = None,
    max_value: float | None = None,
    allow_nan: bool | None = None,
    elements: SearchStrategy[Any] | None = None,
) -> SearchStrategy[Array]:
    """NumPy arrays of any layout and with any values, odd ones among them.

    Args:
        ndim: Number of axes, 1 by default; of several, the first is the usual one, and the others
            are tried as well, such as those that must be refused.
        dtypes: A dtype or several, or NumPy's names of them; by default those of the kernel.
        shape: Length of each axis, instead of `ndim`: a number, `length()` or None for any.
        min_value: The least value, for numbers.
        max_value: The greatest value, for numbers.
        allow_nan: Whether NaN and NaT are values; by default where no bound is given.
        elements: Strategy of a single element; needed for objects.

    Raises:
        ValueError: Both `ndim` and `shape` were given, or a dtype needs `elements`.

    """
    if ndim is not None and shape is not None:
        raise ValueError("expected ndim or shape, got both: give shape=(None, 2) alone")
    ranks = (ndim,) if isinstance(ndim, int) else tuple(ndim or (1,))
    told = None if dtypes is None else _dtypes(dtypes)
    _check_dtypes(told or (), elements)
    bounded = min_value is not None or max_value is not None
    nan = not bounded if allow_nan is None else allow_nan
    domain = Domain(min_value, max_value, nan, elements)
    return _array(told, ranks, None if shape is None else tuple(shape), domain)


def length(min_value: int = 0, max_value: int = _MOST_LENGTH) -> SearchStrategy[int]:
    """The length of an axis; the same in one call wherever this very object is used.

    Args:
        min_value: The least length.
        max_value: The greatest length.

    """
    return _common(min_value, max_value, f"length {next(_keys)}")


def same_length(*arrays: Any, **named: Any) -> SearchStrategy[Any]:
    """Arrays whose first axes are equally long, from the arguments of `array` for each.

    Args:
        *arrays: Dictionaries of arguments, such as `{"dtypes": "int64", "min_value": 0}`; or a
            strategy, for an argument that is no such array.
        **named: The same by name. `{"below": "n_groups"}` has whole numbers from 0 on, below the
            argument of that name, which is a strategy; where that is 0, all arrays are empty.

    Returns:
        A strategy of tuples; of dictionaries where names were given.

    Raises:
        ValueError: One of them is neither, or `below` names none of the strategies.

    """
    stated: dict[int | str, Any] = dict(enumerate(arrays))
    stated.update(named)
    common = length()
    each = {name: _one_of_several(name, one, stated) for name, one in stated.items()}
    together = _together(each, common)
    return together if named else together.map(lambda drawn: tuple(drawn.values()))


@dataclass(frozen=True)
class _Sized:
    """An argument whose first axis is as long as that of others."""

    make: Callable[..., SearchStrategy[Array]]
    """Its strategy, from the length of that axis; and the limit, where it is below one."""
    below: int | str | None = None
    """The argument that it is below; None where it is below none."""

    def strategy(self, side: Length, drawn: Mapping[int | str, Any]) -> SearchStrategy[Array]:
        """Its strategy, where some arguments were drawn."""
        return self.make(side, *([] if self.below is None else [drawn[self.below]]))


def _one_of_several(
    name: int | str, one: Any, stated: dict[int | str, Any]
) -> SearchStrategy[Any] | _Sized:
    """The strategy of an argument, or what makes one once the length is known."""
    if isinstance(one, SearchStrategy):
        return one
    if not isinstance(one, dict):
        raise ValueError(
            f"{name}: expected a strategy, or a dictionary of arguments of array such as "
            f'{{"dtypes": "int64"}}, got {one!r}'
        )
    rest = dict(one)
    others = (None,) * (rest.pop("ndim", 1) - 1)
    below = rest.pop("below", None)
    if below is None:
        free = _Sized(lambda side: array(shape=(side, *others), **rest))
        free.make(1)  # raises what is wrong with its options
        return free
    if not isinstance(stated.get(below), SearchStrategy):
        told = [other for other, its in stated.items() if isinstance(its, SearchStrategy)]
        known = ", ".join(map(repr, told)) or "a strategy, such as n_groups=strategies.just(10)"
        raise ValueError(f"{name}: below: expected {known}, got {below!r}")
    bounded = _Sized(partial(_below, name, below, others, rest), below)
    bounded.make(1, 1)  # raises what is wrong with its other options
    return bounded


def _below(
    name: int | str,
    below: int | str,
    others: tuple[Length, ...],
    rest: dict[str, Any],
    side: Length,
    limit: int,
) -> SearchStrategy[Array]:
    """An array of whole numbers from 0 to below the value of another argument; of none below 0."""
    if limit < 0:
        raise ValueError(f"{name}: expected {below} from 0 on, got {limit}")
    bounds = {"dtypes": "int64", "min_value": 0, **rest, "max_value": max(0, limit - 1)}
    return array(shape=(side, *others), **bounds)


@st.composite
def _together(
    draw: st.DrawFn, each: dict[int | str, SearchStrategy[Any] | _Sized], common: Length
) -> dict[int | str, Any]:
    """All arguments in the order in which they were stated; drawn first are what others need."""
    limits = [one.below for one in each.values() if isinstance(one, _Sized)]
    wanted = (current().lengths or (0,))[0]
    # No number is below 0, so where an array of some length is wanted, it is not drawn.
    drawn = {
        name: draw(one.filter(partial(operator.le, 1)) if wanted else one)
        for name, one in each.items()
        if isinstance(one, SearchStrategy) and name in limits
    }
    side = 0 if 0 in drawn.values() else common
    for name, one in each.items():
        if isinstance(one, _Sized):
            drawn[name] = draw(one.strategy(side, drawn))
        elif name not in limits:
            drawn[name] = draw(one)
    return {name: drawn[name] for name in each}


@st.composite
def csr(
    draw: st.DrawFn,
    dtypes: DTypes = "float64",
    *,
    rows: Length = None,
    columns: Length = None,
    index_dtype: str = "int32",
) -> tuple[Array, Array, Array, tuple[int, int]]:
    """Sparse matrices by compressed rows: data, indices, indptr and the shape, as in SciPy.

    Indices are sorted within a row and occur once; rows may be empty.

    Args:
        draw: Given by Hypothesis.
        dtypes: Dtypes of the data.
        rows: Number of rows.
        columns: Number of columns.
        index_dtype: Dtype of `indices` and `indptr`.

    """
    n_rows, n_columns = (_resolved(draw, side, axis) for axis, side in enumerate((rows, columns)))
    seed = draw(st.integers(0, _SEEDS))
    rng = np.random.default_rng(seed)
    filled = rng.random((n_rows, n_columns)) < rng.random()
    places = np.nonzero(filled)
    indptr = np.concatenate(([0], np.cumsum(filled.sum(axis=1)))).astype(index_dtype)
    data = draw(array(shape=(len(places[0]),), dtypes=dtypes))
    return data, places[1].astype(index_dtype), indptr, (n_rows, n_columns)


def _check_dtypes(dtypes: tuple[np.dtype[Any], ...], elements: SearchStrategy[Any] | None) -> None:
    for dtype in dtypes:
        if dtype.kind not in _NUMBERS + "USTO":
            raise ValueError(f"expected numbers, texts, times or objects, got dtype {dtype}")
        if dtype.kind == "O" and elements is None:
            raise ValueError('expected elements=... for dtype "object", such as integers()')


def _dtypes(told: DTypes) -> tuple[np.dtype[Any], ...]:
    several = (told,) if isinstance(told, str | np.dtype) else told
    return tuple(map(np.dtype, several))


@st.composite
def _array(
    draw: st.DrawFn,
    dtypes: tuple[np.dtype[Any], ...] | None,
    ranks: tuple[int, ...],
    shape: tuple[Length, ...] | None,
    domain: Domain,
) -> Array:
    how = current()
    dtype = draw(st.sampled_from(dtypes or _dtypes(how.dtypes)))
    if shape is None:
        # One in eight of another rank: most of these are refused, and tell no more.
        usual = how.fixed or how.long or len(ranks) == 1 or draw(st.integers(0, 7)) < 7
        shape = (None,) * (ranks[0] if usual else draw(st.sampled_from(ranks[1:])))
    lengths = tuple(_resolved(draw, side, axis) for axis, side in enumerate(shape))
    values = _values(draw, dtype, lengths, domain, how)
    if how.fixed:
        return how.layout(values) if how.layout and values.ndim and values.size else values
    return _placed(draw, values)


def _values(
    draw: st.DrawFn, dtype: np.dtype[Any], lengths: tuple[int, ...], domain: Domain, how: How
) -> Array:
    """An array of these lengths, in C order."""
    size, seeded = int(np.prod(lengths)), how.fixed or how.long
    one = any_elements(dtype, domain, exact=how.exact)
    if seeded and dtype.kind in _NUMBERS and domain.elements is None:
        return _numbers(draw, dtype, lengths, domain, how)
    if how.fixed and dtype.kind in "UT" and domain.elements is None:
        return texts(dtype, lengths)
    # One by one: an array that is NaN all over is right whatever is done with it.
    drawn = draw(some_elements(one, size, seeded=seeded or size > _SMALL**2))
    own = domain.elements is not None
    values = np.empty(size, dtype if own else drawn_as(dtype))
    for place, element in enumerate(drawn):
        values[place] = element
    return values.view(dtype).reshape(lengths) if dtype.kind in "mM" else values.reshape(lengths)


def _numbers(
    draw: st.DrawFn, dtype: np.dtype[Any], lengths: tuple[int, ...], domain: Domain, how: How
) -> Array:
    """Numbers of a generator, with some that are drawn among them, or made special ones."""
    size = int(np.prod(lengths))
    seed = 0 if how.fixed else draw(st.integers(0, _SEEDS))
    values = numbers(dtype, lengths, seed, domain, exact=how.exact)
    if how.long and size:
        places = st.integers(0, size - 1)
        odd = st.tuples(places, any_elements(dtype, domain, exact=how.exact))
        for place, element in draw(st.lists(odd, min_size=1, max_size=_ODD_ELEMENTS)):
            values.view(drawn_as(dtype)).reshape(-1)[place] = element
    if how.values is not None and size and lengths:
        return domain.clipped(how.values(values))
    return values


def _placed(draw: st.DrawFn, values: Array) -> Array:
    """The same elements in any layout."""
    # One draw for all: Hypothesis likes to repeat parts of what it drew before.
    choices = product(layouts_of(values.dtype), (False, True), (False, True), range(_ONE_SUBCLASS))
    ordered = sorted(choices, key=lambda choice: choice[3])
    name, swapped, read_only, nth = draw(st.sampled_from(ordered))
    if values.ndim and values.size:  # in memory, an array of no axes or elements has no layout
        swapped = swapped and values.ndim > 1
        # Swapped around the layout, since most layouts make a copy of their own in C order.
        values = values.swapaxes(0, -1).copy() if swapped else values
        values = layouts_of(values.dtype)[name](values)
        values = values.swapaxes(0, -1) if swapped else values
    if nth == _ONE_SUBCLASS - 1:
        values = as_subclass(values)
    if read_only:
        values.flags.writeable = False
    return values


def _resolved(draw: st.DrawFn, side: Length, axis: int) -> int:
    if side is None:
        return draw(_length(0, _MOST_LENGTH, axis=axis))
    return side if isinstance(side, int) else draw(side)


@st.composite
def _length(draw: st.DrawFn, least: int, most: int, *, axis: int) -> int:
    """A length as it is wanted, within the bounds."""
    how = current()
    if how.lengths is not None:
        wanted = how.lengths[axis] if axis < len(how.lengths) else _SHORT_LENGTH
        return max(least, min(wanted, most))
    # Few from the least on: those of longer arrays are drawn in another way, and do not shrink.
    short = range(least, least + _SMALL + 1)
    sides = [side for side in (_SIDES if how.long else short) if least <= side <= most]
    return draw(st.sampled_from(sides)) if sides else draw(st.integers(least, most))


@st.composite
def _common(draw: st.DrawFn, least: int, most: int, key: str) -> int:
    """A length that several axes have; one that is wanted is not drawn, and so not kept either."""
    one = _length(least, most, axis=0)
    return draw(one if current().lengths is not None else st.shared(one, key=key))


_keys = count()


def __getattr__(name: str) -> Any:
    """What Hypothesis has under that name."""
    return getattr(st, name)
