"""Plans an epoch: how many calls a turn has, how many turns there are, and their order."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass

SAMPLE_NS = 10_000_000
"""Time that a turn should take, so that all contestants are timed over equal time, ns."""
START_NS = 15_000_000
"""About what a fresh process costs before its first call and at its end, ns."""
BLOCK = 3
"""Far contestants take part in one of so many epochs, all of them in the same one; in every epoch
where they take little of its time."""

_WITHIN_OVER_BETWEEN = 9.0
_EPOCH_SHARE_NS = 110_000_000  # of all contestants alike, since all share the epoch's time
_FEWEST_TURNS = 2
_LITTLE = 0.2
LONG_NS = 2 * SAMPLE_NS
"""A call that is a turn by itself, ns, whatever a calibration would say. Where all calls of a case
are, turns start from the cold: that adds one to three milliseconds to each of them."""
_COLD_FROM_NS = 10 * SAMPLE_NS  # to which that adds less than 1 %, whatever else is in the case
_MOST_CALLS = 10_000_000
_COPIES_BYTES, _COPIES_SHARE, _COPIES_NS = 256_000_000, 0.25, 10 * SAMPLE_NS


@dataclass(frozen=True)
class Pace:
    """The turns of a contestant in a case; found once, then the same in every epoch."""

    calls: int
    """Calls that are timed together."""
    warm: int
    """Calls before them that are not timed."""
    rounds: int
    """Rounds of an epoch in which it takes part, unless it is far from every decision."""


def find_most_calls(copy_bytes: int, copy_ns: int, free_bytes: int) -> int:
    """Most calls of a turn, each of which gets fresh copies that are made before the clock starts.

    Args:
        copy_bytes: Bytes of the copies for one call; 0 where it gets none.
        copy_ns: Time that it takes to make these, ns: to make all copies of a turn should not take
            more than ten times as long as the turn.
        free_bytes: Free memory.

    """
    room = min(_COPIES_BYTES, round(_COPIES_SHARE * free_bytes))
    if not copy_bytes:
        return _MOST_CALLS
    return max(1, min(_MOST_CALLS, room // copy_bytes, _COPIES_NS // max(1, copy_ns)))


def find_pace(
    call_ns: int, most_rounds: int, *, warm: bool = True, most_calls: int = _MOST_CALLS
) -> Pace:
    """The pace for a contestant whose call takes `call_ns` nanoseconds.

    Args:
        call_ns: Time of a call, ns.
        most_rounds: Most rounds of an epoch.
        most_calls: Most calls of a turn.
        warm: Whether a turn of short calls begins with one that is not timed.

    More turns in one process cost less than more processes, and tell less. The number that gives
    the narrowest interval for the time is the root of two quotients: cost of a process over cost of
    a turn, and variance between rounds over variance between processes (Kalibera and Jones 2013).
    The second one is about 9 on the machine of METHODOLOGY (`benchmarks/variance.py`).

    """
    call_ns = max(1, call_ns)
    calls = min(max(1, round(SAMPLE_NS / call_ns)), most_calls)
    untimed = int(warm and call_ns < _COLD_FROM_NS)
    turn_ns, process_ns = (calls + untimed) * call_ns, START_NS + call_ns
    best = math.sqrt(process_ns / turn_ns * _WITHIN_OVER_BETWEEN)
    turns = max(_FEWEST_TURNS, round(min(best, _EPOCH_SHARE_NS / turn_ns)))
    return Pace(calls, untimed, min(turns, most_rounds))


def find_block(near_ns: Collection[int], far_ns: Collection[int]) -> int:
    """Far contestants race in one of so many epochs.

    Args:
        near_ns: Time of a call of each contestant that is near a decision, ns.
        far_ns: The same of those that are far from all of them.

    """
    epoch_ns = sum(START_NS + (1 + _FEWEST_TURNS) * call_ns for call_ns in near_ns)
    return 1 if sum(START_NS + call_ns for call_ns in far_ns) <= _LITTLE * epoch_ns else BLOCK


def orders(names: list[str], rng: random.Random) -> Iterator[list[str]]:
    """Endless orders of turns: a random one, then its mirror, then another random one.

    Mirroring cancels a drift that is linear in time; randomness keeps any fixed neighbourhood or
    position from becoming part of the result. A name may occur twice.
    """
    while True:
        order = rng.sample(names, len(names))
        yield order
        yield order[::-1]
