"""Other values for an element whose argument has only one: those of a fair input.

Where a kernel says what its arguments may be, a value lies within what is drawn for the argument,
beside the same numbers and texts if there are such draws. An integer may be an index, so that it
comes closer to zero; only zero itself becomes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from whichext.model.call import Arguments
from whichext.model.change import containers, table_kind
from whichext.model.kernel import Kernel
from whichext.verify.inputs.arguments import draw_some, strategy_of

_DRAWS = 25
_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)
_OPTIONS = (*_NUMBERS, complex, str, bytes, type(None))

Others = Callable[[Any], Iterable[Any]]
"""Gives other values for an element, the most harmless first."""


def other_values(value: Any) -> Iterator[Any]:
    """Values of the same kind that differ from it, the most harmless first.

    Args:
        value: A number of Python or of NumPy, a time, a text or bytes, or a tuple of such.

    """
    match value:
        case bool() | np.bool_():
            yield type(value)(not value)
        case np.datetime64() | np.timedelta64():
            yield np.zeros((), value.dtype)[()] if np.isnat(value) else value + 1
        case int() | np.integer():
            yield from _other_integers(value)
        case float() | np.floating() | complex() | np.complexfloating():
            yield from _other_floats(value)
        case str() | bytes() if value:
            yield value[:-1] if len(value) > 1 else value * 2
        case tuple() if type(value) is tuple:
            for number, part in enumerate(value):
                for other in other_values(part):
                    yield (*value[:number], other, *value[number + 1 :])


def _other_integers(value: Any) -> Iterator[Any]:
    """Those closer to zero; one instead of zero."""
    kind = type(value)
    if value == 0:
        yield kind(1)
        return
    closer = int(value) + (1 if value < 0 else -1)
    yield kind(closer)
    if closer:
        yield kind(0)


def _other_floats(value: Any) -> Iterator[Any]:
    """Half of it, which has its sign and stays in most domains; then zero, or one instead."""
    kind = type(value)
    half = value / 2 if np.isfinite(value) else value
    others = (kind(half), kind(0), kind(1))
    yield from (one for one in others if one != value and one == one and np.isfinite(one))


def fair_others(kernel: Kernel, arguments: Arguments, number: int) -> Others:
    """What gives other values for elements of an argument, as far as the kernel allows them.

    Args:
        kernel: It may say what its arguments may be; if not, any value may be.
        arguments: Of the call that is changed.
        number: Of the argument, from 0.

    """
    if strategy_of(kernel) is None:
        return other_values
    drawn = [one for one in _draws_of(kernel) if len(one) == len(arguments)]
    alike = [one for one in drawn if _have_same_options(one, arguments)]
    known = [value for one in alike or drawn for value in _values_in(one[number])]
    numbers = [value for value in known if isinstance(value, _NUMBERS) and value == value]

    def others(value: Any) -> Iterable[Any]:
        if not isinstance(value, _NUMBERS):
            return (one for one in known if type(one) is type(value) and one != value)
        least, most = min(numbers, default=1), max(numbers, default=0)
        return (one for one in other_values(value) if least <= one <= most)

    return others


def _draws_of(kernel: Kernel) -> list[Arguments]:
    """Some arguments of a kernel; drawn once for all inputs that are changed in a row."""
    of, drawn = _latest[0] if _latest else (None, [])
    if of is not kernel:
        dtypes = {"dtypes": kernel.dtypes} if kernel.dtypes else {}
        drawn = draw_some(kernel, _DRAWS, **dtypes)
        _latest[:] = [(kernel, drawn)]
    return drawn


_latest: list[tuple[Kernel, list[Arguments]]] = []


def _have_same_options(one: Arguments, other: Arguments) -> bool:
    """Whether two calls have the same numbers and texts, by which arrays may be bounded."""
    pairs = [pair for pair in zip(one, other, strict=True) if isinstance(pair[1], _OPTIONS)]
    return all(isinstance(a, _OPTIONS) and a == b for a, b in pairs)


def _values_in(argument: Any) -> Iterator[Any]:
    """The elements of an argument and of what lies in it."""
    for _, one in containers(argument):
        if isinstance(one, np.ndarray):
            yield from one.flat
        elif isinstance(one, dict):
            yield from one.values()
        elif table_kind(one) is not None:
            yield from one.to_numpy().flat
        elif isinstance(one, list | tuple):
            yield from one
