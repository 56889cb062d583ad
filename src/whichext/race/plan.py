"""Who takes a turn when, how many calls make a turn, and how much time each case gets."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from whichext.model.contestant import Case
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.raw import Raw

SAMPLE_NS = 10_000_000
"""Time that a turn should take, so that all contestants are timed over equal time, ns."""

START_NS = 60_000_000
"""About what a fresh process costs before its first call, ns; for estimates alone."""
FEWEST_EPOCHS = 2
"""Epochs of a case that are raced whatever the time limit says: one has no interval."""

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


def shares(raw: Raw, options: Options) -> Iterator[tuple[Case, float]]:
    """Each case with its share of the time, s; what one case leaves is there for the others.

    Shares are as the cases' epochs are long, so that each can have as many of them.
    """
    deadline = time.monotonic() + options.max_time_s
    costs = [epoch_s(raw, case, options) for case in raw.cases]
    for number, case in enumerate(raw.cases):
        left_s = max(0.0, deadline - time.monotonic())
        yield case, left_s * costs[number] / sum(costs[number:])


def epoch_s(raw: Raw, case: Case, options: Options) -> float:
    """About how long an epoch of a case will take, from how long verify's calls took, s."""
    took = {
        check.contestant: check.took_ns
        for check in raw.checks
        if check.input == case.name and check.took_ns is not None
    }
    total_ns = 0
    for contestant in raw.contestants:
        call_ns = took.get(contestant.original, min(took.values(), default=0))
        pace = find_pace(call_ns, options.rounds)
        total_ns += START_NS + call_ns * (1 + pace.rounds * (pace.calls + pace.warm))
    return total_ns / 1e9


def estimate(raw: Raw, options: Options) -> str:
    """How long the race will take, before it begins."""
    all_cases_s = sum(epoch_s(raw, case, options) for case in raw.cases)
    fewest_s = FEWEST_EPOCHS * all_cases_s
    cases = "case" if len(raw.cases) == 1 else "cases"
    limit = argument("max_time_s")
    most = (
        f"{options.max_time_s:.0f} s are spent ({limit})"
        if fewest_s <= options.max_time_s
        else f"{fewest_s:.0f} s are spent, for {FEWEST_EPOCHS} epochs whatever {limit} says"
    )
    return (
        f"race: {len(raw.contestants)} contestants in {len(raw.cases)} {cases}; "
        f"{options.min_epochs} epochs of each take about {options.min_epochs * all_cases_s:.0f} s, "
        f"at most about {most}"
    )
