"""Projects at revisions of real git repositories; nothing is built."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from textwrap import fill

import pytest
from inline_snapshot import snapshot

from support.contestants import write_kernel
from support.repositories import commit, git, needs_git, repository, write_files
from whichext.load.kernel import load_kernel
from whichext.load.revisions import at_revisions, full_names, revisions_in
from whichext.model.errors import KernelError, UsageError, WhichextError
from whichext.model.kernel import Kernel
from whichext.system.progress import SilentProgress

pytestmark = needs_git

TABLE = """
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[tool.whichext]
module = "sums"
toolchain = "python"
"""


def project(*functions: str) -> str:
    """A pyproject.toml with these entries."""
    return TABLE + "".join(f'[[tool.whichext.entries]]\nfunction = "{one}"\n' for one in functions)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a kernel whose project "mine" has been there for three commits."""
    home = tmp_path_factory.mktemp("written") / "repo"
    repository(home, {"readme.txt": "nothing yet"})
    write_kernel(home)
    write_files(home / "tiny" / "mine", {"pyproject.toml": project("total"), "sums.py": "FIRST"})
    write_files(home / "tiny" / "other", {"pyproject.toml": project("all").replace("sums", "oth")})
    commit(home)
    git(home, "tag", "v1.0")
    for text in ("SECOND", "THIRD"):
        write_files(home / "tiny" / "mine", {"sums.py": text})
        commit(home)
    return home


@pytest.fixture(scope="module")
def still(written: Path) -> Kernel:
    """The kernel in that repository, for tests that change nothing there."""
    return load_kernel(written / "tiny")


@pytest.fixture
def kernel(written: Path, tmp_path: Path) -> Kernel:
    """The kernel in a copy of that repository."""
    shutil.copytree(written, tmp_path / "repo")
    return load_kernel(tmp_path / "repo" / "tiny")


def repository_of(kernel: Kernel) -> Path:
    return kernel.folder.parent


def contents(kernel: Kernel, *asked: str) -> dict[str, str]:
    """What the source of each project says, by the project's name."""
    with at_revisions(kernel, asked) as at:
        return {one.name: (one.folder / "sums.py").read_text() for one in at.projects}


def refusal(kernel: Kernel, *asked: str) -> WhichextError:
    with pytest.raises(WhichextError) as caught, at_revisions(kernel, asked):
        pass
    return caught.value


def said(error: WhichextError, kernel: Kernel) -> str:
    """What an error says, without the folder of this test and without hashes."""
    commits = git(repository_of(kernel), "rev-list", "--all").split()
    text = str(error).replace(str(repository_of(kernel)), "REPO")
    for one in commits:
        text = text.replace(one[:12], "HASH")
    return wrapped(text)


def wrapped(text: str) -> str:
    """A text in lines that fit on a page."""
    lines = (fill(line, 88, break_on_hyphens=False) for line in text.splitlines())
    return "\n".join(lines)


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


# Errors


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
    assert refusal(still, "mine@HEAD").got.endswith("the program git is not installed")


def test_an_unknown_revision_is_refused_with_the_nearest_name(still: Kernel) -> None:
    assert said(refusal(still, "mine@mian"), still) == snapshot("""\
mine@mian: expected a revision that git knows in REPO, got no such one
Next: write mine@main, or any other; git log lists the commits, git branch and git tag
their names\
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
    assert error.got.startswith("the same one twice")
    assert error.next_step == f"leave out {asked[1]}, or write another revision"


def test_a_revision_that_is_written_twice_is_there_once(still: Kernel) -> None:
    assert contents(still, "mine@main", "m*@main") == {"mine@main": "THIRD"}


def test_a_worktree_that_git_refuses_is_an_error_with_its_reason(kernel: Kernel) -> None:
    (repository_of(kernel) / ".git" / "worktrees").write_text("in the way")
    error = refusal(kernel, "mine@HEAD~1")
    assert "git says: fatal" in error.got
    assert error.next_step.startswith("make git worktree add FOLDER HEAD~1 work in")


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
