"""Processes that run contestants: a crew without any, and what watches real ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import psutil

from whichext.model.case import Case
from whichext.model.check import Check, Property
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Outcome, Right, TimedOut, Wrong
from whichext.pipeline import INPUTS
from whichext.race.in_worker import Refused, Reply, Turn, Turned
from whichext.race.timed import Took
from whichext.system.progress import Progress, SilentProgress, Stage
from whichext.system.workers import messages
from whichext.system.workers.crew import Crew, Worker, WorkerLostError
from whichext.verify import verify_all
from whichext.verify.in_worker import REPLY, Tried, Try


class FakeClock:
    """Time that moves only when it is told to."""

    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic(self) -> float:
        """Seconds, as `time.monotonic` gives them."""
        return self.now_ns / 1e9


def ticking(*readings_ns: int) -> Callable[[], int]:
    """A clock that gives these readings, one after the other."""
    readings = iter(readings_ns)
    return lambda: next(readings)


@dataclass(frozen=True)
class Event:
    """Something that was done to a worker."""

    what: str
    """spawn, turn, freeze, thaw or kill."""
    who: str
    """Name of the contestant."""
    awake: frozenset[str]
    """Whose processes run after it."""
    turn: Turn | None = None
    """The turn that was taken."""


Fate = Refused | Wrong | Crashed | TimedOut


@dataclass
class FakeCrew:
    """A crew whose workers need no processes.

    Args:
        call_ns: Time of one call by contestant.
        faults: What becomes of a contestant's n-th turn, counted from 0 over all epochs; a fault
            at turn -1 hits its import.
        stops: What ends the whole race in a contestant's n-th turn: Ctrl-C, or the host's loss;
            at turn -1 of a case's name, while its inputs are made.
        hiccups_ns: Time of one call in a contestant's n-th turn, where it is not the usual one.
        threads: Busy threads of a contestant in a census; 1 unless told otherwise.
        stolen_ns: Time that is stolen in every turn.
        input_bytes: Bytes of the inputs by case; 32 unless told otherwise.
        cramped: Names of cases for whose answers there is no memory.
        unchanging: Names of cases whose answer no element was found to change.
        clock: Moved on by every turn.

    """

    call_ns: Mapping[str, int]
    faults: Mapping[tuple[str, int], Fate] = field(default_factory=dict)
    stops: Mapping[tuple[str, int], BaseException] = field(default_factory=dict)
    hiccups_ns: Mapping[tuple[str, int], int] = field(default_factory=dict)
    threads: Mapping[str, int] = field(default_factory=dict)
    stolen_ns: int = 0
    input_bytes: Mapping[str, int] = field(default_factory=dict)
    cramped: frozenset[str] = frozenset()
    unchanging: frozenset[str] = frozenset()
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    awake: set[str] = field(default_factory=set)
    turns: dict[str, int] = field(default_factory=dict)
    left: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.left = True

    def __call__(self, kernel: object, provider: str) -> Self:  # noqa: ARG002  # as the class
        """Be the crew of whatever kernel it is asked for."""
        return self

    def prepare(self, case: Case) -> messages.Prepared:
        """Note that the inputs of a case were asked for."""
        self.prepared.append(case.name)
        if (case.name, -1) in self.stops:
            raise self.stops[case.name, -1]
        size = self.input_bytes.get(case.name, 32)
        fits = case.name not in self.cramped
        changes = case.name not in self.unchanging
        return messages.Prepared((case.name,), (Property.CASES,), size, fits=fits, changes=changes)

    def prepare_nasty(self) -> messages.Prepared:
        """Make no nasty inputs; or fail, as at turn -1 of the case with an empty name."""
        if ("", -1) in self.stops:
            raise self.stops["", -1]
        return messages.Prepared((), (), 0)

    def spawn(
        self, contestant: Contestant, site: Path | None, server: str, limit_s: float
    ) -> FakeWorker:
        """A worker that is awake."""
        assert server == "whichext.race.in_worker"
        assert limit_s > 0
        name = contestant.name
        fault = self.faults.get((name, -1))
        if fault is not None:
            assert not isinstance(fault, Refused | Wrong)
            raise WorkerLostError(fault)
        self.note("spawn", name)
        return FakeWorker(self, name, import_ns=len(str(site)) + len(self.events))

    def note(self, what: str, who: str, turn: Turn | None = None) -> None:
        """Record an event."""
        if what in ("spawn", "thaw"):
            self.awake.add(who)
        if what in ("freeze", "kill"):
            self.awake.discard(who)
        self.events.append(Event(what, who, frozenset(self.awake), turn))

    def happened(self, *whats: str) -> list[tuple[str, str]]:
        """Events of these kinds, in order, as (what, who)."""
        return [(event.what, event.who) for event in self.events if event.what in whats]

    @property
    def as_crew(self) -> Crew:
        """Itself, in the eyes of a type checker."""
        return cast(Crew, self)


@dataclass
class FakeWorker:
    """One fake process."""

    crew: FakeCrew
    name: str
    import_ns: int

    def ask(self, question: Turn, answer: object, where: str, limit_s: float) -> Reply:  # noqa: ARG002  # the crew's
        """Take a turn, or fail as scripted."""
        assert self.name in self.crew.awake, f"{self.name} was asked while frozen"
        number = self.crew.turns.get(self.name, 0)
        self.crew.turns[self.name] = number + 1
        self.crew.note("turn", self.name, question)
        if (self.name, number) in self.crew.stops:
            raise self.crew.stops[self.name, number]
        fault = self.crew.faults.get((self.name, number))
        if isinstance(fault, Refused | Wrong):
            return fault
        if fault is not None:
            self.crew.note("kill", self.name)
            raise WorkerLostError(fault)
        usual_ns = self.crew.call_ns[self.name]
        wall_ns = question.calls * self.crew.hiccups_ns.get((self.name, number), usual_ns)
        self.crew.clock.now_ns += wall_ns
        threads = self.crew.threads.get(self.name, 1) if question.census else 0
        took = Took(wall_ns, cpu_ns=2 * wall_ns)
        alternated = wall_ns < (question.alternates_below_ns or 0) * question.calls
        return Turned(took, self.crew.stolen_ns, threads, alternated=alternated)

    def freeze(self) -> None:
        """Note that it was stopped."""
        self.crew.note("freeze", self.name)

    def thaw(self) -> None:
        """Note that it was let run."""
        self.crew.note("thaw", self.name)

    def kill(self) -> None:
        """Note that it was ended."""
        self.crew.note("kill", self.name)


class RecordingProgress:
    """Remembers what stages say.

    Args:
        look: Called whenever something begins.

    """

    def __init__(self, look: Callable[[], None] = lambda: None) -> None:
        self.look = look
        self.totals: dict[str, float] = {}
        self.notes: list[str] = []
        self.said: list[str] = []

    def note(self, text: str) -> None:
        """Remember it."""
        self.notes.append(text)

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:
        """Give a stage that remembers."""
        self.totals[name] = total
        yield _RecordingStage(self)


class _RecordingStage:
    def __init__(self, progress: RecordingProgress) -> None:
        self.progress, self.what = progress, ""

    def begin(self, what: str) -> None:
        self.what = what
        self.progress.look()

    def end(self, result: str, amount: float = 1) -> None:  # noqa: ARG002  # the protocol's
        self.progress.said.append(f"{self.what}: {result}")


PATIENCE_S = 60.0


def outcome_of(worker: Worker, name: str, limit_s: float = PATIENCE_S) -> Outcome:
    """What verify says of a call on a prepared input."""
    reply = worker.ask(Try(name), REPLY, name, limit_s)
    return reply.result if isinstance(reply, Tried) else reply


"""Limit for what must not fail by being slow."""


@dataclass(frozen=True)
class Hired:
    """A crew and the process that is its host."""

    crew: Crew
    host: psutil.Process

    def spawn(self, contestant: Contestant, site: Path | None, server: str) -> Staff:
        """A worker of the crew and its process."""
        before = set(self.host.children())
        worker = self.crew.spawn(contestant, site, server, PATIENCE_S)
        (process,) = set(self.host.children()) - before
        return Staff(worker, process)


@dataclass(frozen=True)
class Staff:
    """A worker and its process."""

    worker: Worker
    process: psutil.Process


@contextmanager
def hired(kernel: Kernel) -> Iterator[Hired]:
    """A crew, entered."""
    before = set(psutil.Process().children())
    with Crew(kernel, INPUTS) as crew:
        (host,) = set(psutil.Process().children()) - before
        yield Hired(crew, host)


def verified(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    cases: tuple[Case, ...],
    options: Options,
    progress: Progress | None = None,
) -> tuple[Check, ...]:
    """What verify finds of contestants, with a crew of their own."""
    with Crew(kernel, INPUTS) as crew:
        told = progress or SilentProgress()
        found = verify_all(crew, contestants, sites, cases, options, told)
        return tuple(chain.from_iterable(found))


def is_gone(process: psutil.Process) -> bool:
    """Whether it runs no more; nobody may be there to reap what has lost its parent."""
    try:
        return process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True


def until(condition: Callable[[], bool]) -> bool:
    """Look until it is so: signals arrive in their own time. False when it is not in a minute."""
    last_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > last_s:
            return False
        # Leaves the core to the process that is waited for; 2,000,000 looks kept it busy.
        time.sleep(0.001)
    return True


def took(contestant: str, call_ms: int, case: str = "small") -> Check:
    """A right answer that took so long."""
    return Check(contestant=contestant, input=case, result=Right(), took_ns=call_ms * 1_000_000)
