"""A forked child of this process, and what it answers: what a pool of processes would be given."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from multiprocessing import Pipe
from typing import TypeVar

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from whichext.model.outcome import Crashed, TimedOut
from whichext.system.workers.ends import describe_exit

T = TypeVar("T")


def fork() -> int:
    """Fork this process, without the warning of later Pythons where there are threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def ask_child(
    act: Callable[[], Struct], reply: Decoder[T], where: str, limit_s: float
) -> T | Crashed | TimedOut:
    """Do something in a forked child, and take over what it says of it.

    Args:
        act: What the child does.
        reply: Decodes what that gives.
        where: What it is doing, for the outcome if it says nothing.
        limit_s: Time that it has, s; then it is killed. Threads that the parent had are not there
            in the child, so that it may wait for one of them for ever.

    """
    ours, theirs = Pipe(duplex=False)
    pid = fork()
    if pid == 0:
        try:
            theirs.send_bytes(Encoder().encode(act()))
        finally:
            os._exit(0)
    theirs.close()
    with ours:
        answered = ours.poll(limit_s)
        content = _read(ours.recv_bytes) if answered else None
    if not answered:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not answered:
        return TimedOut(where, round(limit_s * 1e9), in_child=True)
    if content is None:
        return Crashed(where, f"its child: {describe_exit(status)}")
    return reply.decode(content)


def _read(receive: Callable[[], bytes]) -> bytes | None:
    try:
        return receive()
    except EOFError:
        return None
