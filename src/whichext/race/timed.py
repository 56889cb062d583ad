"""The timed region: the only place where a contestant is timed.

    take(others, last):             # what they need was made before
        keep the garbage collector out
        cpu_before, wall_before = processor time of the process, clock
        for each of the calls:
            make it                 # the answer is dropped before the next call
        wall_after, cpu_after = ... # the last answer is still there, and may be compared
    drop(answers):                  # then its memory is given back, on the same clocks

A call's cost is what a Python caller pays: the call itself, its checks and its answer's memory. The
loop is one of C, a deque without room that drains a `map`: it adds about 5 ns to a call, where a
`for` with a star call adds 11 ns (`benchmarks/overhead.py`). Only one answer is alive at a time.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

Clock = Callable[[], int]
WALL: Clock = time.perf_counter_ns
CPU: Clock = time.process_time_ns


class Took(Struct, frozen=True, tag=True):
    """The times of one turn."""

    wall_ns: int
    """Wall time of all calls of the turn, ns."""
    cpu_ns: int
    """Processor time of the process over them, all threads, ns."""


def take(
    others: Iterable[Any], last: Iterable[Any], clock: Clock = WALL, cpu_clock: Clock = CPU
) -> tuple[Took, list[Any]]:
    """Time calls in a row; gives the last one's answer as well, alone in a list.

    Args:
        others: All calls but the last one, each made when its answer is asked for.
        last: The last one.
        clock: Wall time, ns.
        cpu_clock: Processor time, ns.

    """
    answers: list[Any] = []
    drain, keep, collecting = deque[Any](maxlen=0).extend, answers.extend, gc.isenabled()
    gc.disable()
    try:
        cpu_before, wall_before = cpu_clock(), clock()
        drain(others)
        keep(last)
        wall_after, cpu_after = clock(), cpu_clock()
    finally:
        if collecting:
            gc.enable()
    return Took(wall_after - wall_before, cpu_after - cpu_before), answers


def drop(answers: list[Any], clock: Clock = WALL, cpu_clock: Clock = CPU) -> Took:
    """Time how long it takes to give back the memory of an answer that nothing else holds."""
    cpu_before, wall_before = cpu_clock(), clock()
    answers.clear()
    wall_after, cpu_after = clock(), cpu_clock()
    return Took(wall_after - wall_before, cpu_after - cpu_before)
