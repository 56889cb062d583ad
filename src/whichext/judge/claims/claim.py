"""What a claim is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from whichext.model.ratio import Verdict


@dataclass(frozen=True)
class Word:
    """A word of a claim."""

    text: str
    """As it was written; empty behind the last one."""
    start: int
    """Where it begins, from 0."""


class Quantity(StrEnum):
    """What a claim is about."""

    SPEED = "speed"
    """Time of B / time of A: how many times as fast A is."""
    TIME = "time"
    """Time of A / time of B."""
    SHARE = "share"
    """Share of the limit that A reaches."""
    THREADS = "threads"
    """Threads that were busy during a call of A."""


@dataclass(frozen=True)
class Range:
    """Where a quantity lies if the claim is true."""

    low: float
    """Its lower end; 0 where only an upper one was claimed."""
    high: float
    """Its upper end; infinite where only a lower one was claimed."""


@dataclass(frozen=True)
class Statement:
    """What is claimed of the contestants, whoever they are."""

    quantity: Quantity
    """What it is about."""
    states: Range | Verdict
    """Where that lies; without a number, what a report would say of A against B."""
    words: str
    """The words that say so, such as "at least 2x"."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim, with its names as they were written."""

    text: str
    """All of it."""
    one: Word
    """Contestant A."""
    statement: Statement
    """What is claimed of it."""
    other: Word | None
    """Contestant B; None where the claim compares A with nobody."""
    cases: tuple[Word, ...]
    """Where it is said to be so; empty for the kernel's usual cases."""
