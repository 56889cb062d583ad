"""What the stages of one run share: the kernel, the options and one crew of processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypedDict

from whichext.build.store import Store
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import CaseSize, Raw, Timing
from whichext.system.progress import Progress, SilentProgress
from whichext.system.workers.crew import Crew


class Stopping(Protocol):
    """Decides which contestants race another epoch of a case."""

    def staying(self, timings: tuple[Timing, ...]) -> frozenset[str]:
        """Names of contestants that continue, from all timings of a case; none ends the case."""


class Journal(Protocol):
    """Keeps what a race has measured so far."""

    def begin(self, raw: Raw) -> None:
        """Store what is known before the race."""

    def add(self, epoch: int, size: CaseSize, timings: tuple[Timing, ...]) -> None:
        """Store what an epoch added to the timings of its case."""


class NoJournal:
    """Keeps nothing, for a run whose result is not saved."""

    def begin(self, raw: Raw) -> None:
        """Keep nothing."""

    def add(self, epoch: int, size: CaseSize, timings: tuple[Timing, ...]) -> None:
        """Keep nothing."""


class How(TypedDict, total=False):
    """Options that do not change what a run finds."""

    command: str
    """How it was asked for, for the result; by default the call in Python."""
    progress: Progress | None
    """Where to say how far it is; by default nowhere."""
    store: Store | None
    """Where builds are kept; by default the user's cache."""
    output: Path | None
    """Where the result will be; what is measured is kept beside it meanwhile."""
    earlier: Raw | None
    """The measurements of an earlier run, to continue from."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One run."""

    kernel: Kernel
    """The question."""
    options: Options
    """What was asked for, and how long it may take."""
    store: Store
    """Where builds are kept."""
    crew: Crew
    """The processes in which contestants run; its host makes inputs and reference answers once."""
    stopping: Stopping
    """When a case has been raced enough."""
    progress: Progress = field(default_factory=SilentProgress)
    """Where stages say how far they are."""
    journal: Journal = field(default_factory=NoJournal)
    """Where the race keeps its epochs."""
    earlier: Raw | None = None
    """An earlier result that the race continues."""
