"""How serious findings are, and the words that they share."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

_MOST_NAMED = 3


class Severity(StrEnum):
    """How much a finding takes away from a comparison; the most serious first."""

    AUTHOR = "kernel author's error"
    """What the kernel declares is not so."""
    UNATTRIBUTABLE = "not attributable"
    """A difference between these contestants may be this and not what they are compared for."""
    WARNING = "warning"
    """A comparison stands, with this in mind."""


class Group(Struct, frozen=True):
    """Builds that are alike in something."""

    setting: str
    """What they have in common, such as "-O3"."""
    builds: tuple[str, ...]
    """Their names, "project" or "project @profile"."""

    def __str__(self) -> str:
        return f"{listed(self.builds)}: {self.setting}"


def listed(names: tuple[str, ...]) -> str:
    """Names in a sentence."""
    return ", ".join(names)


def some(names: tuple[str, ...]) -> str:
    """The first names in a sentence, and how many more there are."""
    more = len(names) - _MOST_NAMED
    return listed(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def grouped(groups: tuple[Group, ...]) -> str:
    """Groups in a sentence."""
    return "; ".join(map(str, groups))
