"""The estimates of a case, relative to the baseline and to the limit."""

from __future__ import annotations

import statistics
from collections.abc import Collection
from dataclasses import dataclass

from msgspec.structs import replace

from whichext.judge.ratios import CONFIDENCE, direct_ratio
from whichext.judge.tails import find_tail
from whichext.model.insight import FirstCall
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Timing


@dataclass(frozen=True)
class Scale:
    """What the contestants of a case are compared with."""

    baseline: Timing
    """What ratios refer to."""
    bytes_moved: int | None
    """Bytes that a call must at least move; None where that is not stated."""
    input_bytes: int | None
    """Bytes that the limit reads; None where that is not known."""
    noise: float | None
    """How far apart identical code was."""
    precision: float
    """Half-width near a tie that was asked for."""
    noise_needs: int | None = None
    """Epochs after which noise is known better; None where more of them make no difference."""
    operations: int | None = None
    """Operations that a call must at least do; None where that is not stated."""
    in_place: bool = False
    """Whether a call writes to its arguments. How long that takes is not known, and so the limit is
    the time to read them."""
    tail_noise: float | None = None
    """How far apart the tail latencies of identical code were."""


def estimate(timing: Timing, limit: Timing | None, scale: Scale) -> Measured | None:
    """The estimate from the samples; None without a round in common with the baseline.

    Args:
        timing: The contestant's.
        limit: That of the limit with as many threads; None where there is none.
        scale: Baseline, bytes and noise.

    """
    ratio = direct_ratio(timing, scale.baseline, CONFIDENCE, scale.noise)
    if ratio is None:
        return None
    tail = find_tail(timing, scale.baseline, scale.tail_noise)
    if timing.contestant == scale.baseline.contestant:
        ratio = replace(ratio, verdict=Verdict.BASELINE)
        if tail is not None and tail.ratio is not None:
            tail = replace(tail, ratio=replace(tail.ratio, verdict=Verdict.BASELINE))
    needed = None
    if ratio.verdict is Verdict.UNRESOLVED:
        needed = ratio.epochs_to_resolve(scale.precision) or scale.noise_needs
    median_ns = statistics.median(sample.wall_ns / sample.calls for sample in timing.samples)
    return Measured(
        ratio=ratio,
        median_ns=median_ns,
        bytes_per_s=_per_s(scale.bytes_moved, median_ns),
        operations_per_s=_per_s(scale.operations, median_ns),
        of_limit=_of_limit(timing, limit, scale),
        epochs_needed=needed,
        tail=tail,
    )


def _per_s(amount: int | None, median_ns: float) -> float | None:
    return None if amount is None else amount / (median_ns / 1e9)


def _of_limit(timing: Timing, limit: Timing | None, scale: Scale) -> Ratio | None:
    """Share of the limit: its time over the contestant's, corrected for the bytes of each."""
    if limit is None or not scale.input_bytes or scale.bytes_moved is None:
        return None
    ratio = direct_ratio(limit, timing, CONFIDENCE, scale.noise)
    if ratio is None or ratio.low is None:
        return None
    share = scale.bytes_moved / scale.input_bytes
    return ratio.scaled(min(1.0, share) if scale.in_place else share)


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


def find_first_calls(
    timings: tuple[Timing, ...], compared: Collection[str]
) -> tuple[FirstCall, ...]:
    """Times of first calls in a fresh process: medians over epochs, in the order of contestants.

    They are import, start of pools, and first touch of memory.
    """
    return tuple(
        FirstCall(
            contestant=timing.contestant,
            import_ns=statistics.median(timing.import_ns) if timing.import_ns else None,
            first_call_ns=statistics.median(timing.first_call_ns),
        )
        for timing in timings
        if timing.contestant in compared and timing.first_call_ns
    )
