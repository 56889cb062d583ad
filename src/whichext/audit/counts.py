"""What a process has of threads, open files and processes of its own, as numbers."""

from __future__ import annotations

import resource
from pathlib import Path

import psutil
from msgspec import Struct

_TASKS, _FILES = Path("/proc/self/task"), Path("/proc/self/fd")


class Counts(Struct, frozen=True):
    """A reading; a number is None where the system does not tell."""

    threads: int | None
    """Threads."""
    files: int | None
    """Open files, pipes and sockets."""
    children: int
    """Processes that it started and that are still there."""
    of_ended: int
    """Pages that those had touched that have ended; any process touches some."""


def read_counts() -> Counts:
    """Count now."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Counts(
        threads=_entries(_TASKS),
        files=_entries(_FILES),
        children=len(psutil.Process().children()),
        of_ended=ended.ru_minflt + ended.ru_majflt,
    )


def more(now: int | None, before: int | None) -> int | None:
    """How many more there are; None where either is not known."""
    return None if now is None or before is None else max(0, now - before)


def _entries(folder: Path) -> int | None:
    try:
        return sum(1 for _ in folder.iterdir())
    except OSError:
        return None
