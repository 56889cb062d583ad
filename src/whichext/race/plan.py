"""What races in which case, and how much time each case gets."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.model.check import find_fault, find_refusal
from whichext.model.contestant import Case
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.raw import Raw
from whichext.race.epoch import Entrant, Track
from whichext.race.schedule import START_NS, find_pace

FEWEST_EPOCHS = 2
"""Epochs of a case that are raced whatever the time limit says: one has no interval."""


def make_track(raw: Raw, sites: Mapping[str, Path | None], case: Case, options: Options) -> Track:
    """A case's race, with what an earlier run measured.

    Args:
        raw: Contestants, checks, and timings of an earlier run.
        sites: Folder of each built contestant's build by the contestant's name.
        case: The case.
        options: Rounds, limits and freezing.

    """
    earlier = {timing.contestant: timing for timing in raw.timings if timing.case == case.name}
    entrants = []
    for contestant in raw.contestants:
        name = contestant.original
        barred = find_fault(name, raw.checks) or find_refusal(name, case.name, raw.checks)
        if contestant.name in sites and barred is None:
            entrant = Entrant(contestant, sites[contestant.name])
            if contestant.name in earlier:
                entrant.resume(earlier[contestant.name])
            entrants.append(entrant)
    return Track(case.name, tuple(entrants), options.rounds, options.time_limit_s, options.freeze)


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
