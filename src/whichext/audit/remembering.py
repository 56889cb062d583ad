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
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.call import Arguments, called, copied
from whichext.model.kernel import write

_PAIRS, _EXCEPTIONS = 20, 1
_SHARE = 3
_TRIES = 20
_LONG_NS = 200_000_000
_SHORT_NS = 20_000  # below that, the first call after anything else takes several times as long
_KINDS = "biufcmM"

_Written = tuple[npt.NDArray[Any], tuple[int, ...], Any]
"""An array, a place in it, and the value that was there before."""


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

    """
    rng = rng or np.random.default_rng()
    undo: list[_Written] = []
    failed = 0
    try:
        if known_ns is not None:
            fresh_ns = _fresh_ns(call, arguments, rng, undo)
            if fresh_ns is None:
                return None
            if not _speaks(fresh_ns, known_ns):
                return False
        for _ in range(_PAIRS):
            again_ns = _took_ns(call, arguments) if rng.random() < 0.5 else None
            fresh_ns = _fresh_ns(call, arguments, rng, undo)
            if fresh_ns is None:
                return None
            again_ns = _took_ns(call, arguments) if again_ns is None else again_ns
            failed += not _speaks(fresh_ns, again_ns)
            if failed > _EXCEPTIONS:
                return False
    finally:
        for array, place, value in reversed(undo):
            write(array, place, value)
    return True


def _speaks(fresh_ns: int, again_ns: int) -> bool:
    return fresh_ns >= _SHORT_NS and _SHARE * again_ns < fresh_ns


def _fresh_ns(
    call: Callable[..., Any], arguments: Arguments, rng: np.random.Generator, undo: list[_Written]
) -> int | None:
    """Time of a call after a change, which is noted; None where nothing can be changed."""
    changed = _change_one(arguments, rng)
    if changed is None:
        return None
    undo.append(changed)
    return _took_ns(call, arguments)


def _took_ns(call: Callable[..., Any], arguments: Arguments) -> int:
    """Wall time of one call, ns."""
    start_ns = time.perf_counter_ns()
    called(call, arguments)
    return time.perf_counter_ns() - start_ns


def _change_one(arguments: Arguments, rng: np.random.Generator) -> _Written | None:
    """Give an element the value of another one, in the first array with two values.

    The value of another element is none that the kernel would never make. Gives what was written
    over; None where nothing is changed.
    """
    for array in arguments:
        if isinstance(array, np.ndarray) and array.dtype.kind in _KINDS and array.size:
            for _ in range(_TRIES):
                place, other = (
                    tuple(int(i) for i in np.unravel_index(n, array.shape))
                    for n in rng.integers(0, array.size, 2)
                )
                before = array[place]
                if before != array[other]:
                    with contextlib.suppress(ValueError):  # memory that cannot be written to
                        write(array, place, array[other])
                        return array, place, before
    return None
