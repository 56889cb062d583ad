"""A race among fakes: `Raceway.race` gives what `race_all` makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from fakes import FakeCrew, RecordingProgress, racers
from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.scorecard import Race, Timing
from whichext.race import Plan, race_all

MS = 1_000_000
ALIKE = {"a": MS, "b": 2 * MS}
CASES = tuple(Case(name=name, shape=(2, 2), dtype="float64") for name in ("small", "large"))


def everyone(timings: tuple[Timing, ...]) -> frozenset[str]:
    """Nobody knows enough yet: all race on."""
    return frozenset(timing.contestant for timing in timings)


def no_one(timings: tuple[Timing, ...]) -> frozenset[str]:  # noqa: ARG001  # what race_all asks
    """All is known."""
    return frozenset()


def until_epoch(last: int) -> Callable[[tuple[Timing, ...]], frozenset[str]]:
    """All race on until there are that many epochs."""
    return lambda timings: no_one(timings) if epochs_of(timings) >= last else everyone(timings)


def epochs_of(timings: tuple[Timing, ...], case: str = "") -> int:
    """Epochs that were raced; in one case, if it is named."""
    of_case = [timing for timing in timings if case in ("", timing.case)]
    return 1 + max((sample.epoch for t in of_case for sample in t.samples), default=-1)


@dataclass
class Raceway:
    """What a race among fakes needs, and what came of it."""

    monkeypatch: pytest.MonkeyPatch
    kernel: Kernel
    crew: FakeCrew = field(default_factory=lambda: FakeCrew(ALIKE))
    progress: RecordingProgress = field(default_factory=RecordingProgress)
    kept: list[Race] = field(default_factory=list)

    def race(
        self,
        options: Options,
        *,
        next_field: Callable[[tuple[Timing, ...]], frozenset[str]] = everyone,
        contestants: tuple[Contestant, ...] = (),
        cases: tuple[Case, ...] = CASES[:1],
        checks: tuple[Check, ...] = (),
        earlier: tuple[Timing, ...] = (),
        unbuilt: tuple[str, ...] = (),
    ) -> Race:
        """Race the crew's contestants, or those that are named."""
        self.monkeypatch.setattr("whichext.race.Crew", self.crew)
        clock = SimpleNamespace(monotonic=self.crew.clock.monotonic)
        self.monkeypatch.setattr("whichext.race.time", clock)
        contestants = contestants or racers(self.crew.call_ns)
        plan = Plan(
            contestants=contestants,
            sites={c.name: Path("/site") for c in contestants if c.name not in unbuilt},
            cases=cases,
            checks=checks,
            earlier=Race(timings=earlier),
        )
        return race_all(
            self.kernel, plan, options, self.progress, next_field, keep=self.kept.append
        )

    def run(self, options: Options, **others: object) -> tuple[Timing, ...]:
        """The timings of `race`."""
        return self.race(options, **others).timings  # type: ignore[arg-type]  # its own
