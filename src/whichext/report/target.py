"""The target of a result: checks that it may be replaced, and that only one run writes it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from whichext.model.errors import ResultFileError
from whichext.model.inline import argument
from whichext.report.journal import kept_epochs, part_of

_BEGINNING = b"{"
_MADE_BY = "whichext_version"
_FILE = "a file that can be written"
_NAME_ONE = "name a file in a folder that exists and is yours"
_NAME_ANOTHER = "name another file, or move that one away first"

_REPORTS = (".md", ".txt", ".html", ".svg", ".png")

_held: dict[Path, int] = {}
"""Descriptors of the locks of this process, by the file whose result they are for."""


def check_target(path: Path) -> None:
    """Find out before a long run whether its result can be written, and replaces nothing else.

    Raises:
        ResultFileError: It cannot, or it would.

    """
    try:
        found = _in_the_way(path) or _unwritable(path)
    except (OSError, ValueError) as error:  # a name that is too long, or holds a null byte
        found = (_FILE, reason_of(error), _NAME_ONE)
    if found is not None:
        expected, got, next_step = found
        raise ResultFileError(argument("save", str(path)), next_step, expected=expected, got=got)


def check_nothing_kept(path: Path) -> None:
    """Find out whether a run that was killed has left epochs, which a new one would replace.

    Raises:
        ResultFileError: It has.

    """
    part = part_of(path)
    epochs = kept_epochs(part)
    if epochs:
        raise ResultFileError(
            argument("save", str(path)),
            f"go on with {argument('resume', str(path))}, or remove {part.name}",
            expected="no epochs of a run that was killed beside it",
            got=f"{epochs} in {part.name}",
        )


def _in_the_way(path: Path) -> tuple[str, str, str] | None:
    """What is there and is no result file: what was expected, what is there, what to do."""
    if path.is_dir():
        return _FILE, "a folder", _NAME_ONE
    part = part_of(path)
    if part_of(path.with_suffix("")) == path:
        return "a name without .part", "the name of what a run keeps meanwhile", _NAME_ONE
    if path.is_symlink() and not path.exists():
        return _FILE, "a link that leads nowhere", _NAME_ANOTHER
    if path.exists() and not path.is_file():
        return _FILE, "a device or a pipe", _NAME_ONE
    if path.exists() and not is_result(path):
        return "a new file, or a result file to replace", "a file of another kind", _NAME_ANOTHER
    if os.path.lexists(part) and not is_journal(part):
        expected = f"no file {part.name} beside it, or one that an earlier run kept"
        return expected, "a file of another kind", _NAME_ANOTHER
    return None


def check_report(path: Path, *, added: bool = False) -> None:
    """Find out whether a report may be written there: it replaces other reports alone.

    Args:
        path: The file.
        added: Whether it is added to what is there, so that nothing is replaced.

    Raises:
        ResultFileError: It may not.

    """
    try:
        found = _kept_from_a_report(path, added=added) or _unwritable(path)
    except (OSError, ValueError) as error:
        found = (_FILE, reason_of(error), _NAME_ONE)
    if found is not None:
        expected, got, next_step = found
        raise ResultFileError(str(path), next_step, expected=expected, got=got)


def _kept_from_a_report(path: Path, *, added: bool) -> tuple[str, str, str] | None:
    if path.is_dir():
        return _FILE, "a folder", _NAME_ONE
    if path.is_symlink() and not path.exists():
        return _FILE, "a link that leads nowhere", _NAME_ANOTHER
    if not path.exists():
        return None
    if not path.is_file():
        return _FILE, "a device or a pipe", _NAME_ONE
    if is_result(path) or is_journal(path):
        another = "name another file for the report"
        return "a file that holds no result", "a result file", another
    if path.suffix not in _REPORTS and not added:
        expected = f"a new file, or a report to replace ({', '.join(_REPORTS)})"
        return expected, "a file of another kind", _NAME_ANOTHER
    return None


def _unwritable(path: Path) -> tuple[str, str, str] | None:
    """Why nothing can be written beside it, by trying; None where it can."""
    trial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        if os.access(path.parent, os.W_OK) and not isinstance(error, FileNotFoundError):
            return _FILE, reason_of(error), _NAME_ONE
        return _FILE, f"no writable folder {path.parent}", _NAME_ONE
    trial.unlink()
    return None


def is_result(path: Path) -> bool:
    """Whether a file is a result of this program, of whichever version."""
    content = _object(path, whole=True)
    raw = content.get("raw", content)
    return "schema_version" in content and isinstance(raw, dict) and _MADE_BY in raw


def is_journal(path: Path) -> bool:
    """Whether a file is what a run kept of a race."""
    content = _object(path, whole=False)
    return _MADE_BY in content and "contestants" in content


def _object(path: Path, *, whole: bool) -> dict[str, Any]:
    """The JSON object in a file or on its first line; empty where there is none."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        if file.read(len(_BEGINNING)) != _BEGINNING:
            return {}
        file.seek(0)
        text = file.read() if whole else file.readline()
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        found = msgspec.json.decode(text)
        return found if isinstance(found, dict) else {}
    return {}


def hold(path: Path) -> None:
    """Reserve a file for this run, until `release` or the end of the process.

    Two runs that kept their epochs in the same place would spoil them for both, and disturb each
    other's times as well.

    Raises:
        ResultFileError: Another run is under way that writes it.

    """
    place = _place(path)
    if place in _held:  # what an earlier run of this process left
        return
    lock = _lock_of(place)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = lock.exists() and os.path.samestat(os.fstat(descriptor), lock.stat())
    except (BlockingIOError, FileNotFoundError):
        free = False  # the latter, and another file there: it was let go and maybe taken meanwhile
    if not free:
        os.close(descriptor)
        raise ResultFileError(
            argument("save", str(path)),
            "name another file, or wait for the other run to end",
            expected="a file that no other run writes",
            got="one that another run writes now",
        )
    _held[place] = descriptor


def release(path: Path) -> None:
    """Let other runs write a file; does nothing where it is not held."""
    place = _place(path)
    descriptor = _held.pop(place, None)
    if descriptor is not None:
        _lock_of(place).unlink(missing_ok=True)
        os.close(descriptor)


def _lock_of(place: Path) -> Path:
    """The lock of a file, among temporary files: beside a result it would be in the way."""
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:24]
    return Path(tempfile.gettempdir(), f"whichext-{os.getuid()}-{name}.lock")


def _place(path: Path) -> Path:
    """Where a file really is; also of links in a circle, which `Path.resolve` refuses."""
    return Path(os.path.realpath(path))


def reason_of(error: Exception) -> str:
    """Why the system refuses, in its words."""
    return str(getattr(error, "strerror", None) or error)
