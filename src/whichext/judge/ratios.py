"""From turns to a ratio with an interval: pure functions, no clock, no files.

The estimator, with e for epochs and r for rounds:

    d[e, r] = ln(contestant's time per call) - ln(baseline's), both of round r of epoch e
    D[e]    = median over r of d[e, r]
    ratio   = exp(mean over e of D[e]),  interval = exp(mean -+ 1.1 t sd(D) / sqrt(n_epochs))

Turns of one round meet the same state of the machine, so it cancels in their difference. The median
ignores the rounds that something else disturbed. Epochs are independent of each other, since every
process is new. So Student's t over epochs covers the placement of memory and code.

Why 1.1: a race that stops when its interval is narrow stops more often when it is narrow by chance.
Simulated for normal epochs of any spread, 95 % intervals that stop at 1 % miss in up to 8 % of the
races. Three rules reduce that to under 5 %: at least eight epochs, of which the last two do not
decide, and a tenth of extra width. The five epochs of `Options.quick()` reduce it to 5 %
(`tests/judge/test_coverage.py`).

Rounds in which a hypervisor took the processor away are dropped whole, for all contestants, and
counted. The criterion is reported steal time, never the measured times. Single samples are never
removed: a contestant that was hit would look better than one that was not. Steal time is counted in
ticks of 10 ms, so long turns and parallel ones meet it more often.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whichext.model.judged import Round
from whichext.model.ratio import Ratio
from whichext.model.raw import Sample, Timing
from whichext.model.view import CaseView, without

CONFIDENCE = 0.95
"""Coverage that an interval aims at."""

_WIDENING = 1.1


def per_epoch(samples: Sequence[Sample], baseline: Sequence[Sample]) -> list[float]:
    """Median difference of logarithms in each epoch in which both took turns in one round."""
    reference = {(s.epoch, s.round): math.log(s.wall_ns / s.calls) for s in baseline}
    differences: dict[int, list[float]] = {}
    for s in samples:
        if (s.epoch, s.round) in reference:
            difference = math.log(s.wall_ns / s.calls) - reference[s.epoch, s.round]
            differences.setdefault(s.epoch, []).append(difference)
    return [statistics.median(found) for _, found in sorted(differences.items())]


def find_ratio(epochs: Sequence[float], confidence: float, noise: float | None) -> Ratio | None:
    """Mean of the epochs' values with Student's interval; None without an epoch.

    Args:
        epochs: One logarithm per epoch.
        confidence: Coverage that the interval aims at, for example 0.95.
        noise: How far apart identical code was in the case, as a share.

    """
    count = len(epochs)
    if count < 2:
        return Ratio.of(epochs[0], math.inf, count, noise) if epochs else None
    spread = float(np.std(epochs, ddof=1)) / math.sqrt(count)
    half_width = _WIDENING * _student(confidence, count - 1) * spread
    return Ratio.of(float(np.mean(epochs)), half_width, count, noise)


def direct_ratio(
    one: Timing, other: Timing, confidence: float, noise: float | None
) -> Ratio | None:
    """Time of one contestant over that of another, from the rounds in which both took a turn.

    None where there is no such round.
    """
    return find_ratio(per_epoch(one.samples, other.samples), confidence, noise)


def ratio_in(case: CaseView, one: str, other: str, confidence: float) -> Ratio | None:
    """Time of one contestant over that of another in a case in which both have samples."""
    return direct_ratio(case.timings[one], case.timings[other], confidence, case.noise)


def _student(confidence: float, degrees: int) -> float:
    from scipy.special import stdtrit  # here, since SciPy takes a while to load and only judges

    return float(stdtrit(degrees, 0.5 + confidence / 2))


STOLEN_SHARE = 0.01
"""A turn that lost more than this share of the processor time that it asked for to other guests
spoils its round."""
MOST_DROPPED = 0.3
"""Share of a contestant's turns in a case that may go; beyond it the least spoiled rounds stay."""

_PRECISION_SHARE = 1 / 20
_USUAL_PRECISION = 0.01  # a higher precision also applies far from a tie
_HOPELESS = 3.0
_CONFIRMING = 2


@dataclass(frozen=True)
class Theft:
    """Steal time in the rounds of a case."""

    dropped: frozenset[Round]
    """The rounds that go."""
    spoiled: int
    """Rounds in which time was stolen: those that go, and those for which too few would stay."""
    rounds: int
    """Rounds in all."""


def find_theft(timings: tuple[Timing, ...]) -> Theft:
    """The contaminated rounds of a case to drop, their number, and the number of all rounds.

    The worst go first, each only while all its contestants keep enough turns.
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

    A turn needs one processor as long as it lasts, and as many as it kept busy. Relative to the
    wall time alone, a tick stolen from one of 64 threads would spoil the round. Relative to all
    processors, a serial turn that loses half of its time on a large machine would not.
    """
    return sample.stolen_ns / max(1, sample.wall_ns, sample.cpu_ns)


@dataclass(frozen=True)
class PrecisionReached:
    """The stopping rule: a case ends when every interval is narrow enough.

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
        """Whether the interval was narrow enough some epochs ago, so that it is not by chance."""
        ratio = find_ratio(epochs[:-_CONFIRMING], CONFIDENCE, noise=None)
        return ratio is not None and is_precise(ratio, self.precision)


def is_precise(ratio: Ratio, precision: float) -> bool:
    """Whether the interval is narrow enough for its verdict.

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
    """The baseline of a case: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None and timing.samples), None)
