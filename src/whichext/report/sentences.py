"""What a case's table shows, in sentences; every number in them has its interval."""

from __future__ import annotations

from whichext.judge.ratios import direct_ratio
from whichext.model.contestant import Role
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.model.raw import Timing
from whichext.model.view import View
from whichext.report.parallel import efficiency
from whichext.report.ratios import speed_up_text


def sentences(view: View, case: str) -> list[str]:
    """What the measured rows of a case allow to say."""
    roles = {contestant.name: contestant.role for contestant in view.raw.contestants}
    measured = [
        (name, outcome)
        for name, outcome in measured_rows(view, case)
        if roles[name] not in (Role.TWIN, Role.LIMIT)
    ]
    if not measured:
        return ["Nothing could be measured in this case."]
    names = {name for name, _ in measured}
    counting = view.cases[case].timings
    timings = {name: timing for name, timing in counting.items() if name in names}
    found = (
        _leader(view, case, measured, timings),
        _unresolved(view, measured),
        efficiency(view, case, measured, timings),
    )
    return [sentence for sentence in found if sentence]


def measured_rows(view: View, case: str) -> list[tuple[str, Measured]]:
    """Contestants that were measured in a case and what was measured, fastest first."""
    rows = [
        (row.contestant, row.outcome)
        for row in view.judged.rows
        if row.case == case and isinstance(row.outcome, Measured)
    ]
    return sorted(rows, key=lambda row: row[1].ratio.value)


def case_baseline(measured: list[tuple[str, Measured]], view: View) -> str:
    """Name of the contestant that a case's ratios refer to."""
    named = (name for name, outcome in measured if outcome.ratio.verdict is Verdict.BASELINE)
    return next(named, view.raw.baseline)


def _leader(
    view: View,
    case: str,
    measured: list[tuple[str, Measured]],
    timings: dict[str, Timing],
) -> str:
    """Who is fastest, as far as a direct comparison with each other contestant can tell."""
    baseline = case_baseline(measured, view)
    (leader, outcome), *others = measured
    if not others:
        return f"Only {leader} could be raced, so there is nothing to compare it with."
    # Bonferroni: "fastest" is one claim about every rival, so each comparison gets its share of
    # the error that the whole claim may have.
    confidence = 1 - (1 - view.judged.confidence) / len(others)
    noise = view.cases[case].noise
    # Directly, from the rounds that the two share, and not through the baseline.
    ratios = {
        name: direct_ratio(timings[name], timings[leader], confidence, noise) for name, _ in others
    }
    verdicts = {
        name: Verdict.UNRESOLVED if ratio is None else ratio.verdict
        for name, ratio in ratios.items()
    }
    rivals = [name for name, verdict in verdicts.items() if verdict is not Verdict.SLOWER]
    if rivals:
        group = f"{_list([leader, *rivals])} lead and cannot be told apart"
    else:
        group = f"{leader} is the fastest"
    if leader == baseline and all(verdicts[name] is Verdict.TIE for name in rivals):
        return f"{group}: nothing beats {baseline} here."
    if leader == baseline:
        return f"{group}; whether anything beats {baseline} is unresolved."
    if outcome.ratio.verdict is Verdict.FASTER:
        return f"{group}; {leader} is {speed_up_text(outcome.ratio)} as fast as {baseline}."
    if outcome.ratio.verdict is Verdict.TIE:
        return f"{group}; against {baseline} there is no difference worth acting on."
    return f"{group}; whether {leader} differs from {baseline} is unresolved."


def _unresolved(view: View, measured: list[tuple[str, Measured]]) -> str:
    """What it would take to tell whether the unresolved differ from the baseline."""
    found = [
        f"{name} ({_remedy(outcome)})"
        for name, outcome in measured
        if outcome.ratio.verdict is Verdict.UNRESOLVED
    ]
    against = case_baseline(measured, view)
    return f"Unresolved against {against}: {', '.join(found)}." if found else ""


def _remedy(outcome: Measured) -> str:
    if outcome.epochs_needed is None:
        return "closer than this case's noise, so more epochs would not tell"
    return f"about {outcome.epochs_needed} epochs would probably tell"


def _list(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]
