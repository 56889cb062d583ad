"""Projects of a kernel at revisions that git knows: `mine@HEAD~3` beside `mine@working`.

A project at a revision is a project of its own, with the folder of a worktree. So it is built,
audited, verified and raced like any other. The reference, the cases and the inputs are those of the
kernel's folder as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace as with_fields

from whichext.load.forms import fit_entries
from whichext.load.project import load_project
from whichext.model.contestant import REVISION, WORKING, parse_name
from whichext.model.errors import KernelError, UnknownNameError, UsageError, closest
from whichext.model.inline import argument
from whichext.model.kernel import Entry, Kernel, Project
from whichext.model.raw import Raw, Revision
from whichext.system.git import Repository, checked_out
from whichext.system.progress import Progress, SilentProgress

_PLAIN = re.compile(r"\w[\w./~^+-]*")
"""A revision that can be typed in a claim and is no option of git."""
_HASH_DIGITS = 12


@contextmanager
def at_revisions(
    kernel: Kernel, asked: tuple[str, ...], progress: Progress | None = None, *, alone: bool = True
) -> Iterator[Kernel]:
    """The kernel with the projects that are asked for, while their files are there.

    Args:
        kernel: Has the projects as they are.
        asked: Names or patterns of projects, maybe with a revision behind an @; none for all as
            they are.
        progress: Is given what a reader should know, with the next step.
        alone: Whether no other project stays.

    Raises:
        UsageError: A name fits no project, or a revision cannot be had.
        KernelError: A project is not what it must be at its revision.

    """
    if not asked:
        yield kernel
        return
    with ExitStack() as until_the_end:
        folders = _Folders(until_the_end)
        found = [_at(kernel, folders, *one) for one in _asked(kernel, asked)]
        for one, other in combinations(found, 2):
            _compare(one, other, progress or SilentProgress())
        kept = () if alone else kernel.projects
        yield replace(kernel, projects=(*kept, *found))


def _asked(kernel: Kernel, texts: tuple[str, ...]) -> list[tuple[Project, str | None]]:
    """The projects that are asked for, each once at each revision; None where it has none."""
    found: dict[tuple[str, str | None], Project] = {}
    for text in texts:
        pattern, at, revision = text.partition("@")
        fitting = [one for one in kernel.projects if fnmatchcase(one.name, pattern)]
        if not fitting:
            names = [one.name for one in kernel.projects] or ["none"]
            raise UnknownNameError(
                "projects",
                text,
                "fits no project",
                names,
                expected="a pattern with * or ?, each also with a revision such as @HEAD~3",
                suggestion=f"{closest(pattern, names)}{at}{revision}",
            )
        if at and not _PLAIN.fullmatch(revision):
            raise UsageError(
                argument("projects", text),
                "write the commit's hash: git rev-parse prints it for a revision of any form",
                expected="a revision of letters, digits and the signs . / ~ ^ + _ - behind the @",
                got=repr(revision),
            )
        found |= {(one.name, revision if at else None): one for one in fitting}
    return [(project, revision) for (_, revision), project in found.items()]


class _Folders:
    """Worktrees by commit, each made once and removed at the end."""

    def __init__(self, until_the_end: ExitStack) -> None:
        self._until_the_end = until_the_end
        self._known: dict[tuple[Path, str], Path | str] = {}

    def of(self, repository: Repository, commit: str) -> Path | str:
        """The folder of a commit; git's reason where it could not be made."""
        key = repository.top, commit
        if key not in self._known:
            made = self._until_the_end.enter_context(checked_out(repository, commit))
            self._known[key] = made
        return self._known[key]


def _at(kernel: Kernel, folders: _Folders, project: Project, revision: str | None) -> Project:
    """A project at a revision."""
    if revision is None:
        return project
    name = f"{project.name}@{revision}"
    around = Repository.around(project.folder)
    if revision == WORKING:
        return with_fields(project, name=name, revision=_working(name, around))
    if isinstance(around, str):
        _refuse(
            name,
            "a project in a git repository",
            f"{project.folder}, of which git says: {around}",
            f"git init, git add and git commit there, or race it without a revision: "
            f"{project.name}",
        )
    commit = around.commit(revision) or _refuse_unknown(project, around, revision)
    content = around.tree(commit)
    if content is None:
        _refuse(
            name,
            f"the folder {around.path} in the commit {commit[:_HASH_DIGITS]}",
            "a commit without it",
            f"write a later commit: git log -- {around.path or '.'} lists those that have it",
        )
    inside = around.submodules(commit)
    if inside:
        _refuse(
            name,
            "all of the project's files in its repository",
            f"a submodule: {', '.join(inside)}",
            "keep its files in the project's own repository (git subtree), or race each revision "
            "in a clone with its submodules, which gives two results instead of one race",
        )
    top = folders.of(around, commit)
    if isinstance(top, str):
        _refuse(
            name,
            "a worktree of the commit",
            f"git says: {top}",
            f"make git worktree add FOLDER {revision} work in {around.top}",
        )
    known = Revision(project=name, name=revision, commit=commit, content=content)
    return _loaded(kernel, known, top, around.path)


def _working(name: str, around: Repository | str) -> Revision:
    """What is known of the folder as it is, which needs no git."""
    if isinstance(around, str):
        return Revision(project=name, name=WORKING, commit=None, changed=True)
    commit = around.commit("HEAD")
    changed = commit is None or around.is_changed
    content = None if commit is None or changed else around.tree(commit)
    return Revision(project=name, name=WORKING, commit=commit, changed=changed, content=content)


def _refuse(name: str, expected: str, got: str, next_step: str) -> NoReturn:
    raise UsageError(name, next_step, expected=expected, got=got)


def _refuse_unknown(project: Project, repository: Repository, revision: str) -> NoReturn:
    """Say how to get what git does not know, as far as it tells."""
    elsewhere = repository.branches_like(revision)
    got, next_step = "no such one", "git log lists the commits, git branch and git tag their names"
    if elsewhere:
        next_step = f"write {project.name}@{elsewhere[0]}"
    elif repository.is_shallow:
        got = "a shallow clone, which has only the last commits"
        next_step = (
            "git fetch --unshallow, or for one branch: git fetch origin BRANCH && git branch "
            "BRANCH FETCH_HEAD; in a workflow, check out with fetch-depth: 0"
        )
    elif (start := re.split("[~^]", revision)[0]) != revision and repository.commit(start):
        got = f"one before the first commit of {start}"
        next_step = f"write a later one: git log {start} lists the commits, the last one first"
    elif near := repository.names:
        next_step = f"write {project.name}@{closest(revision, near)}, or any other; {next_step}"
    where = f"{project.name}@{revision}"
    _refuse(where, f"a revision that git knows in {repository.top}", got, next_step)


def _loaded(kernel: Kernel, revision: Revision, top: Path, path: str) -> Project:
    """The project in a worktree, with the entries that it had then."""
    folder = top / path
    file = f"{revision.name}:{path}/pyproject.toml".replace(":/", ":")
    another = f"write a revision in which it is right; git show {file} prints it"
    try:
        found = load_project(folder)
        fitted = None if found is None else fit_entries(kernel, found)
    except KernelError as error:
        problem = error.marked_problem.replace(str(folder / "pyproject.toml"), file)
        raise KernelError(problem.replace(str(folder), file), another) from error
    if fitted is None:
        _refuse(revision.project, f"a table [tool.whichext] in {file}", "none", another)
    return with_fields(fitted, name=revision.project, revision=revision)


def _compare(one: Project, other: Project, progress: Progress) -> None:
    """Refuse a revision that is there twice; say what two do not share, or that they are one."""
    folders = [name.partition("@")[0] for name in (one.name, other.name)]
    if folders[0] != folders[1]:
        return
    kinds = [_kind(project) for project in (one, other)]
    if kinds[0] == kinds[1]:
        _refuse(
            f"{one.name}, {other.name}",
            "two revisions",
            f"the same one twice, {kinds[0][:_HASH_DIGITS]}",
            f"leave out {other.name}, or write another revision",
        )
    contents = {project.revision.content for project in (one, other) if project.revision}
    if len(contents) == 1 and None not in contents:
        progress.note(
            f"whichext: {one.name} and {other.name} hold the same files, so that they differ in "
            "nothing. Next: write another revision, unless that was the question"
        )
    for here, there in ((one, other), (other, one)):
        theirs = {entry.function for entry in there.entries}
        lone = [entry.function for entry in here.entries if entry.function not in theirs]
        if lone:
            progress.note(
                f"whichext: only {here.name} has {', '.join(lone)}, so nothing compares it with "
                f"{there.name}. Next: nothing where it is new or was removed; where it was "
                "renamed, give it its former name as well"
            )


def _kind(project: Project) -> str:
    """The commit of a project; else that it is the folder as it is."""
    revision = project.revision
    return WORKING if revision is None or revision.name == WORKING else str(revision.commit)


def full_names(kernel: Kernel, text: str) -> Mapping[str, str]:
    """Full names of the contestants that a project at a revision stands for, by their functions.

    The project may have a profile and a thread count behind it, as an entry has. Empty where the
    text names no such project.
    """
    for project in kernel.projects:
        rest = text.removeprefix(project.name)
        if project.revision and text.startswith(project.name) and (not rest or rest[0] in "@["):
            functions = (entry.function for entry in project.entries)
            return {one: f"{project.entry_name(one)}{rest}" for one in functions}
    return {}


def revisions_in(kernel: Kernel, words: Iterable[str]) -> tuple[str, ...]:
    """The projects at revisions that claims name: `mine@main`, or `mine@main.total`."""
    found = (_revision_of(kernel, word) for word in words if "@" in word)
    return tuple(dict.fromkeys(filter(None, found)))


def _revision_of(kernel: Kernel, word: str) -> str | None:
    """The project at a revision that a word of a claim names; None where it names none."""
    named, _, rest = word.partition("@")
    revision = re.sub(r"\[\d+\]$", "", rest).partition("@")[0]
    stem, _, function = revision.rpartition(".")
    for project in kernel.projects:
        functions = [entry.function for entry in project.entries]
        if named == project.module and stem and function in functions:
            return f"{project.name}@{stem}"
    if any(named == project.name for project in kernel.projects):
        return f"{named}@{revision}"
    parts = parse_name(word)
    modules = {project.module: project.name for project in kernel.projects}
    is_an_entry = parts is not None and "@" in parts.entry
    return f"{modules[named]}@{stem}" if is_an_entry and named in modules else None


def as_raced(kernel: Kernel, raw: Raw) -> Kernel:
    """The kernel with the projects at revisions that a result has, as far as the result tells.

    Their files may be gone, and claims about the result need none.
    """
    found = []
    for revision in raw.revisions:
        its = [one for one in raw.contestants if one.project == revision.project]
        entries = {
            one.function: Entry(
                function=one.function,
                threads=one.threads_by,
                factors={f.name: f.value for f in one.factors if f.name != REVISION},
            )
            for one in its
            if one.function is not None
        }
        if its:
            found.append(
                Project(
                    name=revision.project,
                    folder=kernel.folder,
                    module=its[0].module or "",
                    toolchain=its[0].toolchain,
                    needs=(),
                    entries=tuple(entries.values()),
                    revision=revision,
                )
            )
    return replace(kernel, projects=(*kernel.projects, *found))


def revisions_of(kernel: Kernel) -> tuple[Revision, ...]:
    """The revisions of a kernel's projects, for its result."""
    return tuple(one.revision for one in kernel.projects if one.revision is not None)
