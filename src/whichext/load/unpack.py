"""Opens a bundle: its archive is checked, its parts are compared with their hashes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from whichext.load.archive import NOT_TRUSTED, extract
from whichext.model.bundle import (
    FILES,
    MANIFEST,
    README,
    RESULT,
    Manifest,
    hash_of,
    line_of,
    parts_of_result,
)
from whichext.model.errors import BundleError, UsageError
from whichext.model.inline import argument, call

_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle that is whole, with its files in a folder."""

    path: Path
    """The archive."""
    line: str
    """The hash over all of its parts."""
    whichext_version: str
    """Version of the program that wrote it."""
    top: Path
    """The folder with all files of the kernel, also those outside of its own folder."""
    kernel: Path
    """The kernel's folder."""
    result: bytes
    """The result, as a file has it."""


def unpack(path: Path, folder: Path, line: str | None = None) -> Bundle:
    """Open a bundle.

    Args:
        path: The archive.
        folder: An empty folder, for its files.
        line: The line that its author gave elsewhere, if that is known.

    Raises:
        BundleError: It is no bundle, or a part of it is not what its hash says.
        UsageError: Its line is another one.

    """
    names = extract(path, folder)
    manifest = _manifest(path, folder, names)
    files = [name for name in names if name not in (MANIFEST, RESULT)]
    try:
        found = {name: hash_of((folder / name).read_bytes()) for name in files}
        result = (folder / RESULT).read_bytes()
        found |= parts_of_result(result)
    except (OSError, ValueError, LookupError, RecursionError) as error:
        what = f"{RESULT} is no result: {error}"
        raise BundleError(what, NOT_TRUSTED, where=str(path)) from error
    strays = [name for name in files if name != README and not name.startswith(f"{FILES}/")]
    _check_parts(path, manifest.parts, found, strays)
    own = line_of(manifest)
    if own != manifest.line:
        raise BundleError("its line", NOT_TRUSTED, where=str(path), expected=own, got=manifest.line)
    if line is not None and line.strip() != own:
        raise UsageError(
            argument("line"),
            f"do not trust {path}, or give the line that belongs to it",
            expected=line.strip(),
            got=f"{path}, which has the line {own}",
        )
    kernel = folder / FILES / manifest.kernel
    if f"{FILES}/{manifest.kernel}/kernel.py" not in names:
        what = f"the kernel {manifest.kernel!r} is not in it"
        raise BundleError(what, NOT_TRUSTED, where=str(path))
    return Bundle(
        path=path,
        line=own,
        whichext_version=manifest.whichext_version,
        top=folder / FILES,
        kernel=kernel,
        result=result,
    )


def _manifest(path: Path, folder: Path, names: Iterable[str]) -> Manifest:
    if not {MANIFEST, RESULT} <= set(names):
        raise BundleError(
            "",
            f"make one with {call('bundle', 'KERNEL')}",
            where=str(path),
            expected=f"a bundle ({MANIFEST}, {RESULT})",
            got="another archive",
        )
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = f"{MANIFEST}: {error}"
        next_step = "reproduce it with the whichext version that made it"
        raise BundleError(what, next_step, where=str(path)) from error


def _check_parts(
    path: Path, said: Mapping[str, str], found: Mapping[str, str], strays: Iterable[str]
) -> None:
    """Name the parts that are not what the manifest says, and files that belong to nothing."""
    problems = [
        *(f"{name} (no part of a bundle)" for name in strays),
        *(f"{name} (missing)" for name in said if name not in found),
        *(f"{name} (in no list)" for name in found if name not in said),
        *(f"{name} (changed)" for name in said if found.get(name, said[name]) != said[name]),
    ]
    if problems:
        more = len(problems) - _MOST_NAMED
        listed = ", ".join(problems[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        what = f"it is not as it was made: {listed}"
        raise BundleError(what, NOT_TRUSTED, where=str(path))
