"""The calls of a turn, ready for the clock: all that they need is made before it starts.

of a function           the same arguments for every call
in place                fresh copies for every call
of an object's method   a new object for each pass over the stream
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, repeat, starmap
from typing import Any, NamedTuple

from whichext.model.call import Arguments, Call, bound, split
from whichext.model.forms import InPlace, Items, OnStream, Replayed


def whole(answer: Any) -> Any:
    """An answer as it is."""
    return answer


class Calls(NamedTuple):
    """Calls, each made when its answer is asked for."""

    others: Iterator[Any]
    """All but the last one."""
    last: Iterator[Any]
    """The last one, whose answer is kept; nothing where there are no calls."""
    answered: Callable[[Any], Any] = whole
    """Makes an answer of what the last one returned."""
    expected: Callable[[Any], Any] = whole
    """What of the reference's answer it is compared with."""


def ready(call: Callable[..., Any], arguments: Arguments, calls: int) -> Calls:
    """The calls of a turn.

    Args:
        call: A function, or what makes one of it.
        arguments: Of each call.
        calls: How many; of a method, a multiple of the length of its stream.

    """
    match call:
        case InPlace():
            return _in_place(call, arguments, calls)
        case OnStream():
            return _on_stream(call, arguments, calls)
        case _:
            return repeated(*bound(call, arguments), calls)


def calls_in_one(call: Callable[..., Any], arguments: Arguments) -> int:
    """Calls of a method in one pass over its stream; 1 for a function."""
    return len(arguments[0]) if isinstance(call, OnStream) else 1


def repeated(call: Callable[..., Any], arguments: tuple[Any, ...], calls: int) -> Calls:
    """So many calls with the same arguments."""
    # Two iterators: cutting a single one short would cost each call another step.
    return Calls(_same(call, arguments, calls - 1), _same(call, arguments, min(calls, 1)))


def _same(call: Callable[..., Any], arguments: tuple[Any, ...], calls: int) -> Iterator[Any]:
    every = [repeat(argument, calls) for argument in arguments]
    return map(call, *every) if every else starmap(call, repeat((), calls))


def _in_place(form: InPlace, arguments: Arguments, calls: int) -> Calls:
    each = form.copies(arguments, calls)
    return Calls(
        _each_once(form.function, each[:-1]),
        _each_once(form.function, each[-1:]),
        lambda returned: form.answer(returned, each[-1]),
    )


def _each_once(call: Callable[..., Any], each: list[Arguments]) -> Iterator[Any]:
    if any(isinstance(one, Call) and one.keywords for one in each):
        both = map(split, each)
        return map(operator.call, [partial(call, *own, **named) for own, named in both])
    return starmap(call, [tuple(one) for one in each])


def _on_stream(form: OnStream, arguments: Arguments, calls: int) -> Calls:
    items = Items.of(arguments[0])
    made = [form.new(arguments) for _ in range(calls // len(items.each))]
    method_calls = [form.calls(one, items) for one in made[:-1]]
    method_calls.append(form.calls(made[-1], items.but_last))
    return Calls(
        chain.from_iterable(method_calls),
        form.calls(made[-1], items.only_last),
        # It has all objects, so that none is freed while the clock runs.
        lambda returned: Replayed([returned], form.state_of(made[-1])),
        form.last,
    )
