"""Revisions that cannot be had: each error says what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.repositories import commit, git, needs_git, repository, write_files
from support.revisions import TABLE, contents, refusal, repository_of, said, wrapped
from whichext.load.kernel import load_kernel
from whichext.model.errors import KernelError, UsageError
from whichext.model.kernel import Kernel

pytestmark = needs_git


def test_a_name_of_no_project_is_refused_with_the_nearest(still: Kernel) -> None:
    assert said(refusal(still, "mien@HEAD"), still) == snapshot("""\
projects="mien@HEAD" fits no project: expected one of mine, other, or a pattern with *
or ?, each also with a revision such as @HEAD~3
Next: projects="mine@HEAD"\
""")


@pytest.mark.parametrize("revision", ["", "HEAD^{x}", "a b", "-o", "@{u}", ":/text"])
def test_a_revision_that_cannot_be_typed_in_a_claim_is_refused(
    still: Kernel, revision: str
) -> None:
    error = refusal(still, f"mine@{revision}")
    assert isinstance(error, UsageError)
    assert error.got == repr(revision)
    assert "git rev-parse" in error.next_step


def test_a_project_outside_git_has_no_revisions(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(kernel.folder, tmp_path / "alone" / "tiny")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    alone = load_kernel(tmp_path / "alone" / "tiny")
    error = refusal(alone, "mine@HEAD")
    assert wrapped(str(error).replace(str(tmp_path), "FOLDER")) == snapshot("""\
mine@HEAD: expected a project in a git repository, got FOLDER/alone/tiny/mine, of which
git says: fatal: not a git repository (or any of the parent directories): .git
Next: git init, git add and git commit there, or race it without a revision: mine\
""")


def test_without_git_there_are_no_revisions(
    still: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "installed" in refusal(still, "mine@HEAD").got


def test_an_unknown_revision_is_refused_with_the_nearest_name(still: Kernel) -> None:
    assert said(refusal(still, "mine@mian"), still) == snapshot("""\
mine@mian: expected a revision that git knows in REPO, got no such one
Next: write mine@main, or any other; git log lists the commits, git branch and git tag
their names\
""")


def test_a_revision_before_the_first_commit_is_refused_as_one(still: Kernel) -> None:
    assert said(refusal(still, "mine@main~9"), still) == snapshot("""\
mine@main~9: expected a revision that git knows in REPO, got one before the first commit
of main
Next: write a later one: git log main lists the commits, the last one first\
""")


def test_a_branch_that_only_another_repository_has_is_named_with_it(
    kernel: Kernel, tmp_path: Path
) -> None:
    git(repository_of(kernel), "branch", "faster")
    git(tmp_path, "clone", "--quiet", str(repository_of(kernel)), "clone")
    clone = load_kernel(tmp_path / "clone" / "tiny")
    error = refusal(clone, "mine@faster")
    assert error.next_step == "write mine@origin/faster"
    assert contents(clone, error.next_step.split()[1]) == {"mine@origin/faster": "THIRD"}


def test_of_a_shallow_clone_the_error_says_how_to_get_the_rest(
    kernel: Kernel, tmp_path: Path
) -> None:
    source = f"file://{repository_of(kernel)}"
    git(tmp_path, "clone", "--quiet", "--depth=1", source, "clone")
    clone = load_kernel(tmp_path / "clone" / "tiny")
    assert contents(clone, "mine@HEAD") == {"mine@HEAD": "THIRD"}
    assert said(refusal(clone, "mine@HEAD~1"), clone) == snapshot("""\
mine@HEAD~1: expected a revision that git knows in REPO, got a shallow clone, which has
only the last commits
Next: git fetch --unshallow, or for one branch: git fetch origin BRANCH && git branch
BRANCH FETCH_HEAD; in a workflow, check out with fetch-depth: 0\
""")


def test_a_revision_with_a_submodule_in_the_project_is_refused(
    kernel: Kernel, tmp_path: Path
) -> None:
    library = repository(tmp_path / "library", {"sum.h": ""})
    git(kernel.folder, "submodule", "add", "--quiet", str(library), "mine/vendored")
    commit(repository_of(kernel))
    assert said(refusal(kernel, "mine@HEAD"), kernel) == snapshot("""\
mine@HEAD: expected all of the project's files in its repository, got a submodule:
tiny/mine/vendored
Next: keep its files in the project's own repository (git subtree), or race each
revision in a clone with its submodules, which gives two results instead of one race\
""")
    assert contents(kernel, "mine@HEAD~1") == {"mine@HEAD~1": "THIRD"}


def test_a_revision_without_the_project_is_refused(still: Kernel) -> None:
    assert said(refusal(still, "mine@HEAD~3"), still) == snapshot("""\
mine@HEAD~3: expected the folder tiny/mine in the commit HASH, got a commit without it
Next: write a later commit: git log -- tiny/mine lists those that have it\
""")


@pytest.mark.parametrize(
    "asked",
    [("mine@main", "mine@HEAD"), ("mine", "mine@working"), ("mine@v1.0", "mine@HEAD~2")],
)
def test_a_revision_that_is_there_twice_is_refused(still: Kernel, asked: tuple[str, ...]) -> None:
    error = refusal(still, *asked)
    assert "twice" in error.got
    assert f"leave out {asked[1]}," in error.next_step


def test_a_revision_that_is_written_twice_is_there_once(still: Kernel) -> None:
    assert contents(still, "mine@main", "m*@main") == {"mine@main": "THIRD"}


def test_a_worktree_that_git_refuses_is_an_error_with_its_reason(kernel: Kernel) -> None:
    (repository_of(kernel) / ".git" / "worktrees").write_text("in the way")
    error = refusal(kernel, "mine@HEAD~1")
    assert "git says: fatal" in error.got
    assert "git worktree add" in error.next_step


@pytest.mark.parametrize("text", ["no TOML", TABLE, "[project]\n"])
def test_what_is_wrong_in_a_revision_is_said_of_its_file(kernel: Kernel, text: str) -> None:
    right = (kernel.folder / "mine" / "pyproject.toml").read_text()
    write_files(kernel.folder / "mine", {"pyproject.toml": text})
    commit(repository_of(kernel))
    write_files(kernel.folder / "mine", {"pyproject.toml": right})
    error = refusal(kernel, "mine@HEAD")
    assert isinstance(error, KernelError | UsageError)
    assert "HEAD:tiny/mine/pyproject.toml" in error.problem
    assert "git show HEAD:tiny/mine/pyproject.toml" in error.next_step
    assert str(Path(os.sep, "tmp", "whichext-")) not in str(error)
