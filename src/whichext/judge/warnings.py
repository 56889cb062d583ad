"""What makes a result doubtful: stops, builds, stolen time, identical code that differs."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.estimates import busy_threads
from whichext.model.contestant import Role
from whichext.model.finding import spoils
from whichext.model.insight import (
    FindingSpoils,
    ForkHazard,
    Happened,
    RaceNoise,
    ResultWarning,
    RunStopped,
    ThreadsUnlikeAsked,
    TimeStolen,
    TwinDiffers,
)
from whichext.model.judged import CaseJudged
from whichext.model.outcome import Crashed, Fault, Outcome, TimedOut, Wrong
from whichext.model.ratio import TIE
from whichext.model.raw import Raw
from whichext.model.view import View

_MANY_SPOILED = 0.2
_HAPPENED: dict[type[Outcome], Happened] = {
    Wrong: Happened.WRONG,
    Crashed: Happened.CRASHED,
    TimedOut: Happened.TIMED_OUT,
}


def find_warnings(view: View) -> tuple[ResultWarning, ...]:
    """What a reader must know before believing a result, the most serious first."""
    raw, cases = view.raw, view.judged.cases
    return (
        *([RunStopped(reason=raw.stopped)] if raw.stopped else ()),
        *(FindingSpoils(finding=n) for n, one in enumerate(raw.findings) if spoils(one)),
        *(warning for case in cases for warning in _stolen(case)),
        *(warning for case in cases for warning in _unlike_twin(case)),
        *_threads(raw),
        *_hazards(raw),
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
    """Whether other guests had the processor in so many rounds that a quieter hour is needed."""
    if case.rounds_spoiled > _MANY_SPOILED * case.rounds:
        yield TimeStolen(
            case=case.case,
            rounds=case.rounds,
            spoiled=case.rounds_spoiled,
            counted=case.rounds_spoiled - len(case.dropped),
        )


def _unlike_twin(case: CaseJudged) -> Iterator[TwinDiffers]:
    """Two copies of one piece of code whose interval keeps clear of 1 by more than a tie."""
    ratio = case.twin
    if ratio is None or ratio.low is None or ratio.high is None:
        return
    if ratio.low > 1 + TIE or ratio.high < 1 / (1 + TIE):
        yield TwinDiffers(case=case.case, ratio=ratio)


def _threads(raw: Raw) -> Iterator[ThreadsUnlikeAsked]:
    asked = {one.name: one.threads for one in raw.contestants if one.role is not Role.LIMIT}
    for timing in raw.timings:
        busy, threads = busy_threads(timing), asked.get(timing.contestant)
        if busy and threads is not None and busy != threads:
            yield ThreadsUnlikeAsked(
                contestant=timing.contestant, case=timing.case, asked=threads, busy=busy
            )


def _hazards(raw: Raw) -> Iterator[ForkHazard]:
    """What may happen to users of a contestant, and did not bar it from the race."""
    # What is wrong anyway is so with or without a fork.
    barred = {c.contestant for c in raw.checks if c.property.bars and isinstance(c.result, Fault)}
    hazardous = [
        check for check in raw.checks if not check.property.bars and check.contestant not in barred
    ]
    for kind, happened in _HAPPENED.items():
        names = tuple(check.contestant for check in hazardous if isinstance(check.result, kind))
        if names:
            yield ForkHazard(happened=happened, contestants=names)
