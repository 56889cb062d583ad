"""Races with times that are known: among fakes, and as they are judged, claimed and decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from support.builds import built
from support.contestants import SMALL, TALL, make_contestant, racers
from support.processes import FakeCrew, RecordingProgress
from support.results import (
    changed,
    make_build,
    make_course,
    make_raw,
    make_samples,
    make_size,
    make_timing,
    make_view,
    rejudged,
)
from whichext.build.session import Journal, Lineup, NoJournal, Outlook, Schedule, Session, SoFar
from whichext.build.store import Store
from whichext.cli.wording import SHELL
from whichext.judge import judge_again
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import hold, with_claims
from whichext.judge.claims.trials import Trial
from whichext.judge.decision import decide as judge_decision
from whichext.model.case import Case
from whichext.model.check import Check
from whichext.model.claim import ClaimResult
from whichext.model.contestant import Contestant, Factor, Role
from whichext.model.decision import MIN_SPEEDUP, Decision
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import Build, CaseSize, Raw, Timing
from whichext.model.view import View
from whichext.race import race
from whichext.report.document import Block, Document
from whichext.report.journal import FileJournal, read_journal
from whichext.report.markdown import render_markdown
from whichext.report.memo import memo_document
from whichext.system.progress import Progress


def race_between(
    contestants: Sequence[Contestant],
    times_ns: Mapping[str, Mapping[str, float]],
    *,
    origin: str = "",
    seed: int = 0,
    spread: float = 0.01,
    epochs: int = 10,
) -> View:
    """The judged result of a race.

    Args:
        contestants: Who raced, the baseline first.
        times_ns: Mean time of a call by case and contestant, ns.
        origin: Where explanations begin.
        seed: Of the noise.
        spread: Standard deviation of the logarithm of times, between epochs and between rounds.
        epochs: Sets of fresh processes.

    """
    rng = np.random.default_rng(seed)
    timings = []
    for case, by_name in times_ns.items():
        # What the machine does to everybody in a round is the same for all.
        machine = rng.normal(0, 3 * spread, (epochs, 4))
        for name, mean_ns in by_name.items():
            own = rng.normal(0, spread, (epochs, 1)) + rng.normal(0, spread, (epochs, 4))
            times = mean_ns * np.exp(machine + own)
            timings.append(Timing(contestant=name, case=case, samples=make_samples(times.tolist())))
    plain = make_view(
        timings=timings,
        cases=[SMALL.but(name=case) for case in times_ns],
        courses=[make_course(case) for case in times_ns],
        names=[contestant.name for contestant in contestants],
    )
    return rejudged(changed(plain, contestants=tuple(contestants), origin=origin))


MS = 1_000_000
ALIKE = {"a": MS, "b": 2 * MS}
CASES = tuple(Case(name=name, shape=(2, 2), dtype="float64") for name in ("small", "large"))


Racing = Callable[[tuple[Timing, ...]], frozenset[str]]


def all_race(timings: tuple[Timing, ...]) -> frozenset[str]:
    """Nothing is known well enough yet: all race on."""
    return frozenset(timing.contestant for timing in timings)


def none_race(timings: tuple[Timing, ...]) -> frozenset[str]:  # noqa: ARG001  # a race passes them
    """All is known."""
    return frozenset()


def until_epoch(last: int) -> Racing:
    """All race on until there are that many epochs."""
    return lambda timings: none_race(timings) if epochs_of(timings) >= last else all_race(timings)


def epochs_of(timings: tuple[Timing, ...], case: str = "") -> int:
    """Epochs that were raced; in one case, if it is named."""
    of_case = [timing for timing in timings if case in ("", timing.case)]
    return 1 + max((sample.epoch for t in of_case for sample in t.samples), default=-1)


def bytes_of(raw: Raw) -> dict[str, int]:
    """Bytes of the inputs of each case that was raced."""
    return {s.case: s.input_bytes for s in raw.sizes if s.input_bytes is not None}


@dataclass(frozen=True)
class FixedSchedule:
    """A schedule that is a function: who races another epoch, and takes all turns of it."""

    racing: Racing = all_race
    """Names of those that race after the first epoch."""
    needs: Mapping[str, float] = field(default_factory=dict)
    """Epochs that a case is said to need still; 1 unless told otherwise."""
    hidden: frozenset[str] = frozenset()
    """Names of cases in which noise hides what is unresolved."""

    def lineup(self, case: SoFar) -> Lineup:
        """All in the first epoch, and then those that the function names."""
        return Lineup(self.racing(case.timings) if case.epoch else all_race(case.timings))

    def outlook(self, so_far: SoFar, more_epochs: float) -> Outlook:  # noqa: ARG002  # a race passes it
        """What was fixed beforehand for the case."""
        case = so_far.timings[0].case
        return Outlook(self.needs.get(case, 1.0), hidden=case in self.hidden)


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
    shown: Progress | None = None
    """Where it says how far it is instead."""
    journal: Journal = field(default_factory=NoJournal)

    def race(
        self,
        options: Options,
        *,
        racing: Racing = all_race,
        schedule: Schedule | None = None,
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
        self.monkeypatch.setattr("whichext.race.visits.time", clock)
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
            schedule=schedule or FixedSchedule(racing),
            progress=self.shown or self.progress,
            journal=self.journal,
            earlier=replace(raw, timings=earlier, builds=builds) if earlier else None,
        )
        return race(session, raw)

    def run(self, options: Options, **others: object) -> tuple[Timing, ...]:
        """The timings of `race`."""
        return self.race(options, **others).timings  # type: ignore[arg-type]  # its own


OURS, OTHER, DEBUG = "rust.total", "cy.total", "cy.total@debug"


def trial_of(text: str) -> Trial:
    """A claim whose contestants are the imaginary ones of these names; in "small" by default."""
    claim = parse_claim(text)
    return Trial(
        claim=claim,
        one=make_contestant(claim.one.text),
        other=None if claim.other is None else make_contestant(claim.other.text),
        cases=tuple(word.text for word in claim.cases) or ("small",),
    )


def make_races(times_ns: Mapping[str, Mapping[str, Sequence[float]]]) -> View:
    """A race in "small" and "tall": one time per epoch for each contestant, by case."""
    timings = [
        make_timing(name, epochs_ns, case)
        for case, contestants in times_ns.items()
        for name, epochs_ns in contestants.items()
    ]
    names = list(dict.fromkeys(timing.contestant for timing in timings))
    return rejudged(make_view(timings=timings, cases=(SMALL, TALL), names=names))


def with_common_factors(view: View, **values: str) -> View:
    """The view with the same declared factors for all contestants, beside their toolchains."""
    factors = tuple(Factor(name, value) for name, value in values.items())
    contestants = tuple(
        msgspec.structs.replace(contestant, factors=(*contestant.factors, *factors))
        for contestant in view.raw.contestants
    )
    return changed(view, contestants=contestants)


def held(text: str, view: View) -> ClaimResult:
    """What becomes of a claim."""
    return hold(trial_of(text), view)


def with_held(view: View, *texts: str) -> View:
    """The result with what becomes of these claims."""
    return with_claims(view, [trial_of(text) for text in texts])


Times = Mapping[str, float]


NUMPY = "numpy"


CY, CY2, RS, RS2 = "cy.find", "cy.find[2]", "rs.find", "rs.find[2]"


BUILDS = (built("cy", "cc", "cython"), built("rs", "cargo", "cc", "rustc", "maturin"))
"""One toolchain, and two."""


def of_decision(name: str, requires: Sequence[str] = ()) -> Contestant:
    """A contestant of that name; "numpy" is the reference."""
    role = {"role": Role.REFERENCE} if name == NUMPY else {}
    return make_contestant(name, requires=tuple(requires), **role)


def decide(
    times_ns: Mapping[str, Times],
    *,
    absent: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
    builds: Sequence[Build] = BUILDS,
    checks: Sequence[Check] = (),
    requires: Mapping[str, Sequence[str]] | None = None,
    spread: float = 0.002,
    epochs: int = 10,
    seed: int = 0,
) -> View:
    """The judged result of a race against NumPy.

    Args:
        times_ns: Mean time of a call by case and contestant, ns.
        absent: Who was asked for and did not race.
        families: Of cases that belong to one.
        builds: What became of the projects.
        checks: What verify found.
        requires: Packages that contestants need.
        spread: Of the noise between epochs and between rounds.
        epochs: Sets of fresh processes.
        seed: Of the noise.

    """
    names = dict.fromkeys([NUMPY, *(name for by in times_ns.values() for name in by), *absent])
    contestants = [of_decision(name, (requires or {}).get(name, ())) for name in names]
    raced = race_between(contestants, times_ns, spread=spread, epochs=epochs, seed=seed)
    return rejudged(
        changed(
            raced,
            cases=tuple(
                case.but(family=(families or {}).get(case.name)) for case in raced.raw.cases
            ),
            builds=tuple(builds),
            checks=tuple(checks),
            timings=tuple(
                replace(timing, import_ns=(1_000_000,) * epochs, first_call_ns=(50_000,) * epochs)
                for timing in raced.raw.timings
            ),
        )
    )


def decided(view: View, min_speedup: float = MIN_SPEEDUP) -> View:
    """The result with the decision that follows from all the rest of it, as it is."""
    judged = replace(view.judged, decision=judge_decision(view, min_speedup))
    return View(view.raw, judged)


def decision_of(view: View, min_speedup: float = MIN_SPEEDUP) -> Decision:
    """What to do after a race."""
    found = decided(view, min_speedup).judged.decision
    assert found is not None
    return found


def memo_of(view: View, min_speedup: float = MIN_SPEEDUP) -> str:
    """The memo as the command line prints it."""
    judged = judge_again(view, view.reference.name, min_speedup)
    return render_markdown(memo_document(judged), SHELL)


def markdown_of(blocks: Iterable[Block]) -> str:
    """Blocks of a report as the command line prints them in Markdown, without the last break."""
    return render_markdown(Document(tuple(blocks)), SHELL).removesuffix("\n")
