"""When an interval is narrow enough, and with what noise a case is judged."""

from __future__ import annotations

import math

from whichext.model.ratio import Ratio

CONFIDENCE = 0.95

_PRECISION_SHARE = 1 / 20
_USUAL_PRECISION = 0.01  # whoever asks for more gets more of it far from a tie as well
_HOPELESS = 3.0


def is_precise(ratio: Ratio, precision: float) -> bool:
    """Whether more epochs would add nothing that a reader acts on.

    Near a tie that is `precision`; at 1 %, a ratio of 2 needs no more than 3.5 %, one of 10 no more
    than 12 %. It looks at the width alone and never at the verdict: stopping as soon as a
    difference appears would make a difference appear between equals.
    """
    share = min(_PRECISION_SHARE, precision * _PRECISION_SHARE / _USUAL_PRECISION)
    return ratio.half_width <= max(math.log1p(precision), abs(ratio.centre) * share)


def is_hopeless(ratio: Ratio) -> bool:
    """Whether the whole interval lies above three times the baseline's time.

    Such a contestant leaves the race with the interval that it has: more epochs of the slowest one
    would cost most of the time and change nothing for anybody.
    """
    return ratio.low is not None and ratio.low > _HOPELESS
