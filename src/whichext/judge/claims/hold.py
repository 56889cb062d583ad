"""Holding a claim against a result: pure functions of the two.

A claim with a number says in which range a quantity lies. It holds where the whole interval of the
quantity lies in that range, is refuted where no part of it does, and is unresolved otherwise. A
claim without a number says what a report's verdict would be. Either way noise counts: what two
copies of one piece of code differ by in a case neither shows nor refutes anything.
"""

from __future__ import annotations

import math

from whichext.judge.claims.claim import Quantity, Range
from whichext.judge.claims.finding import (
    CaseFinding,
    Finding,
    Interval,
    Missing,
    Released,
    Standing,
    worst,
)
from whichext.judge.claims.measure import estimates, measure, ratio
from whichext.judge.claims.trial import Trial
from whichext.judge.factors import differences
from whichext.judge.verdicts import case_zones, epochs_needed, find_verdict
from whichext.model.estimate import Verdict
from whichext.model.scorecard import Scorecard


def hold(trial: Trial, scorecard: Scorecard) -> Finding:
    """What becomes of a claim in a result, whatever of it the result has."""
    cases = tuple(_in_case(trial, scorecard, case) for case in trial.cases)
    known = {contestant.name for contestant in scorecard.contestants}
    one, other = trial.names[0], trial.names[-1]
    comparable = trial.other is not None and {one, other} <= known
    return Finding(
        trial=trial,
        standing=worst(case.standing for case in cases),
        cases=cases,
        differences=differences(scorecard, other, one) if comparable else None,
        released=_released(trial, scorecard) if {one, other, *trial.released} <= known else None,
    )


def _in_case(trial: Trial, scorecard: Scorecard, case: str) -> CaseFinding:
    statement, names = trial.claim.statement, trial.names
    if case not in {raced.name for raced in scorecard.cases}:
        absent = (Missing(f"the case {case}", None),)
        return CaseFinding(case=case, standing=Standing.UNRESOLVED, missing=absent)
    measured = measure(scorecard, case, statement.quantity, names)
    if measured is None:
        present = estimates(scorecard, case)
        outcomes = {row.contestant: row.outcome for row in scorecard.rows if row.case == case}
        missing = tuple(Missing(name, outcomes.get(name)) for name in names if name not in present)
        return CaseFinding(case=case, standing=Standing.UNRESOLVED, missing=missing)
    verdict, needed, noise = None, 0, 0.0
    if trial.other is not None:
        of_times, zones = ratio(scorecard, case, *names), case_zones(scorecard, case)
        verdict = find_verdict(of_times, zones)
        needed = epochs_needed(of_times, zones, scorecard.precision)
    if isinstance(statement.states, Range):
        floor = _floor(scorecard, case, statement.quantity)
        standing = _standing(measured, statement.states, 1 + floor)
        needed = _epochs_needed(measured, statement.states, 1 + floor)
        told = _standing(measured, statement.states, 1.0) is not Standing.UNRESOLVED
        noise = floor if told and standing is Standing.UNRESOLVED else 0.0
    else:
        unresolved = verdict is Verdict.UNRESOLVED
        contradicted = Standing.UNRESOLVED if unresolved else Standing.REFUTED
        standing = Standing.HOLDS if verdict is statement.states else contradicted
    return CaseFinding(
        case=case,
        standing=standing,
        measured=measured,
        verdict=verdict,
        epochs_needed=needed if standing is Standing.UNRESOLVED else 0,
        noise=noise,
    )


def _floor(scorecard: Scorecard, case: str, quantity: Quantity) -> float:
    """How far apart identical code was in a case; threads are counted, so without noise."""
    floors = {course.case: course.noise_floor for course in scorecard.courses}
    return 0.0 if quantity is Quantity.THREADS else floors.get(case) or 0.0


def _standing(measured: Interval, states: Range, noise: float) -> Standing:
    """What an interval says that reaches further by noise, as a factor, on both sides."""
    if measured.low is None or measured.high is None:
        return Standing.UNRESOLVED
    low, high = measured.low / noise, measured.high * noise
    if states.low <= low and high <= states.high:
        return Standing.HOLDS
    if high < states.low or states.high < low:
        return Standing.REFUTED
    return Standing.UNRESOLVED


def _epochs_needed(measured: Interval, states: Range, noise: float) -> int:
    """Epochs after which no end of the range is likely to lie in the interval; 0 where unknown.

    Its width shrinks with the root of their number, and noise stays.
    """
    if measured.low is None or measured.high is None:
        return measured.epochs + 1
    low, high = measured.low / noise, measured.high * noise
    inside = [end for end in (states.low, states.high) if low <= end <= high]
    apart = min((abs(math.log(measured.value / end)) for end in inside), default=0.0)
    distance = apart - math.log(noise)
    if distance <= 0:
        return 0
    half_width = math.log(measured.high / measured.low) / 2
    return math.ceil(measured.epochs * (half_width / distance) ** 2)


def _released(trial: Trial, scorecard: Scorecard) -> Released | None:
    """What the release's settings give; None where they would change nothing or leave one alone."""
    names, statement = trial.released, trial.claim.statement
    if names == trial.names or len(set(names)) < len(names):
        return None
    if statement.quantity is Quantity.THREADS:
        return None  # settings of a compiler make no threads
    found = [(case, measure(scorecard, case, statement.quantity, names)) for case in trial.cases]
    changes = {
        change
        for before, after in zip(trial.names, names, strict=True)
        for change in differences(scorecard, before, after)
    }
    return Released(
        names=names,
        changes=tuple(sorted(changes, key=str)),
        differences=differences(scorecard, *reversed(names)) if len(names) == 2 else (),
        measured=tuple((case, interval) for case, interval in found if interval is not None),
    )
