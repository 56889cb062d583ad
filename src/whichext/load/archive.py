"""Reads an archive of a stranger: everything in it is checked before anything is written.

An archive says itself where its files belong and how large they are. So paths must stay in the
folder, on every system, and what is written is counted while it is.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from whichext.model.bundle import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, MOST_TIMES_SMALLER
from whichext.model.errors import BundleError
from whichext.model.inline import call
from whichext.model.units import size_text

NOT_TRUSTED = "do not trust it, and ask its author for another one"
"""The next step with an archive that no command here writes."""

_END = struct.Struct("<4s4H2LH")  # the record at the end of an archive without a comment
_ENDS, _ENDS_LARGE, _BEGINS = b"PK\5\6", b"PK\6\7", b"PK\3\4"
_LARGE_LOCATOR, _LOCAL_HEADER = 20, 30  # bytes
_MOST_DIRECTORY = 10_000_000  # bytes of the list of files, which is read as a whole
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, ValueError, RuntimeError),  # of numbers and names that can be none
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_MOST_NAME, _MOST_STEPS = 200, 40  # bytes in a step of a path, and steps
_MOST_SHOWN = 60  # characters of a name that an error repeats
_SMALL = 100_000  # bytes up to which it does not matter how well a file was compressed
_CHUNK = 1 << 20
_UNSAFE = set("\\:")  # what leads elsewhere on some system
_REPOSITORY = ".git"  # git runs programs that its settings name


def extract(path: Path, folder: Path) -> tuple[str, ...]:
    """Write the files of an archive into an empty folder.

    Args:
        path: The archive.
        folder: An empty folder.

    Returns:
        The paths of the files, as they are in the archive.

    Raises:
        BundleError: It is no such archive, or something in it is not what it must be.

    """
    with _understood(path):
        _check_end(path)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_entries(path, entries, archive.start_dir)
            for entry in entries:
                _write(archive, entry, folder)
    return tuple(entry.filename for entry in entries)


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """What the reader of archives raises is that this is none."""
    try:
        yield
    except OSError as error:
        raise BundleError(
            str(path),
            "name a file that can be read, and see that temporary files have space",
            expected="a bundle",
            got=error.strerror or str(error),
        ) from error
    except _UNREADABLE as error:
        raise _refusal(path, "", "an archive that can be read", str(error)) from error


def _refusal(path: Path, what: str, expected: str, got: str) -> BundleError:
    return BundleError(what, NOT_TRUSTED, where=str(path), expected=expected, got=got)


def _check_end(path: Path) -> None:
    """See that an archive is nothing else as well, and how long its list is, before it is read."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise _refusal(path, "", "a bundle", "a folder, a device or a pipe")
    size = about.st_size
    if size > MOST_BYTES:
        raise _refusal(path, "", f"at most {size_text(MOST_BYTES)}", size_text(size))
    with path.open("rb") as file:
        begins = file.read(len(_BEGINS))
        file.seek(max(0, size - _END.size - _LARGE_LOCATOR))
        end = file.read()
    locator, record = end[: -_END.size], end[-_END.size :]
    if begins != _BEGINS and not record.startswith(_ENDS):
        next_step = f"name a bundle, or make one with {call('bundle', 'KERNEL')}"
        raise BundleError("", next_step, where=str(path), expected="a bundle", got="another file")
    if begins != _BEGINS or len(record) < _END.size or not record.startswith(_ENDS):
        raise _refusal(path, "", "a zip archive and nothing else", "other bytes around it")
    _, disk, first, here, files, length, start, comment = _END.unpack(record)
    if locator.startswith(_ENDS_LARGE) or comment or disk or first or here != files:
        raise _refusal(path, "", "an archive in one piece", "one of several, or a large one")
    if start + length + _END.size != size:
        raise _refusal(path, "", "a zip archive and nothing else", "bytes that belong to no file")
    if files > MOST_FILES or length > _MOST_DIRECTORY:
        raise _refusal(path, "", f"at most {MOST_FILES:,} files", f"{files:,} files")


def check_entries(path: Path, entries: Iterable[zipfile.ZipInfo], start: int) -> None:
    """Find out whether the files of an archive may be written.

    Args:
        path: The archive, for errors.
        entries: What it says of its files.
        start: Where in it its list of files begins.

    Raises:
        BundleError: One may not.

    """
    seen: dict[str, str] = {}
    total, before = 0, 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        name = _shown(entry.orig_filename)
        problem = _name_problem(entry) or _kind_problem(entry) or _size_problem(entry)
        if problem is not None:
            raise _refusal(path, name, *problem)
        if entry.header_offset < before:
            raise _refusal(path, name, "files one after the other", "files that overlap")
        before = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        total += entry.file_size
        _check_alone(path, entry.filename, seen)
    if before > start:
        raise _refusal(path, "", "files before their list", "files that overlap it")
    if total > MOST_BYTES:
        raise _refusal(path, "", f"at most {size_text(MOST_BYTES)} of files", size_text(total))


def _shown(name: str) -> str:
    """A name as an error repeats it."""
    return repr(name[:_MOST_SHOWN])


def _check_alone(path: Path, name: str, seen: dict[str, str]) -> None:
    """See that no other file has the name, nor one that is the same on some system."""
    steps = PurePosixPath(name)
    key = _folded(name)
    if key in seen:
        got = f"{_shown(seen[key])} too" if seen[key] != name else "it twice"
        expected = "names that no system takes for the same"
        raise _refusal(path, _shown(name), expected, got)
    folders = [_folded(str(one)) for one in steps.parents]
    for folder, spelled in zip(folders, map(str, steps.parents), strict=True):
        known = seen.setdefault(f"{folder}/", spelled)
        if folder in seen or known != spelled:
            other = seen.get(folder, known)
            expected = "a folder of that name alone"
            raise _refusal(path, _shown(name), expected, f"{_shown(other)} too")
    if f"{key}/" in seen:
        raise _refusal(path, _shown(name), "a file of that name alone", "a folder too")
    seen[key] = name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


Problem = tuple[str, str]
"""What was expected, and what is there."""


def _name_problem(entry: zipfile.ZipInfo) -> Problem | None:
    """Why a file of that name may not be written."""
    name = entry.orig_filename  # the other one ends before a null byte
    steps = name.split("/")
    if not name or name.startswith("/") or "" in steps:
        return "a path in the archive that ends with a file", "another path"
    if {".", ".."} & set(steps):
        return "a path that stays in its folder", "one with . or .."
    if not name.isprintable() or _UNSAFE & set(name):
        return "a path that is one on every system", "one with signs that are not"
    if len(steps) > _MOST_STEPS or any(len(step.encode()) > _MOST_NAME for step in steps):
        return "a path that is one on every system", "one that is too long"
    if _REPOSITORY in map(_folded, steps):
        return "no repository of git", "a file of one"
    return None


def _kind_problem(entry: zipfile.ZipInfo) -> Problem | None:
    """Why something is no ordinary file."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "ordinary files", "a link" if kind == stat.S_IFLNK else "a folder or a device"
    if entry.flag_bits & _ENCRYPTED:
        return "a file that can be read", "one that is encrypted"
    if entry.compress_type not in _METHODS:
        return "a file that is stored or deflated", "another method of compression"
    return None


def _size_problem(entry: zipfile.ZipInfo) -> Problem | None:
    """Why a file is too large, by what the archive says of it."""
    size, packed = entry.file_size, entry.compress_size
    if size > MOST_FILE_BYTES:
        return f"at most {size_text(MOST_FILE_BYTES)} in a file", size_text(size)
    if size > _SMALL and size > packed * MOST_TIMES_SMALLER:
        return (
            f"a file that was compressed to no less than 1/{MOST_TIMES_SMALLER}",
            f"{size_text(size)} in {size_text(packed)}",
        )
    return None


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """Write a file, of no more bytes than it said; only programs can be run."""
    target = folder.joinpath(*entry.filename.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{entry.filename} is longer than the archive says")
            file.write(chunk)
    if left:
        raise zipfile.BadZipFile(f"{entry.filename} is shorter than the archive says")
    target.chmod(0o755 if entry.external_attr >> 16 & stat.S_IXUSR else 0o644)
