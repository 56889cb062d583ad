"""Finds one element of an input, or a few, that the answer depends on.

An entry that remembers answers is right as long as its argument stays the same. So one element of
an array, a list, a dict or a table gets another value between two calls, in the same memory. Where
one does not tell, several get it: all that are the greatest of a line, or the first ones of all.
The value is that of another element, so that it is none that the kernel would never make: an index
beyond its end would be no fair input. Where all elements are alike, `other_values` has one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from typing import Any

import numpy as np

from whichext.model.call import Arguments
from whichext.model.change import (
    SEQUENCES,
    Change,
    Path,
    containers,
    reached,
    read,
    table_kind,
    write,
)
from whichext.model.kernel import Kernel
from whichext.verify.compare import find_difference
from whichext.verify.inputs.layouts import Array
from whichext.verify.inputs.other_values import Others, fair_others

_SAMPLE = 1000
_MOST_PLACES = 4096  # each may be in a page of its own, of which every process gets a copy
_MOST_TRIES = 8  # each is a call of the reference
_FEWEST_TRIES, _LONG_S = 3, 5.0  # after which no further try begins; the report says if none told
_MOST_LOOKED = 100_000  # elements of a list, each of which is an object to compare
_MOST_COLUMNS = 16
_KINDS = "biufcmM"
_SINGLE = (str, bytes, int, float, complex, np.generic)

Place = tuple[Any, ...]
"""An index of one element, or of several: an integer or an array of them for each axis; of a list,
the numbers of all of them, and of a dict their keys."""

_Candidates = Iterator[tuple[Place, Any]]
"""Places of an argument that can be written to, and what to write there."""


def find_change(kernel: Kernel, arguments: Arguments, answer: Any) -> Change | None:
    """A change of a few elements that changes the answer; None where some tries find none.

    The arguments are changed meanwhile, and are afterwards what they were.

    Args:
        kernel: Its reference says what the answer is.
        arguments: Arguments of a call.
        answer: The reference's answer to them; not a view of them, which would change as well.

    """
    end = time.monotonic() + _LONG_S
    found = islice(_all_candidates(kernel, arguments), _MOST_TRIES)
    for tries, (number, path, (place, after)) in enumerate(found):
        if tries >= _FEWEST_TRIES and time.monotonic() > end:
            return None
        container = reached(arguments[number], path)
        change = Change(number, place, read(container, place), after, None, path)
        changed = _answer_after(kernel, arguments, change)
        if changed is not None and find_difference(answer, changed, kernel.agreement):
            return replace(change, answer=changed)
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


def _all_candidates(
    kernel: Kernel, arguments: Arguments
) -> Iterator[tuple[int, Path, tuple[Place, Any]]]:
    """Those of all that lies in the arguments, the first ones of each before its second ones."""
    each = {}
    for number, argument in enumerate(arguments):
        others = _others_of(kernel, arguments, number)
        for path, container in containers(argument):
            each[number, path] = _candidates(container, others)
    while each:
        for (number, path), candidates in tuple(each.items()):
            found = next(candidates, None)
            if found is None:
                del each[number, path]
            else:
                yield number, path, found


def _others_of(kernel: Kernel, arguments: Arguments, number: int) -> Others:
    """The same as `fair_others`, which draws: only where it is asked something."""
    found = cache(partial(fair_others, kernel, arguments, number))
    return lambda value: found()(value)


def _candidates(container: Any, others: Others) -> _Candidates:
    if isinstance(container, np.ndarray):
        kept = not container.size or not _may_be_written(container)
        return iter(()) if kept else _in_an_array(container, others)
    if isinstance(container, SEQUENCES):
        return _in_a_list(range(len(container)), container, others)
    if isinstance(container, dict):
        return _in_a_dict(container, others)
    return iter(()) if table_kind(container) is None else _in_a_table(container, others)


def _in_a_table(table: Any, others: Others) -> _Candidates:
    """Places of a column after the other, by their numbers."""
    if table_kind(table) == "Series":
        yield from _in_a_column(table, others)
        return
    for number in range(min(table.shape[1], _MOST_COLUMNS)):
        for (rows,), after in _in_a_column(table.iloc[:, number], others):
            yield (rows, number), after


def _in_a_dict(container: dict[Any, Any], others: Others) -> _Candidates:
    """Keys of a dict whose values are of one type, since a number for a text would be no input."""
    some = list(islice(container.items(), _MOST_LOOKED))
    for kind in dict.fromkeys(type(value) for _, value in some):
        alike = [(key, value) for key, value in some if type(value) is kind]
        keys, values = zip(*alike, strict=True)
        yield from _in_a_list(keys, values, others)


def _in_a_list(keys: Sequence[Any], values: Sequence[Any], others: Others) -> _Candidates:
    """Places of a list, and a value for each element: the least for the greatest, and back.

    Then for all that are the greatest, and for the first ones. Where all are alike, another value
    for the first, the last, and the first ones.
    """
    some = values[:_MOST_LOOKED]
    try:
        hash(tuple(some))  # of a list in a list, the same one would lie in two places
        exchanges = _list_exchanges(some, others) if some else ()
        for numbers, other in exchanges:
            yield tuple(keys[n] for n in numbers), [other] * len(numbers)
    except Exception:  # of a stranger's class, whose objects may not even compare
        return


def _list_exchanges(some: Sequence[Any], others: Others) -> Iterator[tuple[Sequence[int], Any]]:
    least, greatest = _extremes_of(some)
    first = range(min(_MOST_PLACES, len(some)))
    if some[least] == some[greatest]:
        yield from _anothers(some[least], others, ([0], [len(some) - 1], first))
        return
    alike = (n for n, one in enumerate(some) if one == some[greatest])
    low, high = some[least], some[greatest]
    yield from (([greatest], low), ([least], high))
    yield from ((list(islice(alike, _MOST_PLACES)), low), (first, low), (first, high))


def _in_a_column(column: Any, others: Others) -> _Candidates:
    """Rows of a column of a table, and a value for each or for all of them."""
    values = column.to_numpy()
    if values.dtype.kind in _KINDS:
        for (rows,), after in _in_an_array(values, others):
            yield (rows,), after
        return
    for numbers, after in _in_a_list(range(len(values)), values.tolist(), others):
        yield (np.array(numbers),), after


def _extremes_of(some: Sequence[Any]) -> tuple[int, int]:
    """Places of the least and of the greatest; where there is no order, of two that differ."""
    known = [n for n, one in enumerate(some) if one == one]  # NaN does not equal itself
    try:
        least, greatest = (pick(known, key=some.__getitem__, default=0) for pick in (min, max))
    except TypeError:
        least = known[0]
        greatest = next((n for n in known if some[n] != some[least]), least)
    return least, greatest


def _anothers(value: Any, others: Others, places: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each of these places with another value: all elements are alike there."""
    for other in others(value):
        yield from ((place, other) for place in places)


def _in_an_array(argument: Array, others: Others) -> _Candidates:
    """Places of an array, and a value for each: the least for the greatest, and back.

    First single ones of all elements, which decide maxima and orders; then the greatest of a line,
    which may occur several times in it; then of the first ones alone, and all of these.
    """
    if argument.dtype.kind not in _KINDS:
        yield from _in_an_array_of_objects(argument, others)
        return
    # In the order of its memory, so that it is no copy.
    turned = argument.flags.f_contiguous and not argument.flags.c_contiguous
    elements: Array = argument.T if turned else argument
    everything = elements.reshape(-1)
    least, greatest = _extremes(everything)
    numbers = np.arange(min(_MOST_PLACES, elements.size)) if elements.ndim else 0
    first, *ends = (
        place[::-1] if turned else place
        for place in (np.unravel_index(n, elements.shape) for n in (numbers, 0, elements.size - 1))
    )
    if not everything[least] < everything[greatest]:
        yield from _anothers(everything[least], others, (*ends, first))
        return
    yield from _exchanged(elements, everything, turned=turned)
    for places in _lines(elements, greatest):
        yield tuple(places[::-1] if turned else places), everything[least]
    if elements.size > _SAMPLE:
        yield from _exchanged(elements, elements.flat[:_SAMPLE], turned=turned)
    for other in (least, greatest):
        yield first, everything[other]


def _in_an_array_of_objects(argument: Array, others: Others) -> _Candidates:
    """Places of an array of texts or objects, as those of a list."""
    if argument.dtype.names is not None:
        return
    some = argument.reshape(-1)[:_MOST_LOOKED].tolist()
    for numbers, after in _in_a_list(range(len(some)), some, others):
        if isinstance(after[0], _SINGLE):
            yield np.unravel_index(np.array(numbers), argument.shape), after[0]


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
