"""The half of the race that runs inside the contestant's process."""

from __future__ import annotations

import gc

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.race.timed import Took, take
from whichext.system import machine
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject


class Turn(Struct, frozen=True, tag=True):
    """Time some calls in a row, after some that are not timed."""

    input: str
    calls: int
    warm: int = 0
    census: bool = False
    """Whether to count the threads that are busy meanwhile."""


class Turned(Struct, frozen=True, tag=True):
    """The times of a turn, and what happened to the process meanwhile."""

    took: Took
    stolen_ns: int
    threads: int | None = None
    """Busy threads; None where no census was asked for."""


class Refused(Struct, frozen=True, tag=True):
    """The contestant raised an error that it did not raise when it was verified."""

    error: str


REQUEST = Decoder(Turn)
REPLY: Decoder[Turned | Refused] = Decoder(Turned | Refused)


def answer(subject: Subject, request: Turn) -> Turned | Refused:
    """Take a turn."""
    arguments = subject.inputs[request.input].arguments
    try:
        for _ in range(request.warm):
            subject.call(*arguments)
        gc.collect()  # here, so that neither the clock nor the counters see it
        threads = machine.thread_times_ns() if request.census else {}
        stolen_ns = machine.stolen_ns()
        took = take(subject.call, arguments, request.calls)
    except BaseException as error:
        return Refused(describe_error(error))
    return Turned(
        took,
        machine.stolen_ns() - stolen_ns,
        _busy(threads, took) if request.census else None,
    )


def _busy(threads: dict[str, int], took: Took) -> int:
    return machine.count_busy(threads, machine.thread_times_ns(), took.wall_ns, took.cpu_ns)
