"""From turns to a ratio with an interval: pure functions, no clock, no files.

The estimator, with e for epochs and r for rounds:

    d[e, r, k] = ln(contestant's time per call) - ln(baseline's), both of round r of epoch e,
                 for each of the two turns, k, that the baseline takes in it
    D[e]       = mean over k of the median over r of d[e, r, k]
    ratio      = exp(mean over e of D[e]),  interval = exp(mean -+ 1.05 t sd(D) / sqrt(n_epochs))

Turns of one round meet the same state of the machine, so it cancels in their difference. The median
ignores the turns that something else disturbed. One median of all differences would favour the
baseline: where stalls are frequent, those of the contestant are in two differences, and the
baseline's in one. It made equals up to 3 % slower (`tests/judge/test_coverage.py`). With two
medians, a contestant is compared with one turn of the baseline at a time. Which turn of a round is
which k is drawn, and the next round mirrors it as it mirrors the order of turns. So an equal and
the turns of one k can change places: what hits turns at random, or by their place in a round, makes
equals faster as often as slower, by as much.
Epochs are independent of each other, since every process is new. So Student's t over epochs covers
the placement of memory and code.

Why 1.05: a race that stops when its interval is narrow stops more often when it is narrow by
chance. Simulated for normal epochs of any spread, 95 % intervals that stop at 1 % miss in up to 8 %
of the races. Three rules reduce that to under 6 %: at least eight epochs, of which the last two do
not decide, and a little extra width (`benchmarks/simulated.py`, `tests/judge/test_coverage.py`).

Rounds in which a hypervisor took the processor away are dropped whole, for all contestants, and
counted. The criterion is reported steal time, never the measured times. Single samples are never
removed: a contestant that was hit would look better than one that was not. Steal time is counted in
ticks of 10 ms, so long turns and parallel ones meet it more often.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import sub

from whichext.model.judged import Round
from whichext.model.ratio import ENOUGH_EPOCHS, Ratio
from whichext.model.raw import Sample, Timing, Turns
from whichext.model.view import CaseView

CONFIDENCE = 0.95
"""Coverage that an interval aims at."""

_WIDENING = 1.05
_DRAWN = 64


def per_epoch(one: Timing, other: Timing) -> list[float]:
    """Difference of logarithms in each epoch in which both took turns in one round, ln(ratio)."""
    return list(by_epoch(one, other).values())


def by_epoch(one: Timing, other: Timing) -> dict[int, float]:
    """The same by the number of the epoch, in order."""
    known = other.epochs
    both = (
        (epoch, _of_epoch(epoch, its, known[epoch]))
        for epoch, its in one.epochs.items()
        if epoch in known
    )
    return {epoch: found for epoch, found in both if found is not None}


@lru_cache(maxsize=4096)  # a race looks at its earlier epochs before each new one
def _of_epoch(epoch: int, its: Turns, others: Turns) -> float | None:
    """Mean of the medians, one for each turn of a round that one of them takes; None of none."""
    medians = [statistics.median(found) for found in _differences(epoch, its, others)]
    return statistics.fmean(medians) if medians else None


def _differences(epoch: int, its: Turns, others: Turns) -> list[list[float]]:
    """Differences of logarithms in the same round; each list has at most one of a round."""
    if its.rounds == others.rounds and len({*its.rounds}) == len(its.rounds):
        return [list(map(sub, its.log_times, others.log_times))]  # most are so, and it is fast
    mine, theirs = _by_seat(epoch, its), _by_seat(epoch, others)
    found = (
        [log - other[number] for number, log in one.items() if number in other]
        for one in mine
        for other in theirs
    )
    return [differences for differences in found if differences]


def _by_seat(epoch: int, turns: Turns) -> list[dict[int, float]]:
    """One turn of each round, another turn of each round, and so on, each by the round.

    Which of two is the one is drawn for a round and the mirror that follows it, so that it does
    not depend on their order: the earlier turns of all rounds would meet what is early in a round.
    """
    by_round: dict[int, list[float]] = {}
    for number, log_time in zip(*turns, strict=True):
        by_round.setdefault(number, []).append(log_time)
    drawn = _drawn(epoch)
    for number, log_times in by_round.items():
        if ((drawn >> (number // 2 % _DRAWN)) ^ number) & 1:
            log_times.reverse()
    most = max(map(len, by_round.values()), default=0)
    return [
        {n: its[seat] for n, its in by_round.items() if seat < len(its)} for seat in range(most)
    ]


@lru_cache(maxsize=1024)
def _drawn(epoch: int) -> int:
    """A bit for each pair of rounds, the same whenever a result is judged."""
    return random.Random(epoch).getrandbits(_DRAWN)


def find_ratio(epochs: Sequence[float], confidence: float, noise: float | None) -> Ratio | None:
    """Mean of the epochs' values with Student's interval; None without an epoch.

    Args:
        epochs: One logarithm per epoch.
        confidence: Coverage that the interval aims at, for example 0.95.
        noise: How far apart identical code was in the case, as a share.

    """
    count = len(epochs)
    if count < 2:
        return ratio_of(epochs[0], 0.0, count, confidence, noise) if epochs else None
    mean = statistics.fmean(epochs)
    variance = math.fsum((value - mean) ** 2 for value in epochs) / (count - 1)
    return ratio_of(mean, math.sqrt(variance / count), count, confidence, noise)


def ratio_of(
    centre: float, error: float, epochs: int, confidence: float, noise: float | None
) -> Ratio:
    """The ratio of a logarithm with its standard error over so many epochs."""
    if epochs < 2:
        return Ratio.of(centre, math.inf, epochs, noise)
    half_width = _WIDENING * student(confidence, epochs - 1) * error
    return Ratio.of(centre, half_width, epochs, noise)


def direct_ratio(
    one: Timing, other: Timing, confidence: float, noise: float | None
) -> Ratio | None:
    """Time of one contestant over that of another, from the rounds in which both took a turn.

    None where there is no such round.
    """
    return find_ratio(per_epoch(one, other), confidence, noise)


def ratio_in(case: CaseView, one: str, other: str, confidence: float) -> Ratio | None:
    """Time of one contestant over that of another in a case in which both have samples."""
    return direct_ratio(case.timings[one], case.timings[other], confidence, case.noise)


def noise_of(twin: Ratio) -> float:
    """How far apart identical code was, as a share: the distance of an A/A twin from its original.

    Two epochs may agree by chance, and so may the two of a contestant, whose interval is narrow
    then. Over few epochs, what the twin's interval leaves open is noise as well.
    """
    distance = abs(twin.centre)
    if twin.epochs < ENOUGH_EPOCHS and twin.low is not None:
        distance = max(distance, twin.half_width)
    return float(f"{math.expm1(distance):.9g}")  # it is kept with every ratio of a file


def error_of(ratio: Ratio, confidence: float) -> float:
    """Standard error of the logarithm behind an interval; infinite without one."""
    if ratio.epochs < 2:
        return math.inf
    return ratio.half_width / (_WIDENING * student(confidence, ratio.epochs - 1))


def student(confidence: float, degrees: int) -> float:
    """Half-width of Student's interval, in standard errors."""
    from scipy.special import stdtrit  # here, since SciPy takes a while to load and only judges

    return float(stdtrit(degrees, 0.5 + confidence / 2))


STOLEN_SHARE = 0.01
"""A turn that lost more than this share of the processor time that it asked for to other guests
spoils its round."""
MOST_DROPPED = 0.3
"""Share of a contestant's turns in a case that may go; beyond it the least spoiled rounds stay."""


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
    # The baseline takes several turns in a round.
    rounds = [{(sample.epoch, sample.round) for sample in timing.samples} for timing in timings]
    spare = [int(MOST_DROPPED * len(its)) for its in rounds]
    worst: dict[Round, float] = {}  # of most races nothing
    for sample in (sample for timing in timings for sample in timing.samples if sample.stolen_ns):
        place, share = (sample.epoch, sample.round), stolen_share(sample)
        if share > max(STOLEN_SHARE, worst.get(place, 0.0)):
            worst[place] = share
    dropped = set()
    for place in sorted(worst, key=lambda place: (-worst[place], place)):
        takers = [number for number, its in enumerate(rounds) if place in its]
        if all(spare[number] > 0 for number in takers):
            dropped.add(place)
            for number in takers:
                spare[number] -= 1
    return Theft(frozenset(dropped), len(worst), len(set().union(*rounds)))


def stolen_share(sample: Sample) -> float:
    """Share of the processor time that a turn asked for and did not get.

    A turn needs one processor as long as it lasts, and as many as it kept busy. Relative to the
    wall time alone, a tick stolen from one of 64 threads would spoil the round. Relative to all
    processors, a serial turn that loses half of its time on a large machine would not.
    """
    return sample.stolen_ns / max(1, sample.wall_ns, sample.cpu_ns)


def find_baseline(timings: tuple[Timing, ...]) -> Timing | None:
    """The baseline of a case: the first contestant that stayed in its race.

    That is the run's baseline, or the reference where the baseline could not race.
    """
    return next((timing for timing in timings if timing.ended is None and timing.samples), None)
