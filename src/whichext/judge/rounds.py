"""Which rounds of a case count, and when there are enough of them.

Rounds in which a hypervisor took the processor away are dropped whole, for everybody, and counted.
Single samples are never removed: whoever was hit would look better than who was not. A round that
goes, goes for all contestants, and by what the hypervisor tells and not by the times themselves.
That is not the same for everybody: theft is counted in ticks of 10 ms and met by whoever asks for
a processor, so long turns and parallel ones meet it more often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from whichext.judge.ratios import CONFIDENCE, find_ratio, per_epoch
from whichext.model.judged import Round
from whichext.model.ratio import Ratio
from whichext.model.raw import Sample, Timing
from whichext.model.view import without

STOLEN_SHARE = 0.01
"""A turn that lost more than this share of the processor time that it asked for to other guests
spoils its round."""
MOST_DROPPED = 0.3
"""Share of a contestant's turns in a case that may go; beyond it the least spoiled rounds stay."""

_PRECISION_SHARE = 1 / 20
_USUAL_PRECISION = 0.01  # whoever asks for more gets more of it far from a tie as well
_HOPELESS = 3.0
_CONFIRMING = 2


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


@dataclass(frozen=True)
class PrecisionReached:
    """Ends a case when every interval is narrow enough, and lets hopeless contestants leave.

    It looks at widths alone and never at verdicts: a race that stops as soon as a difference
    appears makes differences appear between equals.
    """

    precision: float
    """Half-width near a tie that was asked for."""
    min_epochs: int
    """Epochs that every contestant races at least."""

    def staying(self, timings: tuple[Timing, ...]) -> frozenset[str]:
        """Names of the contestants that race another epoch of a case; none ends it."""
        dropped = find_theft(timings).dropped
        kept = [without(timing, dropped) for timing in timings]
        baseline = find_baseline(tuple(kept))
        if baseline is None:
            return frozenset()
        staying, unknown = {baseline.contestant}, False
        for timing in kept:
            if timing.ended is not None or timing is baseline:
                continue
            epochs = per_epoch(timing.samples, baseline.samples)
            ratio = find_ratio(epochs, CONFIDENCE, noise=None)
            if ratio is None or ratio.epochs < self.min_epochs or not is_hopeless(ratio):
                staying.add(timing.contestant)
                unknown = unknown or len(epochs) < self.min_epochs or not self._settled(epochs)
        racing = [timing for timing in timings if timing.ended is None]
        alone = len(racing) == 1 and len(baseline.first_call_ns) < self.min_epochs
        return frozenset(staying) if unknown or alone else frozenset()

    def _settled(self, epochs: list[float]) -> bool:
        """Whether the interval was narrow enough some epochs ago: chance would not have lasted."""
        ratio = find_ratio(epochs[:-_CONFIRMING], CONFIDENCE, noise=None)
        return ratio is not None and is_precise(ratio, self.precision)


def is_precise(ratio: Ratio, precision: float) -> bool:
    """Whether more epochs would add nothing that a reader acts on.

    Near a tie that is `precision`; at 1 %, a ratio of 2 needs no more than 3.5 %, one of 10 no more
    than 12 %. It looks at the width alone and never at the verdict: stopping as soon as a
    difference appears would make a difference appear between equals.
    """
    share = min(_PRECISION_SHARE, precision * _PRECISION_SHARE / _USUAL_PRECISION)
    return ratio.half_width <= max(math.log1p(precision), abs(ratio.centre) * share)


def is_hopeless(ratio: Ratio) -> bool:
    """Whether the whole interval lies above three times the baseline's time.

    Such a contestant leaves the race with the interval that it has: more epochs of the slowest one
    would cost most of the time and change nothing for anybody.
    """
    return ratio.low is not None and ratio.low > _HOPELESS


def find_baseline(timings: tuple[Timing, ...]) -> Timing | None:
    """What a case's ratios refer to: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None and timing.samples), None)
