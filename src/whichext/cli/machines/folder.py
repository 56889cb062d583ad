"""The folder of a run on machines: one result file each, and what tells the run from others."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from whichext.model import __version__
from whichext.model.errors import ResultFileError, UsageError
from whichext.model.inline import argument
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.target import hold, reason_of, release

RECORD = "fleet.request"
"""The file that says which run the folder is of."""
_PARTS = "parts"


class Record(Struct, frozen=True, kw_only=True):
    """What tells a run from others."""

    key: str
    """Under which machines keep what they have measured of it."""
    content: str
    """Hash of the kernel's files, the options and the program's version."""


@dataclass
class Folder:
    """The folder of a run."""

    path: Path
    """Where it is."""
    key: str
    """Under which machines keep what they have measured."""
    begun: bool = False
    """Whether machines were found, so that there is something to continue."""
    has_parts: bool = False
    """Whether its results are parts of a sweep, in a folder of their own."""

    @property
    def results(self) -> Path:
        """Where the results of machines are."""
        return self.path / _PARTS if self.has_parts else self.path

    @property
    def sweep(self) -> Path:
        """Where all parts are together."""
        return self.path / "sweep.json"

    def finished(self) -> dict[str, View]:
        """The results of an earlier try that came to their ends, by name."""
        found = {path.stem: result_file.read(path) for path in sorted(self.results.glob("*.json"))}
        return {name: view for name, view in found.items() if not view.raw.was_ended}

    def file(self, name: str) -> Path:
        """Where a result is."""
        return self.results / f"{name}.json"


@contextmanager
def opened(
    path: Path, content: Sequence[bytes], *, resumes: bool, parts: bool = False
) -> Iterator[Folder]:
    """A folder that is held by this run alone; what a run that never began has made is removed.

    Args:
        path: The folder; for a new run one that is empty, or not there yet.
        content: What is raced, and how.
        resumes: Whether an earlier run is continued.
        parts: Whether results are parts of a sweep.

    Raises:
        UsageError: The earlier run was another one, or a new one would mix with it.
        ResultFileError: The folder cannot be written.

    """
    digest, record = _digest((__version__.encode(), *content)), path / RECORD
    is_new = not path.exists()
    folder = Folder(path, "", begun=resumes, has_parts=parts)
    with _explained(path):
        if not resumes:
            _check_empty(path)
            folder.results.mkdir(parents=True, exist_ok=True)
        elif not record.is_file():
            raise _refusal("resume", path, f"a folder with a file {RECORD}", "one without")
        hold(record)
    try:
        with _explained(path):
            folder.key = (_again(record, digest) if resumes else _new(record, digest)).key
        yield folder
    finally:
        if not folder.begun:  # so that the command can be typed again with what it lacked
            with suppress(OSError):
                record.unlink(missing_ok=True)
                if parts:
                    folder.results.rmdir()
                if is_new:
                    path.rmdir()
        release(record)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResultFileError(
            argument("save", str(path)),
            "name a folder that is yours and has space left",
            expected="a folder that can be written",
            got=reason_of(error),
        ) from error


def _digest(parts: Sequence[bytes]) -> str:
    each = (hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(b"".join(each)).hexdigest()


def _check_empty(path: Path) -> None:
    if path.is_dir() and any(path.iterdir()):
        there = (path / RECORD).is_file()
        raise UsageError(
            argument("save", str(path)),
            f"go on with {argument('resume', str(path))}, or name another folder"
            if there
            else "name another folder",
            expected="a new or an empty folder",
            got="one with results of machines" if there else "one with other files",
        )


def _new(record: Path, digest: str) -> Record:
    found = Record(key=f"{digest[:12]}-{uuid.uuid4().hex[:12]}", content=digest)
    record.write_bytes(msgspec.json.encode(found) + b"\n")
    return found


def _again(record: Path, digest: str) -> Record:
    try:
        found = msgspec.json.decode(record.read_bytes(), type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refusal("resume", record, "what a run on machines wrote", str(error)) from error
    if found.content != digest:
        raise _refusal(
            "resume",
            record.parent,
            "a run of the same kernel with the same options and whichext",
            "one in which they were others",
        )
    return found


def _refusal(name: str, path: Path, expected: str, got: str) -> UsageError:
    return UsageError(
        argument(name, str(path)),
        f"leave out {argument('resume')}, and name another folder with {argument('save')}",
        expected=expected,
        got=got,
    )
