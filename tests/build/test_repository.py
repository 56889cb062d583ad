"""What git knows of a project, and a folder .git in its copy that tells the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.repositories import commit, git, needs_git, repository, write_files
from whichext.build.repository import Repository, absent_submodules, held_in, repository_of
from whichext.build.sources import content_of

pytestmark = needs_git

ASKS = '[build-system]\nrequires = ["setuptools-scm"]\n'
FILES = {
    "README.md": "About it\n",
    "other/other.c": "int other;\n",
    "fast/pyproject.toml": ASKS,
    "fast/fast.c": "int fast;\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a project in it, a tag, and a commit after the tag."""
    folder = repository(tmp_path / "repository", FILES)
    git(folder, "tag", "v1.2")
    return commit(write_files(folder, {"other/other.c": "int changed;\n"}))


def copied(folder: Path, name: str = "fast") -> Path:
    return content_of(folder / name).copy_to(folder.parent / "copy", name)


def version(folder: Path) -> str:
    return git(folder, "describe", "--dirty", "--tags", "--long")


def found(folder: Path) -> Repository:
    repository = repository_of(folder)
    assert repository is not None
    return repository


def test_a_copy_of_a_project_describes_itself_as_the_project_does(folder: Path) -> None:
    assert (version(copied(folder)), "dirty" in version(folder)) == (version(folder), False)


def test_a_copy_has_no_other_file_of_the_repository_than_those_of_the_project(
    folder: Path,
) -> None:
    top = copied(folder).parent
    assert {path.name for path in top.iterdir()} == {".git", "fast"}


@pytest.mark.parametrize("name", ["fast/fast.c", "other/other.c"])
def test_a_copy_is_dirty_where_the_repository_is(folder: Path, name: str) -> None:
    write_files(folder, {name: "int edited;\n"})
    assert (version(copied(folder)), version(folder)[-6:]) == (version(folder), "-dirty")


def test_a_deleted_file_makes_both_dirty(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert (version(copied(folder)), version(folder)[-6:]) == (version(folder), "-dirty")


def test_what_is_staged_and_not_committed_makes_both_dirty(folder: Path) -> None:
    write_files(folder, {"other/new.c": "int new;\n"})
    git(folder, "add", "--all")
    assert (version(copied(folder)), version(folder)[-6:]) == (version(folder), "-dirty")


def test_a_link_to_outside_whose_content_is_copied_makes_nothing_dirty(folder: Path) -> None:
    write_files(folder.parent / "elsewhere", {"common.h": "int common;\n"})
    (folder / "fast" / "common").symlink_to(folder.parent / "elsewhere")
    commit(folder)
    copy = copied(folder)
    assert ((copy / "common" / "common.h").is_file(), version(copy)) == (True, version(folder))


def test_what_is_done_in_a_copy_does_not_reach_the_repository(folder: Path) -> None:
    before = git(folder, "rev-parse", "HEAD"), (folder / ".git" / "index").read_bytes()
    commit(copied(folder))
    assert (git(folder, "rev-parse", "HEAD"), (folder / ".git" / "index").read_bytes()) == before


def test_a_copy_of_a_linked_worktree_describes_the_worktree(folder: Path) -> None:
    worktree = folder.parent / "worktree"
    git(folder, "worktree", "add", "--quiet", "--detach", str(worktree), "v1.2")
    assert (version(copied(worktree)), version(worktree)[:7]) == (version(worktree), "v1.2-0-")


def test_a_copy_of_a_submodule_describes_the_submodule(folder: Path) -> None:
    above = repository(folder.parent / "above", {"README.md": "above\n"})
    git(above, "submodule", "--quiet", "add", str(folder), "part")
    git(above / "part", "fetch", "--quiet", "--tags")
    assert version(copied(above / "part")) == version(folder)


def test_a_copy_of_a_shallow_clone_describes_itself_as_the_clone_does(folder: Path) -> None:
    git(folder, "tag", "v2.0")
    clone = folder.parent / "clone"
    git(folder.parent, "clone", "--quiet", "--depth=1", folder.as_uri(), str(clone))
    assert version(copied(clone)) == version(clone)


def test_a_repository_in_a_folder_with_an_odd_name_is_copied_as_well(folder: Path) -> None:
    odd = folder.rename(folder.with_name("ein Verzeichnis, größer"))
    assert version(copied(odd)) == version(odd)


def test_a_hook_of_git_from_which_a_run_is_started_does_not_name_the_repository(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = repository(folder.parent / "elsewhere", {"a.c": "int a;\n"})
    monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(elsewhere / ".git" / "index"))
    assert found(folder / "fast").top == folder.resolve()


# What changes a version


def test_a_commit_elsewhere_a_tag_and_an_edit_are_each_another_state(folder: Path) -> None:
    states = [found(folder).state]
    commit(folder)
    states.append(found(folder).state)
    git(folder, "tag", "v1.3")
    states.append(found(folder).state)
    write_files(folder, {"README.md": "More about it\n"})
    states.append(found(folder).state)
    git(folder, "checkout", "--quiet", "-b", "another")
    states.append(found(folder).state)
    assert len(set(states)) == len(states)


def test_a_state_is_the_same_until_something_changes(folder: Path) -> None:
    before = found(folder).state
    os.utime(folder / "README.md")
    write_files(folder, {"untracked.txt": "new\n"})
    assert found(folder).state == before


# What there is


def test_a_folder_outside_of_a_repository_has_none_and_git_holds_nothing(tmp_path: Path) -> None:
    assert (repository_of(tmp_path), held_in(tmp_path)) == (None, None)


def test_without_git_there_is_no_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert (repository_of(folder), held_in(folder)) == (None, None)


def test_submodules_that_were_never_fetched_are_named(folder: Path) -> None:
    above = repository(folder.parent / "above", {"pyproject.toml": ""})
    git(above, "submodule", "--quiet", "add", str(folder), "vendored/part")
    before = absent_submodules(commit(above))
    git(above, "submodule", "--quiet", "deinit", "--force", "vendored/part")
    assert (before, absent_submodules(above)) == ((), ("vendored/part",))
