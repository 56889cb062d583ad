"""Whether an entry remembers its answers by the content of its arguments.

Such an entry is right, and a race that calls it with the same input over and over would time how
fast it finds an answer again.

    draw which comes first: a call on what was seen in the last one, or a change and a call on that
      -> does the one on what was seen take less than a third of the time? -> the next pair

Calls that start processes or sleep have heavy tails, and one may well take three times as long as
the next. But the order of a pair is drawn. So where times do not depend on what was seen, a pair
speaks for remembering with a probability of 1/2 at most. That is so whatever the times are, and
however each depends on those before. All but one of 20 pairs do with 21 / 2^20, which is 2e-5.

The audit asks this of small inputs and of the one that it calls with; the race of its own inputs,
since an entry may remember large ones alone.

An array or a list changes in its place, also one in a dict or a tuple: an element gets the value of
another one. Where all are alike, it gets one that is known to change the answer. Of a text or
bytes, another one is made, with one letter in the place of another one of it; of a number, a
smaller one; of a tuple, one with such a change. That may be nothing that the kernel can take any
more: an error then says nothing. Where there is nothing to change, what `functools.lru_cache` keeps
is forgotten in its place.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.load.reached import kept_by
from whichext.model.call import Arguments, called, copied, like
from whichext.model.change import Change, containers, reached, read, write

_PAIRS, _EXCEPTIONS = 20, 1
_SHARE = 3
_TRIES = 20
_LONG_NS = 200_000_000
_SHORT_NS = 20_000  # below that, the first call after anything else takes several times as long
_SHORT_TEXT, _LONG_TEXT = 32, 1 << 24
_LEAST_NUMBER, _MOST_LESS = 1000, 1 << 40
_KINDS = "biufcmM"

_Written = tuple[npt.NDArray[Any] | list[Any], tuple[int, ...], Any]
"""An array or a list, a place in it, and what was there before."""


def remembers_content(call: Callable[..., Any], arguments: Arguments) -> bool | None:
    """The same as `is_faster_again`, with copies; None also where a call takes too long.

    Args:
        call: The entry's function; what it raises is raised here.
        arguments: They are copied.

    """
    own = copied(arguments)
    if _took_ns(call, own) > _LONG_NS:  # the first call may compile as well
        return None
    return is_faster_again(call, own)


def is_faster_again(
    call: Callable[..., Any],
    arguments: Arguments,
    known_ns: int | None = None,
    rng: np.random.Generator | None = None,
    *,
    change: Change | None = None,
) -> bool | None:
    """Whether calls on what was seen before take less than a third of the time of others.

    In all but one of the pairs; the second one that does not ends it, so that most entries are
    called four times. None where nothing can be changed.

    Args:
        call: The entry's function; what it raises is raised here.
        arguments: Those of the last call. They are changed meanwhile, and are afterwards what they
            were.
        known_ns: Time of a call on what was seen before, ns. With it, most are called once.
        rng: Draws the order of each pair, and what is changed.
        change: One that changes the answer; None where none is known.

    """
    rng = rng or np.random.default_rng()
    changing = _Changing(arguments, rng, change)
    failed = 0
    try:
        if known_ns is not None:
            fresh_ns = _fresh_ns(call, changing)
            if fresh_ns is None:
                return None
            if not _speaks(fresh_ns, known_ns):
                return False
        for _ in range(_PAIRS):
            again_ns = _took_ns(call, changing.now) if rng.random() < 0.5 else None
            fresh_ns = _fresh_ns(call, changing)
            if fresh_ns is None:
                return None
            again_ns = _took_ns(call, changing.now) if again_ns is None else again_ns
            failed += not _speaks(fresh_ns, again_ns)
            if failed > _EXCEPTIONS:
                return False
    finally:
        changing.put_back()
    return True


def _speaks(fresh_ns: int, again_ns: int) -> bool:
    return fresh_ns >= _SHORT_NS and _SHARE * again_ns < fresh_ns


def _fresh_ns(call: Callable[..., Any], changing: _Changing) -> int | None:
    """Time of a call after a change; None where nothing can be changed, or it is refused then."""
    if changing.in_place():
        return _took_ns(call, changing.now)
    if changing.to_another():
        with contextlib.suppress(Exception):
            return _took_ns(call, changing.now)
    for one in kept_by(call):
        one.cache_clear()
    return _took_ns(call, changing.now) if kept_by(call) else None


def _took_ns(call: Callable[..., Any], arguments: Arguments) -> int:
    """Wall time of one call, ns."""
    start_ns = time.perf_counter_ns()
    called(call, arguments)
    return time.perf_counter_ns() - start_ns


class _Changing:
    """Arguments that change between calls; the value of another element is a fair one."""

    def __init__(
        self, arguments: Arguments, rng: np.random.Generator, change: Change | None
    ) -> None:
        self.now = arguments
        """What they are at present."""
        self._change = change
        self._rng = rng
        self._first = arguments
        self._seen: set[int] = set()
        self._undo: list[_Written] = []

    def put_back(self) -> None:
        """Give every element its own value again; texts and numbers were never changed."""
        for array, place, value in reversed(self._undo):
            write(array, place, value)

    def in_place(self) -> bool:
        """Give an element the value of another one, in the first array or list with two values."""
        each = (one for argument in self.now for _, one in containers(argument))
        return any(map(self._written, each)) or self._written_other()

    def _written(self, argument: Any) -> bool:
        """Whether an element of this argument has another value now."""
        if isinstance(argument, np.ndarray):
            size = argument.size if argument.dtype.kind in _KINDS else 0
        else:
            size = len(argument) if isinstance(argument, list) else 0
        for _ in range(_TRIES if size else 0):
            first, second = (int(n) for n in self._rng.integers(0, size, 2))
            if isinstance(argument, list):
                place: tuple[int, ...] = (first,)
                before, after = [argument[first]], [argument[second]]
            else:
                place = tuple(map(int, np.unravel_index(first, argument.shape)))
                before, after = argument[place], argument.flat[second]
            if _may_stand_for(before, after):
                with contextlib.suppress(ValueError):  # memory that cannot be written to
                    write(argument, place, after)
                    self._undo.append((argument, place, before))
                    return True
        return False

    def _written_other(self) -> bool:
        """Whether an element has the other value of the known change now, or its own one again."""
        if self._change is None:
            return False
        known = self._change
        argument = reached(self.now[known.argument], known.path)
        if isinstance(argument, np.ndarray):
            drawn = int(self._rng.integers(0, argument.size))
            place = tuple(map(int, np.unravel_index(drawn, argument.shape)))
            own, other = np.ravel(known.before)[0], known.after
        elif isinstance(argument, list):
            place = (int(self._rng.integers(0, len(argument))),)
            own, other = known.before[:1], known.after[:1]
        else:
            return False
        before = read(argument, place)
        write(argument, place, own if before == other else other)
        self._undo.append((argument, place, before))
        return True

    def to_another(self) -> bool:
        """Put another one in the place of the longest text, or of a number; arrays stay."""
        own = self.now
        for place in sorted(range(len(own)), key=lambda n: _length(own[n]), reverse=True):
            other = self._fresh(place)
            if other is not None:
                self.now = like(own, (other if n == place else a for n, a in enumerate(own)))
                return True
        return False

    def _fresh(self, place: int) -> Any:
        """Another one of an argument that was not there before; None where none is found."""
        if isinstance(self.now[place], str | bytes):
            return _another(self.now[place], self._rng)
        for _ in range(_TRIES):  # from the first one on: changes of a number would add up
            other = _another(self._first[place], self._rng)
            key = hash(repr(other))  # since a long tuple would be kept as a text
            if other is None or key not in self._seen:
                self._seen.add(key)
                return other
        return None


def _length(argument: Any) -> int:
    return len(argument) if isinstance(argument, str | bytes | tuple) else 0


def _another(argument: Any, rng: np.random.Generator) -> Any:
    """Another text, number or tuple of such; None where there is none."""
    if isinstance(argument, str | bytes):
        return _another_text(argument, rng)
    if type(argument) is tuple:
        for place in rng.permutation(len(argument))[:_TRIES]:
            other = _another(argument[place], rng)
            if other is not None:
                return (*argument[:place], other, *argument[place + 1 :])
        return None
    return _another_number(argument, rng)


def _another_number(number: Any, rng: np.random.Generator) -> Any:
    """A number that is up to a half smaller; None of a small one, which may be an option."""
    kind = type(number)
    if isinstance(number, int | np.integer) and abs(int(number)) >= _LEAST_NUMBER:
        less = rng.integers(1, min(abs(int(number)), _MOST_LESS) // 2)
        return kind(int(number) - int(less) * (1 if number > 0 else -1))
    if isinstance(number, float | np.floating) and math.isfinite(number) and number:
        return kind(number * rng.uniform(0.5, 1))
    return None


def _may_stand_for(before: Any, after: Any) -> bool:
    """Whether a value differs from another one, and is none that could be changed in two places."""
    try:
        hash(tuple(after) if isinstance(after, list) else None)
        return bool(before != after)
    except Exception:  # of a stranger's class
        return False


def _another_text(text: Any, rng: np.random.Generator) -> Any:
    """A text with one letter in the place of another one; None where it has but one kind of them.

    None also of a short one, which may be an option or a number, and of one that takes much memory.
    What Python keeps of a text is made here: its hash, and the UTF-8 that a compiled function gets.
    """
    for _ in range(_TRIES if _SHORT_TEXT <= len(text) <= _LONG_TEXT else 0):
        first, second = (int(n) for n in rng.integers(0, len(text), 2))
        if text[first] != text[second]:
            other = text[:first] + text[second : second + 1] + text[first + 1 :]
            hash(other)
            if isinstance(other, str):
                with contextlib.suppress(UnicodeEncodeError):  # half of a pair has no UTF-8
                    _utf_8(ctypes.py_object(other))
            return other
    return None


_utf_8 = ctypes.pythonapi.PyUnicode_AsUTF8
_utf_8.restype = ctypes.c_void_p
