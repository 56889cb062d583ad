"""Stage 6, judge: raw samples become ratios with intervals, verdicts and rows."""

from __future__ import annotations

import math

import msgspec

from whichext.judge.effects import find_effects
from whichext.judge.estimates import Scale, estimate
from whichext.judge.ratios import direct_ratio, find_ratio, per_epoch
from whichext.judge.steal import counted, find_theft
from whichext.judge.verdicts import CONFIDENCE, is_hopeless, is_precise
from whichext.model.check import find_fault, find_refusal
from whichext.model.contestant import Contestant, Role
from whichext.model.errors import UnknownNameError
from whichext.model.outcome import (
    Built,
    Measured,
    NotReached,
    NotRequested,
    Outcome,
)
from whichext.model.ratio import Ratio
from whichext.model.scorecard import Course, Row, Scorecard, Timing

_CONFIRMING = 2


def judge_all(raw: Scorecard) -> Scorecard:
    """Judge what was measured: one row per case and contestant, whatever became of it.

    Args:
        raw: A scorecard whose rows, rounds and noise floor are still to be found; what
            they were before does not matter.

    """
    courses = []
    for course in raw.courses:
        theft = find_theft(tuple(timing for timing in raw.timings if timing.case == course.case))
        twin = twin_ratio(raw, course.case)
        judged = msgspec.structs.replace(
            course,
            rounds=theft.rounds,
            rounds_dropped=len(theft.dropped),
            rounds_spoiled=theft.spoiled,
            noise_floor=None if twin is None else math.expm1(abs(twin.centre)),
        )
        courses.append(judged)
    floors = [course.noise_floor for course in courses if course.noise_floor is not None]
    found = msgspec.structs.replace(
        raw,
        courses=tuple(courses),
        noise_floor=max(floors, default=None),
        confidence=CONFIDENCE,
    )
    rows = tuple(row for course in courses for row in _rows(found, course))
    found = msgspec.structs.replace(found, rows=rows)
    return msgspec.structs.replace(found, effects=find_effects(found))


def twin_ratio(scorecard: Scorecard, case: str) -> Ratio | None:
    """The A/A twin's ratio to its original in a case; None where the two did not race."""
    timings = counted(scorecard.timings, case)
    for twin in scorecard.contestants:
        if twin.role is Role.TWIN and twin.name in timings and twin.original in timings:
            return direct_ratio(timings[twin.name], timings[twin.original], CONFIDENCE, noise=None)
    return None


def judge_again(scorecard: Scorecard, baseline: str) -> Scorecard:
    """The same samples with ratios to another contestant.

    Raises:
        UsageError: The scorecard has no contestant of that name.

    """
    names = [contestant.name for contestant in scorecard.contestants]
    if baseline not in names:
        raise UnknownNameError("baseline", baseline, "is no contestant of this result", names)
    # Stable: the baseline comes first, the others stay in order.
    contestants = sorted(scorecard.contestants, key=lambda c: c.name != baseline)
    timings = sorted(scorecard.timings, key=lambda t: t.contestant != baseline)
    return judge_all(
        msgspec.structs.replace(
            scorecard,
            baseline=baseline,
            contestants=tuple(contestants),
            timings=tuple(timings),
        )
    )


def next_field(timings: tuple[Timing, ...], precision: float, min_epochs: int) -> frozenset[str]:
    """Who should race another epoch of a case; nobody when all is known well enough.

    Args:
        timings: All of the case so far.
        precision: Half-width near a tie that was asked for.
        min_epochs: Epochs that everybody races at least.

    """
    kept = counted(timings, timings[0].case) if timings else {}
    baseline = find_baseline(tuple(kept.values()))
    if baseline is None:
        return frozenset()
    staying, unknown = {baseline.contestant}, False
    for name, timing in kept.items():
        if timing.ended is not None or timing is baseline:
            continue
        epochs = per_epoch(timing.samples, baseline.samples)
        ratio = find_ratio(epochs, CONFIDENCE, noise=None)
        if ratio is None or ratio.epochs < min_epochs or not is_hopeless(ratio):
            staying.add(name)
            unknown = unknown or len(epochs) < min_epochs or not _settled(epochs, precision)
    racing = [timing for timing in timings if timing.ended is None]
    alone = len(racing) == 1 and len(baseline.first_call_ns) < min_epochs
    return frozenset(staying) if unknown or alone else frozenset()


def _settled(epochs: list[float], precision: float) -> bool:
    """Whether the interval was narrow enough some epochs ago: a chance would not have lasted."""
    ratio = find_ratio(epochs[:-_CONFIRMING], CONFIDENCE, noise=None)
    return ratio is not None and is_precise(ratio, precision)


def find_baseline(timings: tuple[Timing, ...]) -> Timing | None:
    """What a case's ratios refer to: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None and timing.samples), None)


def _rows(scorecard: Scorecard, course: Course) -> list[Row]:
    raced = counted(scorecard.timings, course.case)
    limits = {
        c.threads: raced[c.name]
        for c in scorecard.contestants
        if c.role is Role.LIMIT and c.name in raced and raced[c.name].ended is None
    }
    baseline = find_baseline(tuple(raced.values()))
    not_reached = NotReached(scorecard.stopped) if scorecard.raced else NotRequested()
    rows = []
    for contestant in scorecard.contestants:
        outcome = _not_raced(scorecard, contestant, course.case)
        timing = raced.get(contestant.name)
        if outcome is None and timing is not None:
            outcome = timing.ended
            if outcome is None and baseline:
                scale = Scale(baseline, _course_of(contestant, course), scorecard.precision)
                outcome = estimate(timing, limits.get(contestant.threads), scale)
        if not _is_no_news(contestant, outcome, timing):
            outcome = outcome or not_reached
            rows.append(Row(case=course.case, contestant=contestant.name, outcome=outcome))
    return rows


def _is_no_news(contestant: Contestant, outcome: Outcome | None, timing: Timing | None) -> bool:
    """Whether a yardstick has no row: a limit that could not read, a twin without its original.

    A twin that was lost in the race is the baseline's own code that crashed or hung, and news.
    """
    if contestant.role is Role.TWIN and timing is not None and timing.ended is not None:
        return outcome is not timing.ended
    is_yardstick = contestant.role in (Role.TWIN, Role.LIMIT)
    return is_yardstick and not isinstance(outcome, Measured)


def _course_of(contestant: Contestant, course: Course) -> Course:
    """The course with the bytes that this contestant moves: the limit reads and does not write."""
    if contestant.role is not Role.LIMIT or course.input_bytes is None:
        return course
    return msgspec.structs.replace(course, bytes_moved=course.input_bytes)


def _not_raced(scorecard: Scorecard, contestant: Contestant, case: str) -> Outcome | None:
    """Why the contestant was not raced in the case; None when it was free to."""
    if contestant.role is Role.LIMIT:
        return None  # where its project did not build, NumPy reads in its place
    place = (contestant.project, contestant.profile)
    builds = (b.result for b in scorecard.builds if (b.project, b.profile) == place)
    result = next(builds, None)
    if result is not None and not isinstance(result, Built):
        return result
    name = contestant.original
    return find_fault(name, scorecard.checks) or find_refusal(name, case, scorecard.checks)
