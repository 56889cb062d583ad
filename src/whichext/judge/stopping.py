"""When a case has been raced enough."""

from __future__ import annotations

from dataclasses import dataclass

from whichext.judge import find_baseline
from whichext.judge.ratios import find_ratio, per_epoch
from whichext.judge.steal import find_theft
from whichext.judge.verdicts import CONFIDENCE, is_hopeless, is_precise
from whichext.model.raw import Timing
from whichext.model.view import without

_CONFIRMING = 2


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
        """Names of the contestants that race another epoch of a case; none ends it.

        Args:
            timings: All of the case so far.

        """
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
