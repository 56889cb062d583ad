"""The half of the race that runs inside the contestant's process.

What is timed is compared as well: an entry may answer one way when it is verified and another way
when it is timed. Between turns one element of the input gets another value and back, in this
process's own copy of the page. So an answer that was kept from an earlier call, in memory or on
disk, is a wrong one, however the entry recognises its argument.
"""

from __future__ import annotations

import gc
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from whichext.model.kernel import Prepared
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.model.raw import Latencies
from whichext.race.crowd import take_at_once
from whichext.race.forked import ask_child
from whichext.race.timed import Took, drop, take
from whichext.system import machine
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.verify.compare import find_difference


class Turn(Struct, frozen=True, tag=True):
    """Time some calls in a row, after some that are not timed."""

    input: str
    calls: int
    warm: int = 0
    census: bool = False
    """Whether to count the threads that are busy meanwhile."""
    changed: bool = False
    """Whether one element of the input has another value meanwhile."""
    compared: str | None = None
    """Case and epoch, as an outcome names them, of a turn whose last answer is compared with the
    reference's; None where it is not."""
    callers: int = 1
    """Python threads that call at once; the number of calls is a multiple of theirs."""
    forked_s: float | None = None
    """Time that a forked child has for the turn, s; None where this process takes it."""


class Turned(Struct, frozen=True, tag=True):
    """The times of a turn, and what happened to the process meanwhile."""

    took: Took
    stolen_ns: int
    threads: int | None = None
    """Busy threads; None where no census was asked for."""
    latencies: Latencies | None = None
    """The calls of several callers one by one; None of a single caller."""


class Refused(Struct, frozen=True, tag=True):
    """The contestant raised an error that it did not raise when it was verified."""

    error: str


EARLIER = "an answer from an earlier call"
"""What a wrong answer is said to be that was the right one before the element was changed."""

_FORKED = ", in a forked child (an unsafe fork)"

Reply = Turned | Refused | Wrong | Crashed | TimedOut

REQUEST = Decoder(Turn)
REPLY: Decoder[Reply] = Decoder(Reply)


def answer(subject: Subject, request: Turn) -> Reply:
    """Take a turn, in this process or in a child of it; what went wrong says how it was called."""
    several = f", called from {request.callers} threads at once" if request.callers > 1 else ""
    found: Reply
    if request.forked_s is None:
        how, found = several, _take_turn(subject, request)
    else:
        how, where = f"{several}{_FORKED}", f"{request.input}{several}{_FORKED}"
        found = ask_child(lambda: _take_turn(subject, request), REPLY, where, request.forked_s)
    if isinstance(found, Refused) and how:
        return Crashed(f"{request.input}{how}", f"raised {found.error}")
    return replace(found, where=f"{found.where}{how}") if isinstance(found, Wrong) else found


def _take_turn(subject: Subject, request: Turn) -> Turned | Refused | Wrong:
    prepared = subject.inputs[request.input]
    if prepared.change is not None:
        set_element = prepared.change.make if request.changed else prepared.change.undo
        set_element(prepared.arguments)
    try:
        for _ in range(request.warm):
            subject.call(*prepared.arguments)
        gc.collect()  # here, so that neither the clock nor the counters see it
        threads = machine.thread_times_ns() if request.census else {}
        stolen_ns = machine.stolen_ns()
        latencies = None
        if request.callers > 1:
            at_once, answers = take_at_once(
                subject.call, prepared.arguments, request.calls, request.callers
            )
            took, latencies = at_once.took, at_once.latencies
        else:
            took, answers = take(subject.call, prepared.arguments, request.calls)
    except BaseException as error:
        return Refused(describe_error(error))
    stolen_ns = machine.stolen_ns() - stolen_ns
    busy = _busy(threads, took) if request.census else None
    if request.compared is not None:
        wrong = _find_wrong(subject, prepared, request.compared, answers, changed=request.changed)
        if wrong is not None:
            return wrong
    freed = drop(answers)
    took = Took(took.wall_ns + freed.wall_ns, took.cpu_ns + freed.cpu_ns)
    return Turned(took, stolen_ns, busy, latencies)


def _find_wrong(
    subject: Subject, prepared: Prepared, where: str, answers: list[Any], *, changed: bool
) -> Wrong | None:
    """Compare the last answer of each caller with the reference's; None where all agree."""
    change = prepared.change
    expected = change.answer if change is not None and changed else prepared.answer
    found = ((find_difference(expected, one, subject.tolerance), one) for one in answers)
    difference, wrong = next((one for one in found if one[0] is not None), (None, None))
    if difference is None:
        return None
    got = difference.got
    if change is not None:
        other = prepared.answer if changed else change.answer
        if find_difference(other, wrong, subject.tolerance) is None:
            got = f"{EARLIER}, {got}"
    return Wrong(where, difference.expected, got)


def _busy(threads: dict[str, int], took: Took) -> int:
    return machine.count_busy(threads, machine.thread_times_ns(), took.wall_ns, took.cpu_ns)
