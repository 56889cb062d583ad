"""A case of a race: its table, and what that says in sentences with an interval for each number."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.model.contestant import Case, Contestant, Role
from whichext.model.inline import Style, code, foreign, mark
from whichext.model.insight import Leaders
from whichext.model.outcome import Measured, NotTried
from whichext.model.ratio import Ratio, Verdict
from whichext.model.units import interval_text, rate_text, ratio_text, shape_text, time_text
from whichext.model.view import CaseView, View
from whichext.report.document import Block, Heading, Lines, Table, codes, columns
from whichext.report.outcome_words import outcome_word
from whichext.report.ratios import speed_up_text

_MOST_HEADER = 14  # a longer name would take its width from the contestants' own
_STYLES = {
    Verdict.FASTER: Style.GOOD,
    Verdict.SLOWER: Style.BAD,
    Verdict.UNRESOLVED: Style.DOUBTFUL,
}


def case_blocks(view: View, case: CaseView) -> tuple[Block, ...]:
    """A case with its table and the sentences below it."""
    return (
        Heading(_title(case.case)),
        _table(view, case),
        Lines(tuple(sentences(view, case))),
    )


def first_call_blocks(view: View) -> tuple[Block, ...]:
    """What the first call in a fresh process takes, apart from the calls that were raced."""
    case = next((one for one in view.judged.cases if one.first_calls), None)
    if case is None:
        return ()
    rows = tuple(
        (code(one.contestant), _time(one.import_ns), _time(one.first_call_ns))
        for one in case.first_calls
    )
    titles = ("contestant", "import", "first call")
    return (
        Heading(f"First call in a fresh process, case {code(case.case)}"),
        Table(columns(*titles, right=titles[1:]), rows),
    )


def _title(case: Case) -> str:
    summary = f": {foreign(case.summary)}" if case.summary else ""
    shape = shape_text(case.shape)
    return f"{code(case.name)} {shape} {case.dtype}, {case.layout} order{summary}"


def _table(view: View, case: CaseView) -> Table:
    baseline = case_baseline(view, case)
    against = f"time / {code(baseline) if len(baseline) <= _MOST_HEADER else 'baseline'}"
    titles = ("contestant", "time", against, "verdict", "of limit", "rate")
    right = ("time", against, "of limit", "rate")
    measured = (_row(view.contestants[name], outcome) for name, outcome in case.measured.items())
    absent = ((label, "-", "-", word, "-", "-") for label, word in _absent(view, case))
    return Table(columns(*titles, right=right, whole=titles[1:]), (*measured, *absent))


def _row(contestant: Contestant, outcome: Measured) -> tuple[str, ...]:
    ratio, is_limit = outcome.ratio, contestant.role is Role.LIMIT
    verdict = (
        mark(_STYLES[ratio.verdict], ratio.verdict) if ratio.verdict in _STYLES else ratio.verdict
    )
    interval = f" {interval_text(ratio.low, ratio.high):>14}"
    cells = (
        code(contestant.name),
        time_text(outcome.median_ns),
        f"{ratio_text(ratio.value)}{'' if ratio.verdict is Verdict.BASELINE else interval}",
        "limit" if is_limit else verdict,
        "100%" if is_limit else _share(outcome.of_limit),
        rate_text(outcome.bytes_per_s),
    )
    return cells if contestant.is_compared else tuple(mark(Style.DIM, cell) for cell in cells)


def _share(of_limit: Ratio | None) -> str:
    if of_limit is None or of_limit.low is None or of_limit.high is None:
        return "-"
    spread = (of_limit.high - of_limit.low) / 2
    return f"{of_limit.value:.0%} ±{100 * spread:.{1 if spread < 0.01 else 0}f}"


def _absent(view: View, case: CaseView) -> Iterator[tuple[str, str]]:
    """Those without a time in a case, and a word for why; those skipped, project by project.

    Without a toolchain or any of the libraries, a reader would otherwise see the same dozen names
    in every table. All of them stand below, with what is missing.
    """
    skipped: dict[str | None, list[str]] = {}
    for name, outcome in case.outcomes.items():
        if isinstance(outcome, NotTried):
            skipped.setdefault(view.contestants[name].project, []).append(name)
        elif not isinstance(outcome, Measured):
            yield code(name), outcome_word(outcome)
    for project, names in skipped.items():
        several = f"{len(names)} contestants of {code(project)}"
        yield code(names[0]) if len(names) == 1 else several, "skipped"


def _time(ns: float | None) -> str:
    return "-" if ns is None else time_text(ns)


def case_baseline(view: View, case: CaseView) -> str:
    """Name of the contestant that a case's ratios refer to."""
    return case.judged.baseline or view.raw.baseline


def sentences(view: View, case: CaseView) -> list[str]:
    """What the measured rows of a case allow to say."""
    leaders = case.judged.leaders
    if leaders is None:
        return ["Nothing could be measured in this case."]
    texts = (_leaders(view, case, leaders), _unresolved(view, case), _efficiency(case))
    return [text for text in texts if text]


def _leaders(view: View, case: CaseView, leaders: Leaders) -> str:
    """Which is fastest, as far as a direct comparison with each other contestant can tell."""
    baseline = case_baseline(view, case)
    leader, against = code(leaders.leader), code(baseline)
    if not leaders.compared:
        return f"Only {leader} could be raced, so there is nothing to compare it with."
    group = (
        f"{codes(leaders.names)} lead and cannot be told apart"
        if leaders.rivals
        else f"{leader} is the fastest"
    )
    if leaders.leader == baseline:
        ties = (rival.ratio and rival.ratio.verdict is Verdict.TIE for rival in leaders.rivals)
        if all(ties):
            return f"{group}: nothing beats {against} here."
        return f"{group}; whether anything beats {against} is unresolved."
    ratio = case.measured[leaders.leader].ratio
    if ratio.verdict is Verdict.FASTER:
        return f"{group}; {leader} is {speed_up_text(ratio)} as fast as {against}."
    if ratio.verdict is Verdict.TIE:
        return f"{group}; against {against} there is no difference worth acting on."
    return f"{group}; whether {leader} differs from {against} is unresolved."


def _unresolved(view: View, case: CaseView) -> str:
    """What it would take to tell whether the unresolved differ from the baseline."""
    found = [
        f"{code(name)} ({_remedy(outcome)})"
        for name, outcome in case.measured.items()
        if outcome.ratio.verdict is Verdict.UNRESOLVED and view.contestants[name].is_compared
    ]
    against = code(case_baseline(view, case))
    return f"Unresolved against {against}: {', '.join(found)}." if found else ""


def _remedy(outcome: Measured) -> str:
    if outcome.epochs_needed is None:
        return "closer than this case's noise, so more epochs would not tell"
    return f"about {outcome.epochs_needed} epochs would probably tell"


def _efficiency(case: CaseView) -> str:
    """What threads bring, against the best that one thread can do."""
    found = case.judged.efficiency
    if not found:
        return ""
    serial = code(found[0].serial)
    shares = ", ".join(f"{code(one.contestant)} {one.ratio}" for one in found)
    return f"Parallel efficiency against the best serial contestant, {serial}: {shares}."
