"""Races of several callers whose single calls took known times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from support.results import changed, rejudged
from whichext.model.raw import Timing
from whichext.model.view import View
from whichext.race.crowd import count_latencies

CALLS = 40
"""Of each turn."""
USUAL_NS = 1_000
"""What all calls take that are not slow, ns."""


def with_latencies(timing: Timing, *latencies_ns: Sequence[int]) -> Timing:
    """The timing with these latencies of each turn, epoch by epoch."""
    counted = [count_latencies(its) for its in latencies_ns]
    return replace(timing, latencies=tuple(counted[s.epoch] for s in timing.samples))


def with_slow(
    timing: Timing, slow_ns: Sequence[float], slow: int = 2, calls: int = CALLS
) -> Timing:
    """The timing with some slow calls in each turn, in each epoch of another time."""
    usual = [USUAL_NS] * (calls - slow)
    return with_latencies(timing, *([*usual, *[round(ns)] * slow] for ns in slow_ns))


def spread_around(time_ns: float, epochs: int) -> list[float]:
    """One time for each epoch, within 5 %."""
    return [time_ns * (0.95 + 0.1 * number / (epochs - 1)) for number in range(epochs)]


def with_tails(view: View, tails_ns: Mapping[str, float], calls: int = CALLS) -> View:
    """The result as one of four callers, in all cases, with these tails; judged anew."""
    timings = []
    for timing in view.raw.timings:
        epochs = 1 + max(sample.epoch for sample in timing.samples)
        slow_ns = spread_around(tails_ns.get(timing.contestant, USUAL_NS), epochs)
        timings.append(with_slow(timing, slow_ns, calls=calls))
    cases = tuple(case.but(callers=4) for case in view.raw.cases)
    return rejudged(changed(view, timings=tuple(timings), cases=cases))
