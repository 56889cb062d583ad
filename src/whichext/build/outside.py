"""What changes a build from outside of its project: programs, settings, and what they name.

Files count by their content. So do folders in which a build looks for headers, libraries, modules
or wheels, as long as they are small; large ones count by names, sizes and times.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from whichext.toolchains import every_toolchain
from whichext.toolchains.needs import Program, first_line, home_of

# Settings that name files, such as a constraint file that names another: those are small.
_MOST_NAMING_BYTES = 200_000
_MOST_FILES, _MOST_BYTES = 2_000, 50_000_000
_MOST_LISTED = 50_000
_SETTLED_S = 2.0  # after which a file cannot change any more without another time
_WORD = re.compile(r"[^\s=,;:\"'()\[\]{}<>]+")
_FOLDER = re.compile(r"(?:^|\s)-(?:[IL]|isystem|iquote|idirafter)\s*(/\S+)")
_PACKAGES = ("*.whl", "*.tar.gz", "*/*.whl", "*/*.tar.gz")
_LEFT = {"__pycache__", ".git"}
_SEARCHED = frozenset({"PYTHONPATH", "PIP_FIND_LINKS", "UV_FIND_LINKS"})
_OWN = Path(__file__).parents[1]

# Large folders, with when they were looked through: it takes 0.1 s for 8,000 files.
_looked: dict[Path, tuple[float, bytes]] = {}
_LOOKED_S = 60.0
_digests: dict[tuple[str, int, int, int], bytes] = {}


@dataclass(frozen=True)
class Found:
    """A file, folder or program outside of a project."""

    name: str
    """Its path, or a program's name."""
    says: tuple[bytes, ...]
    """What of it counts."""
    is_native: bool = False
    """Whether it may ask for code for this very processor."""


def programs_on(environment: Mapping[str, str], variables: Mapping[str, str]) -> Iterator[Found]:
    """The programs that a build may run, by their content: where they lie does not matter.

    Scripts often only start something else, and links run it: these count by version as well.
    """
    for name in sorted({*_names(), *_named_in(variables)}):
        place = shutil.which(name, path=environment.get("PATH", os.defpath))
        if place is None:
            continue
        try:
            says: tuple[bytes, ...] = (_program_digest(Path(place)),)
            starts_another = _is_script(Path(place)) or name not in Path(place).resolve().name
        except OSError:  # one that may be run and not read
            says, starts_another = (), True
        if starts_another:
            says += (first_line((place, "--version")).encode(errors="surrogateescape"),)
        yield Found(name, says)


def outside_of(
    environment: Mapping[str, str], variables: Mapping[str, str], folders: tuple[Path, ...]
) -> Iterator[Found]:
    """The settings of tools, the files that these and variables name, and the folders searched.

    Args:
        environment: The whole environment of a build.
        variables: Those variables in it that count.
        folders: Where the project lies and where it is built, in whose parents settings count.

    """
    waiting = list(_settings(environment, folders))
    for value in variables.values():
        waiting += _named_by(value, Path.cwd())
    folders_searched = [*_searched(variables), *(path for path in waiting if path.is_dir())]
    seen: dict[Path, None] = {}
    while waiting:
        path = waiting.pop(0)
        content = _content(path) if path not in seen else None
        seen[path] = None
        if content is not None:
            yield Found(str(path), (content,), b"native" in content)
            if len(content) <= _MOST_NAMING_BYTES and b"\0" not in content:
                named = _named_by(content.decode("utf-8", "replace"), path.parent, Path.cwd())
                folders_searched += filter(Path.is_dir, named)
                waiting += named
    for folder in filter(Path.is_dir, dict.fromkeys(folders_searched)):
        yield Found(str(folder), (_folder_digest(folder),))
    yield from _of_uv(environment)


def state_of(path: Path) -> bytes | None:
    """What a file says, or what is in a folder; None where there is none."""
    return _folder_digest(path) if path.is_dir() else _content(path)


def _settings(environment: Mapping[str, str], folders: tuple[Path, ...]) -> Iterator[Path]:
    """The files in which tools look for settings, whether or not they are there."""
    for toolchain in every_toolchain():
        yield from toolchain.outside_files(environment, *folders)
    home = home_of(environment)
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    shared = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    everybodys = [*map(Path, shared.split(os.pathsep)), Path("/etc")]
    yield from (folder / "pip" / "pip.conf" for folder in (*everybodys, own))
    yield from (Path("/etc/pip.conf"), home / ".pip" / "pip.conf", Path(sys.prefix, "pip.conf"))
    yield home / "Library" / "Application Support" / "pip" / "pip.conf"
    yield from (folder / "uv" / "uv.toml" for folder in (*everybodys, own))
    yield home / ".pydistutils.cfg"


def _of_uv(environment: Mapping[str, str]) -> Iterator[Found]:
    """What uv reads in the folder where whichext was called, and in those above it."""
    if shutil.which("uv", path=environment.get("PATH", os.defpath)) is None:
        return
    here = Path.cwd()
    for folder in (here, *here.parents):
        content = _content(folder / "uv.toml")
        if content is not None:
            yield Found(str(folder / "uv.toml"), (content,))
        try:
            table = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
            said = table.get("tool", {}).get("uv")
        except (OSError, ValueError, AttributeError):
            continue
        if said is not None:
            yield Found(str(folder / "pyproject.toml"), (repr(said).encode(),))


def _named_by(text: str, *folders: Path) -> list[Path]:
    """What a text names: files, by whole paths or as seen from some folders, and wheelhouses."""
    found: dict[Path, None] = {}
    for word in _WORD.findall(text):
        name = word.removeprefix("@").removeprefix("//")
        if not ("/" in name or "." in name) or len(name) > 4096:
            continue
        for folder in folders:
            path = home_of(os.environ) / name[2:] if name.startswith("~/") else folder / name
            if _is_file(path) or ("/" in name and _is_wheelhouse(path)):
                found[path] = None
    return list(found)


def _is_wheelhouse(path: Path) -> bool:
    """Whether it is a folder that pip may take packages from, or one with a folder for each."""
    try:
        return path.is_dir() and any(next(path.glob(one), None) for one in _PACKAGES)
    except (OSError, ValueError):
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _content(path: Path) -> bytes | None:
    """What a file says; a large one by its hash; None where there is none to read."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _MOST_NAMING_BYTES:
            return _program_digest(path)
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _searched(variables: Mapping[str, str]) -> Iterator[Path]:
    """The folders in which variables let a build look for files."""
    lists = _SEARCHED.union(*(one.search_paths for one in every_toolchain()))
    found: dict[Path, None] = {}
    for name, value in variables.items():
        words = re.split(rf"[{os.pathsep}\s]+", value) if name in lists else _FOLDER.findall(value)
        found |= dict.fromkeys(Path(word) for word in words if Path(word).is_absolute())
    yield from found


def _folder_digest(folder: Path) -> bytes:
    """Hash of a folder's files: their names, and contents where they are few and small."""
    looked = _looked.get(folder)
    if looked is not None and time.monotonic() - looked[0] < _LOOKED_S:
        return looked[1]
    files = [(path, path.stat()) for path in _below(folder) if _is_file(path)]
    small = len(files) <= _MOST_FILES and sum(s.st_size for _, s in files) <= _MOST_BYTES
    found = hashlib.sha256()
    for path, state in files:
        found.update(os.fsencode(path.relative_to(folder)) + b"\0")
        says = f"{state.st_size} {state.st_mtime_ns}".encode()
        found.update(hashlib.sha256((_content(path) or b"") if small else says).digest())
    if not small:
        _looked[folder] = (time.monotonic(), found.digest())
    return found.digest()


def _below(folder: Path) -> list[Path]:
    """The files of a folder, sorted, without what runs leave there, and without our own."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [n for n in sorted(folders) if n not in _LEFT and Path(place, n) != _OWN]
        found += [Path(place, name) for name in sorted(files)]
        if len(found) > _MOST_LISTED:
            break
    return found


def _names() -> Iterator[str]:
    """Names of the programs that toolchains run, and of what installs what a build requires."""
    yield "uv"
    for toolchain in every_toolchain():
        yield from toolchain.helpers
        for need in toolchain.needs:
            if isinstance(need, Program):
                yield from (*need.programs, *need.companions)


def _named_in(variables: Mapping[str, str]) -> Iterator[str]:
    """The programs that variables name instead, with those that these start."""
    for toolchain in every_toolchain():
        recorded = toolchain.recorded
        named = (need.variable for need in toolchain.needs if isinstance(need, Program))
        for variable in filter(None, (*recorded.variables, *recorded.wrapped, *named)):
            try:
                words = shlex.split(variables.get(variable, ""))
            except ValueError:  # said where the program is looked for
                continue
            yield from (word for word in words if not word.startswith("-"))


def _is_script(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def _program_digest(path: Path) -> bytes:
    """Hash of a file; a script's first line says where its interpreter lies, and is left out."""
    state = path.stat()
    known = (str(path.resolve()), state.st_ino, state.st_size, state.st_mtime_ns)
    if known not in _digests:
        content = path.read_bytes()
        if content.startswith(b"#!"):
            content = content.partition(b"\n")[2]
        found = hashlib.sha256(content).digest()
        if time.time() - state.st_mtime < _SETTLED_S:
            return found
        _digests[known] = found
    return _digests[known]
