"""Finds one element of an input, or a few, that the answer depends on.

An entry that remembers answers is right as long as its argument stays the same. So one element of
an array or a list gets another value between two calls, in the same memory. Where one does not
tell, several get it: all that are the greatest of a line, or the first ones of all. The value is
that of another element, so that it is none that the kernel would never make: an index beyond its
end would be no fair input.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from whichext.model.call import Arguments
from whichext.model.change import Change, write
from whichext.model.kernel import Kernel
from whichext.verify.compare import find_difference
from whichext.verify.inputs.layouts import Array

_SAMPLE = 1000
_MOST_PLACES = 4096  # each may be in a page of its own, of which every process gets a copy
_MOST_TRIES = 8  # each is a call of the reference
_FEWEST_TRIES, _LONG_S = 3, 5.0  # after which no further try begins; the report says if none told
_MOST_LOOKED = 100_000  # elements of a list, each of which is an object to compare
_KINDS = "biufcmM"

Place = tuple[Any, ...]
"""An index of one element, or of several: an integer or an array of them for each axis; of a list,
the numbers of all of them."""


def find_change(kernel: Kernel, arguments: Arguments, answer: Any) -> Change | None:
    """A change of a few elements that changes the answer; None where some tries find none.

    The arguments are changed meanwhile, and are afterwards what they were.

    Args:
        kernel: Its reference says what the answer is.
        arguments: Arguments of a call.
        answer: The reference's answer to them; not a view of them, which would change as well.

    """
    tries, end = 0, time.monotonic() + _LONG_S
    for number, argument in enumerate(arguments):
        for place, after in _candidates(argument):
            if tries == _MOST_TRIES or (tries >= _FEWEST_TRIES and time.monotonic() > end):
                return None
            tries += 1
            before = _elements_at(argument, place)
            change = Change(number, place, before, after, None)
            changed = _answer_after(kernel, arguments, change)
            if changed is not None and find_difference(answer, changed, kernel.agreement):
                return Change(number, place, before, after, changed)
    return None


def _answer_after(kernel: Kernel, arguments: Arguments, change: Change) -> Any:
    """The reference's answer after a change; None where it has none."""
    change.make(arguments)
    try:
        with np.errstate(all="ignore"):
            return kernel.answer(arguments)
    except Exception:  # it does not know what to do with this one
        return None
    finally:
        change.undo(arguments)


def _elements_at(argument: Any, place: Place) -> Any:
    """The value at a place; of a list, a list of those at its numbers."""
    return [argument[n] for n in place] if isinstance(argument, list) else argument[place]


def _candidates(argument: Any) -> Iterator[tuple[Place, Any]]:
    """Places of an argument that can be written to, and what to write there."""
    return _in_a_list(argument) if isinstance(argument, list) else _in_an_array(argument)


def _in_a_list(values: list[Any]) -> Iterator[tuple[Place, list[Any]]]:
    """Places of a list, and a value for each element: the least for the greatest, and back.

    Then for all that are the greatest, and for the first ones.
    """
    some = values[:_MOST_LOOKED]
    try:
        hash(tuple(some))  # of a list in a list, the same one would lie in two places
        least, greatest = _extremes_of(some)
        if not some or some[least] == some[greatest]:
            return
        alike = (n for n, one in enumerate(some) if one == some[greatest])
        places = tuple(islice(alike, _MOST_PLACES))
    except Exception:  # of a stranger's class, whose objects may not even compare
        return
    low, high = some[least], some[greatest]
    first = tuple(range(min(_MOST_PLACES, len(some))))
    exchanges = ((greatest,), low), ((least,), high), (places, low), (first, low), (first, high)
    for place, other in exchanges:
        yield place, [other] * len(place)


def _extremes_of(some: list[Any]) -> tuple[int, int]:
    """Places of the least and of the greatest; where there is no order, of two that differ."""
    known = [n for n, one in enumerate(some) if one == one]  # NaN does not equal itself
    try:
        least, greatest = (pick(known, key=some.__getitem__, default=0) for pick in (min, max))
    except TypeError:
        least = known[0]
        greatest = next((n for n in known if some[n] != some[least]), least)
    return least, greatest


def _in_an_array(argument: Any) -> Iterator[tuple[Place, Any]]:
    """Places of an array, and a value for each: the least for the greatest, and back.

    First single ones of all elements, which decide maxima and orders; then the greatest of a line,
    which may occur several times in it; then of the first ones alone, and all of these.
    """
    if not isinstance(argument, np.ndarray) or argument.dtype.kind not in _KINDS:
        return
    if not (argument.size and _may_be_written(argument)):
        return
    # In the order of its memory, so that it is no copy.
    turned = argument.flags.f_contiguous and not argument.flags.c_contiguous
    elements: Array = argument.T if turned else argument
    everything = elements.reshape(-1)
    least, greatest = _extremes(everything)
    if not everything[least] < everything[greatest]:
        return
    yield from _exchanged(elements, everything, turned=turned)
    for places in _lines(elements, greatest):
        yield tuple(places[::-1] if turned else places), everything[least]
    if elements.size > _SAMPLE:
        yield from _exchanged(elements, elements.flat[:_SAMPLE], turned=turned)
    first = np.unravel_index(np.arange(min(_MOST_PLACES, elements.size)), elements.shape)
    for other in (least, greatest):
        yield tuple(first[::-1] if turned else first), everything[other]


def _may_be_written(array: Array) -> bool:
    """Whether its memory can be written to, whatever the array says of itself."""
    first = (0,) * array.ndim
    try:
        write(array, first, array[first])
    except ValueError:  # of bytes, or of a file that was mapped for reading
        return False
    return True


def _lines(elements: Array, greatest: int) -> Iterator[Place]:
    """Where the greatest element occurs again along a line through it, for each axis."""
    corner = np.unravel_index(greatest, elements.shape)
    for axis in range(elements.ndim):
        through: Place = (*corner[:axis], slice(None), *corner[axis + 1 :])
        along = np.flatnonzero(elements[through] == elements[corner])
        if 1 < len(along) <= _MOST_PLACES:
            places = [np.full(len(along), n) for n in corner]
            places[axis] = along
            yield tuple(places)


def _exchanged(elements: Array, some: Array, *, turned: bool) -> Iterator[tuple[Place, Any]]:
    """The least of some first elements for the greatest of them, and back."""
    least, greatest = _extremes(some)
    for place, other in ((greatest, least), (least, greatest)):
        if some[place] != some[other]:
            index = tuple(int(n) for n in np.unravel_index(place, elements.shape))
            yield index[::-1] if turned else index, some[other]


def _extremes(some: Array) -> tuple[int, int]:
    """Places of the least and of the greatest element, apart from NaN and NaT; shape (n,)."""
    least, greatest = int(np.argmin(some)), int(np.argmax(some))
    if some[least] == some[least]:  # NaN and NaT, the least and the greatest of all, are not
        return least, greatest
    known = np.flatnonzero(some == some)
    if not known.size:
        return 0, 0
    return int(known[np.argmin(some[known])]), int(known[np.argmax(some[known])])
