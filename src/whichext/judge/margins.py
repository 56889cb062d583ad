"""How many times as fast one contestant is as another, in a case and over several.

A margin is the inverse of a ratio of times: above 1 is faster, as people who decide say it.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from whichext.judge.estimates import bounds, direct_ratio
from whichext.judge.verdicts import CONFIDENCE, DIFFERENCE
from whichext.model.scorecard import Timing


@dataclass(frozen=True, kw_only=True)
class Margin:
    """How many times as fast one is as another, and how far that can be trusted."""

    times: float
    """The estimate; below 1 it is slower."""
    low: float | None
    """Lower end of the interval; None when one epoch is all there is."""
    high: float | None
    """Upper end of the interval; None when one epoch is all there is."""
    noise: float
    """How many times as fast one copy of the baseline was as another; 1 where that is not known."""
    epochs: int
    """Sets of fresh processes behind it; of several cases, the fewest."""

    def clears(self, worth: float) -> bool:
        """Whether it is at least that many times, by more than the noise."""
        return self.low is not None and self.low >= worth * self.noise

    def stays_below(self, worth: float) -> bool:
        """Whether it is not that many times, by more than the noise."""
        return self.high is not None and self.high <= worth / self.noise

    def stays_within(self, worth: float) -> bool:
        """Whether neither of the two is that many times as fast as the other."""
        return self.stays_below(worth) and self.low is not None and self.low >= self.noise / worth

    @property
    def is_loss(self) -> bool:
        """Whether it is slower, by more than a tie may be."""
        return self.high is not None and self.high < 1 / max(1 + DIFFERENCE, self.noise)

    def epochs_to_tell(self, worth: float) -> float | None:
        """How many times as many epochs would probably tell on which side of `worth` it is.

        The width falls with the root of their number. None where no number of epochs would: it is
        as close as noise comes, or one epoch leaves everything open.
        """
        gap = abs(math.log(self.times / worth)) - math.log(self.noise)
        if self.low is None or self.high is None or gap <= 0:
            return None
        return (math.log(self.high / self.low) / 2 / gap) ** 2


def margin(one: Timing, other: Timing, noise_floor: float | None) -> Margin:
    """How many times as fast `one` is as `other`, from the rounds that they share in a case."""
    ratio = direct_ratio(other, one, CONFIDENCE)
    low, high = bounds(ratio)
    return Margin(
        times=math.exp(ratio.centre),
        low=low,
        high=high,
        noise=1 + (noise_floor or 0.0),
        epochs=ratio.epochs,
    )


def mean_margin(margins: Collection[Margin]) -> Margin:
    """The geometric mean over cases, at least one.

    Cases are raced in processes of their own, so their errors are independent and the squares of
    the widths add up. Noise is not taken to average out: it is its own mean.
    """
    count = len(margins)
    centre = sum(math.log(one.times) for one in margins) / count
    widths = [
        math.log(one.high / one.low) / 2
        for one in margins
        if one.low is not None and one.high is not None
    ]
    known = len(widths) == count
    half_width = math.hypot(*widths) / count
    return Margin(
        times=math.exp(centre),
        low=math.exp(centre - half_width) if known else None,
        high=math.exp(centre + half_width) if known else None,
        noise=math.exp(sum(math.log(one.noise) for one in margins) / count),
        epochs=min(one.epochs for one in margins),
    )
