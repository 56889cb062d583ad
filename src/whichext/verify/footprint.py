"""What one call takes of the machine's memory, with any allocator.

    a small call, which loads what a first call loads
      -> give back what is free -> how much is resident? -> forget the peak
      -> the call -> the peak? -> compare and drop the answer, give back -> how much is resident?
      -> some more calls: does each of them add to that?
      -> many calls on the small input, in batches: does each batch make the process larger?

The system counts in whole pages, and each thread or processor adds its own count only now and then:
what is below about 1 MB cannot be seen in one call. Counting the pages of no file one by one takes
longer, and many calls then show what one call does not.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from whichext.model.call import Arguments, called
from whichext.model.check import Memory

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESIDENT, _PEAK = "VmRSS:", "VmHWM:"
_FORGET_PEAK = "5"
_KB = 1024

_VISIBLE_BYTES = 1 << 20
_SHORT_NS = 20_000_000
_MORE_CALLS = 4

_ROLLUP, _OF_NO_FILE = Path("/proc/self/smaps_rollup"), ("Anonymous:", "Pss_Shmem:", "Swap:")
_BATCHES, _BATCH_CALLS, _BATCH_NS = 5, 100, 30_000_000
_WARM_CALLS, _FEWEST_CALLS = 200, 3
_LEAK_BYTES = 32 * 1024
"""Of a batch: less may be one more piece of what allocators and caches keep ahead."""
_STEADY = 0.5
"""Of what a batch adds to a call in the middle: what fills up adds less and less."""

# Absent where the system's library is not glibc: then what was freed may hide what is taken.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def warm_up(call: Callable[..., Any], small: Arguments) -> None:
    """Call once, so that libraries, compilers and pools of threads are not taken for the call's."""
    with contextlib.suppress(BaseException):  # what it may raise is asked elsewhere
        called(call, small)


def give_back() -> None:
    """Give free memory back to the system, since it would hide what a call takes."""
    if _trim is not None:
        _trim(0)


def begin() -> int | None:
    """Forget the peak; memory that is resident now, bytes; None where the system does not tell."""
    before = _read(_RESIDENT)
    try:
        _CLEAR.write_text(_FORGET_PEAK)
    except OSError:
        return None
    return before


class Reading(NamedTuple):
    """What the system says of this process."""

    peak_bytes: int
    """Most memory that was resident since the last `begin`."""
    resident_bytes: int
    """Memory that is resident when what is free was given back."""


def read() -> Reading:
    """How much it was at most, and how much it is; give back what is free in between."""
    peak = _read(_PEAK) or 0
    give_back()
    return Reading(peak, _read(_RESIDENT) or 0)


def conclude(before: int, called: Reading, compared: Reading, answer_bytes: int) -> Memory:
    """What the call took, once its answer was dropped.

    Args:
        before: What `begin` said.
        called: What was read right after the call.
        compared: What was read when the answer had been compared: what that added, mostly the pages
            of code that it needs and the stacks of threads, is not the call's.
        answer_bytes: Size of the answer.

    """
    base = before + max(0, compared.resident_bytes - called.resident_bytes)
    return Memory(
        peak_bytes=max(0, called.peak_bytes - before - answer_bytes),
        kept_bytes=max(0, _resident_after(base) - base),
    )


def grown(call: Callable[..., Any], arguments: Arguments, taken: Memory, call_ns: int) -> Memory:
    """The same with what each of some more calls adds, where that tells something or takes no time.

    The least of them: an allocator's pool may grow once or twice more, and a leak never pauses.

    Args:
        call: The contestant's function.
        arguments: Of the call.
        taken: What the last call took.
        call_ns: Time that it took.

    """
    if taken.kept_bytes < _VISIBLE_BYTES and call_ns > _SHORT_NS:
        return taken
    least: int | None = None
    for _ in range(_MORE_CALLS):
        before = _read(_RESIDENT)
        if before is None:
            return taken
        try:
            called(call, arguments)
        except BaseException:  # the call before was right, and the race will find out
            return taken
        added = max(0, _resident_after(before) - before)
        least = added if least is None else min(least, added)
        if least < _VISIBLE_BYTES:
            break
    return replace(taken, growth_bytes=least)


def leak(call: Callable[..., Any], small: Arguments) -> int | None:
    """What each of many calls adds to the process, bytes; 0 where a batch of them adds nothing.

    Pools of threads, caches and libraries that are loaded late end to grow, and a leak never does.

    Args:
        call: The contestant's function.
        small: Arguments with which a call takes little time; None is said where it takes long.

    """
    try:
        if _anonymous_bytes() is None:
            return None
        if _batch(call, small, _WARM_CALLS) < _FEWEST_CALLS:
            return None  # as many as tell something would take too long
        give_back()  # calls that fill up what is free make the process no larger
        rates: list[float] = []
        for _ in range(_BATCHES):
            before = _anonymous_bytes() or 0
            calls = _batch(call, small, _BATCH_CALLS)
            added = (_anonymous_bytes() or 0) - before
            if added < _LEAK_BYTES:
                return 0
            rates.append(added / calls)
    except BaseException:  # the call before was right, and the race will find out
        return None
    usual = statistics.median(rates)
    return round(usual) if min(rates) >= _STEADY * usual else 0


def _batch(call: Callable[..., Any], small: Arguments, most: int) -> int:
    """Call for a while; how often that was."""
    end_ns, calls = time.perf_counter_ns() + _BATCH_NS, 0
    while calls < most and (not calls or time.perf_counter_ns() < end_ns):
        called(call, small)
        calls += 1
    gc.collect()
    return calls


def _anonymous_bytes() -> int | None:
    """Memory that is no file's, page by page; None where the system does not tell.

    Pages of the host's count from the start on, although the process gets its own of each when it
    first writes to it: that would look like growth.
    """
    try:
        lines = _ROLLUP.read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) * _KB for line in lines if line.startswith(_OF_NO_FILE))


def _resident_after(before: int) -> int:
    """Memory that is resident when nothing that is free is left, bytes."""
    give_back()
    after = _read(_RESIDENT) or before
    if after - before > _VISIBLE_BYTES:  # only then, since a collection takes its time
        gc.collect()
        give_back()
        after = _read(_RESIDENT) or before
    return after


def _read(field: str) -> int | None:
    """A line of what the system says of this process, bytes; None where there is none."""
    try:
        lines = _STATUS.read_text().splitlines()
        return next(int(line.split()[1]) * _KB for line in lines if line.startswith(field))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
