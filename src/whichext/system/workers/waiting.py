"""Waiting for a worker's answer with an eye on its memory: a leak must not take the machine down.

    no answer yet --every 20 ms--> larger by more than it may?  -> lost
                                   time over?                   -> lost

Where the system itself is out of memory it ends whom it likes, often the wrong one.
"""

from __future__ import annotations

import time
from multiprocessing.connection import Connection

import psutil

from whichext.model.outcome import Crashed, TimedOut
from whichext.model.units import size_text

_LOOK_S = 0.02


def resident_bytes(pid: int) -> int:
    """Memory that a process has now, shared memory included; 0 when it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def wait_for(
    connection: Connection, where: str, limit_s: float, pid: int, most_bytes: int | None
) -> Crashed | TimedOut | None:
    """Wait until there is something to read, also that the process is gone.

    Args:
        connection: The worker's.
        where: What it is doing, for the outcome.
        limit_s: Time that it has, s.
        pid: Its process.
        most_bytes: Memory that it may have; None when nobody looks, which disturbs it least.

    Returns:
        Why nobody should wait any longer; None when there is something to read.

    """
    end = time.monotonic() + limit_s
    while not connection.poll(limit_s if most_bytes is None else min(limit_s, _LOOK_S)):
        if most_bytes is not None and resident_bytes(pid) > most_bytes:
            size = size_text(most_bytes)
            return Crashed(where, f"ended by whichext when its memory went beyond {size}")
        if time.monotonic() >= end:
            return TimedOut(where, round(limit_s * 1e9))
    return None
