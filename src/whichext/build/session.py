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


@dataclass(frozen=True)
class SoFar:
    """What is known of a case's race before an epoch."""

    timings: tuple[Timing, ...]
    """All that was measured in it."""
    epoch: int
    """Number of the epoch, from 0."""
    slow: frozenset[str] = frozenset()
    """Names of those that took far longer than the baseline when they were verified."""
    block: int = 1
    """These race in one of so many epochs."""
    twin: str | None = None
    """Name of the baseline's twin, whose distance from it is noise."""
    harness: str | None = None
    """Name of the method that does nothing, which is compared with none."""


@dataclass(frozen=True)
class Lineup:
    """Which contestants race an epoch of a case, by name."""

    near: frozenset[str] = frozenset()
    """Those that take all their turns."""
    slower: frozenset[str] = frozenset()
    """Those that take a single turn."""
    far: frozenset[str] = frozenset()
    """Those that take a single turn, and are far from every decision."""

    @property
    def racing(self) -> frozenset[str]:
        """All that do; none ends the case."""
        return self.near | self.slower | self.far


@dataclass(frozen=True)
class Outlook:
    """What may still become of a case."""

    more_epochs: float
    """Epochs that it probably needs until it is precise."""
    hidden: bool = False
    """Whether what is unresolved would stay so in the time that is left."""


class Schedule(Protocol):
    """Decides which contestants race an epoch of a case, from all that came before it."""

    def lineup(self, case: SoFar) -> Lineup:
        """Which contestants race the next epoch."""

    def outlook(self, case: SoFar, more_epochs: float) -> Outlook:
        """What may become of a case in which there is time for so many more epochs."""


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
    schedule: Schedule
    """Which contestants race on, and when a case has been raced enough."""
    progress: Progress = field(default_factory=SilentProgress)
    """Where stages say how far they are."""
    journal: Journal = field(default_factory=NoJournal)
    """Where the race keeps its epochs."""
    earlier: Raw | None = None
    """An earlier result that the race continues."""
