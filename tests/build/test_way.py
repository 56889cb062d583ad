"""How projects are built apart from profiles: settings, isolation, indexes, and requirements."""

from __future__ import annotations

import os
import sys
import sysconfig
import textwrap
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import FakeBuilder, write_wheel
from support.repositories import git, needs_git, repository, write_files
from support.results import SKIPPED, make_build, make_built
from whichext.build import build_project, building
from whichext.build.frontend import Wheel, WheelBuildError, build_wheel
from whichext.build.store import Store
from whichext.build.way import ISOLATED, Here, RequirementsAbsentError, Way, find_unmet, settings_of
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.options import Options
from whichext.model.outcome import BuildFailed, Built, PackageAbsent, Tool
from whichext.toolchains.profiles import Telling

HERE = Way(isolated=False)

BACKEND = """
    import json, os, shutil, sys

    def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
        print(json.dumps([config_settings, sys.executable, os.environ["PATH"]]))
        return shutil.copy("ready/fast-1.0-py3-none-any.whl", wheel_directory).rpartition("/")[2]

    def get_requires_for_build_wheel(config_settings=None):
        return REQUIRES.get(json.dumps(config_settings), [])

    REQUIRES = {'{"needs": "more"}': ["no-such-package>=7"]}
"""


def project_in(folder: Path, requires: str = "[]") -> Project:
    """A project whose backend comes along with it."""
    source = folder / "fast"
    write_wheel(source / "ready", "fast")
    (source / "backend.py").write_text(textwrap.dedent(BACKEND), "utf-8")
    (source / "pyproject.toml").write_text(
        f'[build-system]\nrequires = {requires}\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "utf-8",
    )
    return Project(name="fast", folder=source, module="fast", toolchain="c", needs=(), entries=())


def built_under(folder: Path, way: Way) -> Wheel:
    source = project_in(folder).folder
    return build_wheel(source, folder / "wheel", Telling({}), folder / "log", way)


# Settings


def test_settings_of_one_name_are_a_list_and_values_keep_their_signs() -> None:
    way = Way(settings=("setup-args=-Da=1", "builddir=b", "setup-args=-Db"))
    assert way.backend_settings() == {"setup-args": ["-Da=1", "-Db"], "builddir": "b"}


def test_settings_reach_the_backend(tmp_path: Path) -> None:
    built_under(tmp_path, Way(settings=("a=1", "a=2", "b=")))
    assert '[{"a": ["1", "2"], "b": ""}, ' in (tmp_path / "log").read_text("utf-8")


def test_settings_are_in_the_receipt_and_other_ones_are_another_build(tmp_path: Path) -> None:
    project, store, builder = project_in(tmp_path), Store(tmp_path / "builds"), FakeBuilder()
    ways = (ISOLATED, Way(settings=("a=1",)), Way(settings=("a=2",)), HERE)
    results = [build_project(project, RELEASE, store, builder, way).result for way in ways]
    told = [r.tools[:-1] for r in results if isinstance(r, Built)]
    assert told == [
        (),
        (Tool("config setting", "a=1"),),
        (Tool("config setting", "a=2"),),
        (Tool("isolation", "off"),),
    ]
    assert len(builder.calls) == len(ways)


def test_the_options_of_a_run_say_how_it_builds() -> None:
    builder, way = building(Options(isolation=False, config_settings=("a=1",)))
    assert (way, builder.keywords) == (  # type: ignore[attr-defined]  # a partial
        Way(isolated=False, settings=("a=1",)),
        {"way": way},
    )


# Without isolation


def test_without_isolation_a_backend_runs_in_this_python_with_its_programs_first(
    tmp_path: Path,
) -> None:
    built_under(tmp_path, HERE)
    log = (tmp_path / "log").read_text("utf-8")
    first = Here().make_extra_environ()["PATH"].partition(os.pathsep)[0]
    assert (f'"{sys.executable}"' in log, first) == (True, sysconfig.get_path("scripts"))


def test_without_isolation_a_requirement_that_is_absent_is_named_and_nothing_is_built(
    tmp_path: Path,
) -> None:
    project = project_in(tmp_path, '["numpy>=1", "no-such-package>=2", "numpy<1"]')
    builder, way = building(Options(isolation=False))
    result = build_project(project, RELEASE, Store(tmp_path / "builds"), builder, way).result
    packages = ("no-such-package>=2", "numpy<1")
    remedy = "pip install 'no-such-package>=2' 'numpy<1', or build with isolation"
    assert result == PackageAbsent(packages, remedy)


def test_what_a_backend_requires_for_its_settings_must_be_there_as_well(tmp_path: Path) -> None:
    with pytest.raises(RequirementsAbsentError, match="no-such-package>=7"):
        built_under(tmp_path, Way(isolated=False, settings=("needs=more",)))


def test_versions_of_requirements_that_are_here_are_those_of_the_wheel(tmp_path: Path) -> None:
    project = project_in(tmp_path, '["numpy>=1", "Typing_Extensions"]')
    wheel = build_wheel(project.folder, tmp_path / "wheel", Telling({}), tmp_path / "log", HERE)
    assert [tool.name for tool in wheel.tools] == ["numpy", "typing-extensions"]


def test_another_version_of_a_package_that_is_here_is_another_build_without_isolation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, store, builder = project_in(tmp_path), Store(tmp_path / "builds"), FakeBuilder()
    for version in ("1.0", "2.0"):
        site = tmp_path / version
        info = {"a-1.dist-info/METADATA": f"Name: a\nVersion: {version}\n"}
        monkeypatch.syspath_prepend(write_files(site, info))
        build_project(project, RELEASE, store, builder, HERE)
    build_project(project, RELEASE, store, builder, HERE)
    assert len(builder.calls) == 2


# What a wheel requires when it runs


def site_with(folder: Path, *lines: str) -> Path:
    text = "".join(f"Requires-Dist: {line}\n" for line in lines)
    info = {"fast-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: fast\nVersion: 1\n{text}"}
    return write_files(folder / "site", info)


@pytest.mark.parametrize(
    ("lines", "absent"),
    [
        ((), None),
        (("numpy>=1", "NumPy"), None),
        (("no-such-package ; python_version < '3'",), None),
        (("no-such-package ; extra == 'plots'",), None),
        (("numpy>=1", "no-such-package>=2"), ("no-such-package>=2",)),
        (("no-such-package ; python_version > '3'",), ("no-such-package",)),
        (("numpy<1",), ("numpy<1",)),
        (("no requirement at all",), None),
    ],
)
def test_packages_that_a_wheel_requires_and_that_are_not_here_are_named(
    tmp_path: Path, lines: tuple[str, ...], absent: tuple[str, ...] | None
) -> None:
    found = find_unmet(site_with(tmp_path, *lines))
    assert found == (None if absent is None else PackageAbsent(absent))


def test_the_reference_has_no_wheel_that_could_require_anything() -> None:
    assert find_unmet(None) is None


# Submodules


@needs_git
def test_a_build_that_fails_without_its_submodules_says_how_to_get_them(tmp_path: Path) -> None:
    part = repository(tmp_path / "part", {"part.h": "int part;\n"})
    top = repository(tmp_path / "top", {"README.md": ""})
    project = project_in(top)
    git(project.folder, "submodule", "--quiet", "add", str(part), "part")
    git(project.folder, "submodule", "--quiet", "deinit", "--force", "part")
    builder = FakeBuilder(logs={"fast": "fatal error: part/part.h: No such file\n"})
    result = build_project(project, RELEASE, Store(tmp_path / "builds"), builder).result
    assert isinstance(result, BuildFailed)
    assert result.hint.replace(str(project.folder), "FOLDER") == snapshot(
        "git submodule update --init part, in FOLDER"
    )


# Indexes


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the only wheel that the build requires, and no index."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "wheelhouse"
    write_wheel(folder, "only_here")
    return folder


def built_with_wheelhouse(folder: Path) -> list[Tool]:
    project = project_in(folder, '["only_here"]')
    result = build_project(project, RELEASE, Store(folder / "builds")).result
    assert isinstance(result, Built), result
    return [tool for tool in result.tools if tool.name == "only-here"]


@pytest.mark.slow
def test_a_wheelhouse_of_ones_own_is_enough_offline(
    wheelhouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheelhouse))
    assert built_with_wheelhouse(tmp_path) == [Tool("only-here", "1.0")]


@pytest.mark.slow
def test_an_index_of_ones_own_is_the_one_that_is_asked(
    wheelhouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place := tmp_path / "index" / "only-here").mkdir(parents=True)
    (wheel,) = wheelhouse.iterdir()
    page = f'<!DOCTYPE html><a href="{wheel.as_uri()}">{wheel.name}</a>'
    (place / "index.html").write_text(page, "utf-8")
    monkeypatch.setenv("PIP_INDEX_URL", place.parent.as_uri())
    monkeypatch.setenv("UV_DEFAULT_INDEX", place.parent.as_uri())
    assert built_with_wheelhouse(tmp_path) == [Tool("only-here", "1.0")]


@pytest.mark.slow
def test_a_file_of_pips_settings_is_respected(
    wheelhouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = f"[global]\nno-index = true\nfind-links = {wheelhouse}\n"
    write_files(tmp_path, {"pip.conf": settings})
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)  # uv reads no settings of pip
    assert built_with_wheelhouse(tmp_path) == [Tool("only-here", "1.0")]


UV = """#!/bin/sh
if [ "$1" = --version ]; then echo uv 1.0; exit; fi
echo "$UV_INDEX_URL"; exit 3
"""


def test_variables_of_uv_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uv", None)  # or its own program would be started
    programs = write_files(tmp_path / "bin", {"uv": UV})
    (programs / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("UV_INDEX_URL", "file:///an/index/of/ones/own")
    source = project_in(tmp_path, '["only_here"]').folder
    with pytest.raises(WheelBuildError):
        build_wheel(source, tmp_path / "wheel", Telling({}), tmp_path / "log")
    assert "file:///an/index/of/ones/own" in (tmp_path / "log").read_text("utf-8")


def test_settings_are_found_again_in_what_was_built_with_them() -> None:
    way = Way(isolated=False, settings=("a=1", "b=2"))
    built = replace(make_built(), tools=(*make_built().tools, *way.told()))
    builds = (make_build("cy", built), make_build("rust", SKIPPED), make_build("c", built))
    assert settings_of(builds) == ("a=1", "b=2")
