"""Result files: versioned JSON of the structs, written and read."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from whichext.model.check import merged
from whichext.model.errors import ClaimError, ResultFileError, ResultNotWrittenError
from whichext.model.inline import argument, call
from whichext.model.judged import Judged
from whichext.model.raw import Raw
from whichext.model.runs import Skipped, Why
from whichext.model.view import View, check_whole
from whichext.report.former_file import FORMER_VERSIONS, upgrade
from whichext.report.imported import imported, is_foreign
from whichext.report.journal import began, goes_on_from, part_of, read_journal
from whichext.report.target import check_report, check_target, reason_of, release

SCHEMA_VERSION: Literal[4] = 4
"""The version that is written."""

_TOO_LARGE = re.compile(rb"[-:,\[]\s*\d{300}")  # for a floating-point number
_MAKE = call("run", "KERNEL", save="FILE.json")


class ResultFile(Struct, frozen=True, kw_only=True):
    """The content of a result file."""

    schema_version: Literal[4]
    """Version of this structure: a change of meaning in it is a new one."""
    raw: Raw
    """What was measured."""
    judged: Judged
    """What follows from it."""


def encode(view: View) -> bytes:
    """A result as JSON, on one line."""
    content = ResultFile(schema_version=SCHEMA_VERSION, raw=view.raw, judged=view.judged)
    return msgspec.json.encode(content) + b"\n"


def schema() -> bytes:
    """The JSON Schema of result files."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(ResultFile)))


class _Version(Struct, frozen=True):
    """What tells how a file is to be read; all the rest is passed over."""

    schema_version: Any = None


def parse(text: bytes | str, source: str) -> View:
    """Read a result back: what was measured, judged again.

    What follows from it in the file is only compared with that, so that no verdict is believed
    which its samples do not give.

    Args:
        text: Content of a result file.
        source: Where it came from, for the error.

    Raises:
        ResultFileError: It is not JSON, of another schema version, or not a result.

    """
    try:
        version = _version(text)
        content: Any = None if version == SCHEMA_VERSION else msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ResultFileError(
            source,
            f"make one with {_MAKE}",
            expected="a result file (JSON)",
            got=f"an error: {error}",
        ) from error
    if is_foreign(content):
        return _judged(imported(content, source), None, source)
    if version is None:
        next_step, got = f"make one with {_MAKE}", "JSON without schema_version"
        raise ResultFileError(source, next_step, expected="a result file", got=got)
    if version not in (*FORMER_VERSIONS, SCHEMA_VERSION):
        raise ResultFileError(
            "schema_version",
            "show it with the whichext version that made it"
            if isinstance(version, int)
            else f"make a result file with {_MAKE}",
            where=source,
            expected=str(SCHEMA_VERSION),
            got=str(version),
        )
    try:
        if _TOO_LARGE.search(text.encode() if isinstance(text, str) else text):
            raise LookupError("a number in it is too large")
        raw, judged = _of_version(version, text, content)
    except (msgspec.ValidationError, UnicodeDecodeError, LookupError) as error:
        raise _not_whole(error, source) from error
    return _judged(raw, judged, source)


def _of_version(version: Any, text: bytes | str, content: Any) -> tuple[Raw, Judged | None]:
    """What a file of some version holds; its content is None where that is the newest."""
    if content is None:
        found = msgspec.json.decode(text, type=ResultFile)
        return found.raw, found.judged
    content = upgrade(content)
    if version == 2:
        raw = msgspec.convert(content["raw"], Raw)
        return replace(raw, checks=merged(raw.checks, refusals=raw.raced)), None
    found = msgspec.convert({**content, "schema_version": SCHEMA_VERSION}, ResultFile)
    return found.raw, found.judged


def _version(text: bytes | str) -> Any:
    """The version of a file; None where it says none."""
    try:
        return msgspec.json.decode(text, type=_Version).schema_version
    except msgspec.ValidationError:  # it is JSON, and no object
        return None


def _judged(raw: Raw, judged: Judged | None, source: str) -> View:
    """What was measured with what follows from it, and what its file says otherwise.

    Args:
        raw: What was measured.
        judged: What the file says of it; None where it says nothing.
        source: Where it came from.

    Raises:
        ResultFileError: No result is like that.

    """
    from whichext.judge import view_of
    from whichext.judge.again import judged_again

    try:
        check_whole(raw)
        return view_of(raw) if judged is None else judged_again(View(raw, judged))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise _not_whole(error, source) from error
    except ClaimError as error:
        raise _not_whole(error.problem, source) from error


def _not_whole(error: object, source: str) -> ResultFileError:
    what = f"not a whole result: {error}"
    return ResultFileError(what, f"make it again with {_MAKE}", where=source)


def check_writable(path: Path) -> None:
    """Find out before a long run whether its result can be written, and replaces nothing else.

    Raises:
        ResultFileError: It cannot, or it would.

    """
    check_target(path)


def write(view: View, path: Path) -> None:
    """Write a result file atomically, and remove its journal.

    Raises:
        ResultFileError: What is there is no result file, and stays.
        ResultNotWrittenError: It could not be written.

    """
    try:
        check_target(path)
        _replace(path, encode(view))
        if began(part_of(path), view.raw):
            part_of(path).unlink(missing_ok=True)
    finally:
        release(path)


def write_report(report: str | bytes, path: Path) -> None:
    """Write a report to a file, completely or not at all.

    Raises:
        ResultFileError: There is a result file, which a report must not replace.
        ResultNotWrittenError: It could not be written.

    """
    check_report(path)
    content = report.encode(errors="backslashreplace") if isinstance(report, str) else report
    _replace(path, content)


def add_text(text: str, path: Path) -> None:
    """Add a report to the end of a file, such as the summary of a job.

    Raises:
        ResultFileError: There is a result file, to which nothing can be added.
        ResultNotWrittenError: It could not be written.

    """
    check_report(path, added=True)
    try:
        with path.open("ab") as file:
            file.write(text.encode(errors="backslashreplace"))
    except OSError as error:
        raise _not_written(error, path) from error


def _replace(path: Path, content: bytes) -> None:
    path = path.resolve()  # a link keeps pointing to the file that replaces its target
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise _not_written(error, path) from error
    finally:
        partial.unlink(missing_ok=True)


def _not_written(error: OSError, path: Path) -> ResultNotWrittenError:
    return ResultNotWrittenError(
        f"could not be written: {error.strerror or error}",
        f"free some space or name another file with {argument('save')}; "
        "what was written before is still there",
        where=str(path),
    )


def read(path: Path) -> View:
    """Read a result file, or the journal of an interrupted run.

    Raises:
        ResultFileError: There is none, or it is not a result.

    """
    try:
        journal = _journal_of(path)
        text = (journal or path).read_bytes()
    except (OSError, ValueError) as error:  # the latter for a name that can be no file's
        raise ResultFileError(
            str(path),
            f"make one with {_MAKE}",
            expected="a result file",
            got=reason_of(error),
        ) from error
    if journal is None:
        return parse(text, str(path))
    try:
        return _judged(read_journal(text), None, str(path))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResultFileError(
            f"not the journal of a run: {error}", f"make a result with {_MAKE}", where=str(path)
        ) from error


def is_folder(path: Path) -> bool:
    """Whether there is a folder; a name that no file can have is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_folder(folder: Path) -> tuple[dict[str, View], tuple[Skipped, ...]]:
    """All results of a folder by their file names, and the files of JSON that are none.

    Raises:
        ResultFileError: It is no folder, or has no such file.

    """
    try:
        every = sorted(path for path in folder.iterdir() if path.suffix == ".json")
        # To read a pipe would never end; a link to nowhere is named among what was left out.
        paths = [path for path in every if path.is_file() or not path.exists()]
    except (OSError, ValueError) as error:
        raise ResultFileError(
            str(folder), "name a folder with results", expected="a folder", got=reason_of(error)
        ) from error
    if not paths:
        raise ResultFileError(
            str(folder),
            f"make a result in it with {_MAKE}",
            expected="a folder with results (*.json)",
            got="one without any",
        )
    found: dict[str, View] = {}
    skipped: list[Skipped] = []
    for path in paths:
        try:
            found[path.name] = read(path)
        except ResultFileError as error:
            where = f"{path}: "
            reason = error.problem.removeprefix(where)
            skipped.append(Skipped(name=path.name, why=Why.UNREAD, detail=reason))
    return found, tuple(skipped)


def _journal_of(path: Path) -> Path | None:
    """The journal to read for a result file; None where the result itself exists."""
    if not path.name:
        return None
    if part_of(path.with_suffix("")) == path:
        return path
    journal = part_of(path)
    if not journal.is_file():
        return None
    return journal if not path.exists() or _has_more(journal, path) else None


def _has_more(journal: Path, path: Path) -> bool:
    """Whether a run that went on from a result was killed after it had measured more."""
    try:
        before = msgspec.json.decode(path.read_bytes(), type=ResultFile).raw
        return goes_on_from(read_journal(journal.read_bytes()), before)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False
