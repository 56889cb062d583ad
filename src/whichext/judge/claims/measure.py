"""The quantities that claims are about, with their intervals, from a result."""

from __future__ import annotations

import math

from whichext.judge.claims.claim import Quantity
from whichext.judge.claims.finding import Interval
from whichext.judge.estimates import bounds, busy_threads, direct_ratio
from whichext.judge.ratios import LogRatio
from whichext.judge.steal import counted
from whichext.model.estimate import Estimate
from whichext.model.outcome import Measured
from whichext.model.scorecard import Scorecard


def estimates(scorecard: Scorecard, case: str) -> dict[str, Estimate]:
    """The estimates of all that were measured in a case, by contestant's name."""
    return {
        row.contestant: row.outcome.estimate
        for row in scorecard.rows
        if row.case == case and isinstance(row.outcome, Measured)
    }


def ratio(scorecard: Scorecard, case: str, one: str, other: str) -> LogRatio:
    """The time of one contestant over that of another, from the rounds that the two share."""
    timings = counted(scorecard.timings, case)
    return direct_ratio(timings[one], timings[other], scorecard.confidence)


def measure(
    scorecard: Scorecard, case: str, quantity: Quantity, names: tuple[str, ...]
) -> Interval | None:
    """A quantity in a case; None where it was not measured.

    Args:
        scorecard: The result.
        case: Name of the case.
        quantity: What to measure.
        names: Contestants A and, for what compares two, B.

    """
    measured = estimates(scorecard, case)
    if not set(names) <= set(measured):
        return None
    match quantity:
        case Quantity.SPEED | Quantity.TIME:
            return _ratio_as(quantity, ratio(scorecard, case, *names))
        case Quantity.SHARE:
            return _share(measured[names[0]])
        case Quantity.THREADS:
            return _threads(scorecard, case, names[0], measured[names[0]].epochs)


def _ratio_as(quantity: Quantity, found: LogRatio) -> Interval | None:
    if found.epochs == 0:
        return None
    low, high = bounds(found)
    if quantity is Quantity.TIME:
        return Interval(math.exp(found.centre), low, high, found.epochs)
    return Interval(math.exp(-found.centre), high and 1 / high, low and 1 / low, found.epochs)


def _share(estimate: Estimate) -> Interval | None:
    if estimate.share is None:
        return None
    return Interval(estimate.share, estimate.share_low, estimate.share_high, estimate.epochs)


def _threads(scorecard: Scorecard, case: str, name: str, epochs: int) -> Interval | None:
    """Threads are counted and not estimated: the interval is that number."""
    seen = busy_threads(counted(scorecard.timings, case)[name])
    return Interval(seen, seen, seen, epochs) if seen else None
