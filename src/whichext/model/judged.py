"""The judged part of a result: derived from `Raw` alone, so it can be recomputed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from whichext.model.claim import ClaimResult
from whichext.model.decision import Decision
from whichext.model.insight import (
    Confounded,
    Effect,
    Efficiency,
    FirstCall,
    Headline,
    Leaders,
    RaceNoise,
    ResultWarning,
    Trend,
)
from whichext.model.memory import MemoryNote
from whichext.model.outcome import Outcome
from whichext.model.ratio import Comparison, Ratio

Round = tuple[int, int]
"""Epoch and round."""
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
    """The result of racing identical code."""

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
        """Whether the counts are complete and large enough for the rule."""
        return not self.stopped and self.cells >= FEWEST_CELLS

    @property
    def passed(self) -> bool:
        """Whether the numbers of excluded intervals and false positives are within the limits."""
        return (
            self.conclusive
            and self.excluded <= MOST_EXCLUDED * self.cells
            and self.miscalled <= MOST_MISCALLED * self.cells
        )


class Row(Struct, frozen=True, kw_only=True):
    """The outcome of a contestant in a case: a row of the report."""

    case: str
    """Name of the case."""
    contestant: str
    """Name of the contestant."""
    outcome: Outcome
    """What became of it."""


class CaseJudged(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case's race as a whole, whatever took part."""

    case: str
    """Name of the case."""
    rounds: int
    """Rounds that were raced."""
    dropped: tuple[Round, ...]
    """Rounds that were not counted, since another guest had the processor in them."""
    rounds_spoiled: int
    """Rounds in which another guest had the processor: the dropped ones, and those that stayed
    since too few would have been left."""
    twin: Ratio | None
    """The A/A twin's time over its original's; None where the two did not race."""
    noise: float | None
    """How far that ratio was from 1, as a share; over fewer than eight epochs at least half of its
    interval's width. None where the two did not race."""
    tail_noise: float | None = None
    """The same of their tail latencies; None with one caller, or of too few calls."""
    baseline: str | None = None
    """Name of the contestant that the case's ratios refer to: the run's baseline, or the next one
    where that was lost. None where no contestant stayed in the race."""
    first_calls: tuple[FirstCall, ...] = ()
    """What it takes in a fresh process, of all that are compared and began."""
    leaders: Leaders | None = None
    """Which is the fastest; None where nothing that is compared was measured."""
    efficiency: tuple[Efficiency, ...] = ()
    """Of each contestant with several threads, the fastest first; empty also where none with one
    thread was measured."""
    headlines: tuple[Headline, ...] = ()
    """The ratios that would be quoted: to the best with one thread and to the best with several."""
    between: tuple[Comparison, ...] = ()
    """The fastest of each toolchain against each other, the fastest of all first; without the
    baseline of the case, to which all ratios refer."""
    memory: tuple[MemoryNote, ...] = ()
    """Those whose calls take as much memory as an argument, or keep some, in the order of rows."""


class Judged(Struct, frozen=True, kw_only=True):
    """Everything that follows from a raw result."""

    confidence: float
    """Coverage that every interval aims at, for example 0.95."""
    cases: tuple[CaseJudged, ...]
    """Each case's race as a whole."""
    rows: tuple[Row, ...] = ()
    """One row per contestant and case."""
    factors: Mapping[str, Mapping[str, str]] = {}
    """In what contestants can differ: the factors of each that is compared, value by name. They are
    what its entry declares, its profile sets, the audit saw, and its threads."""
    effects: tuple[Effect, ...] = ()
    """What single factors do, from all pairs of contestants that differ in one alone."""
    trends: tuple[Trend, ...] = ()
    """How contestants fare against the run's baseline, family by family of cases."""
    confounded: tuple[Confounded, ...] = ()
    """Leaders that differ from their baseline in several factors."""
    noise: RaceNoise | None = None
    """What disturbed the race; None where none was asked for."""
    warnings: tuple[ResultWarning, ...] = ()
    """What makes the result doubtful, the most serious first."""
    decision: Decision | None = None
    """Whether any toolchain is worth it, and which; None where no race was asked for."""
    claims: tuple[ClaimResult, ...] = ()
    """The result of each claim, in the order of the claims."""
    selfcheck: SelfCheck | None = None
    """What came of racing identical code; None for any other race."""
