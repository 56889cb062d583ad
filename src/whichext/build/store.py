"""The cache of builds: one folder per key, made whole or not at all, safe between two runs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from filelock import FileLock
from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from msgspec import Struct
from platformdirs import user_cache_path

from whichext.build.recorder import Record
from whichext.model.contestant import Contestant, Role
from whichext.model.outcome import Built
from whichext.model.raw import Build

T = TypeVar("T")

_RECEIPT = "receipt.json"
_RECORD = "record.json"  # a build from before there were any has none, and is made again
_NOTHING_NOTED = Record()


class Store:
    """Builds by key.

    Args:
        folder: Where they are kept; by default the user's cache folder for whichext.

    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_cache_path("whichext", appauthor=False) / "builds"
        self.folder.mkdir(parents=True, exist_ok=True)

    def site(self, key: str) -> Path:
        """The folder that a worker puts on its path to import the build."""
        return self.folder / key / "site"

    def find(self, key: str) -> Built | None:
        """The receipt of a finished build; None when there is none, or none that can be read."""
        try:
            receipt = (self.folder / key / _RECEIPT).read_bytes()
            if not self.site(key).is_dir() or not (self.folder / key / _RECORD).is_file():
                return None
            return msgspec.structs.replace(msgspec.json.decode(receipt, type=Built), cached=True)
        except (OSError, msgspec.DecodeError):
            return None

    @contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Hold the key, so that a second run waits for this one's build and then uses it."""
        with FileLock(self.folder / f"{key}.lock"):
            yield

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A scratch folder beside the builds, so that adding one of them is a rename."""
        with tempfile.TemporaryDirectory(prefix="work-", dir=self.folder) as scratch:
            yield Path(scratch)

    def record(self, key: str) -> Record:
        """What was noted of a finished build; nothing where it cannot be read."""
        try:
            return msgspec.json.decode((self.folder / key / _RECORD).read_bytes(), type=Record)
        except (OSError, msgspec.DecodeError):
            return Record()

    def noted(self, key: str, name: str, kind: type[T]) -> T | None:
        """What was noted of a finished build under a name; None where that cannot be read."""
        try:
            return msgspec.json.decode(self._note(key, name).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None

    def note(self, key: str, name: str, value: Struct) -> None:
        """Note something of a finished build, under a name that says all else it depends on."""
        path = self._note(key, name)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):  # a cache that cannot be written to: found out anew
            path.parent.mkdir(exist_ok=True)
            partial.write_bytes(msgspec.json.encode(value))
            partial.replace(path)

    def _note(self, key: str, name: str) -> Path:
        return self.folder / key / "notes" / f"{name}.json"

    def add(
        self, wheel: Path, receipt: Built, workspace: Path, record: Record = _NOTHING_NOTED
    ) -> None:
        """Install a wheel under the receipt's key; it appears at once, with what belongs to it."""
        staged = workspace / "staged"
        _install(wheel, staged / "site")
        (staged / _RECORD).write_bytes(msgspec.json.encode(record))
        (staged / _RECEIPT).write_bytes(msgspec.json.encode(receipt))
        final = self.folder / receipt.key
        shutil.rmtree(final, ignore_errors=True)  # an unreadable receipt left one behind
        staged.rename(final)


def _install(wheel: Path, site: Path) -> None:
    """Unpack a wheel; its dependencies are whichext's own environment's business."""
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
    sites: dict[str, Path | None] = {
        c.name: None for c in contestants if not c.project and c.role is not Role.TWIN
    }
    for contestant in contestants:
        site = built.get((contestant.project or "", contestant.profile))
        if site is not None and contestant.role is not Role.TWIN:
            sites[contestant.name] = site
    return sites
