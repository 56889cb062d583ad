"""Why a build was made again, although there was one of the project."""

from __future__ import annotations

import shutil

import pytest

from support.builds import FakeBuilder
from support.outside import Outside
from support.results import built_of
from whichext.build import build_project
from whichext.build.store import Store
from whichext.model.contestant import DEBUG, RELEASE
from whichext.model.kernel import Project
from whichext.model.key import How, KeyChange, PartKind


def test_a_first_build_has_no_reason(outside: Outside) -> None:
    store = Store(outside.top / "builds")
    assert built_of(build_project(outside.project, RELEASE, store, FakeBuilder())).because == ()


def test_a_switch_that_was_not_set_then_is_the_reason(outside: Outside) -> None:
    store = Store(outside.top / "builds")
    build_project(outside.project, RELEASE, store, FakeBuilder())
    outside.set("MY_SLOW", "1")
    (why,) = built_of(build_project(outside.project, RELEASE, store, FakeBuilder())).because
    assert why == KeyChange(PartKind.VARIABLE, "MY_SLOW", How.ADDED, "1")


def test_the_reason_is_looked_for_in_the_closest_build_of_the_profile(outside: Outside) -> None:
    store = Store(outside.top / "builds")
    for value in ("1", "2"):
        outside.set("MY_SLOW", value)
        build_project(outside.project, RELEASE, store, FakeBuilder())
    build_project(outside.project, DEBUG, store, FakeBuilder())
    outside.write("work/fast/fast.c", "int Fast;\n")
    result = built_of(build_project(outside.project, RELEASE, store, FakeBuilder()))
    assert [(why.name, why.how) for why in result.because] == [("fast.c", How.CHANGED)]


def test_another_project_of_the_same_name_is_no_reason(outside: Outside) -> None:
    store = Store(outside.top / "builds")
    build_project(outside.project, RELEASE, store, FakeBuilder())
    shutil.rmtree(outside.top / "work")
    other = outside.write("other/fast/setup.py", "whatever\n").parent
    project = Project(
        name="fast", folder=other, module="fast", toolchain="c", needs=("cc",), entries=()
    )
    assert built_of(build_project(project, RELEASE, store, FakeBuilder())).because == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MY_KEY", "abc"),
        ("MY_URL", "https://me:hunter2@example.org"),
        ("MY_SLOW", "x" * 100),
        ("MY_SLOW", "a\x1b[31m"),
    ],
)
def test_a_value_that_may_be_a_secret_or_is_long_is_not_shown(
    outside: Outside, name: str, value: str
) -> None:
    store = Store(outside.top / "builds")
    build_project(outside.project, RELEASE, store, FakeBuilder())
    outside.set(name, value)
    result = built_of(build_project(outside.project, RELEASE, store, FakeBuilder()))
    assert [(why.name, why.value) for why in result.because] == [(name, "")]
    kept = "".join(path.read_text() for path in store.folder.rglob("*.json"))
    assert value not in kept
