"""Stage 6, judge: raw samples become ratios with intervals, verdicts and rows."""

from __future__ import annotations

import math

from msgspec.structs import replace

from whichext.judge.decision import decide
from whichext.judge.effects import find_effects
from whichext.judge.estimates import Scale, estimate
from whichext.judge.factors import vectors
from whichext.judge.first_calls import find_first_calls
from whichext.judge.insights import find_insights
from whichext.judge.ratios import direct_ratio
from whichext.judge.selfcheck import judge_copies
from whichext.judge.steal import find_theft
from whichext.judge.verdicts import CONFIDENCE
from whichext.model.check import Check, find_fault, find_refusal
from whichext.model.contestant import Contestant, Role
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.errors import UnknownNameError
from whichext.model.judged import CaseJudged, Judged, Row
from whichext.model.outcome import Built, Measured, NotReached, NotRequested, Outcome
from whichext.model.ratio import Ratio
from whichext.model.raw import Kind, Raw, Timing
from whichext.model.view import CaseView, View, without


def judge(raw: Raw, min_speedup: float = MIN_SPEEDUP) -> Judged:
    """All that may be said of what was measured.

    Args:
        raw: What was measured.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.

    """
    judged = _judge_race(raw)
    if raw.kind is Kind.SELFCHECK:
        pairs = len(raw.cases) * (len(raw.contestants) - 1)
        return replace(judged, selfcheck=judge_copies(raw, pairs))
    judged = replace(judged, effects=find_effects(View(raw, judged)))
    view = View(raw, judged)
    return replace(find_insights(view), decision=decide(view, min_speedup))


def view_of(raw: Raw, min_speedup: float = MIN_SPEEDUP) -> View:
    """What was measured with what may be said of it."""
    return View(raw, judge(raw, min_speedup))


def judge_again(view: View, baseline: str, min_speedup: float = MIN_SPEEDUP) -> View:
    """The same samples with ratios to another contestant.

    Args:
        view: A result.
        baseline: Name of that contestant.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.

    Raises:
        UsageError: The result has no contestant of that name.

    """
    raw = view.raw
    names = [contestant.name for contestant in raw.contestants]
    if baseline not in names:
        raise UnknownNameError("baseline", baseline, "is no contestant of this result", names)
    # Stable: the baseline comes first, the others stay in order.
    contestants = sorted(raw.contestants, key=lambda c: c.name != baseline)
    timings = sorted(raw.timings, key=lambda t: t.contestant != baseline)
    raw = replace(raw, baseline=baseline, contestants=tuple(contestants), timings=tuple(timings))
    # Claims do not depend on the baseline.
    return View(raw, replace(judge(raw, min_speedup), claims=view.judged.claims))


def _judge_race(raw: Raw) -> Judged:
    """Each case's race as a whole, a row for each contestant and case, and its factors."""
    timings: dict[str, list[Timing]] = {case.name: [] for case in raw.cases}
    for timing in raw.timings:
        timings[timing.case].append(timing)
    cases = tuple(_judge_case(raw, name, tuple(found)) for name, found in timings.items())
    judged = Judged(confidence=CONFIDENCE, cases=cases, factors=vectors(raw))
    before = _Before(raw)
    rows = (row for case in View(raw, judged).cases.values() for row in _rows(raw, case, before))
    return replace(judged, rows=tuple(rows))


def _judge_case(raw: Raw, case: str, timings: tuple[Timing, ...]) -> CaseJudged:
    theft = find_theft(timings)
    counted = {timing.contestant: without(timing, theft.dropped) for timing in timings}
    twin = _twin_ratio(raw, counted)
    baseline = find_baseline(tuple(counted.values()))
    return CaseJudged(
        case=case,
        rounds=theft.rounds,
        dropped=tuple(sorted(theft.dropped)),
        rounds_spoiled=theft.spoiled,
        twin=twin,
        noise=None if twin is None else math.expm1(abs(twin.centre)),
        baseline=None if baseline is None else baseline.contestant,
        first_calls=find_first_calls(timings, {c.name for c in raw.contestants if c.is_compared}),
    )


def _twin_ratio(raw: Raw, timings: dict[str, Timing]) -> Ratio | None:
    """The A/A twin's ratio to its original in a case; None where the two did not race."""
    for twin in raw.contestants:
        if twin.role is Role.TWIN and twin.name in timings and twin.original in timings:
            return direct_ratio(timings[twin.name], timings[twin.original], CONFIDENCE, noise=None)
    return None


def find_baseline(timings: tuple[Timing, ...]) -> Timing | None:
    """What a case's ratios refer to: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None and timing.samples), None)


class _Before:
    """What became of contestants before the race."""

    def __init__(self, raw: Raw) -> None:
        self._builds = {(b.project, b.profile): b.result for b in raw.builds}
        self._checks: dict[str, list[Check]] = {}
        for check in raw.checks:
            self._checks.setdefault(check.contestant, []).append(check)

    def find(self, contestant: Contestant, case: str) -> Outcome | None:
        """Why the contestant was not raced in a case; None where it was free to."""
        if contestant.role is Role.LIMIT:
            return None  # where its project did not build, NumPy reads in its place
        project = contestant.project
        result = None if project is None else self._builds.get((project, contestant.profile))
        if result is not None and not isinstance(result, Built):
            return result
        name = contestant.original
        checks = self._checks.get(name, ())
        return find_fault(name, checks) or find_refusal(name, case, checks)


def _rows(raw: Raw, case: CaseView, before: _Before) -> list[Row]:
    raced = case.timings
    limits = {
        c.threads: raced[c.name]
        for c in raw.contestants
        if c.role is Role.LIMIT and c.name in raced and raced[c.name].ended is None
    }
    baseline = None if case.judged.baseline is None else raced[case.judged.baseline]
    not_reached = NotReached(raw.stopped) if raw.raced else NotRequested()
    rows = []
    for contestant in raw.contestants:
        outcome = before.find(contestant, case.case.name)
        timing = raced.get(contestant.name)
        if outcome is None and timing is not None:
            outcome = timing.ended
            if outcome is None and baseline:
                # The limit reads its inputs and does not write.
                reads = case.size.input_bytes if contestant.role is Role.LIMIT else None
                moved = reads or case.size.bytes_moved
                scale = Scale(baseline, moved, case.size.input_bytes, case.noise, raw.precision)
                outcome = estimate(timing, limits.get(contestant.threads), scale)
        if not _is_no_news(contestant, outcome, timing):
            outcome = outcome or not_reached
            rows.append(Row(case=case.case.name, contestant=contestant.name, outcome=outcome))
    return rows


def _is_no_news(contestant: Contestant, outcome: Outcome | None, timing: Timing | None) -> bool:
    """Whether a yardstick has no row: a limit that could not read, a twin without its original.

    A twin that was lost in the race is the baseline's own code that crashed or hung, and news.
    """
    if contestant.role is Role.TWIN and timing is not None and timing.ended is not None:
        return outcome is not timing.ended
    is_yardstick = contestant.role in (Role.TWIN, Role.LIMIT)
    return is_yardstick and not isinstance(outcome, Measured)
