"""What may be said of a result beyond single ratios: found once, and stored beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from whichext.judge.factors import differences
from whichext.judge.gaps import Gaps
from whichext.judge.ladders import Ladders
from whichext.judge.ratios import direct_ratio
from whichext.judge.warnings import find_noise, find_warnings
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.insight import (
    Confounded,
    Efficiency,
    Headline,
    Leaders,
    Point,
    Rival,
    Trend,
    Turn,
)
from whichext.model.judged import CaseJudged, Judged
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import CaseView, View


def find_insights(view: View) -> Judged:
    """All insights, beside the rows, factors and effects from which they follow."""
    gaps = Gaps(view)
    cases = tuple(_with_insights(view, case, gaps) for case in view.cases.values())
    return replace(
        view.judged,
        cases=cases,
        trends=tuple(_trends(view)),
        confounded=tuple(_confounded(view, cases)),
        noise=find_noise(view),
        warnings=find_warnings(view),
    )


def find_turns(points: Iterable[Point]) -> tuple[Turn, ...]:
    """Between which cases a contestant overtakes another or falls behind it.

    Only verdicts count: between two cases with opposite verdicts lies a crossover, and cases that
    are tied or unresolved in between make the gap wider.
    """
    resolved = [p for p in points if p.ratio.verdict in (Verdict.FASTER, Verdict.SLOWER)]
    return tuple(
        Turn(before=before, after=after)
        for before, after in pairwise(resolved)
        if before.ratio.verdict is not after.ratio.verdict
    )


def _with_insights(view: View, case: CaseView, gaps: Gaps) -> CaseJudged:
    measured = [name for name in case.measured if name in view.judged.factors]
    return replace(
        case.judged,
        leaders=_find_leaders(view, case, measured),
        efficiency=tuple(_efficiency(view, case, measured)),
        headlines=_headlines(view, case, gaps),
    )


# The fastest


def _find_leaders(view: View, case: CaseView, measured: Sequence[str]) -> Leaders | None:
    """The fastest, compared directly with each other contestant and not through the baseline.

    Args:
        view: The result.
        case: The case.
        measured: What is compared in it, the fastest first.

    """
    if not measured:
        return None
    leader, *others = measured
    # Bonferroni: "fastest" is one claim about every rival, so each comparison gets its share of
    # the error that the whole claim may have.
    confidence = 1 - (1 - view.judged.confidence) / max(1, len(others))
    return Leaders(
        leader=leader,
        rivals=tuple(
            Rival(contestant=name, ratio=ratio)
            for name, ratio in _not_slower(case, leader, others, confidence)
        ),
        compared=len(others),
        confidence=confidence,
    )


def _not_slower(
    case: CaseView, leader: str, others: Iterable[str], confidence: float
) -> Iterator[tuple[str, Ratio | None]]:
    """Those of which it cannot be said that they are slower, with their time over the leader's."""
    for name in others:
        ratio = direct_ratio(case.timings[name], case.timings[leader], confidence, case.noise)
        if ratio is None or ratio.verdict is not Verdict.SLOWER:
            yield name, ratio


def _efficiency(view: View, case: CaseView, measured: Sequence[str]) -> Iterator[Efficiency]:
    racing = [view.contestants[name] for name in measured]
    serial = next((contestant.name for contestant in racing if contestant.threads == 1), None)
    if serial is None:
        return
    for one in racing:
        if one.threads > 1:
            timings, confidence = case.timings, view.judged.confidence
            ratio = direct_ratio(timings[serial], timings[one.name], confidence, case.noise)
            if ratio is not None:
                share = ratio.scaled(1 / one.threads)
                yield Efficiency(contestant=one.name, serial=serial, ratio=share)


# The ratios that get quoted: from where people begin to the best that raced


def _headlines(view: View, case: CaseView, gaps: Gaps) -> tuple[Headline, ...]:
    """The best with one thread, and the best with several."""
    medians = {
        name: outcome.median_ns
        for name, outcome in case.measured.items()
        if view.contestants[name].role is Role.ENTRY
        and outcome.ratio.low is not None  # one epoch alone says nothing about a step
    }
    ranked = [view.contestants[name] for name in sorted(medians, key=medians.__getitem__)]
    if not ranked:
        return ()
    start = view.raw.origin if view.raw.origin in medians else ranked[-1].name
    sides = ([c for c in ranked if (c.threads > 1) is parallel] for parallel in (False, True))
    ladders = Ladders(view, case)
    return tuple(
        _headline(case, start, _best(view, case, side), ladders, gaps)
        for side in sides
        if side and side[0].name != start
    )


def _best(view: View, case: CaseView, ranked: Sequence[Contestant]) -> list[Contestant]:
    """The fastest, and those of which it cannot be said that they are slower.

    First what users of a wheel get, then what other compiler settings make of it.
    """
    names = [contestant.name for contestant in ranked]
    found = _not_slower(case, names[0], names, view.judged.confidence)
    best = [view.contestants[name] for name, _ in found]
    return sorted(best, key=lambda one: one.profile != RELEASE)


def _headline(
    case: CaseView, start: str, best: Sequence[Contestant], ladders: Ladders, gaps: Gaps
) -> Headline:
    parallel = best[0].threads > 1
    ends = [one.name for one in best if one.name != start]
    for end in ends:
        ladder = ladders.between(start, end)
        if ladder is not None:
            return Headline(start=start, end=end, parallel=parallel, why=ladder)
    lacking = [(end, gaps.between(case, start, end)) for end in ends]
    end, gap = next((one for one in lacking if one[1].missing), lacking[0])
    return Headline(start=start, end=end, parallel=parallel, why=gap)


def _confounded(view: View, cases: Iterable[CaseJudged]) -> Iterator[Confounded]:
    """Each leader with its baseline, where they differ in more than one factor."""
    led: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        baseline = case.baseline
        # A twin may stand in for its original, and has no factors of its own.
        if case.leaders is not None and baseline is not None and baseline in view.judged.factors:
            led.setdefault((baseline, case.leaders.leader), []).append(case.case)
    for (baseline, leader), where in led.items():
        factors = tuple(one.factor for one in differences(view, baseline, leader))
        if len(factors) > 1:
            yield Confounded(baseline=baseline, leader=leader, cases=tuple(where), factors=factors)


# Families of cases


def _trends(view: View) -> Iterator[Trend]:
    """How each contestant fares against the run's baseline, family by family."""
    baseline = view.raw.baseline
    families: dict[str, list[CaseView]] = {}
    for case in view.cases.values():
        # Where the baseline did not race, another stood in for it.
        if case.case.family and baseline in case.measured:
            families.setdefault(case.case.family, []).append(case)
    for family, cases in families.items():
        for contestant in view.competing:
            points = [] if contestant.name == baseline else _points(contestant.name, cases)
            if len(points) > 1:
                yield Trend(
                    family=family,
                    contestant=contestant.name,
                    turns=find_turns(points),
                    verdicts=tuple(dict.fromkeys(point.ratio.verdict for point in points)),
                )


def _points(contestant: str, cases: Iterable[CaseView]) -> list[Point]:
    return [
        Point(case=case.case.name, ratio=case.measured[contestant].ratio)
        for case in cases
        if contestant in case.measured
    ]
