"""The timed region: the only place where a contestant is timed.

    take(call, arguments, calls):
        collect garbage, then keep the collector out
        cpu_before  = processor time of the process
        wall_before = clock
        repeat `calls` times:
            call(*arguments)          # the result is dropped before the next call
        wall_after  = clock
        cpu_after   = processor time of the process

A call's cost is what a Python caller pays: the call itself, its checks, its result's memory and the
loop around it. The loop is a C iterator that yields the same object, so it adds one `FOR_ITER` and
one star call per turn, some ten nanoseconds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import repeat
from typing import Any

from msgspec import Struct

Clock = Callable[[], int]


class Took(Struct, frozen=True, tag=True):
    """What one turn took."""

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
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        cpu_before = cpu_clock()
        wall_before = clock()
        for _ in repeat(None, calls):
            call(*arguments)
        wall_after = clock()
        cpu_after = cpu_clock()
    finally:
        if collecting:
            gc.enable()
    return Took(wall_after - wall_before, cpu_after - cpu_before)
