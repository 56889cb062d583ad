"""The files that a bundle of a kernel holds, and whether they are those that were measured."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from whichext.build.key import content_parts, sources_of
from whichext.build.sources import content_files, content_of
from whichext.build.surroundings import asks_git
from whichext.model.bundle import Measured, Sources
from whichext.model.kernel import Kernel, Project
from whichext.model.outcome import Built
from whichext.model.raw import Raw

_ROOT = Path(os.path.sep)


@dataclass(frozen=True, kw_only=True)
class Bundled:
    """The files of a kernel and of all that its projects need."""

    top: Path
    """The folder that holds all of them."""
    kernel: str
    """Path of the kernel's folder in it."""
    files: tuple[Path, ...]
    """The files, sorted; those behind links have the paths by which they are read."""


def bundled(kernel: Kernel) -> Bundled:
    """The files of a kernel: what git would track of it, and what its projects name outside."""
    folder = Path(os.path.realpath(kernel.folder))
    # One that a link leads to is listed like any other folder of the kernel.
    contents = [
        content
        for project in kernel.projects
        for content in [content_of(project.folder)]
        if folder in content.project.parents or kernel.folder not in project.folder.parents
    ]
    projects = {content.project for content in contents}
    files = {path for path in content_files(folder) if projects.isdisjoint(path.parents)}
    files = files.union(*(content.files for content in contents))
    tops = [folder, *(content.top for content in contents), *(path.parent for path in files)]
    top = Path(os.path.commonpath(tops))
    if top == folder:
        top = folder.parent  # its name is the kernel's
    place = folder.relative_to(top).as_posix()
    return Bundled(top=top, kernel=place, files=tuple(sorted(files)))


def sources_in(
    digest: str, projects: Iterable[Project], raw: Raw, within: Path = _ROOT
) -> tuple[Sources, ...]:
    """Whether a kernel's files are those that a result was measured with.

    Args:
        digest: Hash of the kernel's own Python files.
        projects: The projects as they are.
        raw: What was measured.
        within: A folder around all of it, outside of which nothing is looked at.

    """
    measured = Measured.YES if digest == raw.kernel_digest else Measured.NO
    found = [Sources(what=f"{raw.kernel}/kernel.py", measured=measured)]
    by_name = {project.name: project for project in projects}
    raced = dict.fromkeys(one.project for one in raw.contestants if one.project in by_name)
    return (*found, *(_of_project(by_name[name], raw, within) for name in raced))


def _of_project(project: Project, raw: Raw, within: Path) -> Sources:
    built = [
        build.result
        for build in raw.builds
        if build.project == project.name and isinstance(build.result, Built)
    ]
    then = {one.sources for one in built}
    content = content_of(project.folder, within)
    now = sources_of(content_parts(content.top, content.files))
    measured = Measured.YES if then == {now} else Measured.NO
    versions = [one.wheel.split("-")[1] for one in built if one.wheel.count("-") > 1]
    return Sources(
        what=project.name,
        measured=Measured.UNKNOWN if not then or "" in then else measured,
        version=versions[0] if versions and asks_git(content.files) else None,
    )
