"""Who takes a turn when, and how many calls make a turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SAMPLE_NS = 10_000_000
"""Time that a turn should take, so that all contestants are timed over equal time, ns."""

START_NS = 60_000_000
"""About what a fresh process costs before its first call, ns; for estimates alone."""

_WARM_BELOW_NS = 10 * SAMPLE_NS
"""Calls longer than this start warm or cold alike: refilling a core's caches and waking a pool take
well under a millisecond, less than a hundredth of such a call."""

_EPOCH_SHARE_NS = 250_000_000
"""Time that one contestant's turns may take in an epoch, ns: slow ones take fewer turns."""

_MOST_CALLS = 10_000_000


@dataclass(frozen=True)
class Pace:
    """How a contestant takes its turns in a case; found once, then the same in every epoch."""

    calls: int
    """Calls that are timed together."""
    warm: int
    """Calls before them that are not timed."""
    rounds: int
    """Rounds of an epoch in which it takes part."""


def find_pace(call_ns: int, most_rounds: int) -> Pace:
    """The pace for a contestant whose call takes `call_ns` nanoseconds."""
    call_ns = max(1, call_ns)
    calls = min(max(1, round(SAMPLE_NS / call_ns)), _MOST_CALLS)
    warm = 1 if call_ns < _WARM_BELOW_NS else 0
    turn_ns = (calls + warm) * call_ns
    rounds = min(max(1, _EPOCH_SHARE_NS // turn_ns), most_rounds)
    return Pace(calls, warm, rounds)


def orders(names: list[str], rng: random.Random) -> Iterator[list[str]]:
    """Endless orders of turns: a random one, then its mirror, then another random one.

    Mirroring cancels a drift that is linear in time; randomness keeps any fixed neighbourhood or
    position from becoming part of the result.
    """
    while True:
        order = rng.sample(names, len(names))
        yield order
        yield order[::-1]
