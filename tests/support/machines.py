"""Simulated machines: the whole race on a clock that is moved by hand, with noise that is known."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

from msgspec.structs import replace

from support.processes import FakeClock
from support.results import make_raw, make_size
from whichext.build.session import Session
from whichext.build.store import Store
from whichext.judge import view_of
from whichext.judge.schedule import Schedule
from whichext.model.case import Case
from whichext.model.check import Check
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Right, Tool, ToolchainAbsent
from whichext.model.raw import Raw
from whichext.race import race
from whichext.race.in_worker import Turn, Turned
from whichext.race.timed import Took
from whichext.system.workers import messages
from whichext.system.workers.crew import Crew
from whichext.toolchains.base import Toolchain

BASELINE, TWIN = "numpy", "numpy (A/A twin)"
CASE = Case(name="simulated", shape=(2, 2), dtype="int64")
START_NS = 10_000_000


@dataclass(frozen=True)
class Noise:
    """What a machine adds to the logarithm of a time; all but the first two are off at first."""

    jitter: float = 0.01
    """Standard deviation from turn to turn."""
    placement: float = 0.004
    """Standard deviation from process to process."""
    drift: float = 0.0
    """Standard deviation of a slow drift."""
    phase: float = 0.0
    """How much slower everything is in a phase; phases come and go, about every 40 turns."""
    stall: float = 0.0
    """Mean of a stall, which hits one turn in twelve."""
    tails: float | None = None
    """Degrees of freedom of Student's distribution that the jitter has; None for a normal one."""
    loud: float = 1.0
    """How many times the jitter the contestant "loud" has."""
    placed: float = 1.0
    """How many times the placement the contestant "placed" has."""


@dataclass
class Machine:
    """The noise of a machine, turn by turn."""

    noise: Noise
    rng: random.Random
    drift: float = 0.0
    in_phase: bool = False

    def turn(self, name: str) -> float:
        """What a turn of a contestant gets."""
        noise, rng = self.noise, self.rng
        self.drift = 0.98 * self.drift + rng.gauss(0, noise.drift * math.sqrt(1 - 0.98**2))
        self.in_phase ^= rng.random() < 1 / 40
        stall = rng.expovariate(1 / noise.stall) if noise.stall and rng.random() < 1 / 12 else 0.0
        jitter = noise.jitter * (noise.loud if name == "loud" else 1.0) * self._draw()
        return self.drift + noise.phase * self.in_phase + stall + jitter

    def process(self, name: str) -> float:
        """What a process of a contestant gets."""
        own = self.noise.placed if name == "placed" else 1.0
        return self.rng.gauss(0, self.noise.placement * own)

    def _draw(self) -> float:
        normal, tails = self.rng.gauss(0, 1), self.noise.tails
        if tails is None:
            return normal
        return normal / math.sqrt(self.rng.gammavariate(tails / 2, 2) / tails)


@dataclass
class SimulatedCrew:
    """A crew whose workers take as long as the machine says."""

    call_ns: Mapping[str, float]
    machine: Machine
    clock: FakeClock = field(default_factory=FakeClock)

    def prepare(self, case: Case) -> messages.Prepared:
        """Take no time."""
        return messages.Prepared((case.name,), (), 32)

    def spawn(self, contestant: Contestant, *_: object) -> SimulatedWorker:
        """A process with a place of its own."""
        name = contestant.name
        self.clock.now_ns += START_NS
        return SimulatedWorker(self, name, self.call_ns[name], self.machine.process(name))


@dataclass
class SimulatedWorker:
    """One process."""

    crew: SimulatedCrew
    name: str
    call_ns: float
    place: float
    import_ns: int = 1_000_000

    def ask(self, question: Turn, *_: object) -> Turned:
        """Take a turn."""
        log = self.place + self.crew.machine.turn(self.name)
        wall_ns = round(question.calls * self.call_ns * math.exp(log))
        self.crew.clock.now_ns += wall_ns + round(question.warm * self.call_ns)
        return Turned(Took(wall_ns, wall_ns), 0, 1)

    def freeze(self) -> None:
        """Do nothing."""

    thaw = kill = freeze


def simulate(
    call_ns: Mapping[str, float],
    noise: Noise,
    seed: int,
    options: Options | None = None,
    cases: int = 1,
) -> Raw:
    """A whole race of contestants, among them `BASELINE`, whose calls take so long without noise.

    All cases are alike; the first one is `CASE`. The duration is that of the simulated clock.
    Of the stages before it, only the time of one call in verify is simulated.
    """
    options = options or Options()
    others = (CASE.but(name=f"{CASE.name} {number}") for number in range(1, cases))
    named = (CASE, *others)
    names = [BASELINE, *(name for name in call_ns if name != BASELINE)]
    contestants = [contestant(name, Role.REFERENCE) for name in names]
    contestants.append(replace(contestants[0], role=Role.TWIN))
    times = {**call_ns, TWIN: call_ns[BASELINE]}
    crew = SimulatedCrew(times, Machine(noise, random.Random(seed)))
    took_ns = {name: times[name] * math.exp(crew.machine.turn(name)) for name in names}
    raw = replace(
        make_raw(cases=named, builds=()),
        baseline=BASELINE,
        contestants=tuple(contestants),
        sizes=tuple(make_size(case.name, input_bytes=None) for case in named),
        checks=tuple(
            Check(contestant=name, input=case.name, result=Right(), took_ns=round(took_ns[name]))
            for case in named
            for name in names
        ),
    )
    session = Session(
        kernel=cast(Kernel, None),
        options=options,
        store=Store(Path("/nowhere")),
        crew=cast(Crew, crew),
        schedule=Schedule(options.precision, options.min_epochs),
    )
    clock = SimpleNamespace(monotonic=crew.clock.monotonic)
    with patch("whichext.race.time", clock), patch("whichext.race.visits.time", clock):
        raced = race(session, raw)
    return replace(raced, duration_ns=crew.clock.now_ns)


def contestant(name: str, role: Role) -> Contestant:
    """A contestant that needs no build."""
    return Contestant(
        entry=name, project=None, module=None, function=None, profile=RELEASE, role=role
    )


# Races of ten whose true ratios are known

FIRST, SECOND, LITTLE = "fast", "second", 1.03
EPOCHS, NAMED, BOTH, BEYOND, BIAS = "epochs", "FASTEST", "BOTH", "BEYOND", "bias"
SIMULATED_S = 30.0
"""Time of a simulated race."""

MS = 1_000_000
CALLS_NS = {
    BASELINE: 30 * MS,
    FIRST: 15 * MS,
    SECOND: 15 * MS,
    "beyond": 19 * MS,
    "same": 30 * MS,
    "loud": 24 * MS,
    "placed": 27 * MS,
    "slower": 39 * MS,
    "third": 90 * MS,
    "far": 200 * MS,
}
"""True times of a call, ns. In every second race the two fastest are equal, else the second one
takes 1.03 times as long; all others take over 1.25 times that. "third" is on the edge of far."""

SCENARIOS = {
    "calm": Noise(),
    "drift": Noise(drift=0.05),
    "phases": Noise(phase=0.3),
    "stalls": Noise(stall=0.4),
    "heavy tails": Noise(jitter=0.03, tails=2.5),
    "loud": Noise(jitter=0.02, loud=3.0),
    "placement": Noise(placed=8.0),
    "noisy": Noise(jitter=0.08, placement=0.02),
    "everything": Noise(0.02, 0.006, 0.04, 0.15, 0.2, 3.0, 3.0, 5.0),
}


def count(noise: Noise, seeds: Iterable[int]) -> dict[str, float]:
    """How many races were right, by what they were right in; of `BIAS` and `EPOCHS` the sum."""
    found = defaultdict[str, float](float)
    for seed in seeds:
        calls_ns = CALLS_NS if seed % 2 else {**CALLS_NS, SECOND: LITTLE * CALLS_NS[FIRST]}
        raw = simulate(calls_ns, noise, seed, Options(max_time_s=SIMULATED_S))
        case = view_of(raw).cases[CASE.name]
        for name in CALLS_NS:
            ratio = case.measured[name].ratio
            truth = math.log(calls_ns[name] / calls_ns[BASELINE])
            found[name] += abs(ratio.centre - truth) <= ratio.half_width
        found[BIAS] += case.measured["same"].ratio.centre
        found[EPOCHS] += case.measured[SECOND].ratio.epochs
        assert case.judged.leaders is not None
        leaders = set(case.judged.leaders.names)
        found[NAMED] += FIRST in leaders
        found[BOTH] += {FIRST, SECOND} <= leaders and seed % 2
        found[BEYOND] += bool(leaders - {FIRST, SECOND})
    return found


def shares(found: Mapping[str, float], races: int) -> dict[str, float]:
    """Of each of these, the share of races; of `EPOCHS` and `BIAS` the mean."""
    per_race = {name: 1.0 for name in CALLS_NS if name != BASELINE}
    per_race |= {EPOCHS: 1.0, NAMED: 1.0, BOTH: 0.5, BEYOND: 1.0, BIAS: 1.0}
    return {what: found.get(what, 0.0) / races / part for what, part in per_race.items()}


@dataclass(frozen=True)
class FakeToolchains:
    """Programs by name, each with what it says of itself; None for an absent one."""

    there: Mapping[str, str | None]

    def find_missing(self, needs: tuple[str, ...]) -> ToolchainAbsent | None:
        """Name the first absent one."""
        need = next((need for need in needs if self.there.get(need) is None), None)
        return None if need is None else ToolchainAbsent(f"a thing called {need}", f"get {need}")

    def tool_versions(self, needs: tuple[str, ...]) -> tuple[Tool, ...]:
        """Repeat what they say; Cargo brings rustc, as the real one does."""
        names = [*needs, *(["rustc"] if "cargo" in needs else [])]
        return tuple(Tool(name, self.there[name] or "") for name in names)

    def zig_version(self) -> str | None:
        """What zig says of itself."""
        return self.there.get("zig")

    def find_lacking(self, toolchain: Toolchain) -> ToolchainAbsent | None:
        """The first absent one of what a new project needs; packages are all there."""
        return self.find_missing(toolchain.starts_with)
