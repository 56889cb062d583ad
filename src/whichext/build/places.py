"""Where builds may work: folders in which programs run, and whose path needs no quotation marks.

A build puts scripts, programs of its isolated environment and libraries into its folders. PATH
cannot name a folder whose own path has a colon. Some backends lose headers of packages in a folder
with a space, since they split what NumPy says of them. Where the file system is mounted noexec, no
program runs.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ELSEWHERE = ("/tmp", "/var/tmp", "/dev/shm")  # with names of their own, as tempfile has
_PLAIN = re.compile(r"[\w./+@~,=-]+", re.ASCII)
TEMPORARY = "TMPDIR"
"""The variable that says where temporary files go."""


def runs_programs(folder: Path) -> bool:
    """Whether the system lets code in files of a folder run; True where it cannot be tried."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
            private = {"flags": mmap.MAP_PRIVATE, "prot": mmap.PROT_READ | mmap.PROT_EXEC}
            mmap.mmap(file.fileno(), 1, **private).close()
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def is_fit(folder: Path) -> bool:
    """Whether a build may work there."""
    plain = _PLAIN.fullmatch(str(folder)) is not None
    return plain and os.access(folder, os.W_OK) and runs_programs(folder)


@contextmanager
def scratch_folder(wanted: Path, prefix: str) -> Iterator[Path]:
    """A scratch folder in which programs run: in the wanted folder, or else in another one."""
    others = (Path(name) for name in (_temporary(), *_ELSEWHERE) if name)
    place = next((one for one in (wanted, *others) if is_fit(one)), wanted)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place) as scratch:
        yield Path(scratch)


@contextmanager
def fit_temporary_files(scratch: Path) -> Iterator[None]:
    """Have temporary files in a scratch folder meanwhile, if no program runs in their usual one."""
    usual = _temporary()
    if usual is not None and is_fit(Path(usual)):
        yield
        return
    place = scratch / "tmp"
    place.mkdir()
    before, told = tempfile.tempdir, os.environ.get(TEMPORARY)
    tempfile.tempdir = os.environ[TEMPORARY] = str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before
        if told is None:
            del os.environ[TEMPORARY]
        else:
            os.environ[TEMPORARY] = told


def move(folder: Path, final: Path) -> None:
    """Move a folder to a place where none is, so that all of it appears there at once."""
    try:
        folder.rename(final)
    except OSError:  # from another file system
        with tempfile.TemporaryDirectory(prefix="work-", dir=final.parent) as near:
            copied = Path(shutil.copytree(folder, Path(near) / final.name, symlinks=True))
            copied.rename(final)


def _temporary() -> str | None:
    """The folder of temporary files; None where there is none that can be written to."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return None
