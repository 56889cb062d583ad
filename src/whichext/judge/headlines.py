"""The ratios that get quoted: from where people begin to the best that raced.

And what makes them up: the ladder where there is one, and what is missing where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from whichext.judge.gap import Gap, find_gap
from whichext.judge.ladder import Ladder, find_ladder
from whichext.judge.ratios import direct_ratio
from whichext.model.contestant import Contestant, Role
from whichext.model.outcome import Measured
from whichext.model.profile import RELEASE
from whichext.model.ratio import Verdict
from whichext.model.view import View


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


def headlines(view: View, case: str) -> tuple[Headline, ...]:
    """The headlines of a case: the best with one thread, and the best with several."""
    by_name = {c.name: c for c in view.raw.contestants if c.role is Role.ENTRY}
    medians = {
        row.contestant: row.outcome.median_ns
        for row in view.judged.rows
        if row.case == case
        and row.contestant in by_name
        and isinstance(row.outcome, Measured)
        and row.outcome.ratio.low is not None  # one epoch alone says nothing about a step
    }
    ranked = [by_name[name] for name in sorted(medians, key=medians.__getitem__)]
    if not ranked:
        return ()
    start = view.raw.origin if view.raw.origin in medians else ranked[-1].name
    sides = ([c for c in ranked if (c.threads > 1) is parallel] for parallel in (False, True))
    return tuple(
        _headline(view, case, start, side) for side in sides if side and side[0].name != start
    )


def _headline(view: View, case: str, start: str, side: list[Contestant]) -> Headline:
    parallel = side[0].threads > 1
    leaders = leaders_of(view, case, side)
    for end in leaders:
        ladder = None if end == start else find_ladder(view, case, start, end)
        if ladder is not None:
            return Headline(case, start, end, parallel, ladder)
    gaps = [find_gap(view, case, start, end) for end in leaders if end != start]
    gap = next((gap for gap in gaps if gap.missing), gaps[0])
    return Headline(case, start, gap.end, parallel, gap)


def leaders_of(view: View, case: str, ranked: list[Contestant]) -> list[str]:
    """The fastest, and those of whom it cannot be said that they are slower.

    First what users of a wheel get, then what other compiler settings make of it.
    """
    timings = view.cases[case].timings
    noise, leader = view.cases[case].noise, timings[ranked[0].name]
    ratios = {
        one.name: direct_ratio(timings[one.name], leader, view.judged.confidence, noise)
        for one in ranked
    }
    leaders = [
        one
        for one in ranked
        if (ratio := ratios[one.name]) is None or ratio.verdict is not Verdict.SLOWER
    ]
    leaders.sort(key=lambda one: one.profile != RELEASE)
    return [one.name for one in leaders]
