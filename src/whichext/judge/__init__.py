"""Stage 6, judge: raw samples become ratios with intervals, verdicts and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from whichext.judge.decision import decide
from whichext.judge.estimates import Scale, estimate, find_first_calls
from whichext.judge.factors import find_effects, vectors
from whichext.judge.insights import find_insights
from whichext.judge.ratios import (
    CONFIDENCE,
    direct_ratio,
    find_baseline,
    find_theft,
    noise_of,
)
from whichext.judge.selfcheck import judge_copies
from whichext.judge.tails import tail_noise
from whichext.model.check import Check, find_fault, find_refusal
from whichext.model.contestant import Contestant, Role
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.errors import UnknownNameError
from whichext.model.judged import CaseJudged, Judged, Row
from whichext.model.outcome import Built, Measured, NotReached, NotRequested, Outcome
from whichext.model.raw import Kind, Raw, Timing, find_wrong
from whichext.model.view import CaseView, View, without


def judge(raw: Raw, min_speedup: float = MIN_SPEEDUP) -> Judged:
    """Judge a raw result.

    Args:
        raw: What was measured.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.

    """
    judged = _judge_race(raw)
    if raw.kind is Kind.SELFCHECK:
        pairs = len(raw.cases) * (len(raw.contestants) - 1)
        return replace(judged, selfcheck=judge_copies(View(raw, judged), pairs))
    judged = replace(judged, effects=find_effects(View(raw, judged)))
    view = View(raw, judged)
    return replace(find_insights(view), decision=decide(view, min_speedup))


def view_of(raw: Raw, min_speedup: float = MIN_SPEEDUP) -> View:
    """A raw result with its judgement."""
    return View(raw, judge(raw, min_speedup))


def judge_again(view: View, baseline: str, min_speedup: float | None = None) -> View:
    """Judge the same samples with ratios to another contestant.

    Args:
        view: A result.
        baseline: Name of that contestant.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.
            By default what the result was judged with.

    Raises:
        UsageError: The result has no contestant of that name.

    """
    raw, decided = view.raw, view.judged.decision
    if min_speedup is None:
        min_speedup = MIN_SPEEDUP if decided is None else decided.min_speedup
    names = [contestant.name for contestant in raw.contestants]
    if baseline not in names:
        raise UnknownNameError("baseline", baseline, "is no contestant of this result", names)
    # Stable: the baseline comes first, the others stay in order.
    contestants = sorted(raw.contestants, key=lambda c: c.name != baseline)
    timings = sorted(raw.timings, key=lambda t: t.contestant != baseline)
    raw = replace(raw, baseline=baseline, contestants=tuple(contestants), timings=tuple(timings))
    # Claims do not depend on the baseline.
    judged = replace(judge(raw, min_speedup), claims=view.judged.claims)
    return View(raw, judged, view.altered)


def _judge_race(raw: Raw) -> Judged:
    """Each case's race as a whole, a row for each contestant and case, and its factors."""
    timings: dict[str, list[Timing]] = {case.name: [] for case in raw.cases}
    for timing in raw.timings:
        timings[timing.case].append(timing)
    cases = tuple(_judge_case(raw, name, tuple(found)) for name, found in timings.items())
    judged = Judged(confidence=CONFIDENCE, cases=cases, factors=vectors(raw))
    view, checks = View(raw, judged), defaultdict[str, list[Check]](list)
    for check in raw.checks:
        checks[check.contestant].append(check)
    rows = (row for case in view.cases.values() for row in _rows(view, case, checks))
    return replace(judged, rows=tuple(rows))


def _judge_case(raw: Raw, case: str, timings: tuple[Timing, ...]) -> CaseJudged:
    theft = find_theft(timings)
    counted = {timing.contestant: without(timing, theft.dropped) for timing in timings}
    pair = _twins(raw, counted)
    twin = None if pair is None else direct_ratio(*pair, CONFIDENCE, noise=None)
    baseline = find_baseline(tuple(counted.values()))
    return CaseJudged(
        case=case,
        rounds=theft.rounds,
        dropped=tuple(sorted(theft.dropped)),
        rounds_spoiled=theft.spoiled,
        twin=twin,
        noise=None if twin is None else noise_of(twin),
        tail_noise=None if pair is None else tail_noise(*pair),
        baseline=None if baseline is None else baseline.contestant,
        first_calls=find_first_calls(timings, {c.name for c in raw.contestants if c.is_compared}),
    )


def _twins(raw: Raw, timings: Mapping[str, Timing]) -> tuple[Timing, Timing] | None:
    """The A/A twin and its original in a case; None where the two did not race."""
    for twin in raw.contestants:
        if twin.role is Role.TWIN and twin.name in timings and twin.original in timings:
            return timings[twin.name], timings[twin.original]
    return None


def _rows(view: View, case: CaseView, checks: Mapping[str, Sequence[Check]]) -> Iterator[Row]:
    raw, wrong = view.raw, find_wrong(view.raw.timings, view.raw.cases)
    not_reached = NotReached(raw.stopped) if raw.raced else NotRequested()
    for contestant in raw.contestants:
        timing = case.timings.get(contestant.name)
        if timing is None and raw.measured_by is not None:
            continue  # a benchmark of another group: nobody asked for it in this case
        outcome = _before_the_race(view, contestant, case.case.name, checks)
        # Like a fault in verify, a wrong answer in one case bars in all of them.
        ended = None if timing is None else timing.ended
        outcome = outcome or ended or wrong.get(contestant.name)
        if outcome is None and timing is not None:
            outcome = _measured(raw, case, contestant, timing)
        if not _is_no_news(contestant, outcome, timing):
            found = outcome or not_reached
            yield Row(case=case.case.name, contestant=contestant.name, outcome=found)


def _before_the_race(
    view: View, contestant: Contestant, case: str, checks: Mapping[str, Sequence[Check]]
) -> Outcome | None:
    """Why a contestant was not raced in a case; None if it could race."""
    if not contestant.answers:
        return None  # where its project did not build, Python is in its place
    build = view.build_of(contestant)
    if build is not None and not isinstance(build.result, Built):
        return build.result
    name = contestant.original
    own = checks.get(name, ())
    return find_fault(name, own) or find_refusal(name, case, own)


def _measured(raw: Raw, case: CaseView, contestant: Contestant, timing: Timing) -> Measured | None:
    """The timing of a contestant; None where there is nothing to compare it with."""
    if case.judged.baseline is None:
        return None
    limits = (
        case.timings[one.name]
        for one in raw.contestants
        if (one.role, one.threads) == (Role.LIMIT, contestant.threads) and one.name in case.timings
    )
    limit = next((its for its in limits if its.ended is None), None)
    # The limit reads its inputs, does not write and does nothing else.
    is_limit = contestant.role is Role.LIMIT
    moved = (case.size.input_bytes if is_limit else None) or case.size.bytes_moved
    baseline = case.timings[case.judged.baseline]
    scale = Scale(
        baseline=baseline,
        bytes_moved=moved,
        operations=None if not contestant.answers else case.size.operations,
        input_bytes=case.size.input_bytes,
        in_place=bool(raw.mutates),
        noise=case.noise,
        precision=raw.precision,
        noise_needs=case.noise_needs,
        tail_noise=case.tail_noise,
    )
    return estimate(timing, limit, scale)


def _is_no_news(contestant: Contestant, outcome: Outcome | None, timing: Timing | None) -> bool:
    """Whether it has no row: a limit that could not read, or a twin without its original.

    A twin that was lost in the race is the baseline's own code that crashed or hung, and news.
    """
    if contestant.role is Role.TWIN and timing is not None and timing.ended is not None:
        return outcome != timing.ended
    return not contestant.is_compared and not isinstance(outcome, Measured)
