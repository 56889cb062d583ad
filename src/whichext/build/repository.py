"""What git knows of a folder: its files, and the state from which versions are made.

Without git, or outside of a repository, every function here has nothing to say.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Set by git itself for what it runs, such as a hook: there they mean another folder than ours.
_OF_A_HOOK = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
_SUBMODULE = b"160000"  # the mode of an entry that is another repository
# What a folder .git holds besides objects; of a linked worktree, the first ones are its own.
_OF_WORKTREE = ("HEAD", "index", "config.worktree")
_OF_ALL = ("config", "packed-refs", "shallow", "info", "refs", "reftable")
# Later lines win. The copy is no place for a daemon, and holds some of the files only.
_CONFIG = """
[core]
	bare = false
	worktree = ..
	fsmonitor = false
	untrackedCache = false
[sparse]
	expectFilesOutsideOfPatterns = true
"""


@dataclass(frozen=True)
class Held:
    """What git holds of a folder, by paths in it."""

    tracked: tuple[Path, ...]
    """Files and links that are in its index."""
    untracked: tuple[Path, ...]
    """Files that are not in it, and that no rule ignores."""
    repositories: tuple[Path, ...]
    """Folders that are repositories of their own, such as submodules."""


def held_in(folder: Path) -> Held | None:
    """What git holds of a folder; None where it is in no repository, or git cannot tell."""
    staged = _git(folder, "ls-files", "-z", "--stage")
    others = _git(folder, "ls-files", "-z", "--others", "--exclude-standard")
    if staged is None or others is None:
        return None
    tracked: dict[Path, None] = {}
    repositories: dict[Path, None] = {}
    for entry in _entries(staged):
        about, _, name = entry.partition(b"\t")
        found = repositories if about.startswith(_SUBMODULE) else tracked
        found[folder / os.fsdecode(name)] = None
    untracked = []
    for name in _entries(others):
        path = folder / os.fsdecode(name)
        if name.endswith(b"/"):
            repositories[path] = None
        else:
            untracked.append(path)
    return Held(tuple(tracked), tuple(untracked), tuple(repositories))


def absent_submodules(folder: Path) -> tuple[str, ...]:
    """The submodules in a folder that were never fetched, by their names in it."""
    held = held_in(folder)
    paths = () if held is None else held.repositories
    empty = (path for path in paths if not path.is_dir() or not any(path.iterdir()))
    return tuple(path.relative_to(folder).as_posix() for path in empty)


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository from which a version can be made."""

    top: Path
    """The top folder of its working tree."""
    own: Path
    """Its folder .git; of a linked worktree, the part that is the worktree's own."""
    shared: Path
    """The folder that holds its objects."""

    @property
    def state(self) -> str:
        """Hash of what versions are made from: the commit, its branch, the tags and what changed.

        Tags by name and commit; what changed, by name: the content of files is known elsewhere.
        """
        asked = (
            ("rev-parse", "--verify", "--quiet", "HEAD"),
            ("symbolic-ref", "--quiet", "HEAD"),
            ("for-each-ref", "refs/tags"),
            ("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"),
        )
        told = hashlib.sha256()
        for words in asked:
            answer = _git(self.top, *words) or b""
            told.update(len(answer).to_bytes(8, "little") + answer)
        return told.hexdigest()[:24]

    def write(self, top: Path, held: Iterable[Path]) -> None:
        """Write a folder .git that tells the same, and never writes to this one.

        It borrows the objects. Files that were not copied count as unchanged, unless they are not:
        so what is dirty here is dirty there, and nothing else is.

        Args:
            top: The folder that stands for the top of the working tree.
            held: What is in it, by paths in the working tree itself.

        """
        copied = top / ".git"
        for name in ("objects/info", "refs"):
            (copied / name).mkdir(parents=True, exist_ok=True)
        for folder, names in ((self.shared, _OF_ALL), (self.own, _OF_WORKTREE)):
            for name in names:
                _copy(folder / name, copied / name)
        for path in self.own.glob("sharedindex.*"):
            _copy(path, copied / path.name)
        for name in ("config", "config.worktree"):
            if name == "config" or (copied / name).exists():
                with (copied / name).open("a", encoding="utf-8") as file:
                    file.write(_CONFIG)
        objects = self.shared / "objects"
        (copied / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
        left_out = b"\0".join(self._left_out(frozenset(held)))
        _git(top, "update-index", "-z", "--skip-worktree", "--stdin", given=left_out)

    def _left_out(self, held: frozenset[Path]) -> Iterator[bytes]:
        """Names of tracked files that are not in a copy, without those that were changed."""
        words = ("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        changed = _git(self.top, *words, "--ignore-submodules=all") or b""
        dirty = {entry[3:] for entry in _entries(changed) if entry[1:2] != b" "}
        for name in _entries(_git(self.top, "ls-files", "-z") or b""):
            if name not in dirty and self.top / os.fsdecode(name) not in held:
                yield name


def repository_of(folder: Path) -> Repository | None:
    """The repository that a folder lies in; None where there is none, or git cannot tell."""
    answer = _git(folder, "rev-parse", "--show-toplevel", "--git-dir", "--git-common-dir")
    if answer is None:
        return None
    lines = [os.fsdecode(line) for line in answer.splitlines()]
    top, own, shared = (Path(os.path.realpath(folder / line)) for line in lines)
    return Repository(top=top, own=own, shared=shared)


def _copy(path: Path, copied: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, copied, dirs_exist_ok=True)
    elif path.is_file():
        shutil.copy2(path, copied)


def _entries(answer: bytes) -> list[bytes]:
    return [entry for entry in answer.split(b"\0") if entry]


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes | None:
    """What git answers; None where it is not there, or refuses."""
    real = folder.resolve()
    if not any((place / ".git").exists() for place in (real, *real.parents)):
        return None  # without a process for it
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    environment["GIT_OPTIONAL_LOCKS"] = "0"  # a question leaves the user's index as it is
    command = ("git", "-C", str(folder), *words)
    try:
        done = subprocess.run(
            command, input=given, env=environment, capture_output=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
