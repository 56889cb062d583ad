"""How fast: in each case, at which sizes one overtakes the other, and what a call itself costs."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from whichext.judge.candidates import Field
from whichext.judge.recommendation import Recommendation
from whichext.model.contestant import Case
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio, Verdict
from whichext.model.scorecard import Scorecard
from whichext.model.units import shape_text, size_text, time_text
from whichext.report.crossovers import points_of, turns
from whichext.report.memo.markdown import bullets, code, table
from whichext.report.memo.shown import shown
from whichext.report.ratios import speed_up_text

_TELLING_NS = 100_000
"""A call that takes longer than this says nothing about what a call costs by itself, which is
rarely more than a few microseconds."""


def speed_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """The best of each toolchain in the cases that decide; the others folded away."""
    if not found.field.cases:
        return
    names = [found.field.reference, *(one.name for one in shown(found))]
    yield (
        "The best of each toolchain, with one thread and with several. Share of the limit: 100% "
        "moves its bytes as fast as this machine can with as many threads."
    )
    yield _table(scorecard, found.field, names, found.field.cases)
    more = [case for case in found.field.timings if case not in found.field.cases]
    if more:
        yield "<details><summary>The other cases, which do not decide</summary>"
        yield _table(scorecard, found.field, names, more)
        yield "</details>"
    yield from bullets(_crossing(scorecard, found.field, names))


def call_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """What the smallest case takes, and the first call in a fresh process."""
    field = found.field
    raced = [course for course in scorecard.courses if course.case in field.timings]
    if not raced:
        return
    smallest = min(raced, key=lambda course: course.bytes_moved)
    names = [field.reference, *(one.name for one in shown(found))]
    measured = _measured(scorecard, smallest.case)
    size = size_text(smallest.bytes_moved)
    if min(one.median_ns for one in measured.values()) > _TELLING_NS:
        yield (
            f"The smallest case raced, {code(smallest.case)}, moves {size}: too much to show what "
            "a call itself costs. Next: race a small one as well, with `--case`."
        )
    else:
        yield f"In {code(smallest.case)}, the smallest case raced, a call moves {size}."
    timings = field.timings[smallest.case]
    rows = [
        (
            code(name),
            time_text(measured[name].median_ns),
            _times(field, name, smallest.case),
            _median_text(timings[name].first_call_ns),
            _median_text(timings[name].import_ns),
        )
        for name in names
        if name in timings
    ]
    against = f"times as fast as {code(field.reference)}"
    yield table(("contestant", "a call", against, "first call", "import"), rows, numbers=4)
    yield "First call and import: in a fresh process, with what starts threads or compiles then."


def _table(scorecard: Scorecard, field: Field, names: Sequence[str], cases: Sequence[str]) -> str:
    described = {case.name: case for case in scorecard.cases}
    rows = [row for case in cases for row in _rows(scorecard, field, names, described[case])]
    against = f"times as fast as {code(field.reference)}"
    return table(("case", "contestant", "a call", against, "share of the limit"), rows, numbers=3)


def _rows(
    scorecard: Scorecard, field: Field, names: Sequence[str], case: Case
) -> Iterator[tuple[str, ...]]:
    measured = _measured(scorecard, case.name)
    raced = sorted(
        (name for name in names if name in measured), key=lambda name: measured[name].ratio.value
    )
    title = f"{code(case.name)} {shape_text(case.shape)} {case.dtype}, {case.layout} order"
    for number, name in enumerate(raced):
        yield (
            "" if number else title,
            code(name),
            time_text(measured[name].median_ns),
            _times(field, name, case.name),
            share_text(measured[name].of_limit),
        )


def _times(field: Field, name: str, case: str) -> str:
    if name == field.reference:
        return "1"
    ratio = field.between(name, field.reference, case)
    return "-" if ratio is None else speed_up_text(ratio)


def share_text(of_limit: Ratio | None) -> str:
    """A share of the limit with its interval."""
    if of_limit is None or of_limit.low is None or of_limit.high is None:
        return "-"
    return f"{of_limit.value:.0%} [{of_limit.low:.0%}, {of_limit.high:.0%}]"


def _measured(scorecard: Scorecard, case: str) -> dict[str, Measured]:
    return {
        row.contestant: row.outcome
        for row in scorecard.rows
        if row.case == case and isinstance(row.outcome, Measured)
    }


def _crossing(scorecard: Scorecard, field: Field, names: Sequence[str]) -> Iterator[str]:
    """Where those in the table overtake the reference or fall behind it, family by family."""
    for family in dict.fromkeys(case.family for case in scorecard.cases if case.family):
        for name in names:
            for (before, _), (after, ratio) in turns(points_of(scorecard, name, family)):
                verb = "overtakes" if ratio.verdict is Verdict.FASTER else "falls behind"
                places = (f"{code(case)} ({_times(field, name, case)})" for case in (before, after))
                yield f"{code(name)} {verb} {code(field.reference)} between {' and '.join(places)}."


def _median_text(times_ns: tuple[int, ...]) -> str:
    return time_text(statistics.median(times_ns)) if times_ns else "-"
