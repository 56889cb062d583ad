"""Asks git about the repository that a folder is in, and lets it check out a commit elsewhere."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

# Inside a hook, git sets these for the repository of the hook, which need not be the kernel's.
_OF_A_HOOK = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
)


@dataclass(frozen=True)
class Told:
    """What git answered."""

    text: str
    """What it printed, without the last line's end."""
    ok: bool
    """Whether it ended with 0."""
    complaint: str = ""
    """The last line of what it said of an error; empty where it said nothing."""


def git(folder: Path, *words: str) -> Told:
    """Ask git in a folder; what it answers does not depend on the user's language.

    It runs in a session of its own, so that Ctrl-C cannot end it in the middle of cleaning up.
    """
    environment = {name: text for name, text in os.environ.items() if name not in _OF_A_HOOK}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            env=environment | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            start_new_session=True,
            check=False,
        )
    except FileNotFoundError:
        return Told("", ok=False, complaint="the program git is not installed")
    said = done.stderr.strip().splitlines()
    return Told(done.stdout.rstrip("\n"), done.returncode == 0, said[-1] if said else "")


@dataclass(frozen=True)
class Repository:
    """The repository that a folder is in."""

    top: Path
    """The folder of all of its files."""
    path: str
    """The folder that was asked about, below the top; empty for the top itself."""

    @classmethod
    def around(cls, folder: Path) -> Repository | str:
        """The repository around a folder; git's reason where there is none."""
        told = git(folder, "rev-parse", "--show-toplevel", "--show-prefix")
        if not told.ok:
            return told.complaint
        top, _, path = told.text.partition("\n")
        return cls(Path(top), path.rstrip("/"))

    def ask(self, *words: str) -> Told:
        """Ask git at the top."""
        return git(self.top, *words)

    def commit(self, revision: str) -> str | None:
        """The hash of a commit; None where there is none of that name."""
        told = self.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        return told.text if told.ok else None

    @property
    def is_shallow(self) -> bool:
        """Whether only the last commits were fetched."""
        return self.ask("rev-parse", "--is-shallow-repository").text == "true"

    @property
    def is_changed(self) -> bool:
        """Whether the folder has changes that are in no commit, or files that git does not know."""
        return bool(self.ask("status", "--porcelain", "--", self.path or ".").text)

    def branches_like(self, revision: str) -> list[str]:
        """Branches of that name that other repositories have, such as origin/main."""
        pattern = f"refs/remotes/*/{revision}"
        return self.ask("for-each-ref", "--format=%(refname:short)", pattern).text.split()

    @property
    def names(self) -> list[str]:
        """Branches and tags."""
        listed = self.ask("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
        return listed.text.split()

    def tree(self, commit: str) -> str | None:
        """The hash of the folder's content in a commit; None where it is not there."""
        told = self.ask("rev-parse", "--verify", "--quiet", f"{commit}:{self.path}")
        return told.text if told.ok else None

    def submodules(self, commit: str) -> list[str]:
        """Submodules inside the folder in a commit: their files are in other repositories."""
        listed = self.ask("ls-tree", "-r", "-z", "--full-tree", commit, "--", self.path or ".").text
        entries = (entry.partition("\t") for entry in listed.split("\0"))
        return [path for kind, _, path in entries if kind.startswith("160000 ")]


@contextmanager
def checked_out(repository: Repository, commit: str) -> Iterator[Path | str]:
    """All files of a commit in a folder of their own, which is removed afterwards.

    A worktree and no archive, since backends that read the version from git need a repository, and
    since git fetches what a partial clone lacks. Hooks are not run.

    Yields:
        The folder; git's reason where it could not be made.

    """
    with _place_for(repository, commit) as place:
        # A project at the top of its repository keeps the name of its folder.
        folder = place / repository.top.name
        try:
            told = repository.ask(
                *("-c", f"core.hooksPath={os.devnull}"),
                # Twice: where a run was killed, git still knows of a worktree here, maybe a locked
                # one.
                *("worktree", "add", "--force", "--force", "--detach", "--quiet"),
                *(str(folder), commit),
            )
            yield folder if told.ok else told.complaint
        finally:
            repository.ask("worktree", "remove", "--force", "--force", str(folder))


@contextmanager
def _place_for(repository: Repository, commit: str) -> Iterator[Path]:
    """An empty folder, which is removed afterwards: the same one for each run with that commit.

    Settings of tools that lie above a project are part of a build's key by their paths. While
    another run uses that folder, and where the cache cannot be written to, it is a temporary one.
    """
    named = f"{repository.top}\0{commit}".encode(errors="surrogateescape")
    shelf = user_cache_path("whichext", appauthor=False) / "revisions"
    place = shelf / hashlib.sha256(named).hexdigest()[:24]
    with ExitStack() as until_the_end:
        try:
            shelf.mkdir(parents=True, exist_ok=True)
            until_the_end.enter_context(FileLock(place.with_suffix(".lock"), timeout=0))
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
        except (OSError, Timeout):
            place = Path(tempfile.mkdtemp(prefix="whichext-")).resolve()
        until_the_end.callback(shutil.rmtree, place, ignore_errors=True)
        yield place
