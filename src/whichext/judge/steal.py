"""Rounds in which a hypervisor took the processor away: dropped whole, for everybody, and counted.

Single samples are never removed: whoever was hit would look better than who was not. A round that
goes, goes for all contestants, and by what the hypervisor tells and not by the times themselves.
That is not the same for everybody: theft is counted in ticks of 10 ms and met by whoever asks for
a processor, so long turns and parallel ones meet it more often.
"""

from __future__ import annotations

from dataclasses import dataclass

from whichext.model.judged import Round
from whichext.model.raw import Sample, Timing

STOLEN_SHARE = 0.01
"""A turn that lost more than this share of the processor time that it asked for to other guests
spoils its round."""
MOST_DROPPED = 0.3
"""Share of a contestant's turns in a case that may go; beyond it the least spoiled rounds stay."""


@dataclass(frozen=True)
class Theft:
    """What other guests did to the rounds of a case."""

    dropped: frozenset[Round]
    """The rounds that go."""
    spoiled: int
    """Rounds in which time was stolen: those that go, and those for which too few would stay."""
    rounds: int
    """Rounds in all."""


def find_theft(timings: tuple[Timing, ...]) -> Theft:
    """The rounds of a case to drop, how many were spoiled, and how many there were.

    The worst go first, each only while all who took part in it keep enough of their turns.

    Args:
        timings: All contestants' of one case.

    """
    worst: dict[Round, float] = {}
    takers: dict[Round, list[int]] = {}
    for number, timing in enumerate(timings):
        for sample in timing.samples:
            place = (sample.epoch, sample.round)
            worst[place] = max(worst.get(place, 0.0), stolen_share(sample))
            takers.setdefault(place, []).append(number)
    spare = [int(MOST_DROPPED * len(timing.samples)) for timing in timings]
    spoiled = [place for place, share in worst.items() if share > STOLEN_SHARE]
    dropped = set()
    for place in sorted(spoiled, key=lambda place: (-worst[place], place)):
        if all(spare[number] > 0 for number in takers[place]):
            dropped.add(place)
            for number in takers[place]:
                spare[number] -= 1
    return Theft(frozenset(dropped), len(spoiled), len(worst))


def stolen_share(sample: Sample) -> float:
    """Share of the processor time that a turn asked for and did not get.

    A turn asks for one processor as long as it lasts, and for as many as it kept busy. Held against
    the wall time alone, a tick stolen from one of 64 threads would spoil the round; held against
    all processors, a serial turn that loses half of its time on a large machine would not.
    """
    return sample.stolen_ns / max(1, sample.wall_ns, sample.cpu_ns)
