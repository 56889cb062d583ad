"""Cases that are called as in the field: from several threads at once, or in a forked child."""

from __future__ import annotations

from whichext.model.contestant import Case, Role
from whichext.model.inline import code
from whichext.model.outcome import Measured, Tail
from whichext.model.ratio import Verdict
from whichext.model.units import interval_text, ratio_text, time_text
from whichext.model.view import CaseView, View
from whichext.report.document import Block, Paragraph, Table, columns


def called_how(case: Case) -> str:
    """How the calls of a case are made, as the end of its title; empty where one thread calls."""
    if case.callers > 1:
        return f", called from {case.callers} Python threads at once"
    return ", called in a forked child" if case.forked else ""


def tail_blocks(view: View, case: CaseView) -> tuple[Block, ...]:
    """The tail latencies of a case; nothing where one thread calls."""
    names = [name for name in case.measured if view.contestants[name].role is not Role.LIMIT]
    rows = tuple(row for name in names for row in _rows(name, case.measured[name]))
    if not rows:
        return ()
    titles = ("contestant", "tail latency", "tail / baseline", "verdict")
    right = titles[1:3]
    about = (
        f"Above, the time is that of all {case.case.callers} callers over the number of their "
        "calls: the inverse of the throughput. Below, the 99th percentile of the latencies of "
        "single calls, or the slowest of fewer than a hundred:"
    )
    return Paragraph(about), Table(columns(*titles, right=right, whole=titles[1:]), rows)


def _rows(name: str, outcome: Measured) -> tuple[tuple[str, ...], ...]:
    return () if outcome.tail is None else (_row(name, outcome.tail),)


def _row(name: str, tail: Tail) -> tuple[str, ...]:
    ratio = tail.ratio
    is_baseline = ratio.verdict is Verdict.BASELINE
    interval = "" if is_baseline else f" {interval_text(ratio.low, ratio.high):>14}"
    value = f"{ratio_text(ratio.value)}{interval}"
    return code(name), time_text(tail.median_ns), value, ratio.verdict
