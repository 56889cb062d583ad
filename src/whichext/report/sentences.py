"""What a case's table shows, in sentences; every number in them has its interval."""

from __future__ import annotations

import math
from collections.abc import Iterator

from whichext.judge.ratios import LogRatio, log_ratio, per_epoch
from whichext.judge.verdicts import find_verdict
from whichext.report.units import interval_text, ratio_text
from whichext.scorecard import Contestant, Estimate, Measured, Scorecard, Timing, Verdict


def sentences(scorecard: Scorecard, case: str) -> list[str]:
    """What the measured rows of a case allow to say."""
    measured = measured_rows(scorecard, case)
    if not measured:
        return ["Nothing could be measured in this case."]
    timings = {t.contestant: t for t in scorecard.timings if t.case == case}
    found = [_leader(scorecard, measured, timings)]
    found += _same_source(scorecard, timings)
    return found


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
    scorecard: Scorecard, measured: list[tuple[str, Estimate]], timings: dict[str, Timing]
) -> str:
    """Who is fastest, as far as a direct comparison with each other contestant can tell."""
    baseline = case_baseline(measured, scorecard)
    leader, estimate = measured[0]
    if len(measured) == 1:
        return f"Only {leader} could be raced, so there is nothing to compare it with."
    rivals = [
        name
        for name, _ in measured[1:]
        if _verdict(timings[name], timings[leader], scorecard) is not Verdict.SLOWER
    ]
    if rivals:
        group = f"{_list([leader, *rivals])} lead and cannot be told apart"
    else:
        group = f"{leader} is the fastest"
    if leader == baseline:
        return f"{group}: nothing beats {baseline} here."
    if estimate.verdict is Verdict.FASTER and estimate.low and estimate.high:
        times = interval_text(1 / estimate.high, 1 / estimate.low)
        return (
            f"{group}; {leader} is {ratio_text(1 / estimate.ratio)}x {times} as fast as {baseline}."
        )
    if estimate.verdict is Verdict.TIE:
        return f"{group}; against {baseline} there is no difference worth acting on."
    return f"{group}; whether {leader} differs from {baseline} is unresolved."


def _same_source(scorecard: Scorecard, timings: dict[str, Timing]) -> Iterator[str]:
    """Entries that raced under several profiles: what the compiler's settings alone did."""
    by_name = {c.name: c for c in scorecard.contestants}
    for name, contestant in by_name.items():
        plain = _under_release(contestant, by_name)
        if plain is None or name not in timings or plain.name not in timings:
            continue
        ratio = _direct(timings[name], timings[plain.name], scorecard)
        verdict = find_verdict(ratio, scorecard.tie_zone)
        low, high = (math.exp(ratio.centre + s * ratio.half_width) for s in (-1, 1))
        times = f"{ratio_text(math.exp(ratio.centre))}x {interval_text(low, high)}"
        yield (
            f"Same source, other compiler settings: {name} takes {times} "
            f"the time of {plain.name} ({verdict})."
        )


def _under_release(contestant: Contestant, by_name: dict[str, Contestant]) -> Contestant | None:
    """The contestant that differs from this one in its profile alone."""
    if contestant.profile == "release":
        return None
    return next(
        (
            other
            for other in by_name.values()
            if (other.entry, other.threads, other.profile)
            == (contestant.entry, contestant.threads, "release")
        ),
        None,
    )


def _direct(one: Timing, other: Timing, scorecard: Scorecard) -> LogRatio:
    """The ratio of two contestants from the rounds that they share, not through the baseline."""
    return log_ratio(per_epoch(one.samples, other.samples), scorecard.confidence)


def _verdict(one: Timing, other: Timing, scorecard: Scorecard) -> Verdict:
    return find_verdict(_direct(one, other, scorecard), scorecard.tie_zone)


def _list(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]
