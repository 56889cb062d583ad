"""The share of a call in which another thread's Python can run, since the GIL is free.

    free_share(call):
        never force a thread to give the GIL away
        a second thread: repeat: sleep a moment without the GIL, take it, note the time
        its usual time = the median with nothing beside it
        some turns: call; where the second thread took far longer than usual,
                    the time beyond that is time in which it could not run
        the share is what is left of the time of the calls; the median of the turns

The second thread sleeps most of the time, so that it neither keeps a caller from the GIL nor
takes a processor away. Time that either thread waits for a processor does not count: neither a
contestant's own threads nor other processes are the GIL's fault. Linux tells it for each thread. A
turn in which the caller waits for more than 30 % of the time says nothing. Nor does one in which
other guests of the machine had more than 10 % of it: they stop a thread, and no queue tells that.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from whichext.system import machine

_NEVER_S = 60.0
_FEWEST, _MOST = 3, 5  # turns
_LEAST_RUN = 0.7  # of a turn: what is left of it is too little to divide by
_MOST_STOLEN = 0.1  # of a turn
_MOST_NS = 4_000_000_000
_TURN_NS = 20_000_000  # it may wait for a processor while the GIL is kept: a few ms on a busy one
_ENOUGH_NS, _LONG_NS = 60_000_000, 1_000_000_000
_NAP_S = 50e-6
_ALONE_S = 0.01

BUSY = "this machine was too busy to tell"
"""Why a share is not known; it may be known the next time."""
_UNTOLD = "this system does not tell how long a thread waits for a processor"


class Visit(NamedTuple):
    """A moment at which the second thread had the GIL; times count from anywhere."""

    now_ns: int
    queued_ns: int
    """Time that it has waited for a processor, ns."""
    caller_queued_ns: int
    """The same of the thread that calls."""


class Gap(NamedTuple):
    """The time from one visit to the next, ns."""

    ns: int
    """All of it."""
    queued_ns: int
    """What the second thread waited for a processor."""
    caller_queued_ns: int
    """What the thread that calls waited for one: if it kept the GIL, it did so for longer."""

    @property
    def unqueued_ns(self) -> int:
        """What is left of it for the GIL, and for a moment of sleep."""
        return self.ns - self.queued_ns


class Rival:
    """A thread that takes the GIL again and again, and keeps it for some microseconds."""

    def __init__(self) -> None:
        self._caller = threading.get_native_id()
        self._visits: list[Visit] = []
        self._ended = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        own, caller = (
            os.open(f"/proc/self/task/{thread}/schedstat", os.O_RDONLY)
            for thread in (threading.get_native_id(), self._caller)
        )
        while not self._ended:
            time.sleep(_NAP_S)
            queued_ns, caller_queued_ns = (
                int(os.pread(told, 100, 0).split()[1]) for told in (own, caller)
            )
            self._visits.append(Visit(time.perf_counter_ns(), queued_ns, caller_queued_ns))
        os.close(own)
        os.close(caller)

    def meet(self) -> int:
        """Wait until it has been there once more; how many visits there were so far."""
        met = len(self._visits)
        while len(self._visits) == met and self._thread.is_alive():
            time.sleep(_NAP_S)
        return len(self._visits)

    def gaps(self, begin: int) -> list[Gap]:
        """All gaps from a visit on; `begin` is its number, from 1."""
        return [
            Gap(
                then.now_ns - now.now_ns,
                then.queued_ns - now.queued_ns,
                then.caller_queued_ns - now.caller_queued_ns,
            )
            for now, then in pairwise(self._visits[begin - 1 :])
        ]

    def usual_ns(self) -> float:
        """How long a gap usually is while nothing keeps the GIL."""
        begin = self.meet()
        time.sleep(_ALONE_S)
        self.meet()
        return statistics.median(gap.unqueued_ns for gap in self.gaps(begin))

    def end(self) -> None:
        """End it."""
        self._ended = True
        self._thread.join()


def free_share(call: Callable[[], object]) -> float | str:
    """The share of calls in which another thread can run, from 0 to 1, or why it is not known.

    Where the GIL is kept for less than about 0.2 ms at a time, that is not seen.
    """
    if not _is_told():
        return _UNTOLD
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(_NEVER_S)  # before the thread is there, which would ask for its turn
    rival = Rival()
    try:
        usual_ns = rival.usual_ns()
        shares: list[float] = []
        start_ns = time.perf_counter_ns()
        while _goes_on(len(shares), time.perf_counter_ns() - start_ns):
            share = _turn(call, rival, usual_ns)
            shares += [share] if share is not None else []
        return statistics.median(shares) if shares else BUSY
    finally:
        rival.end()
        sys.setswitchinterval(interval_s)


def _goes_on(turns: int, took_ns: int) -> bool:
    """Whether there is another turn: of calls that take a second, one says enough."""
    least_ns = _LONG_NS if turns < _FEWEST else _ENOUGH_NS
    if turns == 0:
        return took_ns < _MOST_NS
    return turns < _MOST and took_ns < least_ns


def _turn(call: Callable[[], object], rival: Rival, usual_ns: float) -> float | None:
    """The share in calls of some hundredths of a second; None where they waited for too long."""
    begin = rival.meet()
    stolen_ns = machine.stolen_ns()
    start_ns = now_ns = time.perf_counter_ns()
    while now_ns - start_ns < _TURN_NS:
        call()
        now_ns = time.perf_counter_ns()
    rival.meet()  # what it still waits for is counted to its end
    rival.meet()
    if machine.stolen_ns() - stolen_ns > _MOST_STOLEN * (now_ns - start_ns):
        return None
    gaps = rival.gaps(begin)
    # A wait for a processor may be counted with the next gap, which then seems to be too short.
    far = [gap for gap in gaps if abs(gap.unqueued_ns - usual_ns) > usual_ns]
    hindered_ns = sum(kept_ns(gap, usual_ns) for gap in far)
    called_ns = now_ns - start_ns - sum(gap.caller_queued_ns for gap in gaps)
    if called_ns < _LEAST_RUN * (now_ns - start_ns):
        return None
    return min(1.0, max(0.0, 1 - hindered_ns / called_ns))


def kept_ns(gap: Gap, usual_ns: float) -> float:
    """How long the GIL was kept by a caller that ran; below 0 makes up for the gap before, ns."""
    more_ns = gap.unqueued_ns - usual_ns
    if more_ns < 0:
        return more_ns
    # A short wait for a processor, in front of a long one for the GIL, was not what kept it back.
    waited_ns = gap.queued_ns if more_ns > gap.queued_ns else 0
    return max(0.0, more_ns + waited_ns - gap.caller_queued_ns)


def _is_told() -> bool:
    """Whether the system counts how long a thread has run and waited for a processor."""
    try:
        told = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        return False
    try:
        return any(map(int, os.pread(told, 100, 0).split()[:2]))
    finally:
        os.close(told)
