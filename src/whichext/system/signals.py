"""Signals: those that end a run, as Ctrl-C does with a report, and those sent to process groups."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LIKE_CTRL_C = (signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # of prctl(2)
_AGAIN_S = 5.0  # the crew has 2 s to end, and a large result takes a second to judge


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


@contextmanager
def interruptible_once() -> Iterator[None]:
    """Let Ctrl-C, or a notebook's interrupt, end the work, and not the result that it leaves.

    Those that follow within `_AGAIN_S` are taken for the same one. Later ones count, so that work
    that does not end can still be ended. A handler of the program's own is left alone, but not that
    of a notebook's cell with an `await`: it would wait for the end of the cell.
    """
    before = signal.getsignal(signal.SIGINT)
    usual = before is signal.default_int_handler or _is_notebooks(before)
    if threading.current_thread() is not threading.main_thread() or not usual:
        yield
        return
    last = -math.inf

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > _AGAIN_S:
            last = now
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _is_notebooks(handler: object) -> bool:
    return (getattr(handler, "__module__", None) or "").startswith("ipykernel.")


class TimeLimitError(Exception):
    """What `time_limited` ends took too long."""


@contextmanager
def time_limited(limit_s: float) -> Iterator[None]:
    """End what takes longer, with a TimeLimitError, where the system can do that: on a main thread.

    Python code is ended at once, a function in C when it returns.
    """
    usual = signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    if threading.current_thread() is not threading.main_thread() or not usual:
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TimeLimitError

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@contextmanager
def last_resort(limit_s: float | None) -> Iterator[None]:
    """End this whole process with SIGALRM when it takes longer, also in a function that hangs in C.

    Args:
        limit_s: Time, s; None for no limit.

    """
    signal.setitimer(signal.ITIMER_REAL, limit_s or 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _discard(descriptor: int) -> None:
    """Send to nowhere what would be an error on a terminal that is gone; files still get theirs."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the whole group that a process began; does nothing where all of it is gone."""
    # PermissionError: how macOS says that only dead processes are left, which were not reaped yet.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def end_with_parent() -> None:
    """Have this process killed when the one that forked it ends, also while it is frozen.

    A process that is killed cannot end others, and a frozen one would stay for good. Only Linux has
    such a request.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
