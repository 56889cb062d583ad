"""Rounds in which a hypervisor took the processor away: dropped whole, for everybody, and counted.

Single samples are never removed: whoever was hit would look better than who was not. A round that
goes, goes for all contestants, and by a measure (stolen time) that no contestant's speed can move.
"""

from __future__ import annotations

import msgspec

from whichext.scorecard import Timing

STOLEN_SHARE = 0.01
"""A turn that lost more than this share of its wall time to other guests spoils its round."""
MOST_DROPPED = 0.3
"""Share of a case's rounds that may go; beyond it the least spoiled ones stay."""

Round = tuple[int, int]
"""Epoch and round."""


def spoiled_rounds(timings: tuple[Timing, ...]) -> tuple[frozenset[Round], int]:
    """The rounds of a case to drop, and how many rounds it has.

    Args:
        timings: All contestants' of one case.

    """
    worst: dict[Round, float] = {}
    for timing in timings:
        for sample in timing.samples:
            place = (sample.epoch, sample.round)
            share = sample.stolen_ns / max(1, sample.wall_ns)
            worst[place] = max(worst.get(place, 0.0), share)
    spoiled = [place for place, share in worst.items() if share > STOLEN_SHARE]
    spoiled.sort(key=lambda place: (-worst[place], place))
    return frozenset(spoiled[: int(MOST_DROPPED * len(worst))]), len(worst)


def without(timing: Timing, dropped: frozenset[Round]) -> Timing:
    """The timing without the samples of dropped rounds."""
    kept = tuple(s for s in timing.samples if (s.epoch, s.round) not in dropped)
    return msgspec.structs.replace(timing, samples=kept)
