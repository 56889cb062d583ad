"""Entries that are no functions of their arguments, called as if they were.

    InPlace   changes some of its arguments: gets copies of them, and the copies are in the answer
    OnStream  a class: a new object for each call, whose method gets one item after the other

Whatever compares answers then needs to know neither. The race alone does: it makes the copies and
the objects before the clock starts.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import starmap
from typing import Any, NamedTuple

from whichext.model.call import Arguments, Call, called, like, split
from whichext.model.case import Case
from whichext.model.errors import a_type

_UNCHANGING = (int, float, complex, str, bytes, type(None))


class Changed(NamedTuple):
    """The answer of a call in place."""

    returned: Any
    """What the call returned."""
    after: Mapping[str, Any]
    """The arguments that it may change, by name, as they were after it."""


class Replayed(NamedTuple):
    """The answer of an object to a stream."""

    answers: Sequence[Any]
    """What each call of the method returned."""
    state: Any
    """The object's state at the end, as far as the kernel says what that is."""


class Use(StrEnum):
    """How the objects of a class are used, in the lines that show a reader what is wrong."""

    ONCE = "once"
    """One object gets the stream."""
    AGAIN = "again"
    """A second object gets it after the first one."""
    TOGETHER = "together"
    """Two objects get each item in turn."""
    ELSEWHERE = "elsewhere"
    """An object gets it in another thread than made it."""


@dataclass(frozen=True, kw_only=True)
class Stateful:
    """States that entries are classes, and how an object of one is used.

    Attributes:
        method: Name of the method that is timed; it gets one item of the stream at each call, or
            the values of an item that is a `Call`.
        init: The arguments from which an object is made for a case; by default none.
        state: What of an object is compared at the end of the stream; by default nothing is.

    """

    method: str
    init: Callable[[Case], Arguments] | None = None
    state: Callable[[Any], Any] | None = None


class InPlace:
    """A function that changes some of its arguments, as one that leaves them alone.

    Args:
        function: The function.
        mutates: Names or numbers, from 0, of the arguments that it may change.
        names: Names of its positional parameters, as far as they are known.

    """

    def __init__(
        self, function: Callable[..., Any], mutates: Sequence[int | str], names: tuple[str, ...]
    ) -> None:
        self.function, self.mutates, self.names = function, mutates, names

    def __call__(self, *arguments: Any, **named: Any) -> Changed:
        """The answer to a call on copies of these."""
        own = self.fresh(Call(*arguments, **named))
        return self.answer(called(self.function, own), own)

    def fresh(self, arguments: Arguments) -> Arguments:
        """The same arguments with fresh copies of those that a call may change."""
        (once,) = self.copies(arguments, 1)
        return once

    def copies(self, arguments: Arguments, count: int) -> list[Arguments]:
        """The same for so many calls."""
        places = set(self._places(arguments).values())
        _check_apart(arguments, places)
        makers = [
            _copier(one) if n in places else partial(_same, one) for n, one in enumerate(arguments)
        ]
        return [like(arguments, [make() for make in makers]) for _ in range(count)]

    def changing(self, arguments: Arguments) -> list[Any]:
        """Those of the arguments that a call may change."""
        return [arguments[place] for place in self._places(arguments).values()]

    def answer(self, returned: Any, arguments: Arguments) -> Changed:
        """The answer of a call on these, which it may have changed since."""
        places = self._places(arguments)
        return Changed(returned, {name: arguments[place] for name, place in places.items()})

    def _places(self, arguments: Arguments) -> dict[str, int]:
        """Where those are that a call may change, by name; not those that were left out."""
        keywords = arguments.keywords if isinstance(arguments, Call) else ()
        names = (*self.names[: len(arguments) - len(keywords)], *keywords)
        found: dict[str, int] = {}
        for one in self.mutates:
            if isinstance(one, int) and one < len(arguments):
                found[name_of(one, names)] = one
            elif isinstance(one, str) and one in names:
                found[one] = names.index(one)
        return found


def name_of(argument: int | str, names: Sequence[str]) -> str:
    """What an argument is called that is given by its name, or by its number from 0."""
    if isinstance(argument, str):
        return argument
    return names[argument] if argument < len(names) else f"argument {argument + 1}"


class OnStream:
    """A class, as a function of a stream and of what an object is made from.

    Args:
        make: The class.
        stateful: How an object of it is used.

    """

    def __init__(self, make: Callable[..., Any], stateful: Stateful) -> None:
        self.make, self.stateful = make, stateful

    def __call__(self, stream: Iterable[Any], *init: Any, **named: Any) -> Replayed:
        """What a new object answers to each item, and its state afterwards."""
        made = self.make(*init, **named)
        answers = list(self.calls(made, Items.of(stream)))
        return Replayed(answers, self.state_of(made))

    def new(self, arguments: Arguments) -> Any:
        """A new object, from what stands behind the stream."""
        (_, *init), named = split(arguments)
        return self.make(*init, **named)

    def calls(self, made: Any, items: Items) -> Iterator[Any]:
        """The calls of an object's method, each made when its answer is asked for."""
        method = getattr(made, self.stateful.method)
        return starmap(method, items.each) if items.several else map(method, items.each)

    def state_of(self, made: Any) -> Any:
        """What of an object is compared at the end."""
        return None if self.stateful.state is None else self.stateful.state(made)

    @staticmethod
    def last(answer: Replayed) -> Replayed:
        """What is left to compare where only the last answer was kept."""
        return Replayed(answer.answers[-1:], answer.state)


class Items(NamedTuple):
    """The items of a stream, ready for the calls of a method."""

    each: Sequence[Any]
    """One for each call; a tuple where the method takes several values."""
    several: bool
    """Whether the method takes several values, so that the items of the stream are `Call`s."""

    @classmethod
    def of(cls, stream: Iterable[Any]) -> Items:
        """Those of any stream; of an array, its elements become objects here."""
        each = list(stream)
        several = bool(each) and isinstance(each[0], Call)
        return cls([tuple(one) for one in each] if several else each, several)

    @property
    def but_last(self) -> Items:
        """All but the last of them."""
        return Items(self.each[:-1], self.several)

    @property
    def only_last(self) -> Items:
        """The last one alone."""
        return Items(self.each[-1:], self.several)


class OneCall(NamedTuple):
    """A call of which all that it needs is there, so that nothing else is measured with it."""

    make: Callable[[], Any]
    """Makes it, all of a stream's together."""
    arguments: Arguments
    """What it gets, copies among them."""
    answer: Callable[[Any], Any] = lambda returned: returned
    """Makes the answer of what it returned; may raise what a kernel's `state` raises."""
    calls: int = 1
    """Calls of a method that it consists of; 1 of a function."""


def one_call(call: Callable[..., Any], arguments: Arguments) -> OneCall:
    """A call of an entry that is about to be made; may raise what a class raises."""
    match call:
        case InPlace():
            own = call.fresh(arguments)
            make = partial(called, call.function, own)
            return OneCall(make, own, lambda returned: call.answer(returned, own))
        case OnStream():
            made, items = call.new(arguments), Items.of(arguments[0])
            return OneCall(
                lambda: list(call.calls(made, items)),
                arguments,
                lambda returned: Replayed(returned, call.state_of(made)),
                len(items.each),
            )
        case _:
            return OneCall(partial(called, call, arguments), arguments)


def checked_stream(made: object) -> object:
    """What a kernel's `inputs` made, if it is a stream.

    Raises:
        TypeError: It is none.

    """
    if not hasattr(made, "__len__") or not hasattr(made, "__iter__") or isinstance(made, Call):
        got = a_type(made)
        raise TypeError(f"expected inputs(case) to return a list or an array, got {got}")
    items: Any = made
    if len(items) == 1 and hasattr(items[0], "__len__") and not isinstance(items[0], Call | str):
        raise TypeError(
            "expected inputs(case) to return the stream, an item for each call, got one item that "
            "has items itself: return values, not (values,)"
        )
    kinds = {isinstance(one, Call) for one in items}
    if len(kinds) != 1 or any(isinstance(one, Call) and one.keywords for one in items):
        raise TypeError(
            "expected inputs(case) to return at least one item, and all of them as Call(...) "
            "without keywords or none"
        )
    return made


def _check_apart(arguments: Arguments, places: Set[int]) -> None:
    """Refuse arrays that lie in each other, which copies of them would not.

    Raises:
        ValueError: One that a call may change shares memory with another argument.

    """
    import numpy as np  # here, since showing a result needs none

    arrays = {n: one for n, one in enumerate(arguments) if isinstance(one, np.ndarray)}
    for place in places & arrays.keys():
        for n, other in arrays.items():
            if n != place and _overlap(arrays[place], other):
                raise ValueError(
                    f"arguments {min(n, place) + 1} and {max(n, place) + 1} share memory, which "
                    "fresh copies of them do not: give arrays that lie apart"
                )


def _overlap(one: Any, other: Any) -> bool:
    """Whether two arrays share memory, also where to find that out would take too long."""
    import numpy as np  # here, since showing a result needs none

    try:
        return np.shares_memory(one, other, max_work=1_000)  # type: ignore[arg-type]  # any number
    except np.exceptions.TooHardError:
        return True


def _same(value: Any) -> Any:
    return value


def _copier(value: Any) -> Callable[[], Any]:
    """What makes copies that share nothing that can be changed; of an array, ones that lie alike.

    By way of pickle, which takes a tenth of the time of a deep copy, wherever that is possible.
    """
    import numpy as np  # here, since showing a result needs none

    from whichext.model.arrays import as_it_lies, pickled

    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return partial(as_it_lies, value)
    if type(value) in (list, bytearray) and all(isinstance(one, _UNCHANGING) for one in value):
        made: Callable[[], Any] = value.copy
        return made
    try:
        packed = pickled(value)
        pickle.loads(packed)  # of our own, just now
    except Exception:  # whatever an object of a stranger's class raises
        return partial(copy.deepcopy, value)
    return partial(pickle.loads, packed)
