"""What a machine keeps of races that others asked for: in the user's cache, until it is collected.

A race holds a lock on what it uses, which ends with its process: what is under way is not removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_cache_path

from whichext.model.cache import KeptRun

OLD_DAYS = 30.0
"""Age after which what a lost client began is not continued, days."""
_DAY_S = 86_400.0
_LOCK = "in-use.lock"
_FILES, _KERNEL = "files", "kernel.py"


def kept_folder() -> Path:
    """The folder of all that is kept."""
    return Path(user_cache_path("whichext", appauthor=False)) / "machines"


@contextmanager
def held(key: str) -> Iterator[int]:
    """Hold what is kept of a run, so that it is not removed; several races of the run may.

    Args:
        key: The run's.

    Yields:
        The descriptor of the lock, which a process that inherits it holds too.

    Raises:
        OSError: There is no room for it.

    """
    folder = kept_folder() / key
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it has just been removed
            descriptor = _open(folder)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if os.fstat(descriptor).st_nlink:
                break
            os.close(descriptor)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def list_runs() -> tuple[KeptRun, ...]:
    """What is kept of runs, the newest first."""
    runs = []
    for folder in kept_folder().glob("*"):
        if folder.is_dir():
            with suppress(FileNotFoundError):  # it has just been removed
                runs.append(_read(folder))
    return tuple(sorted(runs, key=lambda run: run.written, reverse=True))


def prune_runs(older_than_days: float = OLD_DAYS) -> tuple[KeptRun, ...]:
    """Remove what is kept of runs, but for those that are under way.

    Args:
        older_than_days: Time since something was written last, in days.

    Returns:
        What was removed.

    """
    limit = _text(time.time() - older_than_days * _DAY_S)
    old = [run for run in list_runs() if run.written <= limit]
    return tuple(run for run in old if _remove(kept_folder() / run.key))


def forget(key: str) -> None:
    """Remove what is kept of a run whose results have arrived."""
    shutil.rmtree(kept_folder() / key, ignore_errors=True)


def _open(folder: Path) -> int:
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _free(folder: Path) -> Iterator[bool]:
    """Whether no race uses a folder, and none begins to meanwhile."""
    descriptor = _open(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_free = True
    except OSError:
        is_free = False
    try:
        yield is_free
    finally:
        os.close(descriptor)


def _is_free(folder: Path) -> bool:
    with suppress(OSError), _free(folder) as is_free:
        return is_free
    return False


def _remove(folder: Path) -> bool:
    with suppress(OSError), _free(folder) as is_free:
        if is_free:
            shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _read(folder: Path) -> KeptRun:
    found, kernels = [], []
    for path in _below(folder):
        with suppress(OSError):  # one that a race has just replaced
            if path.name != _LOCK:
                found.append(path.lstat())
        if path.name == _KERNEL and path.relative_to(folder).parts[1:2] == (_FILES,):
            kernels.append(path.parent.name)
    return KeptRun(
        key=folder.name,
        kernel=next(iter(kernels), ""),
        machines=tuple(sorted(path.name for path in folder.glob("*/"))),
        size_bytes=sum(one.st_size for one in found),
        written=_text(max((one.st_mtime for one in found), default=folder.stat().st_mtime)),
        is_racing=not _is_free(folder),
    )


def _below(folder: Path) -> Iterator[Path]:
    """All that is in a folder, but for what goes meanwhile: other workers unpack files there."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
