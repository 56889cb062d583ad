"""A change of an argument in its place, which tells whether an answer is one from before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from whichext.model.call import Arguments


def write(array: Any, place: tuple[Any, ...], value: Any) -> None:
    """Write to an array of a process of ours, also to one that contestants must not write to.

    Args:
        array: An array, or a list.
        place: The index of an element; of several, an array of integers for each axis. Of a list,
            the numbers of the elements.
        value: The element, or a value for each; of a list, always one for each.

    Raises:
        ValueError: Its memory cannot be written to.

    """
    if isinstance(array, list):
        for number, one in zip(place, value, strict=True):
            array[number] = one
        return
    owner = array if array.base is None or not hasattr(array.base, "flags") else array.base
    both = (owner, array)  # a view may be written to only where its owner may
    before = [one.flags.writeable for one in both]
    try:
        for one in both:
            one.flags.writeable = True
        array[place] = value
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
    """Its index; of several, an array of integers for each axis; of a list, all their numbers."""
    before: Any
    """Its value as the kernel made it; of several, an array of them; of a list, a list of them."""
    after: Any
    """The other value, which is also that of another element; of a list, one for each."""
    answer: Any
    """The reference's answer with the other value."""

    def make(self, arguments: Arguments) -> None:
        """Give the element its other value, in place."""
        write(arguments[self.argument], self.place, self.after)

    def undo(self, arguments: Arguments) -> None:
        """Give the element its first value again."""
        write(arguments[self.argument], self.place, self.before)
