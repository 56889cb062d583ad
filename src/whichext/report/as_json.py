"""The scorecard as a file: versioned JSON that is exactly its structs, and back again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from whichext.judge import judge_all
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.scorecard import SCHEMA_VERSION, Scorecard
from whichext.report.former import FORMER_VERSION, upgrade


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
            f"{source}: expected a result file (JSON), got an error: {error}",
            "make one with whichext run KERNEL -o FILE.json",
        ) from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version not in (FORMER_VERSION, SCHEMA_VERSION):
        raise ResultFileError(
            f"{source}: expected schema_version {SCHEMA_VERSION}, got {version}",
            "show it with the whichext version that made it"
            if isinstance(version, int)
            else "make a result file with whichext run KERNEL -o FILE.json",
        )
    try:
        is_former = version == FORMER_VERSION
        scorecard = msgspec.convert(upgrade(content) if is_former else content, Scorecard)
    except (msgspec.ValidationError, LookupError, TypeError, AttributeError) as error:
        raise ResultFileError(
            f"{source}: not a whole scorecard: {error}", "make it again with whichext run"
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
            f"-o {path}: expected a file that can be written, got {problem}",
            "name a file in a folder that exists and is yours",
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
            f"{path} could not be written: {error.strerror or error}",
            "free some space or name another file with -o; what was written before is still there",
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
            f"{path}: expected a result file, got {error.strerror}",
            "make one with whichext run KERNEL -o FILE.json",
        ) from error
    return parse(text, str(path))
