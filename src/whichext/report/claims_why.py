"""What was measured of a claim, and why it came out as it did, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.judge.claims.claim import Quantity, Range, Statement
from whichext.judge.claims.finding import (
    Amount,
    CaseFinding,
    Finding,
    Missing,
    Released,
    Standing,
)
from whichext.judge.factors import UNSTATED, Difference
from whichext.model.ratio import Verdict
from whichext.report.outcome_words import reason_text
from whichext.report.ratios import times_text

_UNMEASURED = {
    Quantity.SPEED: "the two share no round of the race",
    Quantity.TIME: "the two share no round of the race",
    Quantity.SHARE: "no limit was measured beside it",
    Quantity.THREADS: "its calls were too short to count threads in",
}
_UNITS = {
    Quantity.SPEED: " as fast",
    Quantity.TIME: " of the time",
    Quantity.SHARE: " of the limit",
    Quantity.THREADS: "",
}
_VERBS = {
    Quantity.SPEED: "is",
    Quantity.TIME: "takes",
    Quantity.SHARE: "reaches",
    Quantity.THREADS: "uses",
}
_WORDS = {Verdict.TIE: "no difference worth acting on", Verdict.UNRESOLVED: ""}


def measured_lines(finding: Finding, *, brief: bool = False) -> list[str]:
    """The claim's quantity with its interval, case by case; briefly, where the claim is beside."""
    quantity = finding.trial.claim.statement.quantity
    text = brief_text if brief else measured_text
    return [
        f"{case.case}: {'-' if case.measured is None else text(quantity, case.measured)}"
        for case in finding.cases
    ]


def why(finding: Finding) -> list[str]:
    """What a reader must know to use the answer, in sentences; where it is plain, none."""
    return [*_cases(finding), *_confounding(finding), *_released(finding)]


def measured_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval and its unit, for example "1.26x [1.08, 1.47] as fast"."""
    return f"{brief_text(quantity, measured)}{_UNITS[quantity]}"


def brief_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval, for example "1.26x [1.08, 1.47]"."""
    if isinstance(measured, int):  # threads are counted, so without an interval
        return "1 thread" if measured == 1 else f"{measured} threads"
    return times_text(measured) if quantity is Quantity.SPEED else str(measured)


def _cases(finding: Finding) -> Iterator[str]:
    statement = finding.trial.claim.statement
    for case in finding.cases:
        match case.standing:
            case Standing.REFUTED:
                yield f"On {case.case}: {_refuted(statement, case)}."
            case Standing.UNRESOLVED:
                yield f"On {case.case}: {_unresolved(statement, case)}."
            case Standing.HOLDS:
                pass


def _refuted(statement: Statement, case: CaseFinding) -> str:
    """What it is instead; where the direction was right, that too."""
    assert case.measured is not None  # nothing is refuted unseen
    measured = measured_text(statement.quantity, case.measured)
    word = _WORDS.get(case.verdict, case.verdict) if case.verdict else ""
    if isinstance(statement.states, Verdict):
        return f"{word}, {measured}"
    against = f"{measured} and not {statement.words}"
    if not word:
        return against
    return f"{word}, {'but ' if case.verdict is _direction(statement) else ''}{against}"


def _direction(statement: Statement) -> Verdict | None:
    """Whether a claim with a number says that A is faster or slower; None where it leaves it."""
    if not isinstance(statement.states, Range):
        return None
    above, below = statement.states.low >= 1, statement.states.high <= 1
    match statement.quantity:
        case Quantity.SPEED if above:
            return Verdict.FASTER
        case Quantity.TIME if below:
            return Verdict.FASTER
        case Quantity.TIME if above:
            return Verdict.SLOWER
        case _:
            return None


def _unresolved(statement: Statement, case: CaseFinding) -> str:
    if case.missing:
        return "; ".join(_absence(missing) for missing in case.missing)
    if case.measured is None:
        return _UNMEASURED[statement.quantity]
    measured = measured_text(statement.quantity, case.measured)
    needed = case.epochs_needed
    more = (
        f"about {needed} epochs would probably tell (--max-time, --precision)"
        if needed is not None
        else "more epochs would not tell"
    )
    beyond = (
        f" by more than the noise of this case, {case.noise:.1%}" if case.noise is not None else ""
    )
    return f"{measured} neither shows nor excludes {statement.words}{beyond}; {more}"


def _absence(missing: Missing) -> str:
    if missing.outcome is None:
        return f"{missing.what} is not in this result"
    return f"{missing.what} {' '.join(reason_text(missing.outcome).split())}"


def _confounding(finding: Finding) -> Iterator[str]:
    found = finding.differences
    if found is None or all(case.measured is None for case in finding.cases):
        return
    if not found:
        yield "The two differ in no factor that is known."
    elif len(found) == 1:
        yield f"The two differ in {_list(found)} alone."
    else:
        yield (
            f"Confounded: the two differ in {_list(found)}, so this ratio says nothing about any "
            "one of them."
        )


def _released(finding: Finding) -> Iterator[str]:
    released = finding.released
    if released is None or not released.measured:
        return
    quantity = finding.trial.claim.statement.quantity
    one, *others = released.names
    than = "".join(f" {'as' if quantity is Quantity.SPEED else 'of'} {other}" for other in others)
    places = ", ".join(
        f"{measured_text(quantity, amount)}{than} on {case}" for case, amount in released.measured
    )
    yield f"With {_settings(released)}: {one} {_VERBS[quantity]} {places}."


def _settings(released: Released) -> str:
    """What was made equal, by name where it was: it must be known, and for both."""
    left = {difference.factor for difference in released.differences}
    factors = {change.factor for change in released.changes}
    both = " for both" if len(released.names) == 2 else ""
    if not factors or factors & left or any(c.after == UNSTATED for c in released.changes):
        return f"the release's settings{both}"
    return " and ".join(f"{c.factor} {c.after}" for c in released.changes) + both


def _list(found: Sequence[Difference]) -> str:
    texts = [f"{change.factor} ({change.before} -> {change.after})" for change in found]
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
