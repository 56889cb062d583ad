"""Signals: those that end a run, as Ctrl-C does with a report, and those sent to process groups."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LIKE_CTRL_C = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the signals of `timeout`, of a cancelled job and of a closed terminal interrupt.

    Ctrl-C too, where it would end the process at once: so it does while the program starts.
    """
    # What is ignored stays so: that is how nohup lets a run outlive its terminal.
    heeded = [number for number in _LIKE_CTRL_C if signal.getsignal(number) == signal.SIG_DFL]
    terminals = [descriptor for descriptor in (1, 2) if os.isatty(descriptor)]

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        # Once: `timeout` sends its signal twice, and the second would end the report.
        for number in heeded:
            signal.signal(number, signal.SIG_IGN)
        for descriptor in terminals:
            if not os.isatty(descriptor):
                _discard(descriptor)
        raise KeyboardInterrupt

    for number in heeded:
        signal.signal(number, interrupt)
    ctrl_c = signal.getsignal(signal.SIGINT)
    if ctrl_c == signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ctrl_c == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


def _discard(descriptor: int) -> None:
    """Send to nowhere what would be an error on a terminal that is gone; files still get theirs."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the whole group that a process began; does nothing where all of it is gone."""
    # PermissionError: how macOS says that only dead processes are left, which nobody has reaped.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
