"""Which files a build reads: the project's own, and what it needs of its surroundings.

`pip install` builds a project where it lies. A build here works on a copy, since backends write
into their folder; so the copy holds what the backend would find there. The files of a folder are
those that git tracks or would track, and without git all but what tools leave. Besides them come
the files that they name outside of the folder, and what toolchains read because of them, such as a
workspace. Where a version is asked of git, so does a folder .git that gives the same one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from whichext.build.repository import Repository, held_in, repository_of
from whichext.build.surroundings import asks_git, named_outside
from whichext.toolchains import every_toolchain

# What tools leave beside the sources that know of no toolchain.
_LEFT = (".git", ".*_cache", ".hypothesis", ".DS_Store")
_ROOT = Path(os.path.sep)


@dataclass(frozen=True, kw_only=True)
class Content:
    """All files that a build of a project reads."""

    project: Path
    """The project's folder, without links on the way to it."""
    top: Path
    """The folder that holds all of the files; the project's own, unless it needs others."""
    files: tuple[Path, ...]
    """The files, sorted, each with the path by which it is read, which may lead over links."""
    links: Mapping[Path, Path]
    """Links among them, and where each leads."""
    repository: Repository | None
    """The repository, if the build asks git for a version."""

    @property
    def place(self) -> str:
        """Where the project lies in the top folder."""
        return self.project.relative_to(self.top).as_posix()

    def said(self) -> dict[str, str]:
        """What changes the build besides the files, by name."""
        state = {} if self.repository is None else {"version": self.repository.state}
        return {"place": self.place, **state}

    def copy_to(self, folder: Path, name: str) -> Path:
        """Copy all into a folder; returns the copy of the project.

        A link stays one where it leads to what is copied too; else its content is there instead.

        Args:
            folder: A folder that need not be there.
            name: What the project's folder is called in it, if that is the top one.

        """
        top = folder / (name if self.top == self.project else self.top.name)
        (top / self.place).mkdir(parents=True)
        kept = self._kept_links()
        behind = frozenset(kept)
        held = set(kept)
        for path in self.files:
            if path in behind or not behind.isdisjoint(path.parents):
                continue
            copied = top / path.relative_to(self.top)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copied)
            if not _is_behind_link(path, self.top):
                held.add(path)
        for link, leads in kept.items():
            copied = top / link.relative_to(self.top)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.symlink_to(leads)
        if self.repository is not None:
            self.repository.write(top / self.repository.top.relative_to(self.top), held)
        return top / self.place

    def _kept_links(self) -> dict[Path, str]:
        """Links that lead to what is copied, with the way from each, seen from its folder."""
        plain = {path for path in self.files if not _is_behind_link(path, self.top)}
        folders = {parent for path in plain for parent in path.parents}
        return {
            link: os.path.relpath(leads, link.parent)
            for link, leads in self.links.items()
            if self.top in leads.parents and (leads in plain or leads in folders)
            if not _is_behind_link(link.parent, self.top)
        }


def content_of(folder: Path, within: Path = _ROOT) -> Content:
    """All files that a build of the project in a folder reads, wherever they lie.

    Args:
        folder: The project's folder.
        within: A folder around it, outside of which nothing is looked at.

    """
    project = Path(os.path.realpath(folder))
    found = _Found(within)
    found.add_folder(project, project)
    while found.unread:
        path = found.unread.pop()
        for other in named_outside(path, project):
            found.add(other, project)
        for toolchain in every_toolchain():
            for other in toolchain.read_besides(path):
                found.add(other, project, is_above=True)
    repository = repository_of(project) if asks_git(found.files) else None
    tops = [project, *(path.parent for path in found.files)]
    tops += [] if repository is None else [repository.top]
    return Content(
        project=project,
        top=Path(os.path.commonpath(tops)),
        files=tuple(sorted(found.files)),
        links=found.links,
        repository=repository,
    )


class _Found:
    """What was found so far."""

    def __init__(self, within: Path) -> None:
        self.files: dict[Path, None] = {}
        self.links: dict[Path, Path] = {}
        self.unread: list[Path] = []
        self._folders: set[Path] = set()
        self._within = within

    def add(self, path: Path, project: Path, *, is_above: bool = False) -> None:
        """Add a file or a folder that something named, with all that is in it.

        What has no folder in common with the project belongs to the system.

        Args:
            path: The file or folder.
            project: The project's folder.
            is_above: Whether it may be a folder above the project, with everything around it.

        """
        if project in (path, *path.parents) or Path(os.path.commonpath((path, project))) == _ROOT:
            return
        if self._within not in path.parents:
            return
        if path.is_dir():
            if is_above or path not in project.parents:
                self.add_folder(path, project)
        elif path.is_file():
            self._add_file(path)

    def add_folder(self, folder: Path, project: Path) -> None:
        """Add the files of a folder."""
        if folder in self._folders:
            return
        self._folders.add(folder)
        # A project that git ignores is one all the same, and a folder that it names is none.
        files, links = _listed(folder, anyway=folder == project)
        self.links |= links
        for path in files:
            self._add_file(path)

    def _add_file(self, path: Path) -> None:
        if path.is_symlink():
            self.links[path] = path.resolve()
        if path not in self.files:
            self.files[path] = None
            self.unread.append(path)


def content_files(folder: Path) -> list[Path]:
    """The project's own files, sorted, also behind links, without files that tools generate."""
    files, _ = _listed(folder, anyway=True)
    return sorted(files)


def _listed(
    folder: Path, *, anyway: bool, within: frozenset[Path] = frozenset()
) -> tuple[list[Path], dict[Path, Path]]:
    """The files of a folder, and the links among them.

    Args:
        folder: The folder.
        anyway: Whether to take what is there where git ignores the whole folder.
        within: The folders that led here, which links must not lead back to.

    """
    files: dict[Path, None] = {}
    links: dict[Path, Path] = {}
    real = folder.resolve()
    within |= {real, *real.parents}
    for path in _named(folder, anyway=anyway):
        if path.is_symlink():
            links[path] = path.resolve()
        if path.is_file():
            files[path] = None
        elif path.is_dir() and path.resolve() not in within:
            inner, inner_links = _listed(path, anyway=True, within=within)
            files |= dict.fromkeys(inner)
            links |= inner_links
    return list(files), links


def _named(folder: Path, *, anyway: bool) -> Iterator[Path]:
    """Files, links and folders that are listed apart, as git has them; else as they are there."""
    held = held_in(folder)
    if held is not None:
        project = folder / "pyproject.toml"
        is_ignored = project.is_file() and project not in {*held.tracked, *held.untracked}
        if not anyway or (not is_ignored and (held.tracked or held.untracked)):
            yield from held.tracked
            untracked = (path for path in held.untracked if not _is_left(path.relative_to(folder)))
            yield from untracked
            yield from (path for path in held.repositories if path.resolve() != folder.resolve())
            return
    for place, folders, names in os.walk(folder):
        left = left_behind(folder, place, [*folders, *names])
        yield from (Path(place, name) for name in names if name not in left)
        kept = [name for name in folders if name not in left]
        yield from (Path(place, name) for name in kept if Path(place, name).is_symlink())
        folders[:] = kept


def _is_behind_link(path: Path, top: Path) -> bool:
    """Whether a path in the top folder is a link, or leads over one."""
    steps = (path, *path.parents)
    return any(step.is_symlink() for step in steps if top in step.parents)


def _is_left(relative: Path) -> bool:
    """Whether tools left a file, by its path in a folder."""
    steps = [*reversed(relative.parents)][1:]
    return any(left_behind(Path(), step.parent, [step.name]) for step in (*steps, relative))


def left_behind(top: Path, place: str | Path, names: list[str]) -> set[str]:
    """The names in a folder of the project that are not content, as `copytree` needs them."""
    anywhere, at_top = _left()
    patterns = anywhere + (at_top if Path(place) == top else ())
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}


@cache
def _left() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns of files that toolchains generate: anywhere, and at a project's top."""
    anywhere = tuple(pattern for one in every_toolchain() for pattern in one.left_anywhere)
    return _LEFT + anywhere, tuple(p for one in every_toolchain() for p in one.left_at_top)
