"""Safety: what verify and the audit found, and who is never recommended, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from whichext.judge.recommendation import Recommendation
from whichext.model.check import Check
from whichext.model.outcome import (
    Crashed,
    Fault,
    NotTried,
    Outcome,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.model.scorecard import Scorecard
from whichext.report.memo.markdown import bullets, code, codes, plain, table
from whichext.report.memo.shown import shown
from whichext.report.notes import hazards
from whichext.report.outcome_words import outcome_reason
from whichext.toolchains.profiles import Profile

_COLUMNS = {
    "right": Right,
    "refused": Unsupported,
    "wrong": Wrong,
    "crashed": Crashed,
    "no answer": TimedOut,
}


def safety_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """Counts by contestant, every fault, who is barred, and what the audit says."""
    faulty = [check.contestant for check in scorecard.checks if _is_fault(check)]
    names = tuple(dict.fromkeys((*(one.name for one in shown(found)), *faulty)))
    counts = {name: _counts(scorecard, name) for name in names}
    if any(counts.values()):
        yield (
            "How often each did what: on the cases, on nasty inputs and in unusual ways of calling "
            f"it, held against {code(found.field.reference)}. Refused: a clean error."
        )
        rows = (
            (code(name), *(f"{count[kind]:,}" for kind in _COLUMNS.values()))
            for name, count in counts.items()
        )
        yield table(("contestant", *_COLUMNS), rows, numbers=len(_COLUMNS))
    hazardous = (plain(hazard) for hazard in hazards(scorecard))
    yield from bullets((*_faults(scorecard, found), *hazardous, *_unsafe(scorecard)))
    yield from _audited(scorecard)


def outcome_text(outcome: Outcome) -> str:
    """What became of a contestant, on one line."""
    reason = outcome_reason(outcome, code, brief=True)
    said = f"{reason.said} {code(reason.output)}" if reason.output else reason.said
    return f"{said}. Next: {plain(reason.next_step)}" if reason.next_step else said


def _is_fault(check: Check) -> bool:
    return isinstance(check.result, Fault)


def _counts(scorecard: Scorecard, name: str) -> Counter[type]:
    counts: Counter[type] = Counter()
    for check in scorecard.checks:
        if check.contestant == name:
            counts[type(check.result)] += check.count
    return counts


def _faults(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """Who was tried and is never recommended, and whose other builds are at fault."""
    alike: dict[tuple[Outcome, tuple[str, ...]], list[str]] = {}
    for one in found.field.barred:
        if not isinstance(one.outcome, NotTried):
            alike.setdefault((one.outcome, one.cases), []).append(one.name)
    for (outcome, cases), names in alike.items():
        everywhere = len(cases) == len(found.field.cases) or not found.field.cases
        place = "" if everywhere else f" in {codes(cases)}"
        yield f"{codes(names)}{place}: {outcome_text(outcome)}"
    told = {name for names in alike.values() for name in names}
    for row in scorecard.rows:  # of the race as well as of what came before it
        if row.contestant not in told and isinstance(row.outcome, Crashed | TimedOut | Wrong):
            told.add(row.contestant)
            yield f"{code(row.contestant)}: {outcome_text(row.outcome)}"


def _unsafe(scorecard: Scorecard) -> Iterator[str]:
    for one in scorecard.evidence:
        if one.unsafe is not None and one.profile == Profile.RELEASE:
            without = len(one.unsafe.unexplained) or "none"
            yield (
                f"{code(one.project)}: {one.unsafe.places} unsafe places in its Rust, {without} of "
                "them without a word on what makes it safe"
            )


def _audited(scorecard: Scorecard) -> Iterator[str]:
    """What the audit found; nothing where builds were not audited."""
    if not scorecard.evidence:
        return
    if not scorecard.findings:
        yield "The audit of the builds found nothing that stands against a comparison."
        return
    yield "The audit of the builds found:"
    yield from bullets(
        f"**{finding.severity}**: {plain(finding.what)}: {plain(finding.why)}. "
        f"Next: {plain(finding.remedy)}."
        for finding in scorecard.findings
    )
