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
"""Share of a contestant's turns in a case that may go; beyond it the least spoiled rounds stay."""

Round = tuple[int, int]
"""Epoch and round."""


def spoiled_rounds(timings: tuple[Timing, ...]) -> tuple[frozenset[Round], int]:
    """The rounds of a case to drop, and how many rounds it has.

    The worst go first, each only while all who took part in it keep enough of their turns.

    Args:
        timings: All contestants' of one case.

    """
    worst: dict[Round, float] = {}
    takers: dict[Round, list[int]] = {}
    for number, timing in enumerate(timings):
        for sample in timing.samples:
            place = (sample.epoch, sample.round)
            share = sample.stolen_ns / max(1, sample.wall_ns)
            worst[place] = max(worst.get(place, 0.0), share)
            takers.setdefault(place, []).append(number)
    spare = [int(MOST_DROPPED * len(timing.samples)) for timing in timings]
    dropped = set()
    for place in sorted(worst, key=lambda place: (-worst[place], place)):
        if worst[place] > STOLEN_SHARE and all(spare[number] > 0 for number in takers[place]):
            dropped.add(place)
            for number in takers[place]:
                spare[number] -= 1
    return frozenset(dropped), len(worst)


def without(timing: Timing, dropped: frozenset[Round]) -> Timing:
    """The timing without the samples of dropped rounds."""
    kept = tuple(s for s in timing.samples if (s.epoch, s.round) not in dropped)
    return msgspec.structs.replace(timing, samples=kept)


def counted(timings: tuple[Timing, ...], case: str) -> dict[str, Timing]:
    """A case's timings by contestant, without the rounds that are dropped."""
    of_case = tuple(timing for timing in timings if timing.case == case)
    dropped, _ = spoiled_rounds(of_case)
    return {timing.contestant: without(timing, dropped) for timing in of_case}
