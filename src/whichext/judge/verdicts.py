"""What an interval allows to say, and when it is narrow enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whichext.judge.ratios import LogRatio
from whichext.model.estimate import Verdict
from whichext.model.scorecard import Scorecard

CONFIDENCE = 0.95
TIE = 0.03
"""An interval within 3 % of 1 is a tie, unless all of it is a difference: layout of code and memory
alone moves times that far."""
DIFFERENCE = 0.01
"""An interval that keeps more than 1 % away from 1 is a difference, however small."""

_PRECISION_SHARE = 1 / 20
_USUAL_PRECISION = 0.01  # whoever asks for more gets more of it far from a tie as well
_HOPELESS = math.log(3)


@dataclass(frozen=True)
class Zones:
    """Borders of the verdicts, as factors from 1 (0.03 is 3 %)."""

    tie: float = TIE
    """An interval that lies within may be a tie. Noise does not move it: what cannot be told apart
    for noise is not equal."""
    difference: float = DIFFERENCE
    """An interval that lies outside is faster or slower; never less than the noise floor."""

    @classmethod
    def above(cls, noise_floor: float | None) -> Zones:
        """The zones of a case whose identical contestants came out `noise_floor` apart."""
        return cls(difference=max(DIFFERENCE, noise_floor or 0.0))


def case_zones(scorecard: Scorecard, case: str) -> Zones:
    """The borders of the verdicts in a case, from the noise of that case."""
    floors = {course.case: course.noise_floor for course in scorecard.courses}
    return Zones.above(floors.get(case))


def find_verdict(ratio: LogRatio, zones: Zones) -> Verdict:
    """Faster or slower only when the whole interval says so, a tie only when it all is one.

    An interval outside the zone of differences and inside that of ties is called a difference: it
    is there, and the ratio says how little it is. Where only noise keeps it from being one, it is
    unresolved: noise must never make equals of what differs.
    """
    difference, tie = math.log1p(zones.difference), math.log1p(zones.tie)
    apart = min(difference, math.log1p(DIFFERENCE))
    low, high = ratio.centre - ratio.half_width, ratio.centre + ratio.half_width
    if high < -difference:
        return Verdict.FASTER
    if low > difference:
        return Verdict.SLOWER
    if -tie <= low <= apart and -apart <= high <= tie:
        return Verdict.TIE
    return Verdict.UNRESOLVED


def epochs_needed(ratio: LogRatio, zones: Zones, precision: float) -> int:
    """Epochs in all after which the interval is likely to be a difference or a tie.

    The half-width shrinks with the root of the number of epochs, and `precision` is the least that
    is worth waiting for. 0 where no number of epochs would tell: a difference that is smaller than
    the noise floor.
    """
    if not math.isfinite(ratio.half_width):
        return ratio.epochs + 1
    if math.log1p(DIFFERENCE) < abs(ratio.centre) <= math.log1p(zones.difference):
        return 0
    to_difference = abs(ratio.centre) - math.log1p(zones.difference)
    to_tie = math.log1p(zones.tie) - abs(ratio.centre)
    aim = max(to_difference, to_tie, math.log1p(precision))
    return max(ratio.epochs + 1, math.ceil(ratio.epochs * (ratio.half_width / aim) ** 2))


def is_precise(ratio: LogRatio, precision: float) -> bool:
    """Whether more epochs would add nothing that a reader acts on.

    Near a tie that is `precision`; at 1 %, a ratio of 2 needs no more than 3.5 %, one of 10 no more
    than 12 %. It looks at the width alone and never at the verdict: stopping as soon as a
    difference appears would make a difference appear between equals.
    """
    share = min(_PRECISION_SHARE, precision * _PRECISION_SHARE / _USUAL_PRECISION)
    return ratio.half_width <= max(math.log1p(precision), abs(ratio.centre) * share)


def is_hopeless(ratio: LogRatio) -> bool:
    """Whether the whole interval lies above three times the baseline's time.

    Such a contestant leaves the race with the interval that it has: more epochs of the slowest one
    would cost most of the time and change nothing for anybody.
    """
    return ratio.centre - ratio.half_width > _HOPELESS
