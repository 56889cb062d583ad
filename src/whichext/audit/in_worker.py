"""The half of the audit inside a contestant's process: which threads run during a call?"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.system.machine import count_busy, thread_times_ns
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject

_NEVER_S = 60.0
_PATIENCE_S = 0.3
_FEW = 3  # the first turn may have been asked for before turns were put off
_SHORT_NS = 200_000  # a thread takes up to a tenth of that to wake up
_CENSUS_NS = 30_000_000  # some ticks of a scheduler


class Watch(Struct, frozen=True, tag=True):
    """Call the contestant on an input while another thread tries to run Python code."""

    input: str


class Seen(Struct, frozen=True, tag=True):
    """Whether the other thread could run, and how many of the contestant's own did."""

    released: bool
    threads: int | None
    """Threads that were busy; None where the system does not tell."""


class NotSeen(Struct, frozen=True, tag=True):
    """It cannot be determined."""

    reason: str


Reply = Seen | NotSeen

REQUEST = Decoder(Watch)
REPLY: Decoder[Reply] = Decoder(Reply)


def answer(subject: Subject, request: Watch) -> Reply:
    """Call the contestant repeatedly, and see whether another thread can run meanwhile."""
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return NotSeen("this Python has no GIL")
    arguments = subject.inputs[request.input].arguments
    try:
        subject.call(*arguments)  # the first call may compile, import and start threads
        call_ns, threads = busy_during(lambda: subject.call(*arguments))
        if runs_beside(lambda: subject.call(*arguments)):
            return Seen(True, threads)
    except BaseException as error:  # SystemExit and some extensions' panics are none of Exception
        return NotSeen(f"it did not answer: {describe_error(error)}")
    if call_ns < _SHORT_NS:
        return NotSeen(f"its calls are too short to tell: {call_ns / 1000:.0f} us")
    return Seen(False, threads)


def busy_during(call: Callable[[], object]) -> tuple[int, int | None]:
    """Time of one call, ns, and how many threads were busy in calls of some hundredths of a second.

    The threads are None where the system does not tell.
    """
    before, calls = thread_times_ns(), 0
    start_ns = time.perf_counter_ns()
    while calls == 0 or time.perf_counter_ns() - start_ns < _CENSUS_NS:
        call()
        calls += 1
    wall_ns, after = time.perf_counter_ns() - start_ns, thread_times_ns()
    cpu_ns = sum(after.values()) - sum(before.values())
    busy = count_busy(before, after, wall_ns, cpu_ns) if before else None
    return wall_ns // calls, busy


def runs_beside(call: Callable[[], object]) -> bool:
    """Whether another thread can run during calls, tried for some tenths of a second.

    The interpreter forces no release of the GIL meanwhile, since its switch interval is set to a
    minute: the other thread runs only when a call releases the GIL.
    """
    ticks, ended = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not ended.is_set():
            ticks += 1
            time.sleep(0)

    usual_s = sys.getswitchinterval()
    other = threading.Thread(target=tick, daemon=True)
    other.start()
    sys.setswitchinterval(_NEVER_S)
    try:
        before, stop_s = ticks, time.perf_counter() + _PATIENCE_S
        while ticks < before + _FEW and time.perf_counter() < stop_s:
            call()
        return ticks >= before + _FEW
    finally:
        sys.setswitchinterval(usual_s)
        ended.set()
        other.join()
