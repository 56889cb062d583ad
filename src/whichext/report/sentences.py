"""What a case's table shows, in sentences; every number in them has its interval."""

from __future__ import annotations

from whichext.judge.estimates import direct_ratio
from whichext.judge.steal import counted
from whichext.judge.verdicts import case_zones, find_verdict
from whichext.model.contestant import Role
from whichext.model.estimate import Estimate, Verdict
from whichext.model.outcome import Measured
from whichext.model.scorecard import Scorecard, Timing
from whichext.model.units import interval_text, ratio_text
from whichext.report.parallel import efficiency


def sentences(scorecard: Scorecard, case: str) -> list[str]:
    """What the measured rows of a case allow to say."""
    roles = {contestant.name: contestant.role for contestant in scorecard.contestants}
    measured = [
        (name, estimate)
        for name, estimate in measured_rows(scorecard, case)
        if roles[name] not in (Role.TWIN, Role.LIMIT)
    ]
    if not measured:
        return ["Nothing could be measured in this case."]
    names = {name for name, _ in measured}
    counting = counted(scorecard.timings, case)
    timings = {name: timing for name, timing in counting.items() if name in names}
    found = (
        _leader(scorecard, case, measured, timings),
        _unresolved(scorecard, measured),
        efficiency(scorecard, measured, timings),
    )
    return [sentence for sentence in found if sentence]


def measured_rows(scorecard: Scorecard, case: str) -> list[tuple[str, Estimate]]:
    """Contestants that were measured in a case with their estimates, fastest first."""
    rows = [
        (row.contestant, row.outcome.estimate)
        for row in scorecard.rows
        if row.case == case and isinstance(row.outcome, Measured)
    ]
    return sorted(rows, key=lambda row: row[1].ratio)


def case_baseline(measured: list[tuple[str, Estimate]], scorecard: Scorecard) -> str:
    """Name of the contestant that a case's ratios refer to."""
    named = (name for name, estimate in measured if estimate.verdict is Verdict.BASELINE)
    return next(named, scorecard.baseline)


def _leader(
    scorecard: Scorecard,
    case: str,
    measured: list[tuple[str, Estimate]],
    timings: dict[str, Timing],
) -> str:
    """Who is fastest, as far as a direct comparison with each other contestant can tell."""
    baseline = case_baseline(measured, scorecard)
    leader, estimate = measured[0]
    if len(measured) == 1:
        return f"Only {leader} could be raced, so there is nothing to compare it with."
    # Bonferroni: "fastest" is one claim about every rival, so each comparison gets its share of
    # the error that the whole claim may have.
    confidence = 1 - (1 - scorecard.confidence) / (len(measured) - 1)
    zones = case_zones(scorecard, case)
    # Directly, from the rounds that the two share, and not through the baseline.
    verdicts = {
        name: find_verdict(direct_ratio(timings[name], timings[leader], confidence), zones)
        for name, _ in measured[1:]
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
    if estimate.verdict is Verdict.FASTER and estimate.low and estimate.high:
        times = interval_text(1 / estimate.high, 1 / estimate.low)
        fast = ratio_text(1 / estimate.ratio)
        return f"{group}; {leader} is {fast}x {times} as fast as {baseline}."
    if estimate.verdict is Verdict.TIE:
        return f"{group}; against {baseline} there is no difference worth acting on."
    return f"{group}; whether {leader} differs from {baseline} is unresolved."


def _unresolved(scorecard: Scorecard, measured: list[tuple[str, Estimate]]) -> str:
    """What it would take to tell whether the unresolved differ from the baseline."""
    found = [
        f"{name} ({_remedy(estimate)})"
        for name, estimate in measured
        if estimate.verdict is Verdict.UNRESOLVED
    ]
    against = case_baseline(measured, scorecard)
    return f"Unresolved against {against}: {', '.join(found)}." if found else ""


def _remedy(estimate: Estimate) -> str:
    if not estimate.epochs_needed:
        return "closer than this case's noise, so more epochs would not tell"
    return f"about {estimate.epochs_needed} epochs would probably tell"


def _list(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]
