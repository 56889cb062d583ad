"""What is to be done, and the machines that do it: as far as a run on machines has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from whichext.cli.machines.request import words_of
from whichext.model.options import Options
from whichext.model.raw import Machine
from whichext.model.view import View

if TYPE_CHECKING:
    from distributed import Future

    from whichext.cli.machines.there import Came

MOST_TRIES = 3
"""How often a race that is ended from outside is continued."""
MOST_CHUNKS = 48
"""Groups of cases at most: each of them looks its builds up, audits and verifies once more."""


@dataclass
class Job:
    """A race on one machine."""

    name: str
    """Name of its result."""
    words: tuple[str, ...]
    """Options of the command."""
    machine: str | None = None
    """Name of the machine that it is for; None for any."""
    tries: int = 0
    """How often it was sent to a worker."""
    view: View | None = None
    """What was measured, also up to where it was ended."""
    problem: str = ""
    """Why it did not come to its end, with marks; empty where it did, or still may."""
    settled: bool = False
    """Whether nothing more is done about it."""

    def settle(self, view: View | None = None, problem: str = "") -> None:
        """Do no more about it."""
        self.view, self.problem, self.settled = view or self.view, problem, True


@dataclass
class Place:
    """A machine."""

    name: str
    """What it is called."""
    machine: Machine
    """What it is."""
    workers: dict[str, bool] = field(default_factory=dict)
    """Addresses of its workers that are there, and whether they have the resource."""
    job: Job | None = None
    """What it does."""
    future: Future[Came] | None = None
    """What comes of that."""
    at: str = ""
    """The address of the worker that does it."""
    left_at: float = 0.0
    """Reading of the clock when its last worker was seen."""
    takes_part: bool = True
    """Whether it may do anything: cells of one sweep must be of one kind of machine."""
    said: str = ""
    """What was said of it last."""


class Plan(Protocol):
    """What machines that are found are to do."""

    def jobs_for(self, new: Sequence[Place]) -> Sequence[Job]:
        """What is to be done since these machines are there; those that cannot take part say so."""


@dataclass(frozen=True)
class Everywhere:
    """Every machine does all of it."""

    words: tuple[str, ...]
    """Options of the command."""

    def jobs_for(self, new: Sequence[Place]) -> Sequence[Job]:
        """One for each machine."""
        return [Job(place.name, self.words, machine=place.name) for place in new]


@dataclass
class Spread:
    """Machines of one kind share the cases: whichever is free takes the next ones."""

    jobs: Sequence[Job]
    """Some cases each."""
    kind: Machine | None = None
    """The kind of machine that most are of; None before there is one."""

    def jobs_for(self, new: Sequence[Place]) -> Sequence[Job]:
        """All of them, as soon as there is a machine; later none."""
        plain = [replace(place.machine, label=None) for place in new]
        jobs = self.jobs if self.kind is None else ()
        if self.kind is None:
            self.kind = max(plain, key=lambda one: sum(map(one.is_like, plain)))
        for place, machine in zip(new, plain, strict=True):
            place.takes_part = self.kind.is_like(machine)
        return jobs


def spread(names: Sequence[str], options: Options) -> Spread:
    """Cases in groups of about the same size, each with its share of the time.

    The groups do not depend on the machines, so that a run can be continued on others.
    """
    size = -(-len(names) // MOST_CHUNKS)
    chunks = [tuple(names[start : start + size]) for start in range(0, len(names), size)]
    time_s = options.max_time_s / len(names)
    asked = (with_fields(options, cases=chunk, max_time_s=time_s * len(chunk)) for chunk in chunks)
    digits = len(str(len(chunks)))
    return Spread([Job(f"part-{n:0{digits}d}", words_of(one)) for n, one in enumerate(asked, 1)])


def free_job(jobs: Iterable[Job], place: Place, taken: Iterable[Job | None]) -> Job | None:
    """What a machine may do next."""
    if not place.takes_part:
        return None
    names = {job.name for job in taken if job is not None}
    fits = (job for job in jobs if not job.settled and job.machine in (None, place.name))
    return next((job for job in fits if job.name not in names), None)
