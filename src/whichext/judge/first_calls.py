"""What a first call costs in a fresh process: import, start of pools, first touch of memory."""

from __future__ import annotations

import statistics
from collections.abc import Collection

from whichext.model.insight import FirstCall
from whichext.model.raw import Timing


def find_first_calls(
    timings: tuple[Timing, ...], compared: Collection[str]
) -> tuple[FirstCall, ...]:
    """The medians over epochs, in the order of the contestants.

    Args:
        timings: All contestants' of one case.
        compared: Names of the contestants that are, which no twin and no limit is.

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
