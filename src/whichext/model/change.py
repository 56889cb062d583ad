"""A change of an argument in its place, which tells whether an answer is one from before it."""

from __future__ import annotations

from array import array as packed_array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from whichext.model.call import Arguments

SEQUENCES = (list, bytearray, packed_array)
"""Kinds of arguments with numbered elements that can be written to."""

Path = tuple[tuple[str, Any], ...]
"""How to come from an argument to what is written to: an item by its key, an attribute by its
name. Empty where it is the argument itself."""

_ITEM, _ATTRIBUTE = "item", "attribute"
_MOST_PARTS, _MOST_LEVELS = 16, 3


def table_kind(value: Any) -> str | None:
    """Whether it is a DataFrame or a Series of pandas, or of a class derived from one."""
    return _table_kind(type(value))  # type: ignore[arg-type]  # a class is hashable


def is_sparse(value: Any) -> bool:
    """Whether it is a sparse array or matrix of SciPy."""
    return _is_sparse(type(value))  # type: ignore[arg-type]  # likewise


# By class and kept, since fingerprints ask this of every object in an argument.
@cache
def _table_kind(kind: type) -> str | None:
    of_pandas = (one.__name__ for one in kind.__mro__ if _package(one) == "pandas")
    return next((name for name in of_pandas if name in ("DataFrame", "Series")), None)


@cache
def _is_sparse(kind: type) -> bool:
    return any(one.__module__.startswith("scipy.sparse.") for one in kind.__mro__)


def _package(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def containers(argument: Any, levels: int = _MOST_LEVELS) -> Iterator[tuple[Path, Any]]:
    """What can be written to in an argument, with how to come there: up to three levels deep.

    These are arrays, lists, dicts and tables, also in lists, tuples and dicts, and the values of a
    sparse matrix. Its indices belong together, so that one alone would be no fair change.
    """
    yield (), argument
    parts: Iterator[tuple[tuple[str, Any], Any]] = iter(())
    if isinstance(argument, dict):
        parts = (((_ITEM, key), one) for key, one in argument.items())
    elif isinstance(argument, list | tuple):
        parts = (((_ITEM, number), one) for number, one in enumerate(argument))
    elif is_sparse(argument) and hasattr(argument, "data"):
        parts = iter([((_ATTRIBUTE, "data"), argument.data)])
    for step, one in islice(parts, _MOST_PARTS if levels else 0):
        yield from (((step, *path), found) for path, found in containers(one, levels - 1))


def reached(argument: Any, path: Path) -> Any:
    """What lies in an argument at the end of a path."""
    for kind, step in path:
        argument = argument[step] if kind == _ITEM else getattr(argument, step)
    return argument


def read(container: Any, place: tuple[Any, ...]) -> Any:
    """What `write` puts back there: the value of an element, or those of several."""
    if isinstance(container, (dict, *SEQUENCES)):
        return [container[one] for one in place]
    if table_kind(container) is None:
        return container[place]
    found = container.iloc[place]
    return found.to_numpy() if hasattr(found, "to_numpy") else found


def write(container: Any, place: tuple[Any, ...], value: Any) -> None:
    """Write to an argument of a process of ours, also to one that contestants must not write to.

    Args:
        container: An array, a list, a dict or a table.
        place: The index of an element; of several, an array of integers for each axis. Of a list,
            the numbers of the elements, and of a dict their keys.
        value: The element, or a value for each; of a list and a dict, always one for each.

    Raises:
        ValueError: Its memory cannot be written to.

    """
    if isinstance(container, (dict, *SEQUENCES)):
        for one, other in zip(place, value, strict=True):
            container[one] = other
        return
    if table_kind(container) is not None:
        container.iloc[place] = value
        return
    owned = container.base is not None and hasattr(container.base, "flags")
    both = (container.base if owned else container, container)  # a view may be written to only
    before = [one.flags.writeable for one in both]  # where its owner may
    try:
        for one in both:
            one.flags.writeable = True
        container[place] = value
    finally:
        for one, may_write in zip(both, before, strict=True):
            one.flags.writeable = may_write


@dataclass(frozen=True)
class Change:
    """Another value for one or some elements of an argument, and the reference's answer then.

    An answer that was kept from before the change is wrong after it.
    """

    argument: int
    """Number of the argument, from 0."""
    place: tuple[Any, ...]
    """Its index; of several, an array of integers for each axis; of a list, all their numbers, and
    of a dict all their keys."""
    before: Any
    """Its value as the kernel made it; of several, an array of them; of a list, a list of them."""
    after: Any
    """The other value; of a list and a dict, one for each."""
    answer: Any
    """The reference's answer with the other value."""
    path: Path = ()
    """Where what is written to lies in the argument."""

    def make(self, arguments: Arguments) -> None:
        """Give the element its other value, in place."""
        write(reached(arguments[self.argument], self.path), self.place, self.after)

    def undo(self, arguments: Arguments) -> None:
        """Give the element its first value again."""
        write(reached(arguments[self.argument], self.path), self.place, self.before)
