"""What the system counts beside the clock: stolen time, busy threads."""

from __future__ import annotations

import os
from pathlib import Path

_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_STEAL_FIELD = 8  # of a line in /proc/stat: cpu0 user nice system idle iowait irq softirq steal


def stolen_ns() -> int:
    """Time that other guests have had of the processors that this process may use, ns.

    What they have of the others does not slow this process. 0 where the system does not tell.
    """
    try:
        lines = Path("/proc/stat").read_text().splitlines()
        ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        fields = [line.split() for line in lines if line.partition(" ")[0] in ours]
        return sum(int(found[_STEAL_FIELD]) for found in fields) * _TICK_NS
    except (OSError, ValueError, IndexError):
        return 0


def thread_times_ns() -> dict[str, int]:
    """Processor time of each thread of this process, ns; empty where the system does not tell."""
    times = {}
    for task in Path("/proc/self/task").glob("*/schedstat"):
        try:
            times[task.parent.name] = int(task.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            continue  # a thread that has just ended
    return times


def count_busy(before: dict[str, int], after: dict[str, int], wall_ns: int, cpu_ns: int) -> int:
    """Threads that worked at least half as long as the one that worked longest.

    Threads that began and ended in between are in neither reading, so the processor time of the
    whole process over the wall time is a second witness, and the greater of the two counts.

    Args:
        before: `thread_times_ns` before.
        after: `thread_times_ns` after.
        wall_ns: Time in between, ns.
        cpu_ns: Processor time of the process in between, ns.

    """
    worked = [after[name] - before.get(name, 0) for name in after]
    seen = sum(ns > 0 and ns >= max(worked) / 2 for ns in worked)
    return max(seen, round(cpu_ns / max(1, wall_ns)))
