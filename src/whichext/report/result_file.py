"""A result as a file: versioned JSON that is exactly its structs, and back again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from whichext.judge import view_of
from whichext.model.check import merged
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.inline import argument, call
from whichext.model.judged import Judged
from whichext.model.raw import Raw
from whichext.model.view import View
from whichext.report.former import FORMER_VERSION, upgrade
from whichext.report.journal import part_of, read_journal

SCHEMA_VERSION: Literal[3] = 3

_BEGINNING = b'{"schema_version"'
_MAKE = call("run", "KERNEL", save="FILE.json")


class ResultFile(Struct, frozen=True, kw_only=True):
    """The content of a result file."""

    schema_version: Literal[3]
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
    """The JSON Schema of what is written."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(ResultFile)))


def parse(text: bytes | str, source: str) -> View:
    """Read a result back; one of the former schema version is judged again.

    Args:
        text: Content of a result file.
        source: Where it came from, for the error.

    Raises:
        ResultFileError: It is not JSON, of another schema version, or not a result.

    """
    try:
        content: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResultFileError(
            source,
            f"make one with {_MAKE}",
            expected="a result file (JSON)",
            got=f"an error: {error}",
        ) from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version not in (FORMER_VERSION, SCHEMA_VERSION):
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
        if version == FORMER_VERSION:
            raw = msgspec.convert(upgrade(content), Raw)
            return view_of(replace(raw, checks=merged(raw.checks, refusals=raw.raced)))
        found = msgspec.convert(content, ResultFile)
    except (msgspec.ValidationError, LookupError, TypeError, AttributeError) as error:
        raise ResultFileError(
            f"not a whole result: {error}", f"make it again with {_MAKE}", where=source
        ) from error
    return View(found.raw, found.judged)


def check_writable(path: Path) -> None:
    """Find out before a long run whether its result can be written.

    Raises:
        ResultFileError: It cannot.

    """
    problem = ""
    if path.is_dir():
        problem = "a folder"
    elif path.exists() and not path.is_file():
        problem = "a device or a pipe"  # writing whole or not at all would take its place
    elif not os.access(path.parent, os.W_OK):
        problem = f"no writable folder {path.parent}"
    if problem:
        raise ResultFileError(
            argument("save", str(path)),
            "name a file in a folder that exists and is yours",
            expected="a file that can be written",
            got=problem,
        )


def write(view: View, path: Path) -> None:
    """Write a result file whole or not at all; the journal beside it then goes.

    Raises:
        ResultNotWrittenError: It was not at all.

    """
    _replace(path, encode(view))
    part_of(path).unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a report beside results, whole or not at all.

    Raises:
        ResultFileError: There is a result file, which a report must not replace.
        ResultNotWrittenError: It could not be written.

    """
    check_writable(path)
    if path.exists() and path.read_bytes()[: len(_BEGINNING)] == _BEGINNING:
        raise ResultFileError(
            str(path),
            "name another file for the report",
            expected="a file that holds no result",
            got="a result file",
        )
    _replace(path, text.encode())


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise ResultNotWrittenError(
            f"could not be written: {error.strerror or error}",
            f"free some space or name another file with {argument('save')}; "
            "what was written before is still there",
            where=str(path),
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path) -> View:
    """Read a result file, or the journal of a run that did not come to its end.

    Raises:
        ResultFileError: There is none, or it is not a result.

    """
    journal = path if part_of(path.with_suffix("")) == path else part_of(path)
    if journal.is_file() and (journal == path or not path.exists()):
        try:
            return view_of(read_journal(journal.read_bytes()))
        except (OSError, msgspec.DecodeError) as error:
            raise ResultFileError(
                f"not the journal of a run: {error}", f"make a result with {_MAKE}", where=str(path)
            ) from error
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ResultFileError(
            str(path),
            f"make one with {_MAKE}",
            expected="a result file",
            got=str(error.strerror),
        ) from error
    return parse(text, str(path))
