"""How many threads were busy in a contestant's calls."""

from __future__ import annotations

import statistics

from whichext.scorecard import Timing


def busy_threads(timing: Timing) -> int:
    """Threads that were busy in the calls of a case; 0 where these were too short to tell.

    The census is taken once, before the first round. Threads that just then had to wait for a
    processor, because another program had it, are missing in it. So the processor time of the
    turns over their wall time, in the median, is a second witness; the greater of the two counts.
    """
    if not timing.threads_seen or not timing.samples:
        return timing.threads_seen
    kept_busy = statistics.median(s.cpu_ns / max(1, s.wall_ns) for s in timing.samples)
    return max(timing.threads_seen, round(kept_busy))
