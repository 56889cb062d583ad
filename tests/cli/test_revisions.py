"""Revisions as they are typed, and what a report says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command, FakeRun
from support.repositories import needs_git
from support.results import changed, make_race
from support.revisions import wrapped, write_repository
from whichext.load.resume import resume
from whichext.model.errors import UsageError
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import Revision
from whichext.model.view import View
from whichext.report import render, result_file

FIRST, LAST = "sums@HEAD~1.total", "sums@working.total"
REVISIONS = (
    Revision(project="mine@HEAD~1", name="HEAD~1", commit="0123456789abcdef"),
    Revision(project="mine@working", name="working", commit="fedcba9876543210", changed=True),
)


@pytest.mark.parametrize("command_name", ["run", "verify", "audit"])
def test_projects_are_separated_by_commas_or_repeated(
    command: Command, fake: FakeRun, command_name: str
) -> None:
    words = ("--project", "mine@HEAD~3,mine@working", "--project", "other")
    command(command_name, "total", *words)
    assert fake.options.projects == ("mine@HEAD~3", "mine@working", "other")


@pytest.mark.parametrize("verb", [whichext.run, whichext.verify, whichext.audit])
def test_in_python_projects_are_an_argument(
    monkeypatch: pytest.MonkeyPatch, verb: Callable[..., whichext.Result]
) -> None:
    asked: list[tuple[str, ...]] = []

    def execute(_: str, options: Options, **__: object) -> View:
        asked.append(options.projects)
        return make_race({"numpy": [9] * 5})

    monkeypatch.setattr("whichext.pipeline.execute", execute)
    verb("total", projects=("mine@HEAD~3", "mine@working"))
    verb("total")
    assert asked == [("mine@HEAD~3", "mine@working"), ()]


def test_an_empty_project_is_refused(command: Command) -> None:
    ended = command("run", "find_max", "--project", ",")
    assert (ended.code, "--project" in ended.err) == (2, True)


@needs_git
def test_a_revision_that_git_does_not_know_ends_with_2_before_anything_is_built(
    command: Command, tmp_path: Path
) -> None:
    home = write_repository(tmp_path / "repo")
    ended = command("run", str(home / "tiny"), "--project", "mine@HEAD~9,mine@working")
    assert (ended.code, ended.out) == (2, "")
    assert wrapped(ended.err.replace(str(home), "REPO")) == snapshot("""\
whichext: mine@HEAD~9: expected a revision that git knows in REPO, got one before the
first commit of HEAD
Next: write a later one: git log HEAD lists the commits, the last one first\
""")


@needs_git
def test_a_check_finds_the_revisions_that_its_claims_name(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    home = write_repository(tmp_path / "repo")
    fake.result = make_race({"numpy": [9] * 5, FIRST: [5] * 5, LAST: [5] * 5})
    claim = "mine@working is not slower than mine@HEAD~1 on one"
    command("check", str(home / "tiny"), claim)
    assert isinstance(fake.kernel, Kernel)
    names = [project.name for project in fake.kernel.projects]
    assert names == ["mine", "other", "mine@working", "mine@HEAD~1"]
    assert (fake.options.entries, fake.options.baseline) == ((LAST, FIRST), FIRST)
    assert fake.options.projects == ()


def test_a_report_says_which_commit_each_revision_is() -> None:
    view = changed(make_race({"numpy": [9] * 5, FIRST: [5] * 5}), revisions=REVISIONS)
    unknown = Revision(project="mine@working", name="working", commit=None, changed=True)
    clean = Revision(project="mine@working", name="working", commit="fedcba9876543210")
    texts = [render(changed(view, revisions=(*REVISIONS, one))) for one in (unknown, clean)]
    lines = dict.fromkeys(
        line for text in texts for line in text.splitlines() if line.startswith("mine@")
    )
    assert list(lines) == snapshot(
        [
            "mine@HEAD~1: commit 0123456789ab",
            "mine@working: the folder as it is, with changes since commit fedcba987654",
            "mine@working: the folder as it is, of which git has no commit",
            "mine@working: the folder as it is, without changes since commit fedcba987654",
        ]
    )


def test_a_result_file_keeps_the_commits(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    result_file.write(changed(make_race({"numpy": [9] * 5}), revisions=REVISIONS), path)
    assert result_file.read(path).raw.revisions == REVISIONS


def test_a_revision_that_is_another_commit_by_now_is_not_resumed() -> None:
    then = changed(make_race({"numpy": [9] * 5}), revisions=REVISIONS).raw
    moved = Revision(project="mine@HEAD~1", name="HEAD~1", commit="ffff")
    now = changed(make_race({"numpy": [9] * 5}), revisions=(moved, REVISIONS[1])).raw
    with pytest.raises(UsageError, match="another revision of mine@HEAD~1"):
        resume(then, now)
    assert resume(then, then).revisions == REVISIONS
