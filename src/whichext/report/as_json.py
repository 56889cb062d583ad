"""The scorecard as a file: versioned JSON that is exactly its structs, and back again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from whichext.judge import judge_all
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.inline import argument, call
from whichext.model.scorecard import SCHEMA_VERSION, Scorecard
from whichext.report.former import FORMER_VERSION, upgrade

_MAKE = call("run", "KERNEL", save="FILE.json")


def render(scorecard: Scorecard) -> str:
    """The scorecard as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(scorecard), indent=1).decode() + "\n"


def parse(text: bytes | str, source: str) -> Scorecard:
    """Read a scorecard back; one of the former schema version is judged again.

    Args:
        text: Content of a result file.
        source: Where it came from, for the error.

    Raises:
        ResultFileError: It is not JSON, of another schema version, or not a scorecard.

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
        is_former = version == FORMER_VERSION
        scorecard = msgspec.convert(upgrade(content) if is_former else content, Scorecard)
    except (msgspec.ValidationError, LookupError, TypeError, AttributeError) as error:
        raise ResultFileError(
            f"not a whole scorecard: {error}", f"make it again with {_MAKE}", where=source
        ) from error
    return judge_all(scorecard) if is_former else scorecard


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


def write(scorecard: Scorecard, path: Path) -> None:
    """Write a result file whole or not at all.

    Raises:
        ResultNotWrittenError: It was not at all.

    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(render(scorecard), encoding="utf-8")
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


def read(path: Path) -> Scorecard:
    """Read a result file.

    Raises:
        ResultFileError: There is none, or it is not a scorecard.

    """
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
