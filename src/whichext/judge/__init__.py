"""Stage 6, judge: raw samples become ratios with intervals, verdicts and rows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping

import msgspec

from whichext.errors import UsageError
from whichext.judge.ratios import log_ratio, per_epoch
from whichext.judge.verdicts import CONFIDENCE, find_verdict, is_precise
from whichext.scorecard import (
    Build,
    BuildFailed,
    Built,
    Case,
    Check,
    Contestant,
    Estimate,
    Measured,
    Outcome,
    Row,
    Scorecard,
    Skipped,
    Timing,
    Verdict,
)
from whichext.verify import find_fault, find_refusal


def precise_enough(timings: tuple[Timing, ...]) -> bool:
    """Whether every contestant's ratio to the baseline is known well enough; ends a case's race."""
    baseline = find_baseline(timings)
    for timing in timings:
        if timing is baseline or timing.ended is not None or baseline is None:
            continue
        epochs = per_epoch(timing.samples, baseline.samples)
        if not (epochs and is_precise(log_ratio(epochs, CONFIDENCE))):
            return False
    return True


def judge_again(scorecard: Scorecard, baseline: str) -> Scorecard:
    """The same samples with ratios to another contestant.

    Raises:
        UsageError: The scorecard has no contestant of that name.

    """
    names = [contestant.name for contestant in scorecard.contestants]
    if baseline not in names:
        raise UsageError(
            f"--baseline {baseline} is no contestant of this result: "
            f"expected one of {', '.join(names)}",
            f"--baseline '{names[0]}'",
        )
    # Stable: the baseline comes first, the others stay in order.
    contestants = sorted(scorecard.contestants, key=lambda c: c.name != baseline)
    timings = sorted(scorecard.timings, key=lambda t: t.contestant != baseline)
    rows = judge_all(
        tuple(contestants),
        scorecard.cases,
        scorecard.bytes_moved,
        scorecard.builds,
        scorecard.checks,
        tuple(timings),
    )
    return msgspec.structs.replace(
        scorecard,
        baseline=baseline,
        contestants=tuple(contestants),
        timings=tuple(timings),
        rows=rows,
    )


def find_baseline(timings: tuple[Timing, ...]) -> Timing | None:
    """What a case's ratios refer to: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None), None)


def judge_all(
    contestants: tuple[Contestant, ...],
    cases: tuple[Case, ...],
    bytes_moved: Mapping[str, int],
    builds: tuple[Build, ...],
    checks: tuple[Check, ...],
    timings: tuple[Timing, ...],
) -> tuple[Row, ...]:
    """One row per case and contestant, whatever became of it.

    Args:
        contestants: Who was asked for, the baseline first.
        cases: What was asked for.
        bytes_moved: Bytes that a call must at least move, by case.
        builds: What became of the projects.
        checks: What verify found.
        timings: What the race measured.

    """
    results = {(build.project, build.profile): build.result for build in builds}
    rows = []
    for case in cases:
        of_case = tuple(timing for timing in timings if timing.case == case.name)
        raced = {timing.contestant: timing for timing in of_case}
        baseline = find_baseline(of_case)
        for contestant in contestants:
            outcome = _not_raced(
                results.get((contestant.project, contestant.profile)), contestant, case, checks
            )
            if outcome is None:
                timing = raced[contestant.name]
                outcome = timing.ended
                if outcome is None:
                    assert baseline is not None, "this contestant at least stayed in the race"
                    outcome = Measured(estimate(timing, baseline, bytes_moved[case.name]))
            rows.append(Row(case=case.name, contestant=contestant.name, outcome=outcome))
    return tuple(rows)


def estimate(timing: Timing, baseline: Timing, bytes_moved: int) -> Estimate:
    """What a contestant's samples amount to against the baseline's.

    Args:
        timing: The contestant's, with at least one sample.
        baseline: The baseline's in the same case; may be the same timing.
        bytes_moved: Bytes that a call must at least move.

    """
    ratio = log_ratio(per_epoch(timing.samples, baseline.samples), CONFIDENCE)
    is_baseline = timing.contestant == baseline.contestant
    per_call_ns = [sample.wall_ns / sample.calls for sample in timing.samples]
    median_ns = statistics.median(per_call_ns)
    bounded = math.isfinite(ratio.half_width)
    return Estimate(
        ratio=math.exp(ratio.centre),
        low=math.exp(ratio.centre - ratio.half_width) if bounded else None,
        high=math.exp(ratio.centre + ratio.half_width) if bounded else None,
        verdict=Verdict.BASELINE if is_baseline else find_verdict(ratio),
        epochs=ratio.epochs,
        median_ns=median_ns,
        best_ns=min(per_call_ns),
        bytes_per_s=bytes_moved / (median_ns / 1e9),
    )


def _not_raced(
    built: Built | BuildFailed | Skipped | None,
    contestant: Contestant,
    case: Case,
    checks: tuple[Check, ...],
) -> Outcome | None:
    """Why the contestant was not raced in the case; None when it was free to."""
    if isinstance(built, (BuildFailed, Skipped)):
        return built
    return find_fault(contestant.name, checks) or find_refusal(contestant.name, case.name, checks)
