"""Toggles: one factor for a whole build, and who does not hear it."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.toolchains.profiles import (
    Profile,
    profile_environment,
    profile_factors,
    profile_names,
)
from whichext.toolchains.settings import TOGGLES, find_deaf, find_toggle, needs_under


def project(toolchain: str, *needs: str) -> Project:
    return Project(
        name="p", folder=Path(), module="p", toolchain=toolchain, needs=needs, entries=()
    )


CYTHON = project("cython", "cc", "python-headers")
RUST = project("rust", "cargo", "cc")
PYTHON = project("python")


@pytest.mark.parametrize(("value", "level"), [("none", "0"), ("O1", "1"), ("O2", "2"), ("O3", "3")])
def test_an_optimisation_level_is_told_to_c_and_to_rust(value: str, level: str) -> None:
    environment = profile_environment(f"optimisation={value}", RUST.needs, {"CFLAGS": "-g"})
    assert environment == {
        "CFLAGS": f"-g -O{level}",
        "CXXFLAGS": f"-O{level}",
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": level,
    }


def test_native_instructions_change_nothing_else_unlike_the_profile_of_that_name() -> None:
    assert profile_environment("isa=native", CYTHON.needs, {})["CFLAGS"] == "-march=native"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have other names")
def test_the_least_processor_is_named_to_both_kinds_of_compilers() -> None:
    environment = profile_environment("isa=baseline", RUST.needs, {})
    assert environment["CFLAGS"] == "-march=x86-64"
    assert environment["RUSTFLAGS"] == "-C target-cpu=x86-64"


def test_bounds_are_switched_in_cython() -> None:
    environment = profile_environment("bounds=checked", CYTHON.needs, {})
    assert environment == {"CYTHON": "cython -X boundscheck=True"}


def test_a_setting_is_the_factor_of_the_same_name() -> None:
    assert profile_factors("optimisation=O2") == {"optimisation": "O2"}
    assert profile_factors("release") == {}


def test_every_profile_and_every_setting_has_a_name() -> None:
    assert set(profile_names()) == {*Profile, *TOGGLES}
    assert all(name == f"{t.factor}={t.value}" for name, t in TOGGLES.items())


def test_a_named_profile_is_no_single_setting() -> None:
    assert find_toggle("native") is None


@pytest.mark.parametrize(
    ("setting", "deaf"),
    [
        ("optimisation=O2", [PYTHON]),
        ("isa=native", [PYTHON]),
        ("bounds=checked", [PYTHON, RUST]),
        ("compiler=gcc", [PYTHON, RUST]),
        ("native", []),
    ],
)
def test_who_does_not_hear_a_setting_is_skipped_with_a_reason(
    setting: str, deaf: list[Project]
) -> None:
    found = {p.toolchain: find_deaf(setting, p) for p in (CYTHON, RUST, PYTHON)}
    assert [name for name, reason in found.items() if reason] == sorted(
        (p.toolchain for p in deaf), key=list(found).index
    )
    for name, reason in found.items():
        if reason is not None:
            assert reason == NotApplicable(setting.partition("=")[0], name)


def test_a_named_compiler_is_needed_in_place_of_any() -> None:
    assert needs_under("compiler=clang", CYTHON) == ("clang", "python-headers")
    assert needs_under("release", CYTHON) == CYTHON.needs
    assert needs_under("isa=native", CYTHON) == CYTHON.needs
