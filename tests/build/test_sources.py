"""Which files a build reads, and the copy in which it reads them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builds import FakeBuilder
from support.repositories import commit, git, needs_git, repository, write_files
from support.results import built_of
from whichext.build import build_project
from whichext.build.sources import Content, content_files, content_of
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.outcome import Built

PROJECT = {"pyproject.toml": "[project]\n", "src/fast.c": "int fast;\n"}


def names_of(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in content_files(folder)]


def read(content: Content) -> list[str]:
    return [path.relative_to(content.top).as_posix() for path in content.files]


def beside(folder: Path, others: dict[str, str], project: dict[str, str] | None = None) -> Content:
    """The content of the project `fast`, with other files beside its folder."""
    named = {f"fast/{name}": text for name, text in {**PROJECT, **(project or {})}.items()}
    return content_of(write_files(folder, {**named, **others}) / "fast")


def tree(folder: Path) -> dict[str, str]:
    """What is in a copy: the text of files, and where links lead."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file() and ".git" not in path.parts:
            found[name] = path.read_text("utf-8")
    return found


# What git holds


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A project in a repository that ignores what is generated."""
    rules = {".gitignore": "*.gen\nfast/build-it/\n", "fast/data.so": "data"}
    named = {f"fast/{name}": text for name, text in PROJECT.items()}
    folder = repository(tmp_path / "repository", {**named, **rules})
    ignored = {"fast/a.gen": "1", "fast/build-it/b.c": "2", "fast/src/c.gen": "3"}
    return write_files(folder, ignored) / "fast"


@needs_git
def test_what_git_ignores_is_no_content_whatever_its_name(held: Path) -> None:
    assert names_of(held) == ["data.so", "pyproject.toml", "src/fast.c"]


@needs_git
def test_a_new_file_that_git_does_not_ignore_is_content_before_it_is_added(held: Path) -> None:
    write_files(held, {"src/new.c": "int fresh;\n"})
    assert "src/new.c" in names_of(held)


@needs_git
@pytest.mark.parametrize("name", ["target/fast.rlib", "src/new.so", "src/__pycache__/a.pyc"])
def test_what_tools_leave_is_no_content_where_no_rule_of_git_says_so(held: Path, name: str) -> None:
    write_files(held, {name: "left"})
    assert name not in names_of(held)


@needs_git
def test_a_file_that_git_tracks_is_content_although_tools_leave_such_files(held: Path) -> None:
    write_files(held, {"dist/kept.c": "int kept;\n"})
    git(held, "add", "dist/kept.c")
    assert "dist/kept.c" in names_of(held)


@needs_git
def test_a_tracked_file_that_was_deleted_is_no_content(held: Path) -> None:
    (held / "src" / "fast.c").unlink()
    assert names_of(held) == ["data.so", "pyproject.toml"]


@needs_git
def test_a_project_that_git_ignores_as_a_whole_has_the_content_of_its_folder(held: Path) -> None:
    write_files(held.parent, {".gitignore": "fast/\n"})
    git(held.parent, "rm", "--quiet", "--cached", "-r", "fast")
    assert "src/fast.c" in names_of(held)


@needs_git
def test_without_git_the_content_is_that_of_the_folder(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(held))
    assert names_of(held) == [
        *("a.gen", "build-it/b.c", "pyproject.toml", "src/c.gen", "src/fast.c")
    ]


@needs_git
def test_the_files_of_submodules_and_of_nested_repositories_are_content(
    held: Path, tmp_path: Path
) -> None:
    part = repository(tmp_path / "part", {"part.c": "int part;\n", ".gitignore": "*.tmp\n"})
    git(held.parent, "submodule", "--quiet", "add", str(part), "fast/vendored/part")
    repository(held / "nested", {"nested.c": "int nested;\n"})
    write_files(held, {"vendored/part/x.tmp": "", "vendored/part/new.c": "int a;\n"})
    assert {name for name in names_of(held) if name.endswith(".c")} == {
        *("nested/nested.c", "src/fast.c", "vendored/part/new.c", "vendored/part/part.c")
    }
    assert "vendored/part/x.tmp" not in names_of(held)


@needs_git
def test_a_version_from_git_brings_the_repository_and_its_state(held: Path) -> None:
    before = content_of(held)
    write_files(held, {"pyproject.toml": '[build-system]\nrequires = ["hatch-vcs"]\n'})
    content = content_of(commit(held.parent) / "fast")
    assert (before.repository, before.said()) == (None, {"place": "."})
    assert (content.top, sorted(content.said())) == (
        held.parent.resolve(),
        ["place", "version"],
    )


# Links


def test_a_link_inside_stays_a_link_in_the_copy(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "fast", PROJECT)
    (folder / "same.c").symlink_to(folder / "src" / "fast.c")
    (folder / "sources").symlink_to("src")
    copy = content_of(folder).copy_to(tmp_path / "copy", "fast")
    assert tree(copy) == {**PROJECT, "same.c": "-> src/fast.c", "sources": "-> src"}


def test_what_a_link_to_outside_leads_to_is_in_the_copy(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "fast", PROJECT)
    shared = write_files(tmp_path / "far" / "shared", {"a.h": "a\n", "deep/b.h": "b\n"})
    (folder / "common").symlink_to(shared)
    (folder / "b.h").symlink_to(shared / "deep" / "b.h")
    (shared / "again.h").symlink_to("a.h")
    copy = content_of(folder).copy_to(tmp_path / "copy", "fast")
    outside = {"common/a.h": "a\n", "common/deep/b.h": "b\n", "common/again.h": "a\n"}
    assert tree(copy) == {**PROJECT, **outside, "b.h": "b\n"}


def test_a_link_that_leads_back_to_the_folder_it_lies_in_ends(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "fast", PROJECT)
    (folder / "src" / "up").symlink_to("..")
    (folder / "src" / "here").symlink_to(".")
    copy = content_of(folder).copy_to(tmp_path / "copy", "fast")
    assert tree(copy) == {**PROJECT, "src/here": "-> ."}


def test_a_project_behind_a_link_sees_what_lies_beside_its_real_folder(tmp_path: Path) -> None:
    named = {"real/fast/setup.py": 'sources = ["../common/a.c"]\n', "real/common/a.c": "int a;\n"}
    write_files(tmp_path, {**named, "kernel/kernel.py": ""})
    (tmp_path / "kernel" / "fast").symlink_to(tmp_path / "real" / "fast")
    content = content_of(tmp_path / "kernel" / "fast")
    assert read(content) == ["common/a.c", "fast/setup.py"]


# Surroundings


def test_a_project_that_names_nothing_outside_is_its_folder(tmp_path: Path) -> None:
    content = beside(tmp_path, {"README.md": "", "other/other.c": ""})
    assert (content.top, read(content)) == (tmp_path / "fast", sorted(PROJECT))


def test_files_that_are_named_by_relative_paths_keep_their_place_in_the_copy(
    tmp_path: Path,
) -> None:
    more = {"pyproject.toml": '[project]\nreadme = "../README.md"\n'}
    content = beside(tmp_path / "all", {"README.md": "About\n", "other.md": ""}, more)
    copy = content.copy_to(tmp_path / "copy", "fast")
    assert (copy.name, (copy / "../README.md").read_text("utf-8")) == ("fast", "About\n")
    assert not (copy / "../other.md").exists()


def test_a_named_folder_comes_with_its_files_and_with_what_these_name(tmp_path: Path) -> None:
    more = {"setup.py": 'Extension("fast", ["src/fast.c"], include_dirs=["../common"])\n'}
    others = {"common/a.h": '#include "../lib/b.h"\n', "lib/b.h": "", "lib/c.h": ""}
    content = beside(tmp_path, others, more)
    outside = [name for name in read(content) if not name.startswith("fast/")]
    assert outside == ["common/a.h", "lib/b.h"]


def test_a_folder_above_the_project_is_not_copied_because_it_is_named(tmp_path: Path) -> None:
    content = beside(tmp_path / "up" / "all", {}, {"setup.py": 'root = "../../all"\n'})
    assert content.top == content.project


def test_what_has_no_folder_in_common_with_the_project_is_the_systems(tmp_path: Path) -> None:
    way = "/".join([".."] * len((tmp_path / "fast").parts))
    content = beside(tmp_path, {}, {"setup.py": f'include_dirs = ["{way}/usr/include"]\n'})
    assert content.top == content.project


def test_two_projects_with_the_same_surroundings_are_two_contents(tmp_path: Path) -> None:
    names = '"../first/a.c", "../second/a.c"\n'
    files = {f"{one}/{name}": names for one in ("first", "second") for name in ("a.c", "setup.py")}
    write_files(tmp_path, files)
    first, second = content_of(tmp_path / "first"), content_of(tmp_path / "second")
    assert (first.said(), second.said()) == (
        {"place": "first"},
        {"place": "second"},
    )


def test_files_keep_their_times_and_modes_in_the_copy(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "fast", {**PROJECT, "configure.sh": "#!/bin/sh\n"})
    (folder / "configure.sh").chmod(0o755)
    os.utime(folder / "src" / "fast.c", (1_000_000, 1_000_000))
    copy = content_of(folder).copy_to(tmp_path / "copy", "fast")
    times = (copy / "src" / "fast.c").stat().st_mtime
    assert (times, (copy / "configure.sh").stat().st_mode & 0o777) == (1_000_000, 0o755)


# Stale builds


def rebuilt(folder: Path, change: Callable[[], object]) -> tuple[str, ...]:
    """The parts of the key for which the project `fast` is built again after a change."""
    project = Project(
        name="fast", folder=folder / "fast", module="fast", toolchain="c", needs=(), entries=()
    )
    store = Store(folder.parent / "builds")
    build_project(project, RELEASE, store, FakeBuilder())
    change()
    return tuple(one.name for one in built_of_project(project, store).because)


def built_of_project(project: Project, store: Store) -> Built:
    return built_of(build_project(project, RELEASE, store, FakeBuilder()))


def test_an_edited_file_that_a_project_names_outside_is_another_build(tmp_path: Path) -> None:
    folder = beside(tmp_path / "all", {"a.h": "1", "b.h": "1"}, {"fast.c": '#include "../a.h"'}).top
    assert rebuilt(folder, lambda: write_files(folder, {"b.h": "2"})) == ()
    assert rebuilt(folder, lambda: write_files(folder, {"a.h": "2"})) == ("a.h",)


@needs_git
def test_a_tag_is_another_build_where_a_version_is_asked_of_git(held: Path) -> None:
    assert rebuilt(held.parent, lambda: git(held, "tag", "v1")) == ()
    write_files(held, {"pyproject.toml": '[build-system]\nrequires = ["setuptools-scm"]\n'})
    assert rebuilt(held.parent, lambda: git(held, "tag", "v2")) == ("version",)
