"""Numba: what it needs, its settings, and what it says of a first call."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from support.contestants import make_contestant, profile_of
from whichext.build.harmless import counts
from whichext.model.contestant import Factor
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable, ToolchainAbsent, Variable
from whichext.toolchains import find_lacking
from whichext.toolchains.inherited import reaching
from whichext.toolchains.numba import Numba
from whichext.toolchains.profiles import find_deaf, telling_of, variables_for

NUMBA = Project(name="p", folder=Path(), module="p", toolchain="numba", needs=(), entries=())


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("release", {}),
        ("optimisation=none", {"NUMBA_OPT": "0"}),
        ("optimisation=O2", {"NUMBA_OPT": "2"}),
        ("bounds=checked", {"NUMBA_BOUNDSCHECK": "1"}),
        ("bounds=unchecked", {"NUMBA_BOUNDSCHECK": "0"}),
        ("isa=native", {}),
        ("native", {}),
        ("debug", {"NUMBA_OPT": "0"}),
        ("checked", {"NUMBA_BOUNDSCHECK": "1"}),
    ],
)
def test_a_setting_is_a_variable_of_the_build_and_of_the_processes_that_call(
    name: str, variables: dict[str, str]
) -> None:
    assert telling_of(profile_of(name), NUMBA).variables == variables
    called = variables_for(make_contestant(f"numba.f@{name}"), Path("kept"))
    assert called == {**variables, "NUMBA_CACHE_DIR": "kept"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have other names")
def test_instructions_are_those_of_the_processor_that_is_named_and_no_others() -> None:
    named = {value: {"NUMBA_CPU_NAME": value, "NUMBA_CPU_FEATURES": ""} for value in ("x86-64-v3",)}
    named["baseline"] = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""}
    for value, variables in named.items():
        assert telling_of(profile_of(f"isa={value}"), NUMBA).variables == variables


def test_a_setting_that_it_has_not_is_refused() -> None:
    assert find_deaf(profile_of("compiler=gcc"), NUMBA) == NotApplicable("compiler", "numba")


@pytest.mark.parametrize("name", ["NUMBA_OPT", "NUMBA_BOUNDSCHECK", "NUMBA_CPU_NAME"])
def test_a_variable_that_changes_the_code_makes_another_build_and_is_named(name: str) -> None:
    assert counts(name)
    mine = (Variable(name, "1"),)
    assert reaching(mine, NUMBA, ()) == mine


@pytest.mark.parametrize("name", ["NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS"])
def test_the_place_of_its_cache_and_its_threads_make_none(name: str) -> None:
    assert not counts(name)
    assert reaching((Variable(name, "1"),), NUMBA, ()) == ()


def test_its_file_of_settings_in_the_folder_of_the_process_changes_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Numba().outside_files({}, Path("elsewhere")) == (tmp_path / ".numba_config.yaml",)


def test_an_entry_of_a_project_in_another_language_may_be_compiled_by_it() -> None:
    one = make_contestant("peers.f", factors={"toolchain": "numba"})
    assert variables_for(one, Path("kept")) == {"NUMBA_CACHE_DIR": "kept"}
    assert Factor("toolchain", "numba") in one.factors


def test_where_it_was_not_imported_nothing_was_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numba.core.dispatcher", raising=False)
    assert list(Numba().compiled_here()) == []


def test_a_package_that_is_not_installed_is_what_it_lacks() -> None:
    class Absent(Numba):
        imports = ("numba-that-there-is-not",)

    assert find_lacking(Absent()) == ToolchainAbsent(
        "the Python package numba-that-there-is-not", "pip install numba-that-there-is-not"
    )
