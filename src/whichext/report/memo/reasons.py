"""Reasons of a memo: findings of verify and audit, explanations, and the measurement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whichext.model.contestant import RELEASE
from whichext.model.decision import Decision
from whichext.model.finding import Finding
from whichext.model.inline import code, strong
from whichext.model.insight import Gap, Headline, Ladder
from whichext.model.outcome import NotTried, Outcome
from whichext.model.ratio import speed_up_text
from whichext.model.units import ratio_text, time_text
from whichext.model.view import View
from whichext.report.calls import call_texts, harness_texts
from whichext.report.document import Block, Lines, Paragraph, Table, capital, codes, columns
from whichext.report.explanations import options_for
from whichext.report.findings import SEVERITIES, finding_words
from whichext.report.memo.answer import min_speedup_text
from whichext.report.notes import hazards, limit_kind, machine_text, noise, race_warnings
from whichext.report.outcome_words import outcome_line
from whichext.toolchains import words
from whichext.toolchains.base import Topic

_CHECKED = ("right", "refused", "wrong", "crashed", "no answer")


def safety_blocks(view: View, found: Decision) -> Iterator[Block]:
    """Counts by contestant, every fault, what is excluded, and what the audit says."""
    if found.checked:
        yield Paragraph(
            "How often each did what: on the cases, on nasty inputs and in unusual ways of calling "
            f"it, compared with {code(found.reference)}. Refused: a clean error."
        )
        yield Table(
            columns("contestant", *_CHECKED, right=_CHECKED),
            tuple(
                (
                    code(one.contestant),
                    *(
                        f"{count:,}"
                        for count in (one.right, one.refused, one.wrong, one.crashed, one.timed_out)
                    ),
                )
                for one in found.checked
            ),
        )
    yield from _points((*_faults(found), *hazards(view), *_unsafe(view)))
    yield from _audited(view)


def why_blocks(view: View, found: Decision) -> Iterator[Block]:
    """The large effects, the ladders of the headlines, and the confounded pairs."""
    effects = tuple(_effects(view, found))
    if effects:
        yield Paragraph(
            "Single factors that make a difference of "
            f"{min_speedup_text(found.min_speedup)} times or more, "
            "between two that differ in nothing else:"
        )
        yield Lines(effects, listed=True)
    lines = [(case, line) for case in found.cases for line in view.cases[case].judged.headlines]
    if lines:
        yield Paragraph("From where people begin to the best, one factor at a time:")
        yield Lines(tuple(_headlines(lines)), listed=True)
    for one in view.judged.confounded:
        yield Paragraph(
            f"Confounded: {code(one.leader)} and {code(one.baseline)} ({codes(one.cases)}) differ "
            f"in {', '.join(one.factors)}. Their ratio is the effect of none of these alone."
        )


def measured_blocks(view: View, found: Decision) -> Iterator[Block]:
    """Machine, versions, date, command, noise, and what the intervals are."""
    cases = codes(found.cases) if found.cases else "none that was raced"
    limited = any(case.size.bytes_moved is not None for case in view.cases.values())
    epochs = " to ".join(map(str, dict.fromkeys(found.epochs))) if found.epochs else "0"
    yield from _points(
        (
            *(f"{strong('Warning')}: {warning}" for warning in race_warnings(view)),
            f"Machine: {machine_text(view)}.",
            f"{view.raw.started_at}, {time_text(view.raw.duration_ns)}, with "
            f"{code(view.raw.command)}.",
            f"Cases that decide: {cases}. Worth a toolchain: "
            f"{min_speedup_text(found.min_speedup)} times as fast.",
            f"Intervals: {view.judged.confidence:.0%}, over {epochs} epochs (sets of fresh "
            f"processes), each from turns of the same rounds. Only the profile {code('release')}, "
            "which is what users of a wheel get, can be recommended.",
            *call_texts(view),
            *(
                f"In {code(name)}, {text}"
                for name, case in view.cases.items()
                for text in harness_texts(case, view)
            ),
            noise(view),
            *([f"{capital(limit_kind(view))}."] * limited),
        )
    )


def _points(texts: Iterable[str]) -> Iterator[Block]:
    """A list; nothing without an item."""
    found = tuple(texts)
    if found:
        yield Lines(found, listed=True)


def _faults(found: Decision) -> Iterator[str]:
    """What was tried and is never recommended, and whose other builds are at fault."""
    alike: dict[tuple[Outcome, tuple[str, ...]], list[str]] = {}
    for one in found.barred:
        if not isinstance(one.outcome, NotTried):
            alike.setdefault((one.outcome, one.cases), []).append(one.contestant)
    for (outcome, cases), names in alike.items():
        everywhere = not found.cases or cases == found.cases
        place = "" if everywhere else f" in {codes(cases)}"
        yield f"{codes(names)}{place}: {outcome_line(outcome, brief=True)}"
    for one in found.faults:
        yield f"{code(one.contestant)}: {outcome_line(one.outcome, brief=True)}"


def _unsafe(view: View) -> Iterator[str]:
    for one in view.raw.evidence:
        if one.unsafe is not None and one.profile == RELEASE:
            without = len(one.unsafe.unexplained) or "none"
            yield (
                f"{code(one.project)}: {one.unsafe.places} unsafe places in its "
                f"{words(Topic.UNSAFE)}, {without} of them without a reason why it is safe"
            )


def _audited(view: View) -> Iterator[Block]:
    """What the audit found; nothing where builds were not audited."""
    if not view.raw.evidence:
        return
    if not view.raw.findings:
        yield Paragraph("The audit of the builds found nothing that spoils a comparison.")
        return
    yield Paragraph("The audit of the builds found:")
    yield from _points(map(_finding, view.raw.findings))


def _finding(finding: Finding) -> str:
    severity, said = SEVERITIES[finding.severity], finding_words(finding)
    return f"{strong(severity)}: {said.what}: {said.why}. Next: {said.remedy}."


def _effects(view: View, found: Decision) -> Iterator[str]:
    for before, after in found.telling:
        by_case = view.pairs[before, after]
        effects = [effect for case, effect in by_case.items() if case in found.cases]
        first = effects[0]
        times = ", ".join(f"{speed_up_text(one.ratio)} ({code(one.case)})" for one in effects)
        change = f"{strong(first.factor)} {first.before} → {first.after}"
        yield f"{change}: {times}; {code(before)} → {code(after)}"


def _headlines(found: Sequence[tuple[str, Headline]]) -> Iterator[str]:
    """A line for each ladder, and one for all cases that lack the same."""
    lacking: dict[Headline, list[str]] = {}
    for case, line in found:
        if isinstance(line.why, Gap):
            lacking.setdefault(line, []).append(case)
        else:
            yield _steps(case, line, line.why)
    for line, cases in lacking.items():
        if isinstance(line.why, Gap):
            yield _lack(line, line.why, cases)


def _steps(case: str, line: Headline, ladder: Ladder) -> str:
    whole = speed_up_text(ladder.ratio)
    text = f"{code(line.start)} → {code(line.end)} ({code(case)}): {whole}"
    steps = [f"{step.factor} {step.before} → {step.after}" for step in ladder.rungs]
    if len(steps) == 1:
        return f"{text}, all of it {steps[0]}"
    times = [speed_up_text(step.ratio) for step in ladder.rungs]
    parts = ", ".join(f"{step} {size}" for step, size in zip(steps, times, strict=True))
    return f"{text}, of {parts}; the product of these is {ratio_text(ladder.product)}x"


def _lack(line: Headline, gap: Gap, cases: Sequence[str]) -> str:
    one, other = gap.nearest
    differences = ", ".join(map(str, gap.differences)).replace("->", "→")
    text = (
        f"{code(line.start)} → {code(line.end)} ({codes(cases)}): not attributed, since "
        f"{code(one)} and {code(other)} differ in {differences or 'nothing that is known'}"
    )
    if not gap.missing:
        return text
    missing = codes(gap.missing)
    return f"{text}; {missing} would tell, with {options_for(gap)}"
