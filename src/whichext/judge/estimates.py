"""A contestant's samples in a case, held against the baseline's and the limit's."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from whichext.judge.ratios import LogRatio, log_ratio, per_epoch
from whichext.judge.verdicts import CONFIDENCE, Zones, epochs_needed, find_verdict
from whichext.model.estimate import Estimate, Verdict
from whichext.model.scorecard import Course, Timing


@dataclass(frozen=True)
class Scale:
    """What a case's estimates are held against."""

    baseline: Timing
    """What ratios refer to."""
    course: Course
    """Bytes of a call."""
    zones: Zones
    """Borders of the verdicts."""
    precision: float
    """Half-width near a tie that was asked for."""


def estimate(timing: Timing, limit: Timing | None, scale: Scale) -> Estimate:
    """What the samples amount to.

    Args:
        timing: The contestant's, with at least one sample in a round of the baseline.
        limit: That of the limit with as many threads; None where there is none.
        scale: Baseline, bytes and zones.

    """
    ratio = direct_ratio(timing, scale.baseline, CONFIDENCE)
    verdict = find_verdict(ratio, scale.zones)
    unresolved = verdict is Verdict.UNRESOLVED
    per_call_ns = [sample.wall_ns / sample.calls for sample in timing.samples]
    median_ns = statistics.median(per_call_ns)
    low, high = bounds(ratio)
    share, share_low, share_high = _share(timing, limit, scale.course)
    return Estimate(
        ratio=math.exp(ratio.centre),
        low=low,
        high=high,
        verdict=Verdict.BASELINE if timing.contestant == scale.baseline.contestant else verdict,
        epochs=ratio.epochs,
        epochs_needed=epochs_needed(ratio, scale.zones, scale.precision) if unresolved else 0,
        median_ns=median_ns,
        best_ns=min(per_call_ns),
        bytes_per_s=scale.course.bytes_moved / (median_ns / 1e9),
        share=share,
        share_low=share_low,
        share_high=share_high,
    )


def direct_ratio(one: Timing, other: Timing, confidence: float) -> LogRatio:
    """The ratio of two contestants' times from the rounds in which both took a turn."""
    return log_ratio(per_epoch(one.samples, other.samples), confidence)


def bounds(ratio: LogRatio) -> tuple[float, float] | tuple[None, None]:
    """The ends of the interval as ratios; None for both when one epoch is all there is."""
    if not math.isfinite(ratio.half_width):
        return None, None
    return math.exp(ratio.centre - ratio.half_width), math.exp(ratio.centre + ratio.half_width)


def _share(
    timing: Timing, limit: Timing | None, course: Course
) -> Sequence[float] | tuple[None, None, None]:
    """Share of the limit: its time over the contestant's, corrected for the bytes of each."""
    if limit is None or not course.input_bytes:
        return None, None, None
    ratio = direct_ratio(limit, timing, CONFIDENCE)
    bytes_ratio = course.bytes_moved / course.input_bytes
    low, high = bounds(ratio)
    if low is None or high is None:
        return None, None, None
    return math.exp(ratio.centre) * bytes_ratio, low * bytes_ratio, high * bytes_ratio


def busy_threads(timing: Timing) -> int | None:
    """Threads that were busy in the calls of a case; None where these were too short to tell.

    The census is taken once, before the first round. Threads that just then had to wait for a
    processor, because another program had it, are missing in it. So the processor time of the
    turns over their wall time, in the median, is a second witness; the greater of the two counts.
    """
    if timing.threads_seen is None or not timing.samples:
        return timing.threads_seen
    kept_busy = statistics.median(s.cpu_ns / max(1, s.wall_ns) for s in timing.samples)
    return max(timing.threads_seen, round(kept_busy))
