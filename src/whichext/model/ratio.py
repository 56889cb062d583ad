"""Ratios of times: the one type for them, and their verdicts."""

from __future__ import annotations

import math
from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from whichext.model.units import interval_text, ratio_text

TIE = 0.03
"""An interval within 3 % of 1 is a tie, unless all of it is a difference: layout of code and memory
alone moves times that far."""
DIFFERENCE = 0.01
"""An interval that keeps more than 1 % away from 1 is a difference, however small."""

FAR = 3.0
"""How many times the baseline's time a contestant takes that is far from every decision."""
ENOUGH_EPOCHS = 8
"""Epochs that an interval should rest on: with fewer, Student's t makes it wide."""

_VAGUE = math.log(100)
_TELLING_EPOCHS = 3
_LOUD = 0.25  # noise, as a share, from which on epochs of the same kind would not tell much
_WIDEST = 700.0  # beyond it, an end of the interval is no floating-point number


class Verdict(StrEnum):
    """The verdict on a contestant relative to the baseline."""

    FASTER = "faster"
    """The whole interval lies below 1, by more than 1 % and by more than the noise floor."""
    SLOWER = "slower"
    """The whole interval lies above 1, by more than 1 % and by more than the noise floor."""
    TIE = "tie"
    """The whole interval lies within 3 % of 1, and some of it within 1 %: no difference that is
    worth acting on."""
    UNRESOLVED = "unresolved"
    """The interval or the noise is too wide for any of these: nothing may be said yet."""
    BASELINE = "baseline"
    """What the others are compared with."""


class Side(StrEnum):
    """On which side of a threshold a ratio lies, by more than the noise."""

    ABOVE = "above"
    """The whole interval is at least that."""
    BELOW = "below"
    """The whole interval is at most that."""
    OPEN = "open"
    """The interval or the noise reaches across the threshold."""


_OPPOSITE = {Verdict.FASTER: Verdict.SLOWER, Verdict.SLOWER: Verdict.FASTER}


class Ratio(Struct, frozen=True, kw_only=True):
    """Time of one contestant over that of another: below 1, the first is faster.

    Attributes:
        value: The estimate.
        low: Lower end of the 95 % interval; None after a single epoch.
        high: Upper end of the 95 % interval; None after a single epoch.
        epochs: Sets of fresh processes behind it; over several cases, the fewest.
        noise: How far apart identical code was in the same case, as a share (0.03 is 3 %); None
            where no twin raced.
        verdict: What the interval and the noise allow to say.

    """

    value: float
    low: float | None
    high: float | None
    epochs: int
    noise: float | None
    verdict: Verdict

    @classmethod
    def of(cls, centre: float, half_width: float, epochs: int, noise: float | None) -> Ratio:
        """The ratio of a logarithm and half of its interval's width, with its verdict.

        Args:
            centre: Logarithm of the estimate.
            half_width: Infinite where one epoch is all there is.
            epochs: Sets of fresh processes behind it.
            noise: How far apart identical code was, as a share.

        """
        low, high = centre - half_width, centre + half_width
        known = low > -_WIDEST and high < _WIDEST
        return cls(
            value=math.exp(centre),
            low=math.exp(low) if known else None,
            high=math.exp(high) if known else None,
            epochs=epochs,
            noise=noise,
            verdict=_find_verdict(low, high, noise),
        )

    @property
    def centre(self) -> float:
        """Logarithm of the estimate."""
        return math.log(self.value)

    @property
    def half_width(self) -> float:
        """Half of the interval's width, as a logarithm; infinite without an interval."""
        if self.low is None or self.high is None:
            return math.inf
        return (math.log(self.high) - math.log(self.low)) / 2

    @property
    def spread(self) -> float | None:
        """Half of the interval's width, in the unit of the ratio; None without an interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def inverse(self) -> Ratio:
        """The other time over this one: how many times as fast, the speed-up."""
        return replace(
            self,
            value=1 / self.value,
            low=None if self.high is None else 1 / self.high,
            high=None if self.low is None else 1 / self.low,
            verdict=_OPPOSITE.get(self.verdict, self.verdict),
        )

    def scaled(self, factor: float) -> Ratio:
        """The ratio of times per unit of work, if the amounts of work differ."""
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        verdict = (
            Verdict.UNRESOLVED
            if low is None or high is None
            else _find_verdict(math.log(low), math.log(high), self.noise)
        )
        return replace(self, value=self.value * factor, low=low, high=high, verdict=verdict)

    @property
    def is_vague(self) -> bool:
        """Whether its interval says nothing: there is none, or its ends are a factor of 100 apart.

        One that does not reach 1, beyond the noise, says at least that.
        """
        return self.verdict is Verdict.UNRESOLVED and 2 * self.half_width > _VAGUE

    @property
    def epochs_to_show(self) -> int | None:
        """Total epochs after which it probably is not vague; None where too few tell."""
        if not self.tells_epochs or math.isinf(self.half_width):
            return None
        return max(self.epochs + 1, _whole(self.epochs * (2 * self.half_width / _VAGUE) ** 2))

    @property
    def is_loud(self) -> bool:
        """Whether identical code was so far apart that the race says next to nothing."""
        return self.noise is not None and self.noise > _LOUD

    @property
    def tells_epochs(self) -> bool:
        """Whether it rests on enough epochs to say how many more it needs: two agree by chance."""
        return self.epochs >= _TELLING_EPOCHS

    def is_above(self, threshold: float) -> bool:
        """Whether the whole interval is at least that, by more than the noise."""
        return self.low is not None and self.low >= threshold * self._noise_factor

    def is_below(self, threshold: float) -> bool:
        """Whether the whole interval is at most that, by more than the noise."""
        return self.high is not None and self.high * self._noise_factor <= threshold

    def is_within(self, threshold: float) -> bool:
        """Whether neither of the two is that many times as fast as the other."""
        return self.is_below(threshold) and self.is_above(1 / threshold)

    @property
    def is_not_above(self) -> bool:
        """Whether it is a tie or below 1, or lies between the two: how far below is not asked."""
        if self.verdict is not Verdict.UNRESOLVED or self.low is None or self.high is None:
            return self.verdict in (Verdict.TIE, Verdict.FASTER)
        return self.low <= 1 + DIFFERENCE and self.high <= 1 + TIE

    def side_of(self, threshold: float) -> Side:
        """On which side of the threshold it lies."""
        if self.is_above(threshold):
            return Side.ABOVE
        return Side.BELOW if self.is_below(threshold) else Side.OPEN

    @property
    def above_up_to(self) -> float | None:
        """The greatest threshold that it is above; None without an interval."""
        return None if self.low is None else self.low / self._noise_factor

    @property
    def below_from(self) -> float | None:
        """The least threshold that it is below; None without an interval."""
        return None if self.high is None else self.high * self._noise_factor

    def growth_to_tell(self, *thresholds: float) -> float | None:
        """Factor by which the epochs must grow until the interval contains no threshold.

        Its width shrinks with the root of their number, and noise stays. 1 where it holds none
        now. None where no number of epochs would do, since noise reaches as far as the nearest
        threshold, and where one epoch leaves everything open.
        """
        if self.low is None or self.high is None:
            return None
        low, high = self.low / self._noise_factor, self.high * self._noise_factor
        held = [threshold for threshold in thresholds if low <= threshold <= high]
        if not held:
            return 1.0
        nearest = min(abs(math.log(self.value / threshold)) for threshold in held)
        distance = nearest - math.log(self._noise_factor)
        return (self.half_width / distance) ** 2 if distance > 0 else None

    def epochs_to_tell(self, *thresholds: float) -> int | None:
        """Total epochs after which the interval probably contains no threshold.

        None where no number of epochs would do, and one more where there is no interval yet.
        """
        if self.low is None:
            return self.epochs + 1
        growth = self.growth_to_tell(*thresholds)
        return None if growth is None else _whole(self.epochs * growth)

    def epochs_to_resolve(self, precision: float) -> int | None:
        """Total epochs after which the verdict is probably a difference or a tie.

        The half-width shrinks with the root of the number of epochs, and `precision` is the least
        that is worth waiting for. None where no number of epochs would tell: a difference that is
        smaller than the noise.
        """
        if self.low is None:
            return self.epochs + 1
        distance, border = abs(self.centre), math.log1p(least_difference(self.noise))
        if math.log1p(DIFFERENCE) < distance <= border:
            return None
        aim = max(distance - border, math.log1p(TIE) - distance, math.log1p(precision))
        return max(self.epochs + 1, _whole(self.epochs * (self.half_width / aim) ** 2))

    @property
    def _noise_factor(self) -> float:
        return 1 + (self.noise or 0.0)

    def __str__(self) -> str:
        """The estimate with its interval, for example "0.31 [0.29, 0.33]"."""
        return f"{ratio_text(self.value)} {interval_text(self.low, self.high)}"


class Comparison(Struct, frozen=True, kw_only=True):
    """Two contestants, measured against each other."""

    contestant: str
    """Name of the first."""
    other: str
    """Name of the second."""
    ratio: Ratio
    """Time of the first over that of the second."""


def speed_up_text(ratio: Ratio) -> str:
    """How many times as fast one is, from its time over the other's: "1.26x [1.08, 1.47]"."""
    return times_text(ratio.inverse)


def times_text(speed_up: Ratio) -> str:
    """A speed-up with its interval, for example "1.26x [1.08, 1.47]"."""
    return f"{ratio_text(speed_up.value)}x {interval_text(speed_up.low, speed_up.high)}"


def least_difference(noise: float | None) -> float:
    """The least distance of an interval from 1 that counts as a difference, as a share."""
    return max(DIFFERENCE, noise or 0.0)


def mean_of(ratios: Collection[Ratio]) -> Ratio:
    """The geometric mean over cases, at least one.

    Cases are raced in processes of their own, so their errors are independent and the squares of
    the widths add up. Noise is not taken to average out: it is its own mean.
    """
    count = len(ratios)
    return Ratio.of(
        sum(ratio.centre for ratio in ratios) / count,
        math.hypot(*(ratio.half_width for ratio in ratios)) / count,
        min(ratio.epochs for ratio in ratios),
        noise_over(ratios),
    )


def noise_over(ratios: Collection[Ratio]) -> float | None:
    """The mean noise of several ratios, as a share; None where no twin raced."""
    noises = [ratio.noise for ratio in ratios if ratio.noise is not None]
    return math.expm1(sum(map(math.log1p, noises)) / len(ratios)) if noises else None


def _whole(epochs: float) -> int:
    """The next whole number, unless only rounding exceeds it."""
    return math.ceil(epochs - 1e-6)


def _find_verdict(low: float, high: float, noise: float | None) -> Verdict:
    """The verdict: faster or slower only if the whole interval agrees, and so for a tie.

    An interval outside the zone of differences and inside that of ties is called a difference: it
    is there, and the ratio says how little it is. Noise widens the zone of differences and never
    that of ties: a difference hidden by noise is not a tie, it is unresolved.

    Args:
        low: Logarithm of the interval's lower end.
        high: Logarithm of its upper end.
        noise: How far apart identical code was, as a share.

    """
    border, apart, tie = (math.log1p(x) for x in (least_difference(noise), DIFFERENCE, TIE))
    if high < -border:
        return Verdict.FASTER
    if low > border:
        return Verdict.SLOWER
    if -tie <= low <= apart and -apart <= high <= tie:
        return Verdict.TIE
    return Verdict.UNRESOLVED
