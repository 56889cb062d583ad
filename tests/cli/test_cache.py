"""The command cache: listing, explaining and pruning, on a cache of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from support.builds import FakeBuilder
from support.cli import Command, squeezed
from whichext.build import build_project
from whichext.build.store import Store
from whichext.cli.machines.kept import held, list_runs
from whichext.load.kernel import load_kernel
from whichext.model.contestant import RELEASE
from whichext.model.errors import UsageError

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"


@pytest.fixture
def built(command: Command) -> Store:
    """A cache with one build of the kernel's project, in the user's own place for it."""
    assert command is not None  # it chooses that place
    (project,) = load_kernel(ROW_SUM).projects
    store = Store()
    build_project(project, RELEASE, store, FakeBuilder())
    return store


def test_an_empty_cache_is_listed_as_such(command: Command) -> None:
    ended = command("cache")
    assert (ended.code, "0 builds" in squeezed(ended.out)) == (0, True)


def test_the_builds_of_a_cache_are_listed(command: Command, built: Store) -> None:
    ended = command("cache")
    assert (ended.code, "plain" in ended.out, "release" in ended.out) == (0, True, True)
    assert "--older-than" in ended.out
    assert len(whichext.tools.cache()) == len(built.names()) == 1


def test_a_switch_that_would_make_a_build_again_is_named(
    command: Command, built: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = command("cache", "explain", str(ROW_SUM))
    monkeypatch.setenv("MY_SLOW", "1")
    after = command("cache", "explain", str(ROW_SUM), "plain")
    assert ("MY_SLOW" in before.out, "MY_SLOW=1" in after.out) == (False, True)
    assert len(built.names()) == 1


def test_a_build_of_another_way_is_explained_as_such(command: Command, built: Store) -> None:
    same = command("cache", "explain", str(ROW_SUM))
    other = command("cache", "explain", str(ROW_SUM), "--no-isolation")
    setting = command("cache", "explain", str(ROW_SUM), "--config-setting", "fast=yes")
    assert [one.out == same.out for one in (other, setting)] == [False, False]
    assert len(built.names()) == 1


def test_a_project_that_the_kernel_has_not_is_an_error(command: Command) -> None:
    ended = command("cache", "explain", str(ROW_SUM), "nobody")
    assert (ended.code, ended.err) == (
        2,
        snapshot("""\
whichext: the project nobody is not in the kernel row_sum: expected one of plain
Next: name one of them, or none for all
"""),
    )


def test_pruning_with_an_age_keeps_what_is_younger(command: Command, built: Store) -> None:
    ended = command("cache", "prune", "--older-than", "30")
    assert (ended.code, ended.out, len(built.names())) == (
        0,
        snapshot("Removed 0 builds of 0 B.\n"),
        1,
    )


def test_pruning_all_empties_the_cache(command: Command, built: Store) -> None:
    ended = command("cache", "prune", "--all")
    assert (ended.code, built.names()) == (0, [])


def test_an_unfinished_run_is_listed_and_pruned_like_builds(command: Command) -> None:
    for key in ("one", "two"):
        with held(key):
            pass
    with held("racing"):
        listed = command("cache")
        assert ("3 unfinished runs" in listed.out, "--resume" in listed.out) == (True, True)
        assert command("cache", "prune").code == 0
        assert len(list_runs()) == 3
        pruned = command("cache", "prune", "--older-than", "0")
    assert (pruned.code, "2 unfinished runs" in pruned.out) == (0, True)
    assert [run.key for run in list_runs()] == ["racing"]
    assert [run.key for run in whichext.tools.prune_cache(everything=True).runs] == ["racing"]


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf"), "x", True, 10**6])
def test_an_age_that_is_none_is_refused(days: float) -> None:
    with pytest.raises(UsageError, match="older_than_days"):
        whichext.tools.prune_cache(days)
