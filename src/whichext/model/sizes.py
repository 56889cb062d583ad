"""How much memory a value takes: exact for arrays, texts and bytes, an estimate for lists."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np

_SAMPLE = 1000
_MOST_LEVELS = 20
_SHORT_TEXT = 15  # bytes of a StringDType's element that lie in the array itself


def size_bytes(value: object) -> int:
    """Bytes of a value with all that is in it.

    Exact for arrays of numbers, for texts and for bytes. Of the elements of a list, tuple, set or
    dict, and of an array of objects, up to a thousand are looked at, and stand for the others. So
    do those of lists in lists, about a thousand of each level. What is there several times counts
    once: a list that has the same text a million times takes little more than its references.

    Args:
        value: Such as an argument of a call.

    """
    return round(_size(value, _SAMPLE, frozenset()))


def _size(value: object, looks: int, within: frozenset[int]) -> float:
    """Bytes of a value.

    Args:
        value: Whatever it is.
        looks: How many parts may be looked at.
        within: Identities of what it lies in, which count already.

    """
    if id(value) in within:
        return 0.0
    size: float = _own_size(value)
    for parts in _parts(value) if len(within) < _MOST_LEVELS else ():
        sample = _some_of(parts, max(1, looks))
        times = Counter(map(id, sample))
        for one in {id(one): one for one in sample}.values():
            # What is there once in the sample stands for those that were not looked at.
            stands_for = len(parts) / len(sample) if times[id(one)] == 1 else 1.0
            size += stands_for * _size(one, looks // len(times), within | {id(value)})
    return size


def _own_size(value: object) -> float:
    """Bytes without what is in it; where its class states its bytes, as arrays do, these."""
    try:
        stated = getattr(value, "nbytes", None)
        size: float = stated if isinstance(stated, int) else sys.getsizeof(value, 0)
    except Exception:  # of a stranger's class
        return 0
    if isinstance(value, np.ndarray) and value.dtype.kind == "T" and value.size:
        lengths = [len(text.encode()) for text in map(str, _some_of(value.flat, _SAMPLE))]
        size += sum(n for n in lengths if n > _SHORT_TEXT) * value.size / len(lengths)
    return size


def _parts(value: Any) -> Iterator[Any]:
    """Collections of what lies in a value: its elements, keys, values and attributes."""
    found: list[Any] = []
    if isinstance(value, np.ndarray):
        found = [value.flat] if value.dtype.kind == "O" else []
    elif isinstance(value, dict):
        found = [value.keys(), value.values()]
    elif isinstance(value, list | tuple | set | frozenset | deque):
        found = [value]
    attributes = getattr(value, "__dict__", None)
    if isinstance(attributes, dict) and not isinstance(value, type | ModuleType):
        found.append(attributes.values())  # those of a class or a module are not of the input
    yield from (parts for parts in found if len(parts))


def _some_of(parts: Any, count: int) -> list[Any]:
    """Up to so many parts: evenly spread where they have places, else the first ones."""
    if len(parts) <= count or not hasattr(parts, "__getitem__"):
        return list(islice(parts, count))
    return [parts[n * len(parts) // count] for n in range(count)]
