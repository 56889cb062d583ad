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
from whichext.model.contestant import BY_ENVIRONMENT, Profile
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.inline import argument, call
from whichext.model.judged import Judged
from whichext.model.raw import Raw
from whichext.model.view import View, check_references
from whichext.report.journal import began, goes_on_from, part_of, read_journal
from whichext.report.target import check_report, check_target, reason_of, release
from whichext.toolchains.profiles import find_profile

SCHEMA_VERSION: Literal[3] = 3
"""The version that is written."""
FORMER_VERSION = 2
"""The version before, which can still be read."""

_SAMPLE_FIELDS = 7  # an eighth counted forced switches, which nothing reads
_SETTING = re.compile(r"a setting of (?P<toolchain>.+) for (?P<factor>.+)")
_PACKAGES = re.compile(r"the Python packages? (?P<names>.+)")

Content = dict[str, Any]
"""An object of a result file."""

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
    """The JSON Schema of result files."""
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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
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
            raw = msgspec.convert(_upgraded(content), Raw)
            from whichext.judge import view_of  # a result of today is judged already

            return view_of(replace(raw, checks=merged(raw.checks, refusals=raw.raced)))
        found = msgspec.convert(content, ResultFile)
        check_references(View(found.raw, found.judged))
    except (msgspec.ValidationError, LookupError) as error:
        raise ResultFileError(
            f"not a whole result: {error}", f"make it again with {_MAKE}", where=source
        ) from error
    return View(found.raw, found.judged)


def _upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """A result of the former version in the form of today's."""
    try:
        return upgrade(content)
    except (LookupError, TypeError, AttributeError) as error:
        what = f"it is not like one of schema version {FORMER_VERSION} ({type(error).__name__})"
        raise LookupError(what) from error


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


def write_text(text: str, path: Path) -> None:
    """Write a report to a file that is not there yet, or has the beginning of one; whole or not.

    Raises:
        ResultFileError: There is a result file, which a report must not replace.
        ResultNotWrittenError: It could not be written.

    """
    check_report(path)
    _replace(path, text.encode(errors="backslashreplace"))


def _replace(path: Path, content: bytes) -> None:
    path = path.resolve()  # a link keeps pointing to the file that replaces its target
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
    from whichext.judge import view_of

    try:
        return view_of(read_journal(text))
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError) as error:
        raise ResultFileError(
            f"not the journal of a run: {error}", f"make a result with {_MAKE}", where=str(path)
        ) from error


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


# The former version, brought to the present one before it is read


def upgrade(content: Content) -> Content:
    """The `Raw` of a file of version 2, as version 3 has it.

    In version 2, unknown values were 0 or "", one type of outcome represented five, two fields said
    how a contestant takes its thread count, and a profile was only a name. The judged part is left
    out, since it follows from the rest.

    Raises:
        LookupError | TypeError | AttributeError: Something is missing, or is not what it must be.

    """
    return {
        **_unknown(content, "stopped", "origin", "agreement"),
        "kind": "run" if content.get("raced", True) else "verify",
        "machine": _unknown(content["machine"], "l2_cache_bytes", "l3_cache_bytes"),
        "cases": [_unknown(case, "family", "variant") for case in content["cases"]],
        "sizes": [_unknown(course, "input_bytes") for course in content["courses"]],
        "contestants": [_contestant(one) for one in content["contestants"]],
        "builds": [
            _unknown(_profiled({**build, "result": _outcome(build["result"])}), "took_ns")
            for build in content["builds"]
        ],
        "checks": [_check(*check) for check in content["checks"]],
        "timings": [
            {
                **_unknown(timing, "threads_seen"),
                "samples": [sample[:_SAMPLE_FIELDS] for sample in timing["samples"]],
            }
            for timing in content["timings"]
        ],
        "evidence": [_evidence(one) for one in content.get("evidence", ())],
        "probes": [_probe(one) for one in content.get("watched", ())],
    }


def _unknown(content: Content, *names: str) -> Content:
    """The same with null where one of these fields says 0 or "", or is not there."""
    return {**content, **{name: content.get(name) or None for name in names}}


def _contestant(content: Content) -> Content:
    keyword = content.get("threads_argument") or BY_ENVIRONMENT
    return {
        **_unknown(_profiled(content), "project", "module", "function", "remedy"),
        "threads_by": keyword if content.get("parallel") else None,
    }


def _check(
    contestant: str,
    name: str,
    result: Content,
    took_ns: int = 0,
    looks_at: str = "plain",
    count: int = 1,
    snippet: str = "",
) -> list[Any]:
    return [
        contestant,
        name,
        _outcome(result),
        took_ns or None,
        looks_at,
        count,
        snippet or None,
    ]


def _evidence(content: Content) -> Content:
    return {
        **_profiled(content),
        "compiled": [
            {**compiled, "settings": _unknown(compiled["settings"], "lto")}
            for compiled in content["compiled"]
        ],
        "libraries": [
            {
                **_unknown(library, "functions_unseen", "code_digest"),
                "functions": [_unknown(one, "name") for one in library["functions"]],
            }
            for library in content.get("libraries", ())
        ],
    }


def _probe(content: Content) -> Content:
    """That another thread ran at times is no share of the call; that none ran is one."""
    found = _unknown(content, "import_ns", "threads", "unseen")
    held = found.pop("releases_gil", None) is False
    return {**found, "gil_free": 0.0 if held else None}


def _profiled(content: Content) -> Content:
    """The same with the profile instead of its name."""
    name = content["profile"]
    factor, _, value = name.partition("=")
    # A setting may be of another architecture than this one, which does not list it.
    unlisted = Profile.setting(factor, value) if value else Profile(name)
    return {**content, "profile": msgspec.to_builtins(find_profile(name) or unlisted)}


def _outcome(content: Content) -> Content:
    """Of a build or a check: only the text told kinds of skipping apart."""
    if content["type"] != "Skipped":
        return content
    missing, remedy = content["missing"], content["remedy"]
    if setting := _SETTING.fullmatch(missing):
        return {"type": "NotApplicable", **setting.groupdict()}
    if found := _PACKAGES.fullmatch(missing):
        packages = found["names"].split(", ")
        usual = remedy == f"pip install {' '.join(packages)}"
        return {
            "type": "PackageAbsent",
            "packages": packages,
            "remedy": None if usual else remedy,
        }
    return {"type": "ToolchainAbsent", "what": missing, "remedy": remedy}
