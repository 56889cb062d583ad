"""One epoch: fresh processes for all contestants, and some rounds of turns among them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from whichext.race import inside
from whichext.race.schedule import SAMPLE_NS, Pace, find_pace, orders
from whichext.race.timed import Took
from whichext.scorecard import Contestant, Crashed, Sample, TimedOut
from whichext.worker.crew import Crew, Worker, WorkerLostError

_SERVER = inside.__name__
_CALIBRATION_CALLS = 3


@dataclass
class Entrant:
    """A contestant in a case, and what has been measured of it so far."""

    contestant: Contestant
    site: Path | None
    pace: Pace | None = None
    samples: list[Sample] = field(default_factory=list)
    import_ns: list[int] = field(default_factory=list)
    first_call_ns: list[int] = field(default_factory=list)
    ended: Crashed | TimedOut | None = None


@dataclass(frozen=True)
class Course:
    """What stays the same over all epochs of a case."""

    case: str
    """Name of the prepared input."""
    most_rounds: int
    """Most rounds of an epoch."""
    limit_s: float
    """Time that a worker may take for one answer, s."""


def run_epoch(
    crew: Crew, course: Course, entrants: list[Entrant], epoch: int, rng: random.Random
) -> None:
    """Race one epoch; samples are added to the entrants, and who is lost is marked as ended."""
    workers: dict[str, Worker] = {}
    running = {e.contestant.name: e for e in entrants if e.ended is None}
    for name in rng.sample(list(running), len(running)):
        worker = _line_up(crew, course, running[name])
        if worker is not None:
            workers[name] = worker
    paces = {name: running[name].pace for name in workers}
    rounds = max((pace.rounds for pace in paces.values() if pace), default=0)
    for number, order in enumerate(islice(orders(list(workers), rng), rounds)):
        taking_part = [name for name in order if _takes_part(paces[name], number)]
        for slot, name in enumerate(taking_part):
            if running[name].ended is None:
                _take_turn(workers[name], course, running[name], (epoch, number, slot))
    for worker in workers.values():
        worker.kill()


def _takes_part(pace: Pace | None, number: int) -> bool:
    return pace is not None and number < pace.rounds


def _line_up(crew: Crew, course: Course, entrant: Entrant) -> Worker | None:
    """Start a worker, make its first call, find its pace if it has none, and freeze it."""
    try:
        worker = crew.spawn(entrant.contestant, entrant.site, _SERVER, course.limit_s)
        first = _ask(worker, inside.Turn(course.case, calls=1), course)
        if entrant.pace is None:
            entrant.pace = find_pace(_calibrate(worker, course), course.most_rounds)
    except WorkerLostError as lost:
        entrant.ended = lost.outcome
        return None
    entrant.import_ns.append(worker.import_ns)
    entrant.first_call_ns.append(first.wall_ns)
    worker.freeze()
    return worker


def _calibrate(worker: Worker, course: Course) -> int:
    """Least time of up to three calls, fewer where they are long, ns.

    Short calls are timed several at once, since the first of them alone measures the clock.
    """
    turn = inside.Turn(course.case, calls=1)
    times = [_ask(worker, turn, course).wall_ns]
    while len(times) < _CALIBRATION_CALLS and sum(times) < SAMPLE_NS:
        times.append(_ask(worker, turn, course).wall_ns)
    calls = find_pace(min(times), course.most_rounds).calls
    if calls == 1:
        return min(times)
    return _ask(worker, inside.Turn(course.case, calls), course).wall_ns // calls


def _take_turn(
    worker: Worker, course: Course, entrant: Entrant, place: tuple[int, int, int]
) -> None:
    assert entrant.pace is not None, "a worker is lined up only with a pace"
    pace = entrant.pace
    worker.thaw()
    try:
        took = _ask(worker, inside.Turn(course.case, pace.calls, pace.warm), course)
    except WorkerLostError as lost:
        entrant.ended = lost.outcome
        return
    worker.freeze()
    entrant.samples.append(Sample(*place, pace.calls, took.wall_ns, took.cpu_ns))


def _ask(worker: Worker, turn: inside.Turn, course: Course) -> Took:
    # A turn is many calls, and the limit is for one of them that hangs.
    reply = worker.ask(turn, inside.REPLY, course.case, course.limit_s)
    if isinstance(reply, inside.Refused):
        worker.kill()
        raise WorkerLostError(Crashed(course.case, f"raised {reply.error} in the race"))
    return reply
