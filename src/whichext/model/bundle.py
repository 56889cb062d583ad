"""What a bundle says of itself: its parts with their hashes, and the one line over all of them.

A bundle is an archive for a reviewer: the files of a kernel, and a result that was measured with
them. A hash shows that a part is what it was when the bundle was made. It does not show that this
was measured: anyone can make a bundle of invented samples.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from whichext.model import __version__

FORMAT: Literal[1] = 1
"""The version of bundles that is written."""
MANIFEST, RESULT, README, FILES = "manifest.json", "result.json", "README.md", "files"
"""Where in the archive the manifest, the result, its report and the files of the kernel are."""
MOST_FILES = 10_000
"""Files in an archive at most."""
MOST_FILE_BYTES, MOST_BYTES = 200_000_000, 500_000_000
"""Bytes of one file, and of all together, at most."""
MOST_TIMES_SMALLER = 100
"""How many times smaller than its content a file may be in the archive, so that a small archive
cannot fill a disk."""

BUILDS, SAMPLES, VERDICT, REST = "builds", "samples", "verdict", "rest of the result"
"""The parts of a result."""

_LINE = "sha256:"


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list of what is in a bundle."""

    format: Literal[1]
    """Version of this structure."""
    whichext_version: str
    """Version of the program that wrote it, and judged the samples."""
    kernel: str
    """Path of the kernel's folder among the files."""
    parts: Mapping[str, str]
    """The hash of each part, SHA-256, by the path of a file or the name of a part of the result."""
    line: str
    """The hash over all of this."""


class Measured(StrEnum):
    """Whether files are those that a result was measured with."""

    YES = "the same"
    """Their hash is the one that the result has."""
    NO = "changed since"
    """It is another one."""
    UNKNOWN = "not known"
    """The result has none: they were not built, or before hashes were kept."""


class Sources(Struct, frozen=True, kw_only=True):
    """A part of a kernel, and whether it is the one that was measured."""

    what: str
    """Name of a project, or the kernel's own file."""
    measured: Measured
    """Whether it is."""
    version: str | None = None
    """The version that was built, where it comes from git, which no bundle holds; else None."""


def manifest_of(kernel: str, parts: Mapping[str, str]) -> Manifest:
    """The manifest of these parts, with its line."""
    manifest = Manifest(
        format=FORMAT,
        whichext_version=__version__,
        kernel=kernel,
        parts=dict(sorted(parts.items())),
        line="",
    )
    return replace(manifest, line=line_of(manifest))


def line_of(manifest: Manifest) -> str:
    """The line that can be verified: a hash over inputs, builds, samples and verdict."""
    return _LINE + hash_of(_canonical(msgspec.to_builtins(replace(manifest, line=""))))


def hash_of(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def parts_of_result(text: bytes) -> dict[str, str]:
    """The hash of each part of a result file, whichever version wrote it.

    Raises:
        ValueError: It is no JSON object with the two parts of a result.

    """
    try:
        content: Any = msgspec.json.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    raw, judged = (content.pop(name) if isinstance(content, dict) else None for name in _HALVES)
    if not isinstance(raw, dict):
        raise ValueError("it holds no result")
    parts = {BUILDS: raw.pop("builds", None), SAMPLES: raw.pop("timings", None), VERDICT: judged}
    parts[REST] = [content, raw]
    return {name: hash_of(_canonical(part)) for name, part in parts.items()}


_HALVES = ("raw", "judged")


def _canonical(content: object) -> bytes:
    """JSON of which there is one for each content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
