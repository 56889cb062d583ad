"""Work in a forked child, of which nothing is left but what it writes.

What code does to its process ends with the child, such as the threads that it starts. A later fork
of a process with a pool of threads has the pool without its threads, and waits for them for ever.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

from whichext.system.forked import fork


class ChildLostError(Exception):
    """A forked child did not come to its end; `status` is its exit status, -N for signal N."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a forked child ended with {status}")
        self.status = status


def written_apart(write: Callable[[BinaryIO], None]) -> memoryview:
    """What a forked child writes to a file, mapped into memory and not copied; it may be changed.

    Raises:
        ChildLostError: It crashed, or raised something.

    """
    with _memory_file() as file:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or the child would print it once more
        pid = fork()
        if pid == 0:
            _work(write, file)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status:
            raise ChildLostError(status)
        length = file.seek(0, os.SEEK_END)
        if not length:
            return memoryview(b"")
        # A private mapping: whoever changes an answer gets pages of its own.
        return memoryview(mmap.mmap(file.fileno(), length, access=mmap.ACCESS_COPY))


def end_like(status: int) -> NoReturn:
    """End this process as another one did, so that its parent learns the same."""
    if status < 0:
        with suppress(OSError, ValueError):  # SIGKILL has no handler
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(abs(status))


def _memory_file() -> BinaryIO:
    """A file that is gone with its last reader, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("whichext"), "w+b")
    unnamed: Any = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    return unnamed  # type: ignore[no-any-return]  # a file, whatever class it has


def _work(write: Callable[[BinaryIO], None], file: BinaryIO) -> NoReturn:
    status = 1
    try:
        write(file)
        file.flush()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
