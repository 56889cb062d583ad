"""What threads bring: parallel efficiency, against the best that one thread can do."""

from __future__ import annotations

import math

from whichext.judge.estimates import bounds, direct_ratio
from whichext.model.contestant import Contestant, Role
from whichext.model.estimate import Estimate
from whichext.model.scorecard import Scorecard, Timing
from whichext.model.units import interval_text, ratio_text


def efficiency(
    scorecard: Scorecard, measured: list[tuple[str, Estimate]], timings: dict[str, Timing]
) -> str:
    """One sentence on a case's parallel contestants; empty where there are none, or none serial.

    Efficiency is the best serial contestant's time over (threads x the parallel one's). Held
    against one thread of the parallel code itself, a slow kernel would look good for scaling well.

    Args:
        scorecard: Who has how many threads.
        measured: Contestants of the case with their estimates, fastest first.
        timings: Their samples.

    """
    by_name = {c.name: c for c in scorecard.contestants if c.role in (Role.ENTRY, Role.REFERENCE)}
    racing = [by_name[name] for name, _ in measured if name in by_name]
    serial = next((contestant for contestant in racing if contestant.threads == 1), None)
    parallel = [contestant for contestant in racing if contestant.threads > 1]
    if serial is None or not parallel:
        return ""
    found = ", ".join(_one(scorecard, c, timings[c.name], timings[serial.name]) for c in parallel)
    return f"Parallel efficiency against the best serial contestant, {serial.name}: {found}."


def _one(scorecard: Scorecard, contestant: Contestant, timing: Timing, serial: Timing) -> str:
    ratio = direct_ratio(serial, timing, scorecard.confidence)
    low, high = bounds(ratio)
    threads = contestant.threads
    share = ratio_text(math.exp(ratio.centre) / threads)
    interval = interval_text(low and low / threads, high and high / threads)
    return f"{contestant.name} {share} {interval}"
