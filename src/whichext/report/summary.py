"""A short report: the answer, one table with verdicts and intervals, and what casts doubt on it.

It is for a pull request and for the summary of a job, where a reader does not scroll. Other
reports have the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from whichext.model.inline import code, foreign
from whichext.model.outcome import Measured, NotTried
from whichext.model.ratio import Verdict
from whichext.model.units import ratio_text, time_text
from whichext.model.view import CaseView, View
from whichext.report.claims_tables import claims_summary
from whichext.report.document import (
    Block,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    columns,
    some,
)
from whichext.report.explanations import confounded_texts
from whichext.report.exports.measured import check_raced
from whichext.report.leaders import leaders_text
from whichext.report.notes import machine_text, warning_blocks
from whichext.report.outcome_words import outcome_word
from whichext.report.race import case_baseline

_MOST_ROWS = 12
"""Rows that a reader sees at once; a longer table is folded."""
_MOST_SENTENCES = 6
"""Cases whose answer is a sentence; of more, the table has it."""
_MOST_NAMES = 6

Cells = tuple[str, ...]


def summary_document(view: View) -> Document:
    """The short report of a race, or of the claims that were tested with one.

    Raises:
        UsageError: It is the result of no race.

    """
    check_raced(view)
    if view.judged.claims:
        return claims_summary(view)
    where = f"{machine_text(view)}; {code(view.raw.command)}, {view.raw.started_at}."
    doubts = tuple(confounded_texts(view))
    return Document(
        (
            Heading(f"{code(view.raw.kernel)}: {foreign(view.raw.question)}", level=3),
            *warning_blocks(view),
            *_answers(view),
            *_tables(view),
            *([Lines(doubts)] if doubts else []),
            *_not_raced(view),
            Paragraph(f"{_legend(view)}\n{where}"),
        )
    )


def _answers(view: View) -> Iterator[Block]:
    told = [
        f"{code(case.case.name)}: {leaders_text(case, leaders, case_baseline(view, case))}"
        for case in view.cases.values()
        if (leaders := case.judged.leaders) is not None
    ]
    if told and len(told) <= _MOST_SENTENCES:
        yield Lines(tuple(told), listed=True)


def _tables(view: View) -> Iterator[Block]:
    """All rows; where these are many, the best of each case, and all rows folded."""
    titles = ("case", "contestant", "time", "time / baseline", "verdict")
    shape = columns(*titles, right=titles[2:4])
    by_case = {name: tuple(_rows(view, case)) for name, case in view.cases.items()}
    rows = tuple(row for its in by_case.values() for row in its)
    if len(rows) <= _MOST_ROWS:
        yield Table(shape, rows)
        return
    yield Table(shape, tuple(row for its in by_case.values() for row in its[:1]))
    yield Details(f"All {len(rows)} rows", (Table(shape, rows),))


def _rows(view: View, case: CaseView) -> Iterator[Cells]:
    """Those that were measured, the fastest first, then those that failed; not what is absent."""
    name = code(case.case.name)
    for one, outcome in case.measured.items():
        if view.contestants[one].is_compared:
            ratio, time = outcome.ratio, time_text(outcome.median_ns)
            is_baseline = ratio.verdict is Verdict.BASELINE
            against = ratio_text(ratio.value) if is_baseline else str(ratio)
            yield name, code(one), time, against, ratio.verdict
    for one, other in case.outcomes.items():
        if not isinstance(other, Measured | NotTried):
            yield name, code(one), "-", "-", outcome_word(other)


def _not_raced(view: View) -> Iterator[Block]:
    absent = {row.contestant for row in view.judged.rows if isinstance(row.outcome, NotTried)}
    raced = {name for case in view.cases.values() for name in case.measured}
    names = [code(one.name) for one in view.competing if one.name in absent - raced]
    if names:
        yield Paragraph(f"Not raced: {some(names, _MOST_NAMES)}.")


def _legend(view: View) -> str:
    if view.raw.measured_by is not None:
        return "time: median of one call."
    return (
        "time: median of one call. time / baseline: ratio of times in the same rounds, with its "
        f"{view.judged.confidence:.0%} interval over fresh processes; below 1 is faster."
    )
