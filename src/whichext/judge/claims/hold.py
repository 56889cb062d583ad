"""Tests a claim with a result: pure functions of the two.

A claim with a number says in which range a quantity lies. It holds where the whole interval of the
quantity lies in that range, is refuted where no part of it does, and is unresolved otherwise. A
claim without a number says what a report's verdict would be. Either way noise counts: what two
copies of one piece of code differ by in a case neither shows nor refutes anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from whichext.judge.claims.trials import Trial
from whichext.judge.estimates import busy_threads
from whichext.judge.factors import UNSTATED, differences
from whichext.judge.insights import beyond_limit, remembered
from whichext.judge.memory import memory_ratio, used_of_input
from whichext.judge.ratios import ratio_in
from whichext.judge.tails import tail_ratio
from whichext.model.claim import (
    Amount,
    Between,
    ClaimCase,
    ClaimResult,
    Missing,
    Quantity,
    Range,
    Released,
    Standing,
    Statement,
    together,
    worst,
)
from whichext.model.contestant import Difference
from whichext.model.finding import is_a_surprise, named_in
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import CaseView, View

_NEAR = 1.05  # memory is read once, in whole pages: nearer to a number it is not known


def with_claims(view: View, trials: Iterable[Trial]) -> View:
    """The result with the results of these claims, in their order."""
    claims = tuple(hold(trial, view) for trial in trials)
    return View(view.raw, replace(view.judged, claims=claims), view.altered)


def hold(trial: Trial, view: View) -> ClaimResult:
    """The result of a claim."""
    cases = tuple(_in_case(trial, view, case) for case in trial.cases)
    one, other = trial.names[0], trial.names[-1]
    known = set(view.contestants)
    comparable = trial.other is not None and {one, other} <= known
    return ClaimResult(
        text=trial.claim.text,
        names=trial.names,
        statement=trial.claim.statement,
        source=trial.source,
        published=trial.published,
        note=trial.note,
        extent=trial.claim.extent,
        standing=together(trial.claim.extent, [worst(case.standing for case in cases)]),
        cases=cases,
        differences=differences(view, other, one) if comparable else None,
        spoiled=_spoiled(trial, view),
        released=_released(trial, view) if {one, other, *trial.released} <= known else None,
    )


def _spoiled(trial: Trial, view: View) -> tuple[str, ...]:
    """Those of A and B whose times a finding takes the meaning out of, or the race itself."""
    found = {name for one in filter(is_a_surprise, view.raw.findings) for name in named_in(one)}
    found |= {name for one in beyond_limit(view) for name in one.contestants}
    found |= {name for one in remembered(view.raw) for name in one.contestants}
    compares = trial.other is not None and not _is_of_memory(trial)
    names = dict.fromkeys(trial.names) if compares else ()
    return tuple(name for name in names if name in found)


def _in_case(trial: Trial, view: View, name: str) -> ClaimCase:
    statement, names = trial.claim.statement, trial.names
    case = view.cases.get(name)
    if case is None:
        absent = (Missing(contestant=None),)
        return ClaimCase(case=name, standing=Standing.UNRESOLVED, missing=absent)
    measured = _measure(view, case, statement.quantity, names)
    if measured is None:
        missing = tuple(
            Missing(who, case.outcomes.get(who)) for who in names if who not in case.measured
        )
        return ClaimCase(case=name, standing=Standing.UNRESOLVED, missing=missing)
    of_two = _of_two(trial, view, case)
    verdict = None if of_two is None else of_two.verdict
    if isinstance(statement.states, Range):
        return _in_range(case, measured, statement, statement.states, verdict)
    standing, needed = _of_verdict(of_two, statement), None
    if standing is Standing.UNRESOLVED and of_two is not None:
        needed = of_two.epochs_to_resolve(view.raw.precision) or case.noise_needs
    return ClaimCase(
        case=name, standing=standing, measured=measured, verdict=verdict, epochs_needed=needed
    )


def _of_verdict(of_two: Ratio | None, statement: Statement) -> Standing:
    """What becomes of a claim that states a verdict, or that the verdict is another one."""
    if of_two is None:
        return Standing.UNRESOLVED
    agrees = of_two.verdict is statement.states
    if statement.negated:
        bounded = of_two if statement.states is Verdict.SLOWER else of_two.inverse
        holds, refuted = bounded.is_not_above, agrees
    else:
        holds, refuted = agrees, of_two.verdict is not Verdict.UNRESOLVED
    return Standing.HOLDS if holds else Standing.REFUTED if refuted else Standing.UNRESOLVED


def _of_two(trial: Trial, view: View, case: CaseView) -> Ratio | None:
    """A against B, of which a verdict is said; None where no time is claimed of the two."""
    if trial.claim.statement.quantity is Quantity.TAIL:
        return _tail(case, *trial.names)
    if trial.other is None or _is_of_memory(trial):
        return None
    return ratio_in(case, trial.one.name, trial.other.name, view.judged.confidence)


def _is_of_memory(trial: Trial) -> bool:
    """Whether no time is claimed of the two."""
    return trial.claim.statement.quantity is Quantity.MEMORY_RATIO


def _in_range(
    case: CaseView,
    measured: Amount,
    statement: Statement,
    states: Range,
    verdict: Verdict | None,
) -> ClaimCase:
    """The result of a claim with a number in one case."""
    exact = statement.quantity is not Quantity.MEMORY_RATIO
    standing, needed, noise = _standing(measured, states, exact=exact), None, None
    if standing is Standing.UNRESOLVED and isinstance(measured, Ratio):
        needed = measured.epochs_to_tell(*states.ends) or case.noise_needs
        told = _standing(replace(measured, noise=None), states) is not Standing.UNRESOLVED
        noise = measured.noise if told else None
    return ClaimCase(
        case=case.case.name,
        standing=standing,
        measured=measured,
        verdict=verdict,
        epochs_needed=needed,
        noise=noise,
    )


def _standing(measured: Amount, states: Range, *, exact: bool = True) -> Standing:
    """On which side of a range's ends a whole interval lies, by more than the noise.

    Args:
        measured: The quantity.
        states: Where it is said to lie.
        exact: Whether memory that is 1 is that to the last digit.

    """
    low = -math.inf if states.low is None else states.low
    high = math.inf if states.high is None else states.high
    if isinstance(measured, float | tuple):
        between = measured if isinstance(measured, tuple) else (measured, measured)
        return _standing_of_memory(between, low, high, exact and measured == 1)
    if isinstance(measured, int):  # counted, so without an interval
        return Standing.HOLDS if low <= measured <= high else Standing.REFUTED
    if measured.is_above(low) and measured.is_below(high):
        return Standing.HOLDS
    if measured.is_below(low) or measured.is_above(high):
        return Standing.REFUTED
    return Standing.UNRESOLVED


def _standing_of_memory(between: Between, low: float, high: float, exact: bool) -> Standing:
    """The same for what was read once: near an end it may lie on either side."""
    least, most = between
    near = 1 if exact else _NEAR  # nothing beyond the inputs is 1, to the last digit
    if low * near <= least and most <= high / near:
        return Standing.HOLDS
    if most * _NEAR <= low or least >= high * _NEAR:
        return Standing.REFUTED
    return Standing.UNRESOLVED


def _released(trial: Trial, view: View) -> Released | None:
    """The same ratio under the release's settings; None if they change nothing."""
    names, quantity = trial.released, trial.claim.statement.quantity
    if names == trial.names or len(set(names)) < len(names):
        return None
    if quantity in (Quantity.THREADS, Quantity.MEMORY, Quantity.MEMORY_RATIO):
        return None  # settings of a compiler make no threads, and take no memory
    cases = [view.cases[name] for name in trial.cases if name in view.cases]
    found = [(case.case.name, _measure(view, case, quantity, names)) for case in cases]
    changes = {
        change
        for before, after in zip(trial.names, names, strict=True)
        for change in differences(view, before, after)
    }
    left = differences(view, *reversed(names)) if len(names) == 2 else ()
    return Released(
        names=names,
        changes=tuple(sorted(changes, key=str)),
        is_told=_is_told(changes, left),
        differences=left,
        measured=tuple((case, amount) for case, amount in found if amount is not None),
    )


def _is_told(changes: Collection[Difference], left: Collection[Difference]) -> bool:
    """Whether the changes name everything that was made equal."""
    still = {difference.factor for difference in left}
    told = [change.after != UNSTATED and change.factor not in still for change in changes]
    return bool(told) and all(told)


def _measure(
    view: View, case: CaseView, quantity: Quantity, names: tuple[str, ...]
) -> Amount | None:
    """The measured quantity of A, or of A and B; None if it was not measured."""
    one, other, confidence = names[0], names[-1], view.judged.confidence
    if not {one, other} <= case.measured.keys():
        return None
    match quantity:
        case Quantity.SPEED:
            return ratio_in(case, other, one, confidence)
        case Quantity.TIME:
            return ratio_in(case, one, other, confidence)
        case Quantity.TAIL:
            return _tail(case, one, other)
        case Quantity.SHARE:
            return case.measured[one].of_limit
        case Quantity.THREADS:
            return busy_threads(case.timings[one]) or None
        case Quantity.MEMORY:
            return used_of_input(case, one)
        case Quantity.MEMORY_RATIO:
            return memory_ratio(case, one, other)


def _tail(case: CaseView, one: str, other: str) -> Ratio | None:
    return tail_ratio(case.timings[one], case.timings[other], case.tail_noise)
