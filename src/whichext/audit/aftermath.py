"""Work that a contestant's process does after a call has returned, which no clock of a race sees.

A pool of threads that has nothing to do spins for a while before it sleeps, and that is no work.
Its threads were there before the call and run no Python. So their time counts only once it lasts
longer than pools spin: some milliseconds with most, 200 ms with the OpenMP of LLVM and Intel.
The time of any other thread counts from the return on: one of Python's, or one that the call began.

Many calls in a row show work that lasts. Little work, or work that begins a little later, is seen
after single calls: each is followed by 50 ms, and the median counts, less that of an idle process.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import threadpoolctl

from whichext.system.machine import thread_times_ns

_LOOK_S = 0.01
_SOON_S = 1e-4
_IDLE = 0.1  # of one processor
_SPIN_NS = 60_000_000
_LONG_SPIN_NS = 260_000_000
_SPINS_LONG = ("libomp", "libiomp", "vcomp")
_PATIENCE_NS = 150_000_000  # beyond that
_NOISE_NS = 5_000_000

_PAUSE_NS, _MOST_NS = 500_000_000, 3_000_000_000

_FEW, _MORE = 3, 6
_LINGER_NS = 50_000_000
_LITTLE_NS = 100_000  # a call: a thread that has handed over its result needs some to wait again


@contextmanager
def quick_turns() -> Iterator[None]:
    """Let this thread have the GIL soon, although another one computes in Python.

    Otherwise each reading of a file would wait for it for 5 ms, and miss what the other one does.
    """
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(_SOON_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual_s)


def settle() -> None:
    """Wait until the process is idle, or for about as long as any pool spins."""
    with quick_turns():
        time_after(())


def work_after(before: Iterable[str]) -> int:
    """Processor time of other threads from now until they are idle, ns; 0 for next to nothing.

    Args:
        before: Names of the threads that were there before the calls, as the system numbers them;
            empty where it does not, and then all are taken for a pool.

    """
    found_ns = time_after(before)
    return found_ns if found_ns >= _NOISE_NS else 0


def work_after_each(call: Callable[[], object]) -> int:
    """Processor time of other threads after the return of a single call, ns; 0 for below 0.1 ms.

    0 also where the system does not tell of each thread: a pool that spins would look like work.
    """
    before = thread_times_ns()
    if not before:
        return 0

    pool = frozenset(before) - _of_python()

    def times(step: Callable[[], object], often: int) -> list[int]:
        return [_after_one(step, before, pool) for _ in range(often)]

    found_ns = times(call, _FEW)
    if max(found_ns) < _LITTLE_NS:  # beside other programs, a call may return when all is done
        return 0
    found_ns += times(call, _MORE)
    idle_ns = times(lambda: None, _FEW)
    work_ns = round(statistics.median(found_ns) - statistics.median(idle_ns))
    return work_ns if work_ns >= _LITTLE_NS else 0


def _after_one(call: Callable[[], object], before: Mapping[str, int], pool: frozenset[str]) -> int:
    """The same for one call, whatever it is.

    All that a pool does from the call on is left out: to read the time of each thread takes long
    enough for little work to end meanwhile.
    """
    pool_ns = _times_of(pool)
    call()
    first_cpu_ns = _others_ns()
    with quick_turns():
        time_after(before, _LINGER_NS)
    return max(0, _others_ns() - first_cpu_ns - _more_than(pool_ns))


def work_while(left: Callable[[], bool]) -> int:
    """Processor time of other threads until none of them is left over, ns.

    Waits for at most half a second in which they do not work, and for 3 s in all: threads that
    sleep before they work, and then end, stay in no process.

    Args:
        left: Whether threads are still left over.

    """
    start_ns = busy_ns = time.perf_counter_ns()
    first_cpu_ns = last_cpu_ns = _others_ns()
    with quick_turns():
        while left():
            time.sleep(_LOOK_S)
            now_ns, cpu_ns = time.perf_counter_ns(), _others_ns()
            if cpu_ns - last_cpu_ns >= _IDLE * _LOOK_S * 1e9:
                busy_ns = now_ns
            last_cpu_ns = cpu_ns
            if now_ns - busy_ns > _PAUSE_NS or now_ns - start_ns > _MOST_NS:
                break
    return _others_ns() - first_cpu_ns


def time_after(before: Iterable[str], least_ns: int = 0) -> int:
    """The same in full, and for a while at least although the process is idle."""
    pool = frozenset(before) - _of_python()
    told, spin_ns, asked = bool(thread_times_ns()), _SPIN_NS, False
    start_ns = last_ns = time.perf_counter_ns()
    first_cpu_ns = last_cpu_ns = spun_cpu_ns = _others_ns()
    pool_ns = _times_of(pool)
    early_ns = 0
    while True:
        time.sleep(_LOOK_S)
        now_ns, cpu_ns = time.perf_counter_ns(), _others_ns()
        if now_ns - start_ns > spin_ns and not asked:
            spin_ns, asked = _spin_ns(), True  # takes some milliseconds, mostly for nothing
        if now_ns - start_ns <= spin_ns:
            spun_cpu_ns = cpu_ns
            if told:
                early_ns = cpu_ns - first_cpu_ns - _more_than(pool_ns)
        idle = cpu_ns - last_cpu_ns < _IDLE * (now_ns - last_ns) and now_ns - start_ns >= least_ns
        if idle or now_ns - start_ns > spin_ns + _PATIENCE_NS:
            return max(0, early_ns) + cpu_ns - spun_cpu_ns
        last_ns, last_cpu_ns = now_ns, cpu_ns


def _of_python() -> frozenset[str]:
    """Names of Python's threads, as the system numbers them."""
    return frozenset(str(thread.native_id) for thread in threading.enumerate())


def _spin_ns() -> int:
    """How long threads of the loaded libraries may spin, ns."""
    loaded = (one.get("prefix", "") for one in threadpoolctl.threadpool_info())
    return _LONG_SPIN_NS if any(name in _SPINS_LONG for name in loaded) else _SPIN_NS


def processor_ns() -> int:
    """Processor time of this process so far, all its threads, also those that have ended, ns."""
    return time.process_time_ns()


def _others_ns() -> int:
    """Processor time of all threads of this process but the one that asks, ns."""
    return processor_ns() - time.thread_time_ns()


def _times_of(threads: frozenset[str]) -> Mapping[str, int]:
    """Processor time of each of these threads so far, ns."""
    return {name: ns for name, ns in thread_times_ns().items() if name in threads}


def _more_than(before_ns: Mapping[str, int]) -> int:
    """What threads have added since to their processor times, ns; one that has ended adds nothing.

    The system forgets its time, and what it had before must not look like work of others.
    """
    now_ns = thread_times_ns() if before_ns else {}
    return sum(ns - before_ns[name] for name, ns in now_ns.items() if name in before_ns)
