"""The report of a history: the course of one ratio, run by run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from whichext.model.errors import UsageError
from whichext.model.inline import Style, code, foreign, mark, strong
from whichext.model.ratio import DIFFERENCE, speed_up_text
from whichext.model.runs import Change, Course, History, Point, Run, Skipped, Why
from whichext.report.document import (
    Block,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    columns,
    section,
    some,
)
from whichext.report.pictured import Pictured, PrintedWithPicture
from whichext.report.plots.course import plot as course_plot
from whichext.report.race import verdict_text
from whichext.report.runs import altered_blocks, difference_text, machine_text, reason_text

_MOST_NAMED = 4


class HistoryResult(PrintedWithPicture, History, frozen=True, kw_only=True):
    """A `History` that prints its report."""

    def pictured(self) -> Pictured:
        """The report and the picture of the course."""
        return Pictured(history_document(self), course_plot(self), _one_of_each())


def history_document(history: History) -> Document:
    """The report of a history, from the ratio to the files that do not have it."""
    runs = "1 run" if len(history.runs) == 1 else f"{len(history.runs)} runs"
    return Document(
        (
            Heading(
                f"{code(history.kernel)}: {code(history.of)} over {code(history.over)}, {runs}", 1
            ),
            *altered_blocks(history.runs),
            *_courses(history),
            *section("Left out", _skipped(history.skipped)),
            Paragraph(mark(Style.DIM, _legend(history))),
        )
    )


def _one_of_each() -> UsageError:
    return UsageError(
        "a picture of a course",
        "put more results of the kernel into the folder",
        expected="two runs of a case on one machine",
        got="one of each",
    )


def _courses(history: History) -> Iterator[Block]:
    """A heading, a table and the changes for each machine."""
    for machine, courses in groupby(history.courses, key=lambda one: one.machine):
        own = tuple(courses)
        yield Heading(machine_text(machine))
        yield _table(history.runs, own)
        yield Lines(tuple(_texts(history.runs, own)))


def _table(runs: Sequence[Run], courses: Sequence[Course]) -> Table:
    """A row for each run of each case; the case is in the first of its rows."""
    names = Counter(course.case.name for course in courses)
    rows = []
    for course in courses:
        text = f" {foreign(course.case.text)}" if names[course.case.name] > 1 else ""
        case = f"{code(course.case.name)}{text}"
        for point in course.points:
            rows.append((case, *_row(runs, point)))
            case = ""
    titles = ("case", "started", "file", "speed-up", "verdict", "change")
    right = ("speed-up", "change")
    return Table(columns(*titles, right=right, whole=("started", *right)), tuple(rows))


def _texts(runs: Sequence[Run], courses: Sequence[Course]) -> Iterator[str]:
    """Each change that is shown, or that there is none."""
    changed = [
        (course.case, point.run, point.change)
        for course in courses
        for point in course.points
        if point.change is not None and point.change.is_shown
    ]
    for case, run, change in changed:
        yield f"{code(case.name)}, {_changed_text(runs, run, change)}"
    if all(len(course.points) == 1 for course in courses):
        yield "There is one run of each case, and nothing to compare it with."
    elif not changed:
        yield "No change is shown."


def _row(runs: Sequence[Run], point: Point) -> tuple[str, ...]:
    run, change = runs[point.run], point.change
    verdict, moved = verdict_text(point.ratio.verdict), ""
    if change is not None and change.is_shown:
        moved = speed_up_text(change.ratio)
        verdict = strong(f"-> {verdict}") if change.is_of_verdict else verdict
    return (_when(run), code(run.name), speed_up_text(point.ratio), verdict, moved)


def _when(run: Run) -> str:
    """Day and minute, UTC."""
    return foreign(run.started_at[:16].replace("T", " "))


def _changed_text(runs: Sequence[Run], run: int, change: Change) -> str:
    """What changed in a run, and what else is not as it was."""
    now, since = runs[run], runs[change.since]
    verdicts = f"still {verdict_text(change.after)}"
    if change.is_of_verdict:
        verdicts = f"{verdict_text(change.before)} -> {verdict_text(change.after)}"
    others = "; ".join(map(difference_text, change.differences))
    said = f"What differs: {others}" if others else "Nothing else that is recorded differs"
    return (
        f"{_when(now)}: {verdicts}, the speed-up is {speed_up_text(change.ratio)} of that of "
        f"{_when(since)}. {said}."
    )


def _skipped(skipped: Sequence[Skipped]) -> Iterator[Block]:
    texts = [reason_text(one) for one in skipped if one.why is not Why.WITHOUT]
    without = [code(one.name) for one in skipped if one.why is Why.WITHOUT]
    texts += [f"{some(without, _MOST_NAMED)}: without this ratio"] * bool(without)
    if texts:
        yield Lines(tuple(texts), listed=True)


def _legend(history: History) -> str:
    return (
        f"speed-up: time of {code(history.over)} over that of {code(history.of)}, in the same "
        "rounds, with its interval; above 1 is faster. change: that speed-up over the one of the "
        "most certain run since the last change. It is shown where the whole interval of the two "
        f"together is over {DIFFERENCE:.0%} and the noise away from 1. Machines are apart, since "
        "a ratio of one says little of another."
    )
