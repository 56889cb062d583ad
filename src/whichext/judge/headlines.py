"""The ratios that get quoted: from where people begin to the best that raced.

And what makes them up: the ladder where there is one, and what is missing where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from whichext.judge.gap import Gap, find_gap
from whichext.judge.ladder import Ladder, find_ladder
from whichext.judge.ratios import direct_ratio
from whichext.judge.steal import counted
from whichext.judge.verdicts import case_noise
from whichext.model.contestant import Contestant, Role
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.model.scorecard import Scorecard


@dataclass(frozen=True)
class Headline:
    """One ratio that would be quoted of a case, and its parts."""

    case: str
    """Name of the case."""
    start: str
    """Where people begin."""
    end: str
    """The best with as many threads; of several that cannot be told apart, one with a ladder."""
    parallel: bool
    """Whether the end has several threads."""
    why: Ladder | Gap
    """What makes the ratio up, or what is missing to tell."""


def headlines(scorecard: Scorecard, case: str) -> tuple[Headline, ...]:
    """The headlines of a case: the best with one thread, and the best with several."""
    by_name = {c.name: c for c in scorecard.contestants if c.role is Role.ENTRY}
    medians = {
        row.contestant: row.outcome.median_ns
        for row in scorecard.rows
        if row.case == case
        and row.contestant in by_name
        and isinstance(row.outcome, Measured)
        and row.outcome.ratio.low is not None  # one epoch alone says nothing about a step
    }
    ranked = [by_name[name] for name in sorted(medians, key=medians.__getitem__)]
    if not ranked:
        return ()
    start = scorecard.origin if scorecard.origin in medians else ranked[-1].name
    sides = ([c for c in ranked if (c.threads > 1) is parallel] for parallel in (False, True))
    return tuple(
        _headline(scorecard, case, start, side) for side in sides if side and side[0].name != start
    )


def _headline(scorecard: Scorecard, case: str, start: str, side: list[Contestant]) -> Headline:
    parallel = side[0].threads > 1
    leaders = _leaders(scorecard, case, [contestant.name for contestant in side])
    for end in leaders:
        ladder = None if end == start else find_ladder(scorecard, case, start, end)
        if ladder is not None:
            return Headline(case, start, end, parallel, ladder)
    gaps = [find_gap(scorecard, case, start, end) for end in leaders if end != start]
    gap = next((gap for gap in gaps if gap.missing), gaps[0])
    return Headline(case, start, gap.end, parallel, gap)


def _leaders(scorecard: Scorecard, case: str, ranked: list[str]) -> list[str]:
    """The fastest, and those of whom it cannot be said that they are slower.

    First what users of a wheel get, then what other compiler settings make of it.
    """
    timings = counted(scorecard.timings, case)
    noise, leader = case_noise(scorecard, case), timings[ranked[0]]
    ratios = {
        name: direct_ratio(timings[name], leader, scorecard.confidence, noise) for name in ranked
    }
    leaders = [
        name
        for name, ratio in ratios.items()
        if ratio is None or ratio.verdict is not Verdict.SLOWER
    ]
    return sorted(leaders, key=lambda name: "@" in name)
