"""Insights: conclusions beyond single ratios, found once and stored in the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from whichext.judge.estimates import busy_threads
from whichext.judge.factors import differences
from whichext.judge.ladders import Gaps, Ladders
from whichext.judge.leaders import find_leaders, first_ones, not_slower
from whichext.judge.memory import find_notes
from whichext.judge.ratios import ratio_in
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.finding import spoils
from whichext.model.insight import (
    AnswersRemembered,
    AnswersUncompared,
    BeyondLimit,
    Confounded,
    Efficiency,
    FindingSpoils,
    ForkHazard,
    Happened,
    Headline,
    MeasuredElsewhere,
    Point,
    RaceNoise,
    ResultWarning,
    RunStopped,
    ThreadsUnlikeAsked,
    TimeStolen,
    Trend,
    Turn,
    TwinDiffers,
)
from whichext.model.judged import CaseJudged, Judged
from whichext.model.outcome import Crashed, Fault, Measured, Outcome, TimedOut, Wrong
from whichext.model.ratio import TIE, Ratio, Verdict
from whichext.model.raw import Raw
from whichext.model.view import CaseView, View

_MANY_SPOILED = 0.2
BEYOND_LIMIT = 1.5
"""Share of the limit beyond which a call cannot have moved the bytes that the kernel says."""
_TELLING_NS = 10_000
"""Time of the limit below which much of a call may be the way into it, which some make shorter."""
_BEYOND_SHORT, _SHORT_NS = 2.0, 1_000
"""The same of shorter calls, where the limit's reader is in C: its way in takes 0.1 us."""
_HAPPENED: dict[type[Outcome], Happened] = {
    Wrong: Happened.WRONG,
    Crashed: Happened.CRASHED,
    TimedOut: Happened.TIMED_OUT,
}


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
    leaders = find_leaders(case, measured, view.judged.confidence)
    firsts: dict[str, str] = {}
    for name in measured:
        firsts.setdefault(view.contestants[name].toolchain, name)
    return replace(
        case.judged,
        leaders=leaders,
        between=tuple(first_ones(case, [*firsts.values()], leaders.confidence)) if leaders else (),
        memory=tuple(find_notes(case, view.contestants)),
        efficiency=tuple(_efficiency(view, case, measured)),
        headlines=_headlines(view, case, gaps),
    )


def _efficiency(view: View, case: CaseView, measured: Sequence[str]) -> Iterator[Efficiency]:
    racing = [view.contestants[name] for name in measured]
    serial = next((contestant.name for contestant in racing if contestant.threads == 1), None)
    if serial is None:
        return
    for one in racing:
        if one.threads > 1:
            ratio = ratio_in(case, serial, one.name, view.judged.confidence)
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
    """The fastest, and those not shown to be slower.

    First what users of a wheel get, then what other compiler settings make of it.
    """
    names = [contestant.name for contestant in ranked]
    found = not_slower(case, names[0], names, view.judged.confidence)
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
        # A twin may replace its original, and has no factors of its own.
        if case.leaders is not None and baseline is not None and baseline in view.judged.factors:
            led.setdefault((baseline, case.leaders.leader), []).append(case.case)
    for (baseline, leader), where in led.items():
        factors = tuple(one.factor for one in differences(view, baseline, leader))
        if len(factors) > 1:
            yield Confounded(baseline=baseline, leader=leader, cases=tuple(where), factors=factors)


# Families of cases


def _trends(view: View) -> Iterator[Trend]:
    """How each contestant compares with the run's baseline, family by family."""
    baseline = view.raw.baseline
    families: dict[str, list[CaseView]] = {}
    for case in view.cases.values():
        # Where the baseline did not race, another replaced it.
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


def find_warnings(view: View) -> tuple[ResultWarning, ...]:
    """What a reader must know before believing a result, the most serious first."""
    raw, cases = view.raw, view.judged.cases
    return (
        *([MeasuredElsewhere(program=raw.measured_by)] if raw.measured_by else ()),
        *([RunStopped(reason=raw.stopped)] if raw.stopped else ()),
        *(FindingSpoils(finding=n) for n, one in enumerate(raw.findings) if spoils(one)),
        *(warning for case in cases for warning in _stolen(case)),
        *(warning for case in cases for warning in _unlike_twin(case)),
        *_threads(raw),
        *([AnswersUncompared(cases=raw.uncompared)] if raw.uncompared else ()),
        *remembered(raw),
        *_hazards(raw),
        *beyond_limit(view),
    )


def find_noise(view: View) -> RaceNoise:
    """What disturbed the race as a whole, and how far apart identical code was in it."""
    cases = view.judged.cases
    twins = (c.original for c in view.raw.contestants if c.role is Role.TWIN)
    return RaceNoise(
        original=next(twins, None),
        floor=max((case.noise for case in cases if case.noise is not None), default=None),
        rounds=sum(case.rounds for case in cases),
        dropped=sum(len(case.dropped) for case in cases),
        spoiled=sum(case.rounds_spoiled for case in cases),
    )


def doubtful_cases(view: View) -> tuple[str, ...]:
    """Cases whose race was disturbed, or in which identical code came out different."""
    return tuple(
        case.case for case in view.judged.cases if any(_stolen(case)) or any(_unlike_twin(case))
    )


def _stolen(case: CaseJudged) -> Iterator[TimeStolen]:
    """Whether so many rounds had steal time that the race should be repeated."""
    if case.rounds_spoiled > _MANY_SPOILED * case.rounds:
        yield TimeStolen(
            case=case.case,
            rounds=case.rounds,
            spoiled=case.rounds_spoiled,
            counted=case.rounds_spoiled - len(case.dropped),
        )


def _unlike_twin(case: CaseJudged) -> Iterator[TwinDiffers]:
    """A warning if two copies of the same code differ by more than a tie."""
    ratio = case.twin
    if ratio is None or ratio.low is None or ratio.high is None:
        return
    if ratio.low > 1 + TIE or ratio.high < 1 / (1 + TIE):
        yield TwinDiffers(case=case.case, ratio=ratio)


def beyond_limit(view: View) -> Iterator[BeyondLimit]:
    """Cases in which what is compared moves its bytes far faster than the machine reads them."""
    by_case: dict[str, list[tuple[float, str, Ratio]]] = {}
    for row in view.judged.rows:
        if row.contestant in view.judged.factors and isinstance(row.outcome, Measured):
            share, median_ns = row.outcome.of_limit, row.outcome.median_ns
            if share is not None and _is_beyond(view, share, median_ns):
                by_case.setdefault(row.case, []).append((median_ns, row.contestant, share))
    for case, found in by_case.items():
        found.sort(key=lambda one: one[0])
        names = tuple(name for _, name, _ in found)
        yield BeyondLimit(case=case, contestants=names, of_limit=found[0][2])


def _is_beyond(view: View, share: Ratio, median_ns: float) -> bool:
    limit_ns, low = share.value * median_ns, share.low or 0.0
    if limit_ns >= _TELLING_NS:
        return low > BEYOND_LIMIT
    return low > _BEYOND_SHORT and limit_ns >= _SHORT_NS and view.limit_is_native


def _threads(raw: Raw) -> Iterator[ThreadsUnlikeAsked]:
    asked = {one.name: one for one in raw.contestants if one.role is not Role.LIMIT}
    crowded = {case.name for case in raw.cases if case.callers > 1}  # each caller has its own
    for timing in (one for one in raw.timings if one.case not in crowded):
        busy, contestant = busy_threads(timing), asked.get(timing.contestant)
        if busy and contestant is not None and busy != contestant.threads:
            too_many = busy > max(raw.machine.cores, contestant.threads)
            yield ThreadsUnlikeAsked(
                contestant=timing.contestant,
                case=timing.case,
                asked=contestant.threads,
                busy=busy,
                cores=raw.machine.cores if too_many else None,
                pools=contestant.pools if too_many else (),
            )


def remembered(raw: Raw) -> Iterator[AnswersRemembered]:
    """Of each case, what was timed in finding answers again."""
    for case in raw.cases:
        seen = (one for one in raw.timings if one.case == case.name and one.remembers)
        names = tuple(one.contestant for one in seen)
        if names:
            yield AnswersRemembered(case=case.name, contestants=names)


def _hazards(raw: Raw) -> Iterator[ForkHazard]:
    """Faults that users may meet, and that did not exclude the contestant from the race."""
    # What is wrong anyway is so with or without a fork.
    barred = {c.contestant for c in raw.checks if c.property.bars and isinstance(c.result, Fault)}
    hazardous = [
        check for check in raw.checks if not check.property.bars and check.contestant not in barred
    ]
    for kind, happened in _HAPPENED.items():
        names = tuple(check.contestant for check in hazardous if isinstance(check.result, kind))
        if names:
            yield ForkHazard(happened=happened, contestants=names)
