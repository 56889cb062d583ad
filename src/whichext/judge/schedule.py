"""Which contestants race the next epoch of a case, and when a case has been raced enough.

    near      all others                                          all turns of every epoch
    slower    over 1.25 times the baseline's time in all epochs   one turn of every epoch
    far       over 3 times the baseline's time in verify          one turn of every third epoch,
                                                                  of every one if that takes little

Short calls are always near: a turn of many of them takes the same time, however slow they are.

A case ends when the interval of every contestant that is not far is narrow enough, and was so some
epochs ago. All of this looks at widths and at earlier epochs alone, never at verdicts: a race that
stops as soon as a difference appears makes differences appear between equals. For the same reason
no ratio of the race makes a contestant far: those with a first epoch that is too slow by chance
would have fewer others to outweigh it. Far contestants race in the same epochs, so that they meet
each other. Where the race shows less than twice the baseline's time, one is no longer far.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whichext.build.session import Lineup, Outlook, SoFar
from whichext.judge.ratios import CONFIDENCE, find_baseline, find_ratio, find_theft, per_epoch
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Timing
from whichext.model.view import without

SLOWER = 1.25
"""How many times the baseline's time a contestant takes that one turn an epoch is enough for."""

_PRECISION_SHARE = 1 / 20
_USUAL_PRECISION = 0.01  # a higher precision also applies far from a tie
_CONFIRMING = 2
_NOT_FAR = 2.0  # a call that was verified may have been slow by accident


@dataclass(frozen=True)
class Schedule:
    """The rule of a race."""

    precision: float
    """Half-width near a tie that was asked for."""
    min_epochs: int
    """Epochs before a case may end."""
    needed: frozenset[str] = frozenset()
    """Names of contestants that take all turns, since a claim or the like compares them."""

    def lineup(self, case: SoFar) -> Lineup:
        """Which contestants race the next epoch of a case."""
        measured = _Measured(case.timings)
        far = self._far(case, measured)
        asked = measured.racing - far - {case.harness}
        if case.epoch and measured.epochs and self._is_done(measured, asked):
            return Lineup()
        slower = self._slower(measured) - far
        now = frozenset[str]() if case.epoch % case.block else far
        return Lineup(measured.racing - slower - far, slower, now)

    def outlook(self, case: SoFar, more_epochs: float) -> Outlook:
        """What may become of a case in which there is time for so many more epochs."""
        measured = _Measured(case.timings)
        noise = measured.noise(case.twin)
        near = measured.others - self._far(case, measured) - {case.twin, case.harness}
        found = (find_ratio(measured.epochs[name], CONFIDENCE, noise) for name in near)
        ratios = [ratio for ratio in found if ratio is not None]
        precise_in = [self._more_until_precise(ratio) for ratio in ratios]
        to_fastest = (find_ratio(its, CONFIDENCE, noise) for its in measured.to_fastest(near))
        asked = [*ratios, *(ratio for ratio in to_fastest if ratio is not None)]
        unresolved = [ratio for ratio in asked if ratio.verdict is Verdict.UNRESOLVED]
        resolved_in = [self._more_until_resolved(ratio) for ratio in unresolved]
        # A claim may ask of two what no comparison with the baseline or the fastest shows.
        hopeless = not self.needed and all(
            more > more_epochs for more in (*filter(None, precise_in), *resolved_in)
        )
        return Outlook(max(precise_in, default=0.0), hidden=bool(unresolved) and hopeless)

    def _more_until_precise(self, ratio: Ratio) -> float:
        """Epochs that a ratio probably needs until it is precise; 0 where it is."""
        if ratio.low is None:
            return 1.0
        growth = (ratio.half_width / aim_of(ratio, self.precision)) ** 2
        return max(0.0, (growth - 1) * ratio.epochs)

    def _more_until_resolved(self, ratio: Ratio) -> float:
        """Epochs until its verdict is probably another; infinite where noise hides it."""
        total = ratio.epochs_to_resolve(self.precision)
        return math.inf if total is None else total - ratio.epochs

    def _is_done(self, case: _Measured, near: frozenset[str]) -> bool:
        if len(case.epochs[case.baseline]) < self.min_epochs:  # all others may be far
            return False
        return all(self._is_settled(case.epochs[name]) for name in near - {case.baseline})

    def _is_settled(self, epochs: Sequence[float]) -> bool:
        """Whether the interval was narrow enough some epochs ago, so that it is not by chance."""
        if len(epochs) < self.min_epochs:
            return False
        ratio = find_ratio(epochs[:-_CONFIRMING], CONFIDENCE, noise=None)
        return ratio is not None and is_precise(ratio, self.precision)

    def _slower(self, case: _Measured) -> frozenset[str]:
        """Those with turns of one call that took clearly longer than the baseline in all epochs."""
        return frozenset(
            name
            for name in (case.others & case.with_long_calls) - self.needed
            if min(case.epochs.get(name, ()), default=0.0) > math.log(SLOWER)
        )

    def _far(self, case: SoFar, measured: _Measured) -> frozenset[str]:
        """Those that were slow when they were verified, unless the race tells another story."""
        return frozenset(
            name
            for name in (case.slow & measured.others) - self.needed
            if min(measured.epochs.get(name, ()), default=math.inf) > math.log(_NOT_FAR)
        )


class _Measured:
    """What the earlier epochs of a case say of those that race on."""

    def __init__(self, timings: tuple[Timing, ...]) -> None:
        dropped = find_theft(timings).dropped
        kept = [without(timing, dropped) for timing in timings if timing.ended is None]
        baseline = find_baseline(tuple(kept))
        self._timings = {timing.contestant: timing for timing in kept}
        self.with_long_calls = frozenset(
            timing.contestant for timing in kept if all(s.calls == 1 for s in timing.samples)
        )
        self.racing = frozenset(timing.contestant for timing in kept)
        self.baseline = "" if baseline is None else baseline.contestant
        self.others = self.racing - {self.baseline}
        self.epochs: Mapping[str, list[float]] = {
            timing.contestant: per_epoch(timing, baseline)
            for timing in kept
            if baseline is not None
        }

    def to_fastest(self, names: Collection[str]) -> Iterator[list[float]]:
        """Of each of these, the epochs relative to the fastest of them."""
        known = [name for name in names if self.epochs[name]]
        fastest = min(known, key=lambda name: statistics.fmean(self.epochs[name]), default=None)
        for name in known:
            if fastest is not None and name != fastest:
                yield per_epoch(self._timings[name], self._timings[fastest])

    def noise(self, twin: str | None) -> float | None:
        """How far apart identical code was, as a share; None where no twin raced."""
        epochs = self.epochs.get(twin or "", [])
        return math.expm1(abs(statistics.fmean(epochs))) if epochs else None


def is_precise(ratio: Ratio, precision: float) -> bool:
    """Whether the interval is narrow enough for its verdict.

    Near a tie that is `precision`; at 1 %, a ratio of 2 needs no more than 3.5 %, one of 10 no more
    than 12 %. It looks at the width alone and never at the verdict.
    """
    return ratio.half_width <= aim_of(ratio, precision)


def aim_of(ratio: Ratio, precision: float) -> float:
    """The half-width at which a ratio is precise, as a logarithm."""
    share = min(_PRECISION_SHARE, precision * _PRECISION_SHARE / _USUAL_PRECISION)
    return max(math.log1p(precision), abs(ratio.centre) * share)
