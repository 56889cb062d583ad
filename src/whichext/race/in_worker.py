"""The half of the race that runs inside the contestant's process.

What is timed is compared as well: an entry may answer one way when it is verified and another way
when it is timed. Between turns one element of the input gets another value and back, in this
process's own copy of the page. So an answer that was kept from an earlier call, in memory or on
disk, is a wrong one, however the entry recognises its argument. What is kept for a moment, or for
the rest of a turn, is wrong in calls after a turn: between each two of them the element changes.
"""

from __future__ import annotations

import gc
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from whichext.audit.remembering import is_faster_again
from whichext.model.call import bound, called
from whichext.model.kernel import Prepared
from whichext.model.outcome import EARLIER, Crashed, TimedOut, Wrong
from whichext.model.raw import Latencies
from whichext.race.calls import Calls, calls_in_one, ready
from whichext.race.crowd import take_at_once
from whichext.race.timed import Took, drop, take
from whichext.system import machine
from whichext.system.forked import ask_child
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
    alternates_below_ns: int | None = None
    """More calls follow a compared turn whose calls take less than that, ns, with the element
    changed between each two; None where none do."""


class Turned(Struct, frozen=True, tag=True):
    """The times of a turn, and what happened to the process meanwhile."""

    took: Took
    stolen_ns: int
    threads: int | None = None
    """Busy threads; None where no census was asked for."""
    latencies: Latencies | None = None
    """The calls of several callers one by one; None of a single caller."""
    alternated: bool = False
    """Whether more calls followed, with the element changed between each two, and were right."""
    remembers: bool = False
    """Whether calls on what was seen before took less than a third of the time of others then."""


class Refused(Struct, frozen=True, tag=True):
    """The contestant raised an error that it did not raise when it was verified."""

    error: str


_FORKED = ", in a forked child (an unsafe fork)"
_MOST_PAIRS = 16

Reply = Turned | Refused | Wrong | Crashed | TimedOut

REQUEST = Decoder(Turn)
REPLY: Decoder[Reply] = Decoder(Reply)


def answer(subject: Subject, request: Turn) -> Reply:
    """Take a turn, in this process or in a child of it; what went wrong says how it was called."""
    if request.forked_s is not None:
        return _in_child(subject, request, request.forked_s)
    prepared = subject.inputs[request.input]
    _set_element(prepared, changed=request.changed)
    call, values = bound(subject.call, prepared.arguments)
    try:
        for _ in range(request.warm):
            call(*values)
        calls = ready(subject.call, prepared.arguments, request.calls)
        gc.collect()  # here, so that neither the clock nor the counters see it
        threads = machine.thread_times_ns() if request.census else {}
        stolen_ns = machine.stolen_ns()
        latencies = None
        if request.callers > 1:
            at_once, answers = take_at_once(call, values, request.calls, request.callers)
            took, latencies = at_once.took, at_once.latencies
        else:
            took, answers = take(calls.others, calls.last)
    except BaseException as error:
        return _raised(request, error)
    stolen_ns = machine.stolen_ns() - stolen_ns
    busy = _busy(threads, took) if request.census else None
    if request.compared is not None:
        wrong = _find_wrong(subject, prepared, request, answers, calls, changed=request.changed)
        if wrong is not None:
            return wrong
    freed = drop(answers)
    took = Took(took.wall_ns + freed.wall_ns, took.cpu_ns + freed.cpu_ns)
    return _look_for_kept(subject, prepared, request, Turned(took, stolen_ns, busy, latencies))


def _in_child(subject: Subject, request: Turn, limit_s: float) -> Reply:
    """Take the turn in a forked child."""
    turn = replace(request, forked_s=None)
    where = f"{request.input}{_several(request)}{_FORKED}"
    found = ask_child(lambda: answer(subject, turn), REPLY, where, limit_s)
    match found:
        case Refused(error=error):
            return Crashed(where, f"raised {error}")
        case Crashed(how=how):
            return Crashed(where, how)
        case Wrong(where=place):
            return replace(found, where=f"{place}{_FORKED}")
        case _:
            return found


def _several(turn: Turn) -> str:
    """How a turn is called, at the end of where it is; empty where one thread calls."""
    return f", called from {turn.callers} threads at once" if turn.callers > 1 else ""


def _raised(turn: Turn, error: BaseException) -> Refused | Crashed:
    if turn.callers == 1:
        return Refused(describe_error(error))
    return Crashed(f"{turn.input}{_several(turn)}", f"raised {describe_error(error)}")


def _look_for_kept(subject: Subject, prepared: Prepared, turn: Turn, turned: Turned) -> Reply:
    """The turn after more calls, if any are to follow: none may give or use a kept answer."""
    again_ns = turned.took.wall_ns // turn.calls
    if again_ns >= (turn.alternates_below_ns or 0):
        return turned
    again_ns *= calls_in_one(subject.call, prepared.arguments)
    try:
        wrong = None if prepared.change is None else _alternate(subject, prepared, turn)
        remembers = wrong is None and is_faster_again(
            subject.call, prepared.arguments, again_ns, change=prepared.change
        )
    except BaseException as error:
        return _raised(turn, error)
    return wrong or replace(turned, alternated=True, remembers=bool(remembers))


def _set_element(prepared: Prepared, *, changed: bool) -> None:
    if prepared.change is not None:
        set_element = prepared.change.make if changed else prepared.change.undo
        set_element(prepared.arguments)


def _alternate(subject: Subject, prepared: Prepared, turn: Turn) -> Wrong | None:
    """What is wrong with pairs of calls between which the element changes; None where nothing is.

    Nothing comes between the two calls of a pair but the change. So whatever keeps an answer for
    one call more is wrong in one of them, unless the second call of each pair computes by chance.
    Short calls come as hot as they were timed, after as many as in the turn; their pairs take about
    the time of another turn.
    """
    states = (not turn.changed, turn.changed)
    passes = turn.calls // calls_in_one(subject.call, prepared.arguments)
    if passes > 1:
        calls = ready(subject.call, prepared.arguments, turn.calls)
        take(calls.others, calls.last)
    for _ in range(max(1, min(_MOST_PAIRS, passes // 2))):
        answers = []
        for changed in states:
            _set_element(prepared, changed=changed)
            answers.append(called(subject.call, prepared.arguments))
        for changed, got in zip(states, answers, strict=True):
            wrong = _find_wrong(subject, prepared, turn, [got], changed=changed)
            if wrong is not None:
                return wrong
    return None


def _find_wrong(
    subject: Subject,
    prepared: Prepared,
    turn: Turn,
    answers: list[Any],
    calls: Calls | None = None,
    *,
    changed: bool,
) -> Wrong | None:
    """Compare the last answer of each caller with the reference's; None where all agree.

    Args:
        subject: The contestant.
        prepared: Its input.
        turn: The turn that it has taken.
        answers: What was returned.
        calls: The calls of the turn, where answers have to be made of that; None of others.
        changed: Whether the element has its other value.

    """
    change = prepared.change
    of_reference = (prepared.answer, prepared.answer if change is None else change.answer)
    if calls is not None:
        answers = [calls.answered(one) for one in answers]
        of_reference = (calls.expected(of_reference[0]), calls.expected(of_reference[1]))
    expected, other = of_reference[:: -1 if changed else 1]
    found = ((find_difference(expected, one, subject.tolerance), one) for one in answers)
    difference, wrong = next((one for one in found if one[0] is not None), (None, None))
    if difference is None:
        return None
    got = difference.got
    if change is not None and find_difference(other, wrong, subject.tolerance) is None:
        got = f"{EARLIER}, {got}"
    return Wrong(f"{turn.compared or turn.input}{_several(turn)}", difference.expected, got)


def _busy(threads: dict[str, int], took: Took) -> int:
    return machine.count_busy(threads, machine.thread_times_ns(), took.wall_ns, took.cpu_ns)
