"""The report of several results side by side: ratios, and which verdicts changed."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.model.inline import Style, code, foreign, mark, strong
from whichext.model.outcome import Outcome
from whichext.model.ratio import DIFFERENCE, TIE, Ratio, speed_up_text
from whichext.model.runs import CaseDiff, Cell, Change, Diff, Partial
from whichext.model.units import time_text
from whichext.report.document import (
    Block,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    columns,
    section,
    some,
)
from whichext.report.outcome_words import outcome_word
from whichext.report.race import case_title, verdict_text
from whichext.report.runs import (
    Printed,
    altered_blocks,
    difference_blocks,
    label_of,
    labels_of,
    machine_text,
)

_MOST_LEADERS = 3
_MOST_ALIKE = 4


class DiffResult(Printed, Diff, frozen=True, kw_only=True):
    """A `Diff` that prints its report."""

    def document(self) -> Document:
        """The report."""
        return diff_document(self)


def diff_document(diff: Diff) -> Document:
    """The report of several results, from what they are to the legend."""
    return Document(
        (
            Heading(f"{code(diff.kernel)}: {foreign(diff.question)}", level=1),
            *altered_blocks(diff.runs),
            Paragraph("\n".join(_runs(diff))),
            *section("What differs", _differences(diff)),
            *section("Verdicts", _verdicts(diff)),
            *(block for case in diff.cases if case.cells for block in _case_blocks(diff, case)),
            *section("Only in some", _partial(diff)),
            Paragraph(mark(Style.DIM, _legend(diff))),
        )
    )


def _runs(diff: Diff) -> Iterator[str]:
    for number, run in enumerate(diff.runs):
        machine = "" if diff.one_machine else f", {machine_text(run.machine)}"
        copy = "" if run.copy_of is None else f", the same race as {label_of(run.copy_of)}"
        yield f"{label_of(number)}: {code(run.name)}, {foreign(run.started_at)}{machine}{copy}"
    if diff.one_machine:
        machine = machine_text(diff.runs[0].machine)
        yield f"All on one machine, as far as it describes itself: {machine}."
    else:
        yield (
            "The machines are different, so no times are compared: only ratios, which each were "
            "measured on one machine."
        )


def _differences(diff: Diff) -> Iterator[Block]:
    yield from difference_blocks(diff.differences, diff.same_code, len(diff.runs))


def _verdicts(diff: Diff) -> Iterator[Block]:
    texts = [
        f"Verdicts against {code(diff.baseline)}: {len(diff.cells)}.",
        f"The same in all runs that have them: {diff.holding}.",
        strong(f"Changed: {len(diff.changed)}.") if diff.changed else "Changed: 0.",
        f"With another name in some run, but no change shown: {diff.unshown}.",
    ]
    yield Paragraph(" ".join(texts))
    changed = [
        _changed_text(case, cell, run, change)
        for case, cell in diff.changed
        for run, change in cell.shown
        if change.is_of_verdict
    ]
    if changed:
        yield Lines(tuple(changed), listed=True)


def _changed_text(case: str, cell: Cell, run: int, change: Change) -> str:
    since, now = label_of(change.since), label_of(run)
    return (
        f"{code(case)}, {code(cell.contestant)}: {verdict_text(change.before)} in {since}, "
        f"{verdict_text(change.after)} in {now}; its speed-up is {speed_up_text(change.ratio)} of "
        f"that in {since}"
    )


def _case_blocks(diff: Diff, case: CaseDiff) -> Iterator[Block]:
    yield Heading(case_title(case.case))
    yield _ratio_table(diff, case)
    yield Lines((_leaders(diff, case),))
    if diff.one_machine:
        yield Details("median time of a call", (_time_table(diff, case),))


def _ratio_table(diff: Diff, case: CaseDiff) -> Table:
    labels = [label_of(number) for number in range(len(diff.runs))]
    rows = []
    for cell in case.cells:
        ratios = (_ratio(diff, one) for one in cell.ratios)
        rows.append((code(cell.contestant), *ratios, _change(diff, cell), _held(diff, cell)))
    title = f"speed-up over {code(diff.baseline)}"
    titles = ("contestant", *labels, "change", "verdict")
    numbers = (*labels, "change")
    return Table(columns(*titles, right=numbers, whole=numbers), tuple(rows), title)


def _ratio(diff: Diff, ratio: Ratio | None) -> str:
    """A speed-up with its interval, below each other where there are many columns."""
    text = "-" if ratio is None else speed_up_text(ratio)
    return text if len(diff.runs) == 2 else text.replace(" [", "\n[", 1)


def _change(diff: Diff, cell: Cell) -> str:
    """The changes that are shown; else whether it is known that there is none."""
    several = len(diff.runs) > 2
    shown = [
        f"{label_of(run)}: " * several + speed_up_text(change.ratio) for run, change in cell.shown
    ]
    if shown:
        return "\n".join(shown)
    return "none shown" if cell.is_open else "none"


def _held(diff: Diff, cell: Cell) -> str:
    """The verdict, with the number of runs that came to it, or how it changed."""
    (verdict, count), *others = cell.held
    runs, several = sum(ratio is not None for ratio in cell.ratios), len(diff.runs) > 2
    if not others:
        return verdict_text(verdict) + (f" {count} of {runs}" if several or count < runs else "")
    if several:
        return ", ".join(f"{verdict_text(one)} {number}" for one, number in cell.held)
    verdicts = [verdict_text(one.verdict) for one in cell.ratios if one is not None]
    return (" -> " if cell.shown else ", ").join(verdicts)


def _leaders(diff: Diff, case: CaseDiff) -> str:
    """Which lead in which run; said once where they are the same."""
    alike: dict[frozenset[str], list[int]] = {}
    for number, names in enumerate(case.leaders):
        if names:
            alike.setdefault(frozenset(names), []).append(number)
    texts = [
        f"{some(list(map(code, case.leaders[runs[0]])), _MOST_LEADERS)} in "
        + ("all" if len(runs) == len(diff.runs) else labels_of(runs))
        for runs in alike.values()
    ]
    return f"Leading, of all that raced: {'; '.join(texts)}." if texts else "Nothing leads."


def _time_table(diff: Diff, case: CaseDiff) -> Table:
    labels = [label_of(number) for number in range(len(diff.runs))]
    times = {diff.baseline: case.baseline_ns}
    times |= {cell.contestant: cell.medians_ns for cell in case.cells}
    rows = tuple((code(name), *map(time_text, medians)) for name, medians in times.items())
    return Table(columns("contestant", *labels, right=labels), rows)


def _partial(diff: Diff) -> Iterator[Block]:
    """Cases that only some have, and contestants by what became of them elsewhere."""
    texts = [
        f"{case_title(one.case)}: only in {labels_of(one.runs)}"
        for one in diff.partial
        if one.case is not None
    ]
    alike: dict[str, list[str]] = {}
    for one in diff.partial:
        if one.contestant is not None:
            alike.setdefault(_became(one), []).append(code(one.contestant))
    texts += [f"{some(names, _MOST_ALIKE)}: {became}" for became, names in alike.items()]
    if texts:
        yield Lines(tuple(texts), listed=True)


def _became(partial: Partial) -> str:
    measured = [f"measured in {labels_of(partial.runs)}"] * bool(partial.runs)
    others: dict[str, list[int]] = {}
    for number, outcome in enumerate(partial.outcomes):
        if number not in partial.runs:
            others.setdefault(_word(outcome), []).append(number)
    return "; ".join((*measured, *(f"{word} in {labels_of(its)}" for word, its in others.items())))


def _word(outcome: Outcome | None) -> str:
    return "not asked for" if outcome is None else outcome_word(outcome)


def _legend(diff: Diff) -> str:
    times = " Times change from hour to hour: no verdict comes from them." * diff.one_machine
    return (
        f"speed-up: time of {code(diff.baseline)} over the contestant's, in the same rounds, with "
        "its interval; above 1 is faster. change: the speed-up of a run over that of the first run "
        f"that has it, shown where the whole interval of the two is over {DIFFERENCE:.0%} and the "
        f"noise away from 1. none: the interval is within {TIE:.0%} of 1. none shown: the runs "
        f"cannot tell.{times}"
    )
