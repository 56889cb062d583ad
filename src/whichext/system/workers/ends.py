"""How a process ended, and what it said last."""

from __future__ import annotations

import os
import signal
from pathlib import Path

_STDERR_LINES = 12
_STDERR_BYTES = 64 * 1024
_FATAL = "Fatal Python error"
_OUR_FRAME = f'File "{Path(__file__).parents[2]}'


def last_words(log: Path) -> str:
    """The last lines that a process printed, without the frames of whichext itself."""
    text = _tail(log).decode(errors="replace") if log.exists() else ""
    lines = [line for line in text.splitlines() if line.strip()]
    if _FATAL in text:  # faulthandler lists the frames from the crash outwards to ours
        ours = next((n for n, line in enumerate(lines) if _OUR_FRAME in line), len(lines))
        lines = lines[:ours]
    return "\n".join(lines[-_STDERR_LINES:])


def _tail(log: Path) -> bytes:
    """The end of a file that may be of any length."""
    with log.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - _STDERR_BYTES))
        return file.read(_STDERR_BYTES)


def describe_exit(status: int) -> str:
    """How a process ended, in words; `status` is -N for signal N."""
    if status >= 0:
        return f"exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
    return f"killed by {name}"
