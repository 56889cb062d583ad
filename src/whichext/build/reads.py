"""What the compilers of a build read outside of its project, such as headers and static libraries.

Which files these are is known from the calls of the build. So they are no part of its key, and a
build that is found is made again where one of them has changed since.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from whichext.build.outside import state_of
from whichext.build.store import Store, digest
from whichext.model.key import KeyChange, KeyPart, PartKind, key_changes
from whichext.toolchains import every_toolchain

_NOTE = "reads"
# Of the system, where no package of one version changes a file, and of the Python that counts.
_SYSTEM = ("/usr/include", "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64")
_PYTHON = tuple(sysconfig.get_path(name) for name in ("include", "platinclude"))


class Reads(Struct, frozen=True):
    """Files and folders outside of a project that its build read."""

    parts: tuple[KeyPart, ...]
    """Each with a hash of what it said after the build."""


def note_reads(store: Store, key: str) -> None:
    """Note what a finished build read, with what that says now."""
    commands = store.record(key).commands
    found = {path for one in every_toolchain() for path in one.reads(commands)}
    kept = (path for path in sorted(found) if not _is_left_out(path, store.folder))
    store.note(key, _NOTE, Reads(tuple(_parts(kept))))


def changed_reads(store: Store, key: str) -> tuple[KeyChange, ...]:
    """What of that has changed since."""
    noted = store.noted(key, _NOTE, Reads)
    if noted is None:
        return ()
    return key_changes(noted.parts, tuple(_parts(Path(part.name) for part in noted.parts)))


def _parts(paths: Iterable[Path]) -> Iterator[KeyPart]:
    for path in paths:
        state = state_of(path)
        if state is not None:  # what the build itself made is gone
            yield KeyPart(PartKind.OUTSIDE, str(path), digest(state))


def _is_left_out(path: Path, builds: Path) -> bool:
    folders = (str(builds), *_SYSTEM, *_PYTHON)
    return any(path.is_relative_to(folder) for folder in folders)
