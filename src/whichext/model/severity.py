"""How much a finding takes away from a comparison, and which builds it puts side by side."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How much a finding takes away from a comparison; the most serious first."""

    AUTHOR = "author"
    """What the kernel declares is not so."""
    UNATTRIBUTABLE = "unattributable"
    """A difference between these contestants may be this and not what they are compared for."""
    WARNING = "warning"
    """A comparison is valid, with this in mind."""


class Group(Struct, frozen=True):
    """Builds that are alike in something."""

    setting: str
    """What they have in common, such as "-O3"."""
    builds: tuple[str, ...]
    """Their names, "project" or "project @profile"."""
