"""Holding a claim against a result: pure functions of the two.

A claim with a number says in which range a quantity lies. It holds where the whole interval of the
quantity lies in that range, is refuted where no part of it does, and is unresolved otherwise. A
claim without a number says what a report's verdict would be. Either way noise counts: what two
copies of one piece of code differ by in a case neither shows nor refutes anything.
"""

from __future__ import annotations

from msgspec.structs import replace

from whichext.judge.claims.claim import Quantity, Range
from whichext.judge.claims.finding import (
    Amount,
    CaseFinding,
    Finding,
    Missing,
    Released,
    Standing,
    worst,
)
from whichext.judge.claims.measure import measure, measured_in, ratio
from whichext.judge.claims.trial import Trial
from whichext.judge.factors import differences
from whichext.model.ratio import Ratio, Verdict
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
        present = measured_in(scorecard, case)
        outcomes = {row.contestant: row.outcome for row in scorecard.rows if row.case == case}
        missing = tuple(Missing(name, outcomes.get(name)) for name in names if name not in present)
        return CaseFinding(case=case, standing=Standing.UNRESOLVED, missing=missing)
    of_times = None if trial.other is None else ratio(scorecard, case, *names)
    verdict = None if of_times is None else of_times.verdict
    if isinstance(statement.states, Range):
        return _in_range(case, measured, statement.states, verdict)
    standing, needed = Standing.REFUTED, None
    if verdict is statement.states:
        standing = Standing.HOLDS
    elif of_times is None or verdict is Verdict.UNRESOLVED:
        standing = Standing.UNRESOLVED
        needed = None if of_times is None else of_times.epochs_to_resolve(scorecard.precision)
    return CaseFinding(
        case=case, standing=standing, measured=measured, verdict=verdict, epochs_needed=needed
    )


def _in_range(case: str, measured: Amount, states: Range, verdict: Verdict | None) -> CaseFinding:
    """What becomes of a claim with a number in a case."""
    standing, needed, noise = _standing(measured, states), None, None
    if standing is Standing.UNRESOLVED and isinstance(measured, Ratio):
        needed = measured.epochs_to_tell(states.low, states.high)
        told = _standing(replace(measured, noise=None), states) is not Standing.UNRESOLVED
        noise = measured.noise if told else None
    return CaseFinding(
        case=case,
        standing=standing,
        measured=measured,
        verdict=verdict,
        epochs_needed=needed,
        noise=noise,
    )


def _standing(measured: Amount, states: Range) -> Standing:
    """On which side of a range's ends a whole interval lies, by more than the noise."""
    if isinstance(measured, int):  # counted, so without an interval
        holds = states.low <= measured <= states.high
        return Standing.HOLDS if holds else Standing.REFUTED
    if measured.is_above(states.low) and measured.is_below(states.high):
        return Standing.HOLDS
    if measured.is_below(states.low) or measured.is_above(states.high):
        return Standing.REFUTED
    return Standing.UNRESOLVED


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
        measured=tuple((case, amount) for case, amount in found if amount is not None),
    )
