"""The cache as its user sees it: what is in it, why a build misses, and what is removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from support.builds import FakeBuilder
from support.contestants import make_contestant
from support.results import built_of
from whichext.build import build_all, build_project, explain
from whichext.build.kept import list_builds, prune
from whichext.build.store import Store, note_elsewhere
from whichext.model.cache import CachedBuild
from whichext.model.contestant import DEBUG, RELEASE
from whichext.model.kernel import Kernel, Project
from whichext.model.key import How, KeyPart, PartKind, key_changes
from whichext.model.outcome import Built, ToolchainAbsent
from whichext.system.progress import SilentProgress


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    """A store of this test alone."""
    return Store(tmp_path / "builds")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of one file."""
    folder = tmp_path / "fast"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    return Project(name="fast", folder=folder, module="fast", toolchain="c", needs=(), entries=())


def made(store: Store, built: Built, when: str) -> None:
    """Let a build be one that was made at another time."""
    receipt = replace(built, made=when)
    (store.folder / built.key / "receipt.json").write_bytes(msgspec.json.encode(receipt))


# What is listed


def test_a_build_is_listed_with_its_project_its_profile_and_its_uses(
    empty: Store, project: Project
) -> None:
    for _ in range(3):
        build_project(project, RELEASE, empty, FakeBuilder())
    (found,) = list_builds(empty)
    assert (found.project, found.profile, found.folder, found.uses, found.usable) == (
        "fast",
        "release",
        str(project.folder),
        2,
        True,
    )
    assert found.size_bytes > 100


def test_the_newest_build_is_listed_first(empty: Store, project: Project) -> None:
    builds = [
        built_of(build_project(project, profile, empty, FakeBuilder()))
        for profile in (RELEASE, DEBUG)
    ]
    made(empty, builds[0], "2026-01-02T00:00:00Z")
    made(empty, builds[1], "2026-01-01T00:00:00Z")
    assert [one.profile for one in list_builds(empty)] == ["release", "debug"]


def test_a_receipt_says_when_its_build_was_made(empty: Store, project: Project) -> None:
    first = built_of(build_project(project, RELEASE, empty, FakeBuilder()))
    made(empty, first, "2026-01-02T00:00:00Z")
    again = built_of(build_project(project, RELEASE, empty, FakeBuilder()))
    assert (first.made[:2], again.made) == ("20", "2026-01-02T00:00:00Z")


def test_a_build_without_a_receipt_is_listed_as_one_that_cannot_be_found(empty: Store) -> None:
    (empty.folder / ("0" * 24)).mkdir()
    (found,) = list_builds(empty)
    assert (found.project, found.usable, found.made[:2]) == ("", False, "20")


def test_what_else_lies_in_the_cache_is_no_build(empty: Store) -> None:
    (empty.folder / "0123.lock").touch()
    with empty.workspace():
        assert list_builds(empty) == ()


# What is explained


def test_a_build_that_is_there_is_explained_by_itself(empty: Store, project: Project) -> None:
    key = built_of(build_project(project, RELEASE, empty, FakeBuilder())).key
    said = explain(project, RELEASE, empty)
    assert said.found is not None
    assert (said.found.key, said.because, said.missing) == (key, (), None)


def test_an_edited_file_explains_why_a_build_would_be_made_again(
    empty: Store, project: Project
) -> None:
    build_project(project, RELEASE, empty, FakeBuilder())
    (project.folder / "pyproject.toml").write_text("[project]\nname = 'fast'\n")
    said = explain(project, RELEASE, empty)
    changes = [(one.kind, one.name, one.how) for one in said.because]
    assert (said.found, changes) == (None, [(PartKind.CONTENT, "pyproject.toml", How.CHANGED)])


def test_a_project_that_was_never_built_has_no_reason(empty: Store, project: Project) -> None:
    said = explain(project, RELEASE, empty)
    assert (said.found, said.because, said.missing) == (None, (), None)


def test_a_project_whose_compiler_is_absent_is_explained_by_that(
    empty: Store, project: Project
) -> None:
    said = explain(replace(project, needs=("no-such-program",)), RELEASE, empty)
    assert isinstance(said.missing, ToolchainAbsent)


def part(name: str, digest: str, kind: PartKind = PartKind.OUTSIDE) -> KeyPart:
    return KeyPart(kind, name, digest)


def test_settings_that_say_the_same_elsewhere_are_no_change() -> None:
    before = (part("a/pip.conf", "1"), part("/etc/pip.conf", "2"))
    after = (part("b/pip.conf", "1"), part("/etc/pip.conf", "3"))
    changes = key_changes(before, after)
    assert [(one.name, one.how) for one in changes] == [("/etc/pip.conf", How.CHANGED)]


def test_parts_that_came_and_went_are_changes() -> None:
    variable = PartKind.VARIABLE
    changes = key_changes((part("A", "1", variable),), (part("B", "1", variable),))
    assert [(one.name, one.how) for one in changes] == [("B", How.ADDED), ("A", How.REMOVED)]


# What is removed


def ages(store: Store, project: Project) -> None:
    """Build a project twice: once in this century, and once in the last."""
    build_project(project, RELEASE, store, FakeBuilder())
    old = built_of(build_project(project, DEBUG, store, FakeBuilder()))
    made(store, old, "1999-01-01T00:00:00Z")


def profiles(builds: tuple[CachedBuild, ...]) -> list[str]:
    return [build.profile for build in builds]


def test_old_builds_are_removed_and_young_ones_stay(empty: Store, project: Project) -> None:
    ages(empty, project)
    gone = prune(empty, older_than_days=365)
    assert (profiles(gone.builds), profiles(list_builds(empty))) == (["debug"], ["release"])


def test_all_builds_are_removed_if_one_asks_for_it(empty: Store, project: Project) -> None:
    ages(empty, project)
    assert (len(prune(empty, everything=True).builds), list_builds(empty)) == (2, ())


def test_without_an_age_only_what_cannot_be_found_again_is_removed(
    empty: Store, project: Project
) -> None:
    ages(empty, project)
    (empty.folder / ("0" * 24)).mkdir()
    assert ([one.key for one in prune(empty).builds], len(list_builds(empty))) == (["0" * 24], 2)


def test_a_removed_build_is_made_again(empty: Store, project: Project) -> None:
    build_project(project, RELEASE, empty, FakeBuilder())
    prune(empty, everything=True)
    assert built_of(build_project(project, RELEASE, empty, FakeBuilder())).cached is False


# What killed builds leave

KILLED = """
import os, signal, sys
from pathlib import Path
from whichext.build.store import Store, note_elsewhere
with Store(Path(sys.argv[1])).workspace() as scratch:
    (scratch / "large.o").write_bytes(b"x" * 1000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_build_left_is_removed_by_the_next_run(empty: Store) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(empty.folder)], check=False)
    assert len(list(empty.folder.glob("work-*/large.o"))) == 1
    assert (empty.sweep(), list(empty.folder.iterdir())) == (1, [])


def left_with(empty: Store, environment: Path) -> None:
    """Leave what a killed build leaves that had an isolated environment."""
    environment.mkdir()
    scratch = empty.folder / "work-old"
    scratch.mkdir()
    note_elsewhere(scratch, str(environment))
    os.utime(scratch, (1, 1))


def test_the_isolated_environment_of_a_killed_build_is_removed_too(
    empty: Store, tmp_path: Path
) -> None:
    left_with(empty, tmp_path / "build-env-x1")
    assert (empty.sweep(), (tmp_path / "build-env-x1").exists()) == (1, False)


def test_what_is_not_named_like_an_isolated_environment_stays(empty: Store, tmp_path: Path) -> None:
    left_with(empty, tmp_path / "mine")
    assert (empty.sweep(), (tmp_path / "mine").is_dir()) == (1, True)


def test_the_scratch_folder_of_a_running_build_stays(empty: Store) -> None:
    with empty.workspace() as scratch:
        assert (Store(empty.folder).sweep(), scratch.is_dir()) == (0, True)


def test_a_young_scratch_folder_without_a_lock_may_be_that_of_an_earlier_whichext(
    empty: Store,
) -> None:
    young, old = empty.folder / "work-young", empty.folder / "work-old"
    young.mkdir()
    old.mkdir()
    os.utime(old, (1, 1))
    assert (empty.sweep(), young.is_dir(), old.is_dir()) == (1, True, False)


def test_pruning_removes_what_killed_builds_left_too(empty: Store) -> None:
    (empty.folder / "work-old").mkdir()
    os.utime(empty.folder / "work-old", (1, 1))
    assert prune(empty).left_overs == 1


def test_a_run_removes_what_killed_builds_left_also_where_it_builds_nothing(
    empty: Store, row_sum: Kernel
) -> None:
    (empty.folder / "work-old").mkdir()
    os.utime(empty.folder / "work-old", (1, 1))
    wanted = (make_contestant("numpy"),)
    list(build_all(row_sum, wanted, empty, SilentProgress(), FakeBuilder()))
    assert list(empty.folder.iterdir()) == []
