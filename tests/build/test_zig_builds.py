"""Builds by zig in the place of the machine's compilers, pretended and for real."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import FakeBuilder, project_in
from whichext.build import build_project
from whichext.build.frontend import Wheel, WheelBuildError
from whichext.build.store import Store
from whichext.build.way import ISOLATED, Way
from whichext.model.contestant import RELEASE
from whichext.model.options import Options
from whichext.model.outcome import Built, Fault, Right, Tool, ToolchainAbsent
from whichext.model.raw import Kind
from whichext.pipeline import execute
from whichext.toolchains import tool_versions, zig
from whichext.toolchains.inherited import inherited
from whichext.toolchains.profiles import Telling


@pytest.fixture
def compilers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH, with a C compiler; no variable names one."""
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / "cc").write_text("#!/bin/sh\necho cc 12\n", "utf-8")
    (folder / "cc").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    for variable in ("CC", "CXX"):
        monkeypatch.delenv(variable, raising=False)
    program = tmp_path / "zig"
    program.write_text('#!/bin/sh\necho "clang $1"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(zig, "find_zig", lambda: zig.Zig(program))
    return folder


def seen() -> tuple[str | None, str | None, tuple[Tool, ...]]:
    return os.environ.get("CC"), os.environ.get("CXX"), tool_versions(("cc",))


def test_zig_comes_before_the_machines_compilers_and_goes_again(
    compilers: Path, tmp_path: Path
) -> None:
    own = (None, None, (Tool("cc", "cc 12"),))
    assert seen() == own
    with Way.of(Options(compiler="zig")).compilers(tmp_path):
        assert seen() == ("cc", "c++", (Tool("cc", "clang cc (zig clang version)"),))
        assert os.environ["PATH"].endswith(f"{os.pathsep}{compilers}")
        assert inherited() == ()  # it is asked for, and comes from no environment
    assert seen() == own
    assert os.environ["PATH"] == str(compilers)


def test_a_compiler_that_variables_name_is_back_after_zig(
    compilers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", f"{compilers}/cc -m64")
    with Way(compiler="zig").compilers(tmp_path):
        assert os.environ["CC"] == "cc"
    assert os.environ["CC"] == f"{compilers}/cc -m64"


def test_the_machines_compiler_is_taken_where_none_is_asked_for(
    compilers: Path, tmp_path: Path
) -> None:
    notes: list[str] = []
    with ISOLATED.compilers(tmp_path, notes.append):
        assert os.environ["PATH"] == str(compilers)
    assert notes == []


def test_without_a_c_compiler_zig_is_taken_unasked_and_that_is_said(
    compilers: Path, tmp_path: Path
) -> None:
    (compilers / "cc").unlink()
    notes: list[str] = []
    with ISOLATED.compilers(tmp_path, notes.append):
        assert os.environ["CC"] == "cc"
    assert notes == snapshot(
        [
            "whichext: no C compiler is here: zig compiles C and C++ instead, without OpenMP. "
            "Next: install gcc to build as most do"
        ]
    )


@pytest.mark.usefixtures("compilers")
def test_a_build_by_zig_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "fast").mkdir()
    project, store = project_in(tmp_path / "fast"), Store(tmp_path / "builds")
    builder = FakeBuilder()
    results = []
    for way in (ISOLATED, Way(compiler="zig"), ISOLATED, Way(compiler="zig")):
        with way.compilers(tmp_path):
            results.append(build_project(project, RELEASE, store, builder, way).result)
    keys = [result.key for result in results if isinstance(result, Built)]
    assert keys[0] != keys[1]
    assert keys[:2] == keys[2:]
    assert len(builder.calls) == 2


@pytest.mark.usefixtures("compilers")
def test_what_zig_cannot_build_is_absent_and_no_fault(tmp_path: Path) -> None:
    def fails(source: Path, wheel_folder: Path, telling: Telling, log: Path) -> Wheel:  # noqa: ARG001  # as all builders
        log.write_text(f"cc: error: {zig.REFUSAL} -fopenmp\n", "utf-8")
        raise WheelBuildError

    project = project_in(tmp_path)
    store = Store(tmp_path / "builds")
    with Way(compiler="zig").compilers(tmp_path):
        result = build_project(project, RELEASE, store, fails).result
    assert result == ToolchainAbsent(
        "OpenMP, which the compiler zig does not have",
        "build it with gcc, or with a clang that has OpenMP",
    )


ENTRIES = ("capi.find_max", "nanobindpy.find_max")


@pytest.mark.slow
@pytest.mark.compiler
def test_c_and_nanobind_are_built_by_zig_and_right(tmp_path: Path) -> None:
    pytest.importorskip("ziglang")
    options = Options(cases=("wide",), entries=ENTRIES, compiler="zig")
    view = execute("find_max", options, kind=Kind.VERIFY, store=Store(tmp_path / "builds"))
    results = [build.result for build in view.raw.builds]
    assert all(isinstance(result, Built) for result in results), results
    by = [
        (one.project, name.partition(" ")[0]) for one in view.raw.evidence for name in one.compilers
    ]
    assert sorted(by) == [("capi", "zig"), ("nanobindpy", "zig")]
    assert all(build.levels == ("3",) for build in view.raw.evidence)
    right = {one.contestant for one in view.raw.checks if isinstance(one.result, Right)}
    assert right >= {*ENTRIES}
    assert not [one for one in view.raw.checks if isinstance(one.result, Fault)]
