"""Axes of plots: the width beside labels, and logarithmic scales all of whose ticks are named."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

PANEL = 560
"""Of a panel with all that is written around it, px: two of them fill a page, and one a column."""
NARROW = 320
"""The same on a phone of 360 px, which has margins."""
LETTER = 6.6
"""Of a letter of a label, px; canvas.py sets their size."""
WIDEST_LABEL = 280
"""Of a label, px; a longer one is cut."""

_AROUND_LABELS = 22  # px: the tick, and what is left free beside the area
_LEAST_AREA = 130  # px
_STEPS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))  # of a decade, the finest first
_LINEAR = (1, 2, 2.5, 5, 10)
_FEWEST_TICKS, _MOST_LINEAR, _LINEAR_UP_TO = 3, 6, 6
_ACROSS, _UP = 32, 18  # px between two ticks whose labels are beside, or above each other


def area_beside(labels: Iterable[str], panel: int = PANEL) -> int:
    """Width of the area of a panel whose rows have these labels, px."""
    longest = min(WIDEST_LABEL, LETTER * max((len(label) for label in labels), default=0))
    return max(_LEAST_AREA, round(panel - longest - _AROUND_LABELS))


@dataclass(frozen=True)
class LogScale:
    """A logarithmic scale of an axis, with the ends that are drawn."""

    low: float
    """Its lower end."""
    high: float
    """Its upper end."""
    length: int
    """Of the axis, px."""
    gap: int = _ACROSS
    """Between two ticks at least, px."""

    @classmethod
    def across(
        cls, values: Iterable[float], length: int, before: int = 12, after: int = 12
    ) -> LogScale:
        """A scale from left to right that has room for all values, and so many px beside them."""
        return cls(*_ends(values, length, before, after), length)

    @classmethod
    def up(cls, values: Iterable[float], length: int, margin: int = 10) -> LogScale:
        """A scale from below to above that has room for all values."""
        return cls(*_ends(values, length, margin, margin), length, _UP)

    def at(self, value: float) -> float:
        """Where a value is, in px from the lower end."""
        return self.length * math.log(value / self.low) / math.log(self.high / self.low)

    @property
    def altair(self) -> Any:
        """The scale for a chart."""
        import altair

        return altair.Scale(type="log", nice=False, domain=[self.low, self.high])

    @property
    def ticks(self) -> list[float]:
        """The finest that all have room for their labels; with equal steps where these are few."""
        found: list[float] = []
        for steps in _STEPS:
            found = [*self._steps(steps)]
            places = [self.at(tick) for tick in found]
            pairs = pairwise(places)
            if all(after - before >= self.gap for before, after in pairs):
                break
        every = math.ceil(len(found) * self.gap / self.length)  # of powers of ten
        is_short = len(found) < _FEWEST_TICKS and self.high < _LINEAR_UP_TO * self.low
        return [*self._linear()] if is_short else found[::every]

    def _steps(self, steps: Iterable[float]) -> Iterator[float]:
        first, last = (math.floor(math.log10(end)) for end in (self.low, self.high))
        for power in range(first, last + 1):
            yield from (
                tick for step in steps if self.low <= (tick := step * 10.0**power) <= self.high
            )

    def _linear(self) -> Iterator[float]:
        span = self.high - self.low
        unit = 10.0 ** math.floor(math.log10(span / _MOST_LINEAR))
        step = next(one * unit for one in _LINEAR if one * unit >= span / _MOST_LINEAR)
        first = math.ceil(self.low / step)
        yield from (step * number for number in range(first, math.floor(self.high / step) + 1))


def _ends(values: Iterable[float], length: int, before: int, after: int) -> tuple[float, float]:
    """The least and the greatest value, moved apart by so many px at either end."""
    found = [value for value in values if value > 0 and math.isfinite(value)]
    low, high = min(found), max(found)
    if high < 1.02 * low:
        low, high = low / 1.1, high * 1.1
    decades = math.log(high / low) / (length - before - after)
    return low * math.exp(-decades * before), high * math.exp(decades * after)


def rows_of(places: Iterable[tuple[float, float]]) -> list[int]:
    """Rows in which labels do not touch: each has its middle and its width, from left to right."""
    ends: list[float] = []
    found: list[int] = []
    for middle, width in places:
        free = (row for row, end in enumerate(ends) if end <= middle - width / 2)
        row = next(free, len(ends))
        ends[row : row + 1] = [middle + width / 2]
        found.append(row)
    return found
