"""How a function is called: the arguments of a call, some of them by keyword."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

Arguments = tuple[Any, ...]
"""The arguments of a call; where some are given by keyword, a `Call`."""


class Call(tuple[Any, ...]):
    """The arguments of a call, some of them by keyword, such as `Call(values, window=5)`.

    As a tuple, it has all values, those by keyword at its end.
    """

    keywords: tuple[str, ...]
    """Names of the last values."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Call:
        """All values in the order in which they are given."""
        made = super().__new__(cls, (*args, *kwargs.values()))
        made.keywords = tuple(kwargs)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _same_call, (tuple(self), self.keywords)


def _same_call(values: Arguments, keywords: tuple[str, ...]) -> Call:
    positional = len(values) - len(keywords)
    return Call(*values[:positional], **dict(zip(keywords, values[positional:], strict=True)))


def like(arguments: Arguments, values: Iterable[Any]) -> Arguments:
    """Other values for the same arguments, given in the same way."""
    same = tuple(values)
    return _same_call(same, arguments.keywords) if isinstance(arguments, Call) else same


def copied(arguments: Arguments) -> Arguments:
    """The same arguments, with arrays in memory of their own; read-only ones stay read-only.

    What is given twice is the same array twice in the copy as well.
    """
    import numpy as np  # here, since showing a result needs none

    def copy(array: Any) -> Any:
        own = made.get(id(array))
        if own is None:
            own = made[id(array)] = array.copy(order="K")
            own.flags.writeable = array.flags.writeable
        return own

    made: dict[int, Any] = {}

    return like(arguments, (copy(a) if isinstance(a, np.ndarray) else a for a in arguments))


def is_used_up(value: object) -> bool:
    """Whether it is an iterator, such as a generator, of which the first call gets all."""
    return isinstance(value, Iterator) and type(value).__module__ in ("builtins", "itertools")


def split(arguments: Arguments) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments by position, and those by keyword."""
    keywords = arguments.keywords if isinstance(arguments, Call) else ()
    positional = len(arguments) - len(keywords)
    named = dict(zip(keywords, arguments[positional:], strict=True))
    return tuple(arguments[:positional]), named


def name_in(arguments: Arguments, number: int, names: tuple[str, ...]) -> str | None:
    """What an argument is called; None where Python cannot tell.

    Args:
        arguments: Of a call.
        number: Of the argument, from 0.
        names: Those of the function's positional parameters, as far as they are known.

    """
    keywords = arguments.keywords if isinstance(arguments, Call) else ()
    positional = len(arguments) - len(keywords)
    if number >= positional:
        return keywords[number - positional]
    return names[number] if number < len(names) else None


def bound(
    function: Callable[..., Any], arguments: Arguments
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """What to call with which positional arguments, so that keywords are given as they should."""
    positional, named = split(arguments)
    return (partial(function, **named) if named else function), positional


def called(function: Callable[..., Any], arguments: Arguments) -> Any:
    """The answer of a function to arguments."""
    call, positional = bound(function, arguments)
    return call(*positional)


def parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of a function's positional parameters; none where Python cannot tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(parameter.name for parameter in parameters if parameter.kind in kinds)
