"""What the page of a check, a memo, a verification or an audit says first, and how sure that is.

Their documents begin with what is under test, or with a table: a terminal shows the end of them. A
browser shows the beginning of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whichext.model.check import Property, find_fault
from whichext.model.claim import ClaimResult, Standing, count_standings
from whichext.model.decision import Answer, Decision
from whichext.model.finding import spoils
from whichext.model.inline import code, foreign
from whichext.model.outcome import BuildFailed, Built, Fault, NotTried, Outcome
from whichext.model.ratio import speed_up_text
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.claims import measured_lines, standing_text
from whichext.report.document import listed, some
from whichext.report.findings import finding_words
from whichext.report.memo.answer import confidence_text, sentence_text
from whichext.report.notes import noise
from whichext.report.outcome_words import outcome_word

_MOST_NAMED = 4
_COUNTED = {
    Standing.HOLDS: ("holds", "hold"),
    Standing.REFUTED: ("is refuted", "are refuted"),
    Standing.UNRESOLVED: ("is unresolved", "are unresolved"),
}


@dataclass(frozen=True)
class Opening:
    """The first lines of a page."""

    answer: str
    """What came out, in a sentence."""
    how_sure: str
    """What that rests on."""


def opening_of(view: View) -> Opening | None:
    """What the page of a result says first; None where its document says that by itself."""
    if view.judged.selfcheck is not None:
        return None
    match view.raw.kind:
        case Kind.MEMO:
            return None if view.judged.decision is None else _of_memo(view.judged.decision)
        case Kind.VERIFY:
            return _of_verification(view)
        case Kind.AUDIT:
            return _of_audit(view)
        case _:
            return _of_claims(view) if view.judged.claims else None


def intervals_text(view: View) -> str:
    """What intervals are of, and how noisy the machine was."""
    if view.raw.measured_by is not None:
        return f"No ratio has an interval. {noise(view)}"
    fewest, most = view.epochs
    epochs = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    return (
        f"Each interval covers {view.judged.confidence:.0%}, over {epochs} epochs of fresh "
        f"processes. {noise(view)}"
    )


def _of_claims(view: View) -> Opening:
    claims = view.judged.claims
    answer = _claim_text(claims[0]) if len(claims) == 1 else _claims_text(claims)
    return Opening(answer, f"How sure: {intervals_text(view)}")


def _claim_text(claim: ClaimResult) -> str:
    verb = "" if claim.standing is Standing.HOLDS else " is"
    measured = some(measured_lines(claim), _MOST_NAMED)
    return f"The claim{verb} {standing_text(claim)}: {foreign(claim.text)}. Measured: {measured}."


def _claims_text(claims: Sequence[ClaimResult]) -> str:
    counts = [
        f"{count} {_COUNTED[standing][count > 1]}"
        for standing, count in count_standings(claims).items()
        if count
    ]
    refuted = [str(n) for n, one in enumerate(claims, 1) if one.standing is Standing.REFUTED]
    which = f" Refuted: number {some(refuted, _MOST_NAMED)}." if refuted else ""
    return f"Of {len(claims)} claims, {listed(counts)}.{which}"


def _of_memo(found: Decision) -> Opening:
    sentence = sentence_text(found, found.overall)
    if found.overall.answer is Answer.USE:
        best = found.candidate(found.overall.equals[0])
        times = f"{speed_up_text(best.mean)} as fast as {code(found.reference)}"
        sentence = f"{sentence.removesuffix('.')}: {times}."
    return Opening(sentence, f"How sure: {confidence_text(found, found.overall)}")


def _of_verification(view: View) -> Opening:
    tried = [check for check in view.raw.checks if not isinstance(check.result, NotTried)]
    names = [*dict.fromkeys(check.contestant for check in tried)]
    faults = {name: fault for name in names if (fault := find_fault(name, tried)) is not None}
    drawn = sum(check.count for check in tried if check.property is Property.DRAWN)
    count = sum(check.count for check in tried if not isinstance(check.result, BuildFailed))
    forked = {
        check.contestant
        for check in tried
        if check.property is Property.FORK and isinstance(check.result, Fault)
    }
    alone = [name for name in names if name in forked and name not in faults]
    beside = f" Fails in a forked child: {some([*map(code, alone)], _MOST_NAMED)}." if alone else ""
    return Opening(
        f"{_verified_text(names, faults)}{beside}",
        f"How sure: {count:,} calls were checked, {drawn:,} of them on inputs that were drawn at "
        "random. What was not tried is not certified.",
    )


def _verified_text(names: Sequence[str], faults: dict[str, Outcome]) -> str:
    right = len(names) - len(faults)
    if not names:
        return "Nothing could be verified."
    if not faults:
        all_of = "The only contestant" if right == 1 else f"All {right} contestants"
        return f"{all_of} gave the right answer or a clean error to every call."
    said = [f"{code(name)} ({outcome_word(fault)})" for name, fault in faults.items()]
    others = f" Right: {right} of {len(names)} contestants." if right else ""
    return f"At fault: {some(said, _MOST_NAMED)}.{others}"


def _of_audit(view: View) -> Opening:
    built = sum(isinstance(build.result, Built) for build in view.raw.builds)
    builds = "1 build" if built == 1 else f"{built} builds"
    findings = sorted(view.raw.findings, key=lambda one: not spoils(one))
    if not findings:
        answer = f"The audit of {builds} found nothing to object to."
    else:
        more = f" and {len(findings) - 1} more" if findings[1:] else ""
        answer = f"The audit of {builds} found this{more}: {finding_words(findings[0]).what}."
    return Opening(
        answer,
        "How sure: read from the recorded calls of compilers and from what they built. Nothing "
        "was raced.",
    )
