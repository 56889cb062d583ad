"""The quantities that claims are about, with their intervals, from a result."""

from __future__ import annotations

from whichext.judge.claims.claim import Quantity
from whichext.judge.claims.finding import Amount
from whichext.judge.estimates import busy_threads
from whichext.judge.ratios import direct_ratio
from whichext.judge.steal import counted
from whichext.judge.verdicts import case_noise
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio
from whichext.model.scorecard import Scorecard


def measured_in(scorecard: Scorecard, case: str) -> dict[str, Measured]:
    """All that were measured in a case, by contestant's name."""
    return {
        row.contestant: row.outcome
        for row in scorecard.rows
        if row.case == case and isinstance(row.outcome, Measured)
    }


def ratio(scorecard: Scorecard, case: str, one: str, other: str) -> Ratio | None:
    """The time of one contestant over that of another, from the rounds that the two share."""
    timings, noise = counted(scorecard.timings, case), case_noise(scorecard, case)
    return direct_ratio(timings[one], timings[other], scorecard.confidence, noise)


def measure(
    scorecard: Scorecard, case: str, quantity: Quantity, names: tuple[str, ...]
) -> Amount | None:
    """A quantity in a case; None where it was not measured.

    Args:
        scorecard: The result.
        case: Name of the case.
        quantity: What to measure.
        names: Contestants A and, for what compares two, B.

    """
    measured = measured_in(scorecard, case)
    if not set(names) <= set(measured):
        return None
    match quantity:
        case Quantity.SPEED:
            return ratio(scorecard, case, *reversed(names))
        case Quantity.TIME:
            return ratio(scorecard, case, *names)
        case Quantity.SHARE:
            return measured[names[0]].of_limit
        case Quantity.THREADS:
            return busy_threads(counted(scorecard.timings, case)[names[0]]) or None
