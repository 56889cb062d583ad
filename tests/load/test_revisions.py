"""Projects at revisions of real git repositories; nothing is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.repositories import commit, git, needs_git, repository, write_files
from support.revisions import contents, project, repository_of, wrapped
from whichext.load.kernel import load_kernel
from whichext.load.revisions import at_revisions, full_names, revisions_in
from whichext.model.kernel import Kernel
from whichext.system.progress import SilentProgress

pytestmark = needs_git


class Notes(SilentProgress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        """Keep it."""
        self.texts.append(text)


def notes(kernel: Kernel, *asked: str) -> list[str]:
    kept = Notes()
    with at_revisions(kernel, asked, kept):
        return kept.texts


def test_without_a_project_the_kernel_is_as_it_was(still: Kernel) -> None:
    with at_revisions(still, ()) as at:
        assert at is still


def test_each_revision_is_a_project_with_the_files_of_then(kernel: Kernel) -> None:
    write_files(kernel.folder / "mine", {"sums.py": "WORKING"})
    assert contents(kernel, "mine@v1.0", "mine@HEAD~1", "mine@main", "mine@working") == {
        "mine@v1.0": "FIRST",
        "mine@HEAD~1": "SECOND",
        "mine@main": "THIRD",
        "mine@working": "WORKING",
    }


def test_a_project_without_a_revision_keeps_its_name(still: Kernel) -> None:
    with at_revisions(still, ("mine",)) as at:
        assert at.projects == (still.projects[0],)


def test_a_pattern_may_name_several_projects_at_one_revision(still: Kernel) -> None:
    with at_revisions(still, ("*@v1.0", "other")) as at:
        assert [one.name for one in at.projects] == ["mine@v1.0", "other@v1.0", "other"]


def test_other_projects_stay_where_claims_may_name_them(still: Kernel) -> None:
    with at_revisions(still, ("mine@v1.0",), alone=False) as at:
        assert [one.name for one in at.projects] == ["mine", "other", "mine@v1.0"]


def test_a_revision_stands_before_the_function_in_the_names_of_entries(still: Kernel) -> None:
    with at_revisions(still, ("mine@HEAD~1", "mine@working")) as at:
        assert at.entry_names == ("sums@HEAD~1.total", "sums@working.total")


def test_the_entries_are_those_of_the_revision(kernel: Kernel) -> None:
    write_files(kernel.folder / "mine", {"pyproject.toml": project("total", "fast")})
    with at_revisions(load_kernel(kernel.folder), ("mine@HEAD", "mine@working")) as at:
        functions = [[entry.function for entry in one.entries] for one in at.projects]
    assert functions == [["total"], ["total", "fast"]]


def test_the_commits_are_known_and_whether_the_folder_has_changes(kernel: Kernel) -> None:
    head = git(repository_of(kernel), "rev-parse", "HEAD")
    with at_revisions(kernel, ("mine@main", "mine@working")) as at:
        main, working = (one.revision for one in at.projects)
    assert main is not None
    assert working is not None
    assert (main.commit, working.commit, working.changed) == (head, head, False)
    write_files(kernel.folder / "mine", {"untracked.py": ""})
    with at_revisions(kernel, ("mine@working",)) as at:
        changed = at.projects[0].revision
    assert changed is not None
    assert (changed.changed, changed.content) == (True, None)


def worktrees(kernel: Kernel) -> int:
    return len(git(repository_of(kernel), "worktree", "list").splitlines())


@pytest.mark.parametrize("ends_with", [None, ValueError, KeyboardInterrupt])
def test_the_files_of_a_revision_are_removed_however_it_ends(
    kernel: Kernel, ends_with: type[BaseException] | None
) -> None:
    folders = []

    def use() -> None:
        with at_revisions(kernel, ("*@HEAD~1", "mine@main")) as at:
            folders.extend(one.folder for one in at.projects)
            assert worktrees(kernel) == 3  # one a commit, whatever the projects
            if ends_with is not None:
                raise ends_with

    if ends_with is None:
        use()
    else:
        with pytest.raises(ends_with):
            use()
    assert worktrees(kernel) == 1
    assert [folder for folder in folders if folder.exists()] == []


def folder_of(kernel: Kernel, asked: str) -> Path:
    """Where the files of a revision were."""
    with at_revisions(kernel, (asked,)) as at:
        return at.projects[0].folder


def test_the_files_of_a_commit_lie_in_the_same_folder_each_time(kernel: Kernel) -> None:
    """So that a file above the project, which may be part of a build's key, has one path."""
    assert folder_of(kernel, "mine@main") == folder_of(kernel, "mine@HEAD")
    assert folder_of(kernel, "mine@main") != folder_of(kernel, "mine@HEAD~1")


def test_two_runs_at_once_have_the_files_in_folders_of_their_own(kernel: Kernel) -> None:
    with at_revisions(kernel, ("mine@main",)) as one, at_revisions(kernel, ("mine@main",)) as two:
        folders = {at.projects[0].folder for at in (one, two)}
        assert [(folder / "sums.py").read_text() for folder in folders] == ["THIRD", "THIRD"]
    assert [folder for folder in folders if folder.exists()] == []


def test_what_a_killed_run_left_is_no_obstacle(kernel: Kernel) -> None:
    left = folder_of(kernel, "mine@main").parents[1]
    git(repository_of(kernel), "worktree", "add", "--detach", "--lock", str(left), "main")
    (left / "tiny" / "mine" / "sums.py").write_text("LEFT")
    assert contents(kernel, "mine@main") == {"mine@main": "THIRD"}
    shutil.rmtree(left, ignore_errors=True)
    assert contents(kernel, "mine@main") == {"mine@main": "THIRD"}


def test_a_cache_that_cannot_be_written_to_is_not_needed(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert contents(kernel, "mine@main") == {"mine@main": "THIRD"}
    assert worktrees(kernel) == 1


def test_the_repository_of_a_hook_is_not_asked(
    still: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert contents(still, "mine@HEAD~1") == {"mine@HEAD~1": "SECOND"}


def test_hooks_of_the_repository_are_not_run(kernel: Kernel) -> None:
    hook = repository_of(kernel) / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {kernel.folder}/hooked\n")
    hook.chmod(0o755)
    contents(kernel, "mine@HEAD~1")
    assert not (kernel.folder / "hooked").exists()


def test_a_project_that_is_a_submodule_has_revisions_of_its_own(
    kernel: Kernel, tmp_path: Path
) -> None:
    home = repository(tmp_path / "own", {"pyproject.toml": project("total"), "sums.py": "EARLY"})
    write_files(home, {"sums.py": "LATE"})
    commit(home)
    git(kernel.folder, "submodule", "add", "--quiet", str(home), "sub")
    shutil.rmtree(kernel.folder / "mine")
    assert contents(load_kernel(kernel.folder), "sub@HEAD~1", "sub@working") == {
        "sub@HEAD~1": "EARLY",
        "sub@working": "LATE",
    }


def test_the_folder_as_it_is_needs_no_git(
    still: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert contents(still, "mine@working") == {"mine@working": "THIRD"}


# Notes


def test_an_entry_of_one_revision_alone_is_noted(kernel: Kernel) -> None:
    write_files(kernel.folder / "mine", {"pyproject.toml": project("total", "fast", "faster")})
    working = load_kernel(kernel.folder)
    (note,) = notes(working, "mine@HEAD", "mine@working")
    assert wrapped(note) == snapshot("""\
whichext: only mine@working has fast, faster, so nothing compares it with mine@HEAD.
Next: nothing where it is new or was removed; where it was renamed, give it its former
name as well\
""")


def test_two_revisions_with_the_same_files_are_noted(kernel: Kernel) -> None:
    write_files(repository_of(kernel), {"readme.txt": "another text"})
    commit(repository_of(kernel))
    (note,) = notes(kernel, "mine@HEAD~1", "mine@working")
    assert wrapped(note) == snapshot("""\
whichext: mine@HEAD~1 and mine@working hold the same files, so that they differ in
nothing. Next: write another revision, unless that was the question\
""")
    assert notes(kernel, "mine@HEAD~2", "mine@working") == []


def test_projects_with_other_names_are_not_compared(still: Kernel) -> None:
    assert notes(still, "mine@HEAD", "other@HEAD") == []


# Names in claims and options


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mine@working", ["sums@working.total"]),
        ("mine@working@native", ["sums@working.total@native"]),
        ("mine@working[2]", ["sums@working.total[2]"]),
        ("mine@workings", []),
        ("mine", []),
        ("sums@working.total", []),
    ],
)
def test_a_project_at_a_revision_stands_for_its_entries(
    still: Kernel, text: str, names: list[str]
) -> None:
    with at_revisions(still, ("mine@working",), alone=False) as at:
        assert list(full_names(at, text).values()) == names


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("mine@HEAD~3", "mine@HEAD~3"),
        ("mine@v1.0", "mine@v1.0"),
        ("mine@v1.0@native[2]", "mine@v1.0"),
        ("mine@origin/main[2]", "mine@origin/main"),
        ("sums@v1.0.total", "mine@v1.0"),
        ("sums@HEAD~3.total@debug[2]", "mine@HEAD~3"),
        ("sums@HEAD~3.gone", "mine@HEAD~3"),
        ("sums.total@native", None),
        ("sums@native", None),
        ("numpy@v1.0", None),
        ("sums.total", None),
    ],
)
def test_the_revisions_that_words_of_claims_name_are_found(
    still: Kernel, word: str, found: str | None
) -> None:
    assert revisions_in(still, [word, word]) == ((found,) if found else ())
