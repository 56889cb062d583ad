"""Cases that are called as in the field: from several threads at once, or in a forked child."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from whichext.model.case import Case
from whichext.model.contestant import Role
from whichext.model.inline import argument, code
from whichext.model.outcome import FEWEST_TAIL_CALLS, TAIL_PERCENTILE, Tail
from whichext.model.ratio import Ratio, Verdict
from whichext.model.units import interval_text, ratio_text, time_text
from whichext.model.view import CaseView, View
from whichext.report.document import Block, Paragraph, Table, columns, listed

TAIL = (
    f"the {TAIL_PERCENTILE}th percentile of the latencies of single calls, over all calls of the "
    "case"
)
"""What the tail latencies of a case are."""
_FEW = "too few calls"
_FEW_EPOCHS = "too few epochs"


def called_by(case: Case) -> str:
    """Which threads of which process call in a case, in a few words for a table."""
    threads = f"{case.callers} threads" if case.callers > 1 else "1 thread"
    return f"{threads}, forked child" if case.forked else threads


def called_how(case: Case) -> str:
    """How the calls of a case are made, as the end of its title; empty where one thread calls."""
    where = " in a forked child" if case.forked else ""
    if case.callers > 1:
        return f", called from {case.callers} Python threads at once{where}"
    return f", called{where}" if where else ""


def tail_blocks(view: View, case: CaseView) -> tuple[Block, ...]:
    """The tail latencies of a case; nothing where one thread calls."""
    about = (
        f"Above, the time is that of all {case.case.callers} callers over the number of their "
        f"calls: the inverse of the throughput. Below, {TAIL}:"
    )
    is_limit = {name for name, one in view.contestants.items() if one.role is Role.LIMIT}
    names = [name for name in case.measured if name not in is_limit]
    table = tail_table(case, names)
    return () if table is None else (Paragraph(about), table, *_few_blocks(case, names))


def tail_table(case: CaseView, names: Collection[str]) -> Table | None:
    """The tail latencies of these; None where one thread calls."""
    rows = tuple(_row(name, tail) for name, tail in _tails(case, names))
    titles = ("contestant", "calls", "tail latency", "tail / baseline", "verdict")
    table = Table(columns(*titles, right=titles[1:4], whole=titles[1:]), rows)
    return table if rows else None


def _tails(case: CaseView, names: Collection[str]) -> Iterator[tuple[str, Tail]]:
    for name in names:
        tail = case.measured[name].tail
        if tail is not None:
            yield name, tail


def _row(name: str, tail: Tail) -> tuple[str, ...]:
    ratio, calls = tail.ratio, f"{tail.calls:,}" if tail.calls else "-"
    if ratio is None:
        return code(name), calls, time_text(tail.latency_ns), "-", _FEW
    if ratio.is_vague:
        return code(name), calls, time_text(tail.latency_ns), "-", _FEW_EPOCHS
    is_baseline = ratio.verdict is Verdict.BASELINE
    interval = "" if is_baseline else f" {interval_text(ratio.low, ratio.high):>14}"
    value = f"{ratio_text(ratio.value)}{interval}"
    return code(name), calls, time_text(tail.latency_ns), value, ratio.verdict


def _few_blocks(case: CaseView, names: Collection[str]) -> tuple[Block, ...]:
    """What those need that made too few calls, or raced in too few epochs."""
    ratios = [(name, tail.ratio) for name, tail in _tails(case, names)]
    lacking = [name for name, ratio in ratios if ratio is None]
    vague = [(name, ratio) for name, ratio in ratios if ratio is not None and ratio.is_vague]
    texts = []
    if lacking:
        texts.append(
            f"Too few calls for a tail: it needs at least {FEWEST_TAIL_CALLS} of the contestant "
            "and of the baseline, in rounds that both took part in."
        )
    if vague:
        told = [f"{code(name)} ({_enough_text(ratio)})" for name, ratio in vague]
        texts.append(
            "Too few epochs for a tail: the ends of its interval are more than a factor of 100 "
            f"apart for {listed(told)}."
        )
    if not texts:
        return ()
    more = f"{argument('precision')} and a longer {argument('max_time_s')}"
    return (Paragraph(" ".join((*texts, f"Next: more epochs, with a smaller {more}."))),)


def _enough_text(ratio: Ratio) -> str:
    """How many epochs would probably do, as far as it is known."""
    enough = ratio.epochs_to_show
    return f"{ratio.epochs} raced" if enough is None else f"about {enough} would probably do"
