"""Speed-ups as all reports write them."""

from __future__ import annotations

from whichext.model.ratio import Ratio
from whichext.model.units import interval_text, ratio_text


def speed_up_text(ratio: Ratio) -> str:
    """How many times as fast one is, from its time over the other's: "1.26x [1.08, 1.47]"."""
    return times_text(ratio.inverse)


def times_text(speed_up: Ratio) -> str:
    """A speed-up with its interval, for example "1.26x [1.08, 1.47]"."""
    return f"{ratio_text(speed_up.value)}x {interval_text(speed_up.low, speed_up.high)}"
