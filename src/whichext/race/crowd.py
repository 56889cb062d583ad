"""The timed region of a case whose calls come from several Python threads at once.

    take_at_once(call, arguments, calls, callers):
        keep the garbage collector out
        `callers` threads wait for each other; then cpu_before, wall_before are read
        each of them repeats its share of `calls`:
            before = clock
            call(*arguments)        # the answer is dropped before the next call
            after = clock           # after - before is the latency of the call
        wall_after, cpu_after = ... # when the last of them is through

The wall time over all calls is what such a program gets done. What a single caller waits for, such
as a lock or the GIL, is in the latencies, which are kept as a histogram. Two readings of the clock
and a note add about 0.1 us to each call.
"""

from __future__ import annotations

import gc
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, repeat
from typing import Any

from msgspec import Struct

from whichext.model.raw import BINS_PER_DOUBLING, Latencies
from whichext.race.timed import CPU, WALL, Clock, Took


class TookAtOnce(Struct, frozen=True):
    """The times of one turn from several threads."""

    took: Took
    """All calls together."""
    latencies: Latencies
    """Each of them by itself."""


def take_at_once(
    call: Callable[..., Any],
    arguments: tuple[Any, ...],
    calls: int,
    callers: int,
    clock: Clock = WALL,
    cpu_clock: Clock = CPU,
) -> tuple[TookAtOnce, list[Any]]:
    """Time `calls` calls, a multiple of `callers`; gives the last answer of each thread as well.

    Raises:
        BaseException: What the first call raised that raised anything.

    """
    began: list[tuple[int, int]] = []
    barrier = threading.Barrier(callers, lambda: began.append((cpu_clock(), clock())))
    latencies_ns: list[list[int]] = [[] for _ in range(callers)]
    ends, answers, errors = list[int](), list[Any](), list[BaseException]()

    def work(mine: list[int]) -> None:
        barrier.wait()
        try:
            for _ in repeat(None, calls // callers):
                answer = None
                before = clock()
                answer = call(*arguments)
                mine.append(clock() - before)
            ends.append(clock())
            answers.append(answer)
        except BaseException as error:
            errors.append(error)

    # Daemons: a call that never comes back must not keep the process when it is given up.
    threads = [threading.Thread(target=work, args=(mine,), daemon=True) for mine in latencies_ns]
    collecting = gc.isenabled()
    gc.disable()
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu_after = cpu_clock()
    finally:
        if collecting:
            gc.enable()
    if errors:
        raise errors[0]
    ((cpu_before, wall_before),) = began
    took = Took(max(ends) - wall_before, cpu_after - cpu_before)
    return TookAtOnce(took, count_latencies(chain.from_iterable(latencies_ns))), answers


def count_latencies(latencies_ns: Iterable[int]) -> Latencies:
    """The histogram of these; the first bin has all that are less than a nanosecond as well."""
    bins = (math.floor(BINS_PER_DOUBLING * math.log2(max(1, one))) for one in latencies_ns)
    found = sorted(Counter(bins).items())
    return Latencies(tuple(one for one, _ in found), tuple(calls for _, calls in found))
