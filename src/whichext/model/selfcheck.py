"""What came of racing identical code, and what may come of it on a machine that can be believed."""

from __future__ import annotations

from msgspec import Struct

MOST_EXCLUDED = 0.08
"""Share of intervals that may exclude 1: 95 % intervals should at 5 %, and 100 cells vary."""
MOST_MISCALLED = 0.05
"""Share of pairs that may be called faster or slower: what a verdict at 95 % may be wrong in."""
FEWEST_CELLS = 25
"""Pairs below which chance decides: one of 12 intervals excludes 1 in 46 % of the checks on a
machine without fault, and three of 25 in 13 % of them at most."""
MOST_CELLS = 100
"""Pairs that the cases of the self-check give."""


class SelfCheck(Struct, frozen=True, kw_only=True):
    """What came of racing identical code."""

    asked: int
    """Pairs that were to be compared."""
    cells: int
    """Pairs of identical contestants that were compared, over all cases."""
    excluded: int
    """Pairs whose interval excludes 1, which all should hold."""
    miscalled: int
    """Pairs that were called faster or slower, the worst that a race can do; each of them is among
    the excluded ones."""
    noise_floor: float | None
    """95th percentile of how far ratios were from 1; None without a pair."""
    half_width: float | None
    """Median half-width of the intervals; None where no interval is known."""
    rounds: int
    """Rounds that were raced."""
    rounds_dropped: int
    """Rounds dropped for stolen time."""
    rounds_spoiled: int
    """Rounds in which time was stolen, also those that had to stay."""
    stopped: str | None = None
    """Why the check ended before it was done; None when it was done."""

    @property
    def excluded_share(self) -> float | None:
        """Share of the intervals that exclude 1; None without a pair."""
        return self.excluded / self.cells if self.cells else None

    @property
    def conclusive(self) -> bool:
        """Whether the counts may be held against the rule: all of them, and enough."""
        return not self.stopped and self.cells >= FEWEST_CELLS

    @property
    def passed(self) -> bool:
        """Whether no more intervals exclude 1, and no more pairs are miscalled, than may be."""
        return (
            self.conclusive
            and self.excluded <= MOST_EXCLUDED * self.cells
            and self.miscalled <= MOST_MISCALLED * self.cells
        )
