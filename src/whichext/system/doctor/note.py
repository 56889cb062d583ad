"""What the doctor says of one thing that it looked at."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

NOT_TOLD = "not told by this system"


class Level(StrEnum):
    """How much a note matters to a race."""

    GOOD = "good"
    """Nothing to do; also what the system does not tell, since nothing follows from it."""
    NOTE = "note"
    """Worth knowing when reading a result; it makes no verdict wrong."""
    WARNING = "warning"
    """Builds will be skipped, or ratios will be noisier than they need be."""


class MachineNote(Struct, frozen=True):
    """One thing about this machine that matters to builds or timings."""

    subject: str
    """What was looked at, for example "governor"; no two notes share one."""
    found: str
    """What is there."""
    level: Level
    """How much it matters."""
    advice: str = ""
    """What it does to a race and what to do about it, with the marks of `model.inline`; empty when
    the level is GOOD."""


def good(subject: str, found: str) -> MachineNote:
    """A note with nothing to do about it."""
    return MachineNote(subject, found, Level.GOOD)


def not_told(subject: str) -> MachineNote:
    """A note of nothing: the file is absent, or does not say what it says on Linux."""
    return good(subject, NOT_TOLD)
