"""What an interval allows to say, and when it is narrow enough."""

from __future__ import annotations

import math

from whichext.judge.ratios import LogRatio
from whichext.scorecard import Verdict

CONFIDENCE = 0.95
TIE_ZONE = 0.03
"""Ratios within 3 % of 1 count as equal: layout of code and memory alone moves times that far."""

_PRECISION = 0.01
_PRECISION_SHARE = 1 / 20


def find_verdict(ratio: LogRatio, tie_zone: float = TIE_ZONE) -> Verdict:
    """Faster or slower only when the whole interval says so, a tie only when it all is one."""
    zone = math.log1p(tie_zone)
    low, high = ratio.centre - ratio.half_width, ratio.centre + ratio.half_width
    if high < -zone:
        return Verdict.FASTER
    if low > zone:
        return Verdict.SLOWER
    if -zone <= low and high <= zone:
        return Verdict.TIE
    return Verdict.UNRESOLVED


def is_precise(ratio: LogRatio) -> bool:
    """Whether more epochs would add nothing that a reader acts on.

    Near a tie that is 1 %; a ratio of 2 needs no more than 3.5 %, one of 10 no more than 12 %. It
    looks at the width alone and never at the verdict: stopping as soon as a difference appears
    would make a difference appear between equals.
    """
    return ratio.half_width <= max(math.log1p(_PRECISION), abs(ratio.centre) * _PRECISION_SHARE)
