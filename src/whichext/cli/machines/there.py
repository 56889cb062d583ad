"""What is done on a machine: the files are unpacked, and a process of its own races them.

The same command as `ssh` would start: what Dask's worker does meanwhile is in another process, and
a worker that is killed takes the race along. All that is measured lies in a folder of the user's
cache, so that the next request with the same key continues it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from whichext.cli.machines.kept import held, kept_folder, prune_runs
from whichext.cli.machines.request import Request
from whichext.model import __version__
from whichext.model.errors import WhichextError
from whichext.model.raw import INTERRUPTED
from whichext.report import result_file
from whichext.report.journal import part_of
from whichext.system.machine import describe_machine
from whichext.system.signals import signal_group
from whichext.system.workers.ends import describe_exit

RESOURCE = "whichext"
"""The resource of a worker, where it has one: one race at a time takes it."""
TETHERED = "whichext.cli.machines.tethered"
"""The program that ends with the process that started it."""

_SHARED, _LOCK = Path("/tmp"), "whichext-race.lock"
_LOOK_S = 0.5
_LAST_LINES = 40
_ERROR = "whichext: "
_OF_DASK = "DASK_"


class State(StrEnum):
    """What a machine does; the values are what is said of it."""

    SENT = "the kernel was sent"
    WAITING = "waits: another race is under way on its host"
    BUILDING = "building"
    AUDITING = "auditing"
    VERIFYING = "verifying"
    RACING = "racing"


_STAGES = {
    "build": State.BUILDING,
    "audit": State.AUDITING,
    "verify": State.VERIFYING,
    "race": State.RACING,
}
Say = Callable[[State], None]


@dataclass(frozen=True)
class Came:
    """What came of a request: a result, or why there is none."""

    result: bytes | None = None
    """The content of the result file."""
    problem: str = ""
    """Why there is none."""
    ended: bool = False
    """Whether the race was ended from outside, so that it can be continued."""


_ended: set[str] = set()
"""Submissions that were ended, also those whose requests are still to come."""
_running: dict[int, tuple[str, subprocess.Popen[str]]] = {}
"""The races of this worker, with their submissions."""


def describe() -> dict[str, object]:
    """What machine this is, and which whichext it has; of plain types, which any version reads."""
    return {"version": __version__, "machine": msgspec.json.encode(describe_machine())}


def race(request: Request) -> Came:
    """Race what was asked for, or continue it; what was finished is given at once."""
    try:
        return _raced(request, _reporting(request))
    except (OSError, WhichextError) as error:
        return Came(problem=str(error))


def end(submission: str) -> None:
    """End the races of a submission, as Ctrl-C does: what they have measured stays.

    Whatever of it arrives or starts later ends too: Dask may bring this call before the request.
    """
    _ended.add(submission)
    for asked, process in list(_running.values()):
        if asked == submission:
            process.terminate()


def _reporting(request: Request) -> Say:
    """Tells the client what is done, over the scheduler."""
    from distributed import get_worker

    worker = get_worker()
    told = {"name": request.name, "machine": request.machine}
    return lambda state: worker.log_event(request.key, {**told, "state": state.value})


def _raced(request: Request, say: Say) -> Came:
    folder = kept_folder() / request.key / request.machine
    result = folder / request.result
    with held(request.key) as in_use:
        if not _is_finished(result):
            prune_runs()
            with _alone(request.submission, say) as lock:
                if lock is None:
                    return Came(problem="it was interrupted before it began", ended=True)
                if not _is_finished(result):  # meanwhile another worker here may have done it
                    _unpack(request, folder)
                    problem, ended = _run(request, folder, (lock, in_use), say)
                    if not _is_finished(result):
                        return Came(_read(result), problem, ended)
        return Came(_read(result))


def _read(result: Path) -> bytes | None:
    """A result as a file has it, also of the epochs that a killed race has left."""
    if not result.exists() and not part_of(result).exists():
        return None
    return result_file.encode(result_file.read(result))


def _is_finished(result: Path) -> bool:
    """Whether a race came to its end there."""
    return result.exists() and not result_file.read(result).raw.was_ended


def _unpack(request: Request, folder: Path) -> None:
    """Write the kernel's files, all of them or none; they are there already for a second try."""
    from whichext.load.archive import extract

    top = Path(request.kernel).parts[0]
    if (folder / top).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=folder) as scratch:
        archive, files = Path(scratch, "files.zip"), Path(scratch, "unpacked")
        archive.write_bytes(request.files)
        files.mkdir()
        extract(archive, files)
        (files / top).rename(folder / top)


@contextmanager
def _alone(submission: str, say: Say) -> Iterator[int | None]:
    """Hold the lock of the host, for one race at a time; None where that was called off.

    The lock is where all users and containers of a host that share temporary files find it, and
    not in the home, which machines may share.
    """
    descriptor = _open_lock()
    try:
        waits = False
        while submission not in _ended:
            if _is_locked(descriptor):
                yield descriptor
                return
            if not waits:
                say(State.WAITING)
            waits = True
            time.sleep(_LOOK_S)
        yield None
    finally:
        os.close(descriptor)


def _open_lock() -> int:
    folder = _SHARED if _SHARED.is_dir() else Path(tempfile.gettempdir())
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    # Without O_CREAT first: Linux refuses that for a file of another user in such a folder.
    with suppress(FileNotFoundError):
        return os.open(folder / _LOCK, flags)
    descriptor = os.open(folder / _LOCK, flags | os.O_CREAT, 0o666)
    with suppress(PermissionError):
        os.fchmod(descriptor, 0o666)
    return descriptor


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _run(request: Request, folder: Path, locks: tuple[int, ...], say: Say) -> tuple[str, bool]:
    """Race in a process of its own.

    Returns:
        Why there is no whole result, if there is none, and whether it was ended from outside.

    """
    result = folder / request.result
    before = _changed_at(result)
    resumes = before is not None or part_of(result).exists()
    ours, theirs = os.pipe()
    # The race holds the locks too, so that they are not let go before the race has ended.
    with (folder / f"{request.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", TETHERED, str(ours), *request.command(resumes=resumes)],
            cwd=folder,
            env=_environment(),
            pass_fds=(ours, *locks),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            errors="replace",
        )
    os.close(ours)
    _running[process.pid] = (request.submission, process)
    if request.submission in _ended:  # before `end` could find it
        process.terminate()
    try:
        lines: deque[str] = deque(maxlen=_LAST_LINES)
        listener = threading.Thread(target=_listen, args=(process, lines, say), daemon=True)
        listener.start()
        status = process.wait()
    finally:
        del _running[process.pid]
        os.close(theirs)
        signal_group(process.pid, signal.SIGKILL)  # such as a build, where the race was killed
    listener.join(_LOOK_S)
    if request.submission in _ended:
        return INTERRUPTED, True
    if status < 0:
        return describe_exit(status), True
    if _changed_at(result) != before:
        return INTERRUPTED, True
    return _error_in(lines) or describe_exit(status), False


def _changed_at(path: Path) -> int | None:
    """When a file was written, ns; None where there is none."""
    return path.stat().st_mtime_ns if path.exists() else None


def _error_in(lines: Iterable[str]) -> str:
    """The error with which the program ended, of its last lines."""
    found: list[str] = []
    for line in lines:
        found = [line] if line.startswith(_ERROR) else [*found, line] if found else []
    return "\n".join(found).removeprefix(_ERROR)


def _listen(process: subprocess.Popen[str], lines: deque[str], say: Say) -> None:
    """Tell which stage the race is in, and keep the last lines."""
    state = None
    assert process.stderr is not None
    with process.stderr as stream:
        for line in stream:
            lines.append(line.rstrip("\n"))
            found = _STAGES.get(line.partition(" ")[0])
            if found is not None and found is not state:
                state = found
                say(state)


def _environment() -> dict[str, str]:
    """The worker's environment without what Dask sets for its own tasks.

    It lets every library use one thread alone and trim its memory all the time, which would change
    what is timed. A number of the worker's own process would make each build another one.
    """
    import dask
    import distributed  # noqa: F401  # it brings these settings

    told = dask.config.get("distributed.nanny.pre-spawn-environ", {})
    its_own = {(name, str(value)) for name, value in told.items()}
    return {
        name: value
        for name, value in os.environ.items()
        if (name, value) not in its_own and not name.strip("_").startswith(_OF_DASK)
    }
