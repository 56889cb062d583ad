"""What was measured of a claim, and why it came out as it did, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.claim import (
    Amount,
    ClaimCase,
    ClaimResult,
    Missing,
    Quantity,
    Released,
    Standing,
    Statement,
)
from whichext.model.contestant import Difference
from whichext.model.inline import argument, code, foreign
from whichext.model.ratio import Verdict
from whichext.report.document import listed
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


def measured_lines(claim: ClaimResult, *, brief: bool = False) -> list[str]:
    """The claim's quantity with its interval, case by case; briefly, where the claim is beside."""
    quantity = claim.statement.quantity
    text = brief_text if brief else measured_text
    return [
        f"{code(case.case)}: {'-' if case.measured is None else text(quantity, case.measured)}"
        for case in claim.cases
    ]


def why(claim: ClaimResult) -> list[str]:
    """What a reader must know to use the answer, in sentences; where it is plain, none."""
    return [*_cases(claim), *_confounding(claim), *_released(claim)]


def measured_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval and its unit, for example "1.26x [1.08, 1.47] as fast"."""
    return f"{brief_text(quantity, measured)}{_UNITS[quantity]}"


def brief_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval, for example "1.26x [1.08, 1.47]"."""
    if isinstance(measured, int):  # threads are counted, so without an interval
        return "1 thread" if measured == 1 else f"{measured} threads"
    return times_text(measured) if quantity is Quantity.SPEED else str(measured)


def _cases(claim: ClaimResult) -> Iterator[str]:
    statement = claim.statement
    for case in claim.cases:
        match case.standing:
            case Standing.REFUTED:
                yield f"On {code(case.case)}: {_refuted(statement, case)}."
            case Standing.UNRESOLVED:
                yield f"On {code(case.case)}: {_unresolved(statement, case)}."
            case Standing.HOLDS:
                pass


def _refuted(statement: Statement, case: ClaimCase) -> str:
    """What it is instead; where the direction was right, that too."""
    assert case.measured is not None  # nothing is refuted unseen
    measured = measured_text(statement.quantity, case.measured)
    word = _WORDS.get(case.verdict, case.verdict) if case.verdict else ""
    if isinstance(statement.states, Verdict):
        return f"{word}, {measured}"
    against = f"{measured} and not {foreign(statement.words)}"
    if not word:
        return against
    return f"{word}, {'but ' if case.verdict is statement.direction else ''}{against}"


def _unresolved(statement: Statement, case: ClaimCase) -> str:
    if case.missing:
        return "; ".join(_absence(missing, case.case) for missing in case.missing)
    if case.measured is None:
        return _UNMEASURED[statement.quantity]
    measured = measured_text(statement.quantity, case.measured)
    needed = case.epochs_needed
    more = (
        f"about {needed} epochs would probably tell ({argument('max_time_s')}, "
        f"{argument('precision')})"
        if needed is not None
        else "more epochs would not tell"
    )
    beyond = (
        f" by more than the noise of this case, {case.noise:.1%}" if case.noise is not None else ""
    )
    return f"{measured} neither shows nor excludes {foreign(statement.words)}{beyond}; {more}"


def _absence(missing: Missing, case: str) -> str:
    what = f"the case {code(case)}" if missing.contestant is None else code(missing.contestant)
    if missing.outcome is None:
        return f"{what} is not in this result"
    return f"{what} {' '.join(reason_text(missing.outcome).split())}"


def _confounding(claim: ClaimResult) -> Iterator[str]:
    found = claim.differences
    if found is None or not claim.is_measured:
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


def _released(claim: ClaimResult) -> Iterator[str]:
    released = claim.released
    if released is None or not released.measured:
        return
    quantity = claim.statement.quantity
    one, *others = map(code, released.names)
    than = "".join(f" {'as' if quantity is Quantity.SPEED else 'of'} {other}" for other in others)
    places = ", ".join(
        f"{measured_text(quantity, amount)}{than} on {code(case)}"
        for case, amount in released.measured
    )
    yield f"With {_settings(released)}: {one} {_VERBS[quantity]} {places}."


def _settings(released: Released) -> str:
    """What was made equal, by name where it was: it must be known, and for both."""
    both = " for both" if len(released.names) == 2 else ""
    if not released.is_told:
        return f"the release's settings{both}"
    return " and ".join(f"{c.factor} {foreign(c.after)}" for c in released.changes) + both


def _list(found: Sequence[Difference]) -> str:
    return listed([f"{c.factor} ({foreign(f'{c.before} -> {c.after}')})" for c in found])
