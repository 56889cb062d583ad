"""What single times come to as a whole: the statistics that other programs' formats ask for.

Nothing of ours is judged by them: times of one contestant say nothing of a ratio.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_OUTLYING = 1.5  # of the distance between the quartiles, as Tukey has it


@dataclass(frozen=True)
class Summary:
    """Statistics of at least one time; all of them but the counts are in the unit of the times."""

    count: int
    """How many there are."""
    total: float
    """Their sum."""
    least: float
    """The shortest."""
    most: float
    """The longest."""
    mean: float
    """Their mean."""
    median: float
    """Their median."""
    deviation: float | None
    """Their standard deviation; None of a single one."""
    quartiles: tuple[float, float]
    """The first and the third quartile."""
    fences: tuple[float, float]
    """The least and the greatest that is no outlier by the quartiles."""
    outliers: int
    """How many are beyond these."""
    beyond_deviation: int
    """How many are more than a standard deviation from the mean."""


def summarise(times: Sequence[float]) -> Summary:
    """The statistics of at least one time."""
    ordered, mean = sorted(times), statistics.fmean(times)
    deviation = statistics.stdev(times) if len(times) > 1 else None
    first, third = _quartiles(ordered)
    reach = _OUTLYING * (third - first)
    usual = [time for time in ordered if first - reach <= time <= third + reach]
    return Summary(
        count=len(times),
        total=sum(times),
        least=ordered[0],
        most=ordered[-1],
        mean=mean,
        median=statistics.median(ordered),
        deviation=deviation,
        quartiles=(first, third),
        fences=(usual[0], usual[-1]),
        outliers=len(times) - len(usual),
        beyond_deviation=sum(abs(time - mean) > (deviation or 0.0) for time in times),
    )


def _quartiles(ordered: Sequence[float]) -> tuple[float, float]:
    if len(ordered) == 1:
        return ordered[0], ordered[0]
    first, _, third = statistics.quantiles(ordered, n=4, method="inclusive")
    return first, third
