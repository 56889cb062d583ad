"""A toolchain that nobody has heard of, brought by a package as any other plug-in would be."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import write_wheel
from whichext import toolchains
from whichext.audit import reading
from whichext.build import build_project
from whichext.build.sources import _left
from whichext.build.store import Store
from whichext.load.project import load_project
from whichext.load.scaffold import new_kernel
from whichext.model.contestant import RELEASE, Profile
from whichext.model.errors import UsageError
from whichext.model.kernel import Project
from whichext.model.options import Options
from whichext.model.outcome import Appended, BuildFailed, Built
from whichext.model.raw import Kind
from whichext.pipeline import execute
from whichext.system.doctor import Level, examine
from whichext.toolchains import every_toolchain, find_toolchain, words
from whichext.toolchains.profiles import find_profile, needs_under

COMPILER = """#!/bin/sh
case $1 in --version) echo "zapc 1.0"; exit ;; esac
if grep -q short fast.zap; then echo "zapc: fault 7 in fast.zap"; exit 1; fi
"""
BACKEND = """
import shutil, subprocess

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    subprocess.run(["zapc", "--ask", "fast.zap"], check=True)
    subprocess.run(["zapc", "-z3", "fast.zap"], check=True)
    return shutil.copy("ready/fast-1.0-py3-none-any.whl", wheel_directory).rpartition("/")[2]
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[tool.whichext]
module = "fast"
toolchain = "zap"
needs = ["zapc"]
entries = [{ function = "total" }]
"""
KERNEL = """
import numpy as np
from whichext import Case, Kernel

KERNEL = Kernel(
    question="How fast is a sum?",
    reference=lambda values: values.sum(axis=1),
    inputs=lambda case: (np.ones(case.shape),),
    cases=(Case(name="small", shape=(2, 3), dtype="float64"),),
    dtypes=("float64",),
    bytes_moved=lambda case: 48,
)
"""
CODE = "def total(values):\n    return values.sum(axis=1)\n"


def forget() -> None:
    """What is asked once a session is asked again."""
    for known in (every_toolchain, toolchains.knowledge_digest, reading.reader_digest, _left):
        known.cache_clear()


def install(folder: Path, entry_point: str) -> None:
    """A package that brings a toolchain, as pip would install it."""
    info = folder / "made_up-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{toolchains.PLUG_INS}]\nzap = {entry_point}\n")


@pytest.fixture
def zap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A kernel with one project in Zap, on a machine that has Zap."""
    install(tmp_path / "site", "made_up:Zap")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "zapc").write_text(COMPILER)
    (programs / "zapc").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "kernel"
    write_wheel(folder / "fast" / "ready", "fast", CODE)
    (folder / "kernel.py").write_text(KERNEL)
    (folder / "fast" / "backend.py").write_text(textwrap.dedent(BACKEND))
    (folder / "fast" / "pyproject.toml").write_text(PROJECT)
    (folder / "fast" / "fast.zap").write_text("zap!\n")
    forget()
    yield folder
    forget()


def project_of(kernel: Path) -> Project:
    project = load_project(kernel / "fast")
    assert project is not None
    return project


def test_it_is_one_of_the_toolchains(zap: Path) -> None:
    assert find_toolchain(project_of(zap).toolchain) in every_toolchain()


def test_the_doctor_finds_its_compiler_and_says_what_to_do_where_there_is_none(
    zap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {finding.subject: finding for finding in examine(wait=lambda _: None)}
    (zap.parent / "programs" / "zapc").unlink()
    absent = {finding.subject: finding for finding in examine(wait=lambda _: None)}
    monkeypatch.setenv("ZAPC", "zap-of-mine")
    named = {finding.subject: finding for finding in examine(wait=lambda _: None)}
    assert (there["Zap compiler"].level, there["Zap compiler"].found) == (Level.GOOD, "zapc 1.0")
    assert absent["Zap compiler"].advice == snapshot(
        "builds that need a Zap compiler are skipped: wish for it"
    )
    assert named["Zap compiler"].found == snapshot("not found: ZAPC is 'zap-of-mine'")


def test_a_new_kernel_has_a_project_from_the_templates_beside_it(zap: Path) -> None:
    made = new_kernel("mine", args=["values=float64[:]"], toolchains=["zap"], into=zap.parent)
    project = load_project(made.folder / "mine_zap")
    assert project is not None
    assert (project.toolchain, project.needs) == ("zap", ("zapc",))
    text = (made.folder / "mine_zap" / "mine_zap.zap").read_text()
    assert text == snapshot("zap mine(values)! -- Your algorithm goes here.\n")


@pytest.mark.parametrize(
    ("template", "got", "line"),
    [
        ("zap\n{{ arrays[0].name }}\n", "UndefinedError", 2),
        ("zap\n\n{% if %}\n", "TemplateSyntaxError", 3),
        ("{{ 1 / 0 }}", "ZeroDivisionError", 1),
    ],
)
def test_a_template_of_it_that_does_not_fit_is_named_with_its_line(
    zap: Path, monkeypatch: pytest.MonkeyPatch, template: str, got: str, line: int
) -> None:
    monkeypatch.setattr("made_up.Zap.templates", zap.parent / "templates")
    (zap.parent / "templates").mkdir()
    path = zap.parent / "templates" / "MODULE.zap.jinja"
    path.write_text(template)
    with pytest.raises(UsageError) as caught:
        new_kernel("mine", args=["n=int"], toolchains=["zap"], into=zap.parent)
    assert caught.value.problem.startswith(f"the template {path}, line {line}: ")
    assert got in caught.value.got
    assert caught.value.next_step == snapshot("fix it, or leave its toolchain out of toolchains")
    assert not (zap.parent / "mine").exists()


@pytest.mark.usefixtures("zap")
def test_its_own_setting_is_one_that_users_can_ask_for() -> None:
    assert find_profile("spark=blue") == Profile.setting("spark", "blue")


def test_its_compiler_is_what_its_projects_need(zap: Path) -> None:
    assert needs_under(Profile.setting("optimisation", "O2"), project_of(zap)) == ("zapc",)


@pytest.mark.usefixtures("zap")
def test_its_words_are_listed_with_those_of_the_others() -> None:
    freeing = toolchains.Topic.FREEING
    assert words(freeing).endswith(f", {find_toolchain('zap').words[freeing]}")


@pytest.mark.slow
def test_its_project_is_built_and_told_a_setting_and_its_calls_are_noted(
    zap: Path, tmp_path: Path
) -> None:
    store, project = Store(tmp_path / "builds"), project_of(zap)
    setting = Profile.setting("optimisation", "O2")
    plain, told = (build_project(project, p, store).result for p in (RELEASE, setting))
    assert isinstance(plain, Built)
    assert isinstance(told, Built)
    assert (plain.appended, told.appended) == ((), (Appended("zap", ("-z2",), 1),))
    assert [tool.version for tool in plain.tools] == ["zapc 1.0"]
    noted = [store.record(one.key).commands for one in (plain, told)]
    assert [[c.arguments for c in commands] for commands in noted] == [
        [("--ask", "fast.zap"), ("-z3", "fast.zap")],
        [("--ask", "fast.zap"), ("-z3", "fast.zap", "-z2")],
    ]


@pytest.mark.slow
def test_a_setting_that_it_does_not_know_is_skipped_with_the_reason(
    zap: Path, tmp_path: Path
) -> None:
    isa = Profile.setting("isa", "native")
    result = build_project(project_of(zap), isa, Store(tmp_path / "builds")).result
    assert not isinstance(result, Built | BuildFailed)


@pytest.mark.slow
def test_its_own_hint_and_its_own_error_are_shown_where_its_build_fails(
    zap: Path, tmp_path: Path
) -> None:
    (zap / "fast" / "fast.zap").write_text("short\n")
    result = build_project(project_of(zap), RELEASE, Store(tmp_path / "builds")).result
    assert isinstance(result, BuildFailed)
    assert result.error.startswith("zapc: fault 7 in fast.zap")
    assert result.hint in dict(find_toolchain("zap").hints).values()


@pytest.mark.slow
@pytest.mark.processes
def test_an_audit_reads_what_its_compiler_was_told(zap: Path, tmp_path: Path) -> None:
    options = Options(factors=("optimisation=O2",))
    store = Store(tmp_path / "builds")
    found = execute(zap, options, kind=Kind.AUDIT, store=store).raw
    assert {(one.label, one.compilers, one.levels) for one in found.evidence} == {
        ("fast", ("zapc 1.0",), ("3",)),
        ("fast @optimisation=O2", ("zapc 1.0",), ("2",)),
    }


@pytest.mark.parametrize(
    ("entry_point", "problem"),
    [
        ("no_such_module:Zap", "does not load from no_such_module:Zap: ModuleNotFoundError"),
        ("builtins:dict", "to be a subclass of whichext.toolchains.base.Toolchain, got dict"),
    ],
)
def test_a_plug_in_that_is_none_is_named_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry_point: str, problem: str
) -> None:
    install(tmp_path / "site", entry_point)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    forget()
    try:
        with pytest.raises(UsageError) as caught:
            every_toolchain()
    finally:
        monkeypatch.undo()
        forget()
    assert problem in caught.value.problem
    assert "uninstall" in caught.value.next_step
