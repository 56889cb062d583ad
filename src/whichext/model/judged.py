"""What follows from what was measured: derived from `Raw` alone, so that it can be made again."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.claim import ClaimResult
from whichext.model.decision import Decision
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio
from whichext.model.selfcheck import SelfCheck

Round = tuple[int, int]
"""Epoch and round."""


class Row(Struct, frozen=True, kw_only=True):
    """What became of a contestant in a case: a line of the report."""

    case: str
    """Name of the case."""
    contestant: str
    """Name of the contestant."""
    outcome: Outcome
    """What became of it."""


class Effect(Struct, frozen=True, kw_only=True):
    """What one factor does in a case: two contestants that differ in it and in nothing else."""

    case: str
    """Name of the case."""
    factor: str
    """Name of the factor."""
    before: str
    """Its value for the first contestant."""
    after: str
    """Its value for the second."""
    contestant_before: str
    """Name of the first contestant."""
    contestant_after: str
    """Name of the second."""
    ratio: Ratio
    """Time of the second over time of the first; its inverse is what the factor's change brings."""


class CaseJudged(Struct, frozen=True, kw_only=True):
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
    """How far that ratio was from 1, as a share; None where the two did not race."""


class Judged(Struct, frozen=True, kw_only=True):
    """All that may be said of what was measured."""

    confidence: float
    """Coverage that every interval aims at, for example 0.95."""
    cases: tuple[CaseJudged, ...]
    """Each case's race as a whole."""
    rows: tuple[Row, ...] = ()
    """One row per contestant and case."""
    effects: tuple[Effect, ...] = ()
    """What single factors do, from all pairs of contestants that differ in one alone."""
    decision: Decision | None = None
    """Whether any toolchain is worth it, and which; None where no race was asked for."""
    claims: tuple[ClaimResult, ...] = ()
    """What became of the claims that were held against it, in their order."""
    selfcheck: SelfCheck | None = None
    """What came of racing identical code; None for any other race."""
