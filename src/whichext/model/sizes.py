"""How much memory a value takes: exact for arrays, texts and bytes, an estimate for lists."""

from __future__ import annotations

import math
import random
import sys
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np

_SAMPLE = 1000
_MOST_LEVELS = 20
_SMALL, _STEP = 512, 16  # Python takes memory for small objects in such steps
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
    return round(_size(value, _SAMPLE, frozenset(), random.Random(0)))


def own_bytes(value: object) -> int:
    """Bytes of a value that are given back when it is dropped, apart from those of arrays.

    The same as `size_bytes`, without what something else holds as well. So a list that was sorted
    has its references alone, where its elements are those of the argument.

    Args:
        value: Such as an answer.

    """
    return round(_size(value, _SAMPLE, frozenset(), random.Random(0), alone=True))


def _size(
    value: object,
    looks: int,
    within: frozenset[int],
    rng: random.Random,
    *,
    alone: bool = False,
) -> float:
    """Bytes of a value.

    Args:
        value: Whatever it is.
        looks: How many parts may be looked at.
        within: Identities of what it lies in, which count already.
        rng: Draws which, since the first attribute of each of many objects tells nothing of others.
        alone: Whether arrays count as nothing, and parts that something else holds as well.

    """
    if id(value) in within:
        return 0.0
    size = 0.0 if alone and isinstance(value, np.ndarray) else _own_size(value)
    if within and size <= _SMALL:
        size = math.ceil(size / _STEP) * _STEP
    for parts in _parts(value) if len(within) < _MOST_LEVELS else ():
        sample = _some_of(parts, max(1, looks), rng)
        times = Counter(map(id, sample))
        others = _held_elsewhere(sample) if alone else ()
        for one in {id(one): one for one in sample if id(one) not in others}.values():
            # What is there once in the sample stands for those that were not looked at.
            stands_for = len(parts) / len(sample) if times[id(one)] == 1 else 1.0
            inside = within | {id(value)}
            size += stands_for * _size(one, looks // len(times), inside, rng, alone=alone)
    return size


def _references(sample: list[Any]) -> list[int]:
    """How many references there are to each part, those that are made here included."""
    return [sys.getrefcount(one) for one in sample]


_OF_ONE_HOLDER = _references([object()])[0] + 1
"""References to a part of one value, from that value and from a sample of its parts."""


def _held_elsewhere(sample: list[Any]) -> set[int]:
    """Identities of the parts that something besides their value and the sample holds."""
    counts = _references(sample)
    return {id(one) for one, n in zip(sample, counts, strict=True) if n > _OF_ONE_HOLDER}


def _own_size(value: object) -> float:
    """Bytes without what is in it; where its class states its bytes, as arrays do, these."""
    try:
        stated = getattr(value, "nbytes", None)
        of_class = stated if isinstance(stated, int) else 0
        is_array = isinstance(value, np.ndarray)
        size: float = of_class if is_array else max(of_class, sys.getsizeof(value, 0))
    except Exception:  # of a stranger's class
        return 0
    if isinstance(value, np.ndarray) and value.dtype.kind == "T" and value.size:
        some = _some_of(value.flat, _SAMPLE, random.Random(0))
        lengths = [len(str(text).encode()) for text in some]
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


def _some_of(parts: Any, count: int, rng: random.Random) -> list[Any]:
    """Up to so many parts: evenly spread, among the first ones where they have no places."""
    if not hasattr(parts, "__getitem__"):
        parts = list(islice(parts, max(count, _SAMPLE)))
    if len(parts) <= count:
        return list(parts)
    first = rng.randrange(len(parts))
    return [parts[(n * len(parts) + first) // count] for n in range(count)]
