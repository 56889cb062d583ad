"""The cache of builds: one folder per key, created atomically, safe for concurrent runs.

A scratch folder has a lock that ends with its process, however that ends: so a later run knows
which folders were left by killed builds, and removes them.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from filelock import FileLock, Timeout
from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from msgspec import Struct
from platformdirs import user_cache_path

from whichext.build.places import is_fit, move, runs_programs, scratch_folder
from whichext.build.recorder import Record
from whichext.model.contestant import Contestant, Role
from whichext.model.errors import CacheError
from whichext.model.outcome import Built
from whichext.model.raw import Build

T = TypeVar("T")

_RECEIPT = "receipt.json"
_RECORD = "record.json"  # a build from before there were any has none, and is made again
_NOTHING_NOTED = Record()
_IS_KEY = re.compile(r"[0-9a-f]{24}")
_LIBRARY = re.compile(r".+\.so(\.\d+)*")
_WORK = "work-"
_ELSEWHERE, _ENVIRONMENT = "elsewhere", "build-env-"  # as the PEP 517 front end names it
_OLD_S = 86_400.0  # after which a scratch folder without a lock is no running build's


class Store:
    """Builds by key.

    Args:
        folder: Where they are kept; by default the user's cache folder for whichext.

    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_cache_path("whichext", appauthor=False) / "builds"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):  # a folder may be there and read-only
                pass
        except OSError as error:
            raise CacheError(
                str(self.folder),
                "set XDG_CACHE_HOME to a folder that is yours and has space left",
                expected="a folder in which builds can be kept",
                got=error.strerror or str(error),
            ) from error
        if not runs_programs(self.folder):
            raise CacheError(
                str(self.folder),
                "set XDG_CACHE_HOME to a folder on a file system that is not mounted noexec",
                expected="a folder from which compiled code can be loaded",
                got="one from which the system loads none",
            )

    def site(self, key: str) -> Path:
        """The folder that a worker puts on its path to import the build."""
        return self.folder / key / "site"

    def libraries(self, key: str) -> tuple[Path, ...]:
        """The shared libraries of a build, sorted; also such as libfast.so.2."""
        paths = self.site(key).rglob("*.so*")
        return tuple(sorted(path for path in paths if _LIBRARY.fullmatch(path.name)))

    def find(self, key: str) -> Built | None:
        """The receipt of a finished build; None when there is none, or none that can be read."""
        receipt = _read(self.folder / key / _RECEIPT, Built)
        whole = self.site(key).is_dir() and (self.folder / key / _RECORD).is_file()
        return msgspec.structs.replace(receipt, cached=True) if receipt and whole else None

    @contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Lock the key, so that a second run waits for this build and then uses it."""
        with self._with_room(), FileLock(self.folder / f"{key}.lock"):
            yield

    @contextmanager
    def _with_room(self) -> Iterator[None]:
        """Say where there is no room left, or nothing can be written any more."""
        try:
            yield
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise
            raise CacheError(
                str(self.folder),
                "free some space, or set XDG_CACHE_HOME to a folder elsewhere",
                expected="room for a build",
                got=error.strerror or str(error),
            ) from error

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A scratch folder, on the file system of the builds where programs run in it.

        Adding a build is then a rename.
        """
        if not is_fit(self.folder):
            with scratch_folder(self.folder, "whichext-") as elsewhere:
                yield elsewhere
            return
        scratch = self.folder / f"{_WORK}{uuid.uuid4().hex[:12]}"
        with FileLock(_lock_of(scratch)):  # first the lock: without one, it is a left-over
            scratch.mkdir()
            try:
                yield scratch
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
                _lock_of(scratch).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove the scratch folders whose processes are gone; return how many there were."""
        return sum(_remove_left_over(scratch) for scratch in self.folder.glob(f"{_WORK}*/"))

    def names(self) -> list[str]:
        """The names of all builds, also of those that cannot be found again."""
        return sorted(path.name for path in self.folder.iterdir() if _IS_KEY.fullmatch(path.name))

    def size_bytes(self, key: str) -> int:
        """All that is kept of a build, bytes."""
        paths = (self.folder / key).rglob("*")
        return sum(path.lstat().st_size for path in paths if not path.is_dir())

    def remove(self, key: str) -> None:
        """Remove a build."""
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def record(self, key: str) -> Record:
        """The recorded calls of a finished build; empty if they cannot be read."""
        return _read(self.folder / key / _RECORD, Record) or _NOTHING_NOTED

    def noted(self, key: str, name: str, kind: type[T]) -> T | None:
        """A note on a finished build; None if it cannot be read."""
        return _read(self._note(key, name), kind)

    def note(self, key: str, name: str, value: Struct) -> None:
        """Store a note on a finished build, under a name with all else that it depends on."""
        path = self._note(key, name)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):  # a cache that cannot be written to: found out again
            path.parent.mkdir(exist_ok=True)
            partial.write_bytes(msgspec.json.encode(value))
            partial.replace(path)

    def _note(self, key: str, name: str) -> Path:
        return self.folder / key / "notes" / f"{name}.json"

    def add(
        self, wheel: Path, receipt: Built, workspace: Path, record: Record = _NOTHING_NOTED
    ) -> None:
        """Install a wheel under the receipt's key, atomically and with its records."""
        staged = workspace / "staged"
        _install(wheel, staged / "site")
        (staged / _RECORD).write_bytes(msgspec.json.encode(record))
        (staged / _RECEIPT).write_bytes(msgspec.json.encode(receipt))
        final = self.folder / receipt.key
        shutil.rmtree(final, ignore_errors=True)  # an unreadable receipt left one behind
        move(staged, final)


def _lock_of(scratch: Path) -> Path:
    return scratch.with_name(f"{scratch.name}.lock")


def _remove_left_over(scratch: Path) -> bool:
    """Remove a scratch folder unless a process holds it; whether it was removed."""
    path = _lock_of(scratch)
    try:
        if not path.exists() and time.time() - scratch.stat().st_mtime < _OLD_S:
            return False  # that of an earlier whichext, which knew of no lock and may be running
        with FileLock(path, timeout=0):
            _remove_elsewhere(scratch)
            shutil.rmtree(scratch, ignore_errors=True)
            path.unlink(missing_ok=True)
    except (OSError, Timeout):
        return False
    return not scratch.exists()


def note_elsewhere(scratch: Path, environment: str) -> None:
    """Note the isolated environment of a build, which lies in the folder for temporary files."""
    (scratch / _ELSEWHERE).write_bytes(os.fsencode(environment))


def _remove_elsewhere(scratch: Path) -> None:
    """Remove the isolated environment of a killed build; nothing that is not named like one."""
    with contextlib.suppress(OSError):
        environment = Path(os.fsdecode((scratch / _ELSEWHERE).read_bytes()))
        if environment.name.startswith(_ENVIRONMENT):
            shutil.rmtree(environment, ignore_errors=True)


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def _install(wheel: Path, site: Path) -> None:
    """Unpack a wheel; its dependencies come from the environment of whichext."""
    scheme = {"purelib": str(site), "platlib": str(site)} | {
        name: str(site.parent / name) for name in ("headers", "scripts", "data")
    }
    destination = SchemeDictionaryDestination(
        scheme, interpreter=sys.executable, script_kind="posix"
    )
    with WheelFile.open(wheel) as source:
        install(source, destination, additional_metadata={"INSTALLER": b"whichext"})


def find_sites(
    contestants: tuple[Contestant, ...], builds: tuple[Build, ...], store: Store
) -> dict[str, Path | None]:
    """Folder from which each built contestant is imported; None for the reference."""
    built = {
        (build.project, build.profile): store.site(build.result.key)
        for build in builds
        if isinstance(build.result, Built)
    }
    return {
        c.name: built[c.project, c.profile] if c.project else None
        for c in contestants
        if c.role is not Role.TWIN and (not c.project or (c.project, c.profile) in built)
    }


def digest(*parts: bytes) -> str:
    """Hash of parts, each with its length, so that different lists never collide; 24 digits."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()[:24]
