"""What there is in the cache, as commands tell it: builds, and races for others."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.key import KeyChange
from whichext.model.outcome import Absence


class CachedBuild(Struct, frozen=True, kw_only=True):
    """A build in the cache."""

    key: str
    """Its name there."""
    project: str
    """The project's name; empty in a build from before this was kept."""
    profile: str
    """The profile's name; empty in such a build."""
    folder: str
    """Where the project lay; empty in such a build."""
    size_bytes: int
    """All that is kept of it, bytes."""
    made: str
    """When it was made, such as "2026-11-29T12:00:00Z"."""
    uses: int
    """How often it was found again."""
    because: tuple[KeyChange, ...]
    """Why an earlier build would not do."""
    usable: bool
    """Whether it can be found again: not one that is torn, or from an earlier whichext."""


class KeptRun(Struct, frozen=True, kw_only=True):
    """What is kept here of a run on machines, until its results are collected."""

    key: str
    """Its name there, which the run's folder of results has too."""
    kernel: str
    """Name of the kernel's folder; empty where there is none yet."""
    machines: tuple[str, ...]
    """The machines whose races are kept here: several where they share a home."""
    size_bytes: int
    """All that is kept of it, bytes."""
    written: str
    """When something of it was written last, such as "2026-11-29T12:00:00Z"."""
    is_racing: bool
    """Whether one of its races is under way."""


class Pruned(Struct, frozen=True, kw_only=True):
    """What was removed from the cache."""

    builds: tuple[CachedBuild, ...]
    """The builds."""
    left_overs: int
    """How many folders of builds that were killed."""
    runs: tuple[KeptRun, ...] = ()
    """What was kept of runs on machines."""


class Explained(Struct, frozen=True, kw_only=True):
    """What would become of a build that is asked for now."""

    project: str
    """The project's name."""
    profile: str
    """The profile's name."""
    found: CachedBuild | None = None
    """The build that would be used; None where there is none."""
    because: tuple[KeyChange, ...] = ()
    """In what the closest build differs; empty where there is none of the project."""
    missing: Absence | None = None
    """Why it cannot be built."""
