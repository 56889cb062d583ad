"""A race among fakes: `Raceway.race` gives what the race makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from builders import make_build, make_raw, make_size
from fakes import FakeCrew, RecordingProgress, racers
from whichext.build.session import Journal, NoJournal, Session
from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import Build, CaseSize, Raw, Timing
from whichext.race import race
from whichext.report.journal import FileJournal, read_journal

MS = 1_000_000
ALIKE = {"a": MS, "b": 2 * MS}
CASES = tuple(Case(name=name, shape=(2, 2), dtype="float64") for name in ("small", "large"))

Staying = Callable[[tuple[Timing, ...]], frozenset[str]]


def everyone(timings: tuple[Timing, ...]) -> frozenset[str]:
    """Nothing is known well enough yet: all race on."""
    return frozenset(timing.contestant for timing in timings)


def no_one(timings: tuple[Timing, ...]) -> frozenset[str]:  # noqa: ARG001  # what a race asks
    """All is known."""
    return frozenset()


def until_epoch(last: int) -> Staying:
    """All race on until there are that many epochs."""
    return lambda timings: no_one(timings) if epochs_of(timings) >= last else everyone(timings)


def epochs_of(timings: tuple[Timing, ...], case: str = "") -> int:
    """Epochs that were raced; in one case, if it is named."""
    of_case = [timing for timing in timings if case in ("", timing.case)]
    return 1 + max((sample.epoch for t in of_case for sample in t.samples), default=-1)


def bytes_of(raw: Raw) -> dict[str, int]:
    """Bytes of the inputs of each case that was raced."""
    return {s.case: s.input_bytes for s in raw.sizes if s.input_bytes is not None}


@dataclass(frozen=True)
class Rule:
    """A stopping rule that is a function."""

    staying: Staying


class ReadBack(FileJournal):
    """A journal that is read again after every epoch."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.kept: list[Raw] = []

    def add(self, epoch: int, size: CaseSize, timings: tuple[Timing, ...]) -> None:
        """Keep the epoch, and all that the file then has."""
        super().add(epoch, size, timings)
        self.kept.append(read_journal(self.path.read_bytes()))


@dataclass
class Raceway:
    """What a race among fakes needs, and what came of it."""

    monkeypatch: pytest.MonkeyPatch
    kernel: Kernel
    store: Store
    crew: FakeCrew = field(default_factory=lambda: FakeCrew(ALIKE))
    progress: RecordingProgress = field(default_factory=RecordingProgress)
    journal: Journal = field(default_factory=NoJournal)

    def race(
        self,
        options: Options,
        *,
        staying: Staying = everyone,
        contestants: tuple[Contestant, ...] = (),
        cases: tuple[Case, ...] = CASES[:1],
        checks: tuple[Check, ...] = (),
        earlier: tuple[Timing, ...] = (),
        earlier_builds: tuple[Build, ...] | None = None,
        unbuilt: tuple[str, ...] = (),
    ) -> Raw:
        """Race the crew's contestants, or those that are named."""
        clock = SimpleNamespace(monotonic=self.crew.clock.monotonic)
        self.monkeypatch.setattr("whichext.race.time", clock)
        self.monkeypatch.setattr("whichext.race.plan.time", clock)
        asked = tuple(
            replace(c, project="unbuilt") if c.name in unbuilt else c
            for c in contestants or racers(self.crew.call_ns)
        )
        raw = replace(
            make_raw(cases=cases, checks=checks, builds=(make_build("imaginary"),)),
            sizes=tuple(make_size(case.name, input_bytes=None) for case in cases),
            contestants=asked,
        )
        builds = raw.builds if earlier_builds is None else earlier_builds
        session = Session(
            kernel=self.kernel,
            options=options,
            store=self.store,
            crew=self.crew.as_crew,
            stopping=Rule(staying),
            progress=self.progress,
            journal=self.journal,
            earlier=replace(raw, timings=earlier, builds=builds) if earlier else None,
        )
        return race(session, raw)

    def run(self, options: Options, **others: object) -> tuple[Timing, ...]:
        """The timings of `race`."""
        return self.race(options, **others).timings  # type: ignore[arg-type]  # its own
