"""The timed region: the only place where a contestant is timed.

    take(call, arguments, calls):
        keep the garbage collector out
        cpu_before  = processor time of the process
        wall_before = clock
        repeat `calls` times:
            call(*arguments)          # the result is dropped before the next call
        wall_after  = clock
        cpu_after   = processor time of the process

A call's cost is what a Python caller pays: the call itself, its checks and its result's memory. The
loop is one of C, a deque without room that drains a `map`: it adds about 5 ns to a call, where a
`for` with a star call adds 11 ns (`benchmarks/overhead.py`).
"""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable
from itertools import repeat, starmap
from typing import Any

from msgspec import Struct

Clock = Callable[[], int]


class Took(Struct, frozen=True, tag=True):
    """The times of one turn."""

    wall_ns: int
    """Wall time of all calls of the turn, ns."""
    cpu_ns: int
    """Processor time of the process over them, all threads, ns."""


def take(
    call: Callable[..., Any],
    arguments: tuple[Any, ...],
    calls: int,
    clock: Clock = time.perf_counter_ns,
    cpu_clock: Clock = time.process_time_ns,
) -> Took:
    """Time `calls` calls in a row."""
    every = [repeat(argument, calls) for argument in arguments]
    results = map(call, *every) if every else starmap(call, repeat((), calls))
    drain = deque[Any](maxlen=0).extend
    collecting = gc.isenabled()
    gc.disable()
    try:
        cpu_before = cpu_clock()
        wall_before = clock()
        drain(results)
        wall_after = clock()
        cpu_after = cpu_clock()
    finally:
        if collecting:
            gc.enable()
    return Took(wall_after - wall_before, cpu_after - cpu_before)
