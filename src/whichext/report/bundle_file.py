"""Bundles: a kernel's files and a result in one archive, the same bytes for the same content."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from whichext.build.bundled import Bundled, bundled, sources_in
from whichext.load.unpack import unpack
from whichext.model.bundle import (
    FILES,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    MOST_TIMES_SMALLER,
    README,
    RESULT,
    hash_of,
    manifest_of,
    parts_of_result,
)
from whichext.model.errors import BundleError, UsageError
from whichext.model.inline import Wording, argument, call
from whichext.model.kernel import Kernel
from whichext.model.raw import Kind
from whichext.model.units import size_text
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.bundle import Written, readme
from whichext.report.target import check_report, reason_of

_AT = (1980, 1, 1, 0, 0, 0)  # the earliest time that an archive can hold
_UNIX = 3
_LEVEL = 9
_SMALL = 100_000  # bytes from which on a reader asks how well a file was compressed


def check_bundle(path: Path) -> None:
    """Find out before a race whether a bundle can be written.

    Raises:
        ResultFileError: It cannot.
        UsageError: There is a file already.

    """
    if os.path.lexists(path):
        raise UsageError(
            argument("save", str(path)),
            "name another file, or remove that one first",
            expected="a new file",
            got="one that is there already",
        )
    check_report(path)


def check_result(view: View) -> None:
    """Find out whether a result can be in a bundle, from which it must be possible to repeat it.

    Raises:
        UsageError: It cannot.

    """
    raw = view.raw
    if raw.kind is Kind.COMPARE:
        got = "one of functions, whose source is in no folder"
        next_step = f"make a kernel: {call('new', 'NAME', reference='MODULE:FUNCTION')}"
    elif not raw.raced or raw.kind is Kind.SELFCHECK:
        got, next_step = f"one of {raw.kind}", call("run", raw.kernel, save="FILE.json")
    elif raw.revisions:
        got = f"one of projects at revisions: {', '.join(one.project for one in raw.revisions)}"
        next_step = "check out the revision that matters, and race the folder as it is"
    else:
        return
    expected = "the result of a race of a kernel's folder as it is"
    raise UsageError(argument("on"), next_step, expected=expected, got=got)


def write_bundle(view: View, kernel: Kernel, path: Path, wording: Wording) -> Written:
    """Write a bundle; it is read back as a reviewer does before it is there.

    Args:
        view: The result.
        kernel: The kernel that it is of.
        path: A file that does not exist yet.
        wording: How commands are said in the report for readers.

    Raises:
        BundleError: It would be too large, or a file has a name that no bundle can hold.
        UsageError: The result cannot be in a bundle.

    """
    check_result(view)
    check_bundle(path)
    held, sources = bundled(kernel), sources_in(kernel.digest, kernel.projects, view.raw)
    _check_size(path, held)
    with _explained(path), _removed(path.with_name(f".{path.name}.{os.getpid()}")) as partial:
        files = _write(partial, view, held, readme(view, sources, wording))
        with TemporaryDirectory(prefix="whichext-") as folder:
            line = unpack(partial, Path(folder)).line
        partial.replace(path)
    own = f"{FILES}/{held.kernel}/"
    return Written(
        path=path,
        line=line,
        size_bytes=path.stat().st_size,
        files=files,
        outside=tuple(name for name in files if not name.startswith(own)),
        sources=sources,
        altered=None if view.altered is None else view.altered.what,
    )


def pack(kernel: Kernel) -> tuple[str, bytes]:
    """A kernel's files alone, for whichext on another machine.

    Returns:
        The path of the kernel's folder in the archive, and the archive.

    Raises:
        BundleError: It would be too large, or a file has a name that no archive can hold.

    """
    held, content, where = bundled(kernel), io.BytesIO(), kernel.folder
    _check_size(where, held)
    with _explained(where), zipfile.ZipFile(content, "w") as archive:
        for name, text, mode in _files(held):
            _add(archive, name, text, mode)
    return f"{FILES}/{held.kernel}", content.getvalue()


@contextmanager
def _removed(partial: Path) -> Iterator[Path]:
    """A file that is gone at the end, unless it was renamed."""
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Why a bundle cannot be written, with what its author can do."""
    try:
        yield
    except BundleError as error:
        raise BundleError(
            error.what,
            "give that file another name, or leave it out with .gitignore",
            where=str(path),
            expected=error.expected,
            got=error.got,
        ) from error
    except UnicodeEncodeError as error:
        what, next_step = "a file's name is no text", "give that file another name"
        got = ascii(error.object)
        raise BundleError(what, next_step, where=str(path), got=got) from error
    except OSError as error:
        next_step = "see that all files of the kernel can be read, and free some space"
        what = f"could not be written: {reason_of(error)}"
        raise BundleError(what, next_step, where=str(path)) from error


def _check_size(path: Path, held: Bundled) -> None:
    """Refuse to read what would be far too much."""
    size = sum(file.stat().st_size for file in held.files)
    if size > MOST_BYTES or len(held.files) > MOST_FILES:
        raise BundleError(
            f"the kernel's files in {held.top / held.kernel} are too many for a bundle",
            "leave out what is no source with .gitignore",
            where=str(path),
            expected=f"at most {MOST_FILES:,} with {size_text(MOST_BYTES)}",
            got=f"{len(held.files):,} with {size_text(size)}",
        )


def _write(partial: Path, view: View, held: Bundled, report: str) -> tuple[str, ...]:
    """Write all parts and their list; returns the paths of the kernel's files."""
    parts: dict[str, str] = {}
    result = result_file.encode(view)
    with zipfile.ZipFile(partial, "w") as archive:
        readme_file = (README, report.encode(), 0o644)
        for name, content, mode in (readme_file, *_files(held)):
            _add(archive, name, content, mode)
            parts[name] = hash_of(content)
        _add(archive, RESULT, result)
        manifest = manifest_of(held.kernel, parts | parts_of_result(result))
        text = msgspec.json.format(msgspec.json.encode(manifest))
        _add(archive, MANIFEST, text + b"\n")
    return tuple(name for name in parts if name != README)


def _files(held: Bundled) -> Iterator[tuple[str, bytes, int]]:
    """The kernel's files, each with its path in the archive and its mode."""
    for path in held.files:
        mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
        yield f"{FILES}/{path.relative_to(held.top).as_posix()}", path.read_bytes(), mode


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int = 0o644) -> None:
    """Add a file; what would be taken for a bomb is not compressed."""
    entry = zipfile.ZipInfo(name, _AT)
    entry.create_system, entry.external_attr = _UNIX, (stat.S_IFREG | mode) << 16
    is_large = len(content) > _SMALL
    packed = len(zlib.compress(content, _LEVEL)) if is_large else len(content)
    is_bomb = is_large and len(content) > (packed - 100) * MOST_TIMES_SMALLER
    method = zipfile.ZIP_STORED if is_bomb else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, method, _LEVEL)
