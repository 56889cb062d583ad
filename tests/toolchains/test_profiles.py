"""Profiles and single settings: what they tell a project's toolchains, and which are deaf."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from support.contestants import profile_of
from whichext.model.contestant import CHECKED, DEBUG, NAMED, NATIVE, RELEASE, Profile
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.toolchains.profiles import (
    find_deaf,
    find_profile,
    needs_under,
    profile_environment,
    profile_names,
    settings_for,
    single_settings,
)


def project(toolchain: str, *needs: str) -> Project:
    return Project(
        name="p", folder=Path(), module="p", toolchain=toolchain, needs=needs, entries=()
    )


CYTHON = project("cython", "cc", "python-headers")
C = project("c", "cc")
RUST = project("rust", "cargo", "cc")
PYTHON = project("python")
STRANGE = project("a dialect of our own", "cc")


@pytest.mark.parametrize("one", [C, RUST, PYTHON])
def test_release_sets_nothing_so_that_it_is_what_users_of_a_wheel_get(one: Project) -> None:
    assert profile_environment(RELEASE, one, {"CFLAGS": "-O2"}) == {}


def test_debug_puts_o0_after_the_users_own_flags_so_that_it_wins() -> None:
    environment = profile_environment(DEBUG, C, {"CFLAGS": "-O3 -g", "CXXFLAGS": "-Wall"})
    assert environment == {"CFLAGS": "-O3 -g -O0", "CXXFLAGS": "-Wall -O0"}


def test_without_flags_of_the_user_there_is_no_stray_space() -> None:
    assert profile_environment(DEBUG, C, {}) == {"CFLAGS": "-O0", "CXXFLAGS": "-O0"}


@pytest.mark.parametrize("profile", NAMED)
def test_a_project_without_cargo_gets_no_variable_of_rust(profile: Profile) -> None:
    environment = profile_environment(profile, CYTHON, {})
    assert [name for name in environment if name.startswith(("RUST", "CARGO"))] == []


def test_a_project_that_compiles_nothing_is_told_nothing() -> None:
    assert [profile_environment(profile, PYTHON, {}) for profile in NAMED] == [{}] * len(NAMED)


def test_a_toolchain_that_nobody_knows_is_told_what_its_needs_hear() -> None:
    assert profile_environment(DEBUG, STRANGE, {})["CFLAGS"] == "-O0"


def test_debug_turns_cargos_optimisation_off() -> None:
    assert profile_environment(DEBUG, RUST, {})["CARGO_PROFILE_RELEASE_OPT_LEVEL"] == "0"


def test_native_targets_this_processor_in_c_and_in_rust() -> None:
    environment = profile_environment(NATIVE, RUST, {"RUSTFLAGS": "-C debuginfo=1"})
    assert environment == {
        "CFLAGS": "-O3 -march=native",
        "CXXFLAGS": "-O3 -march=native",
        "RUSTFLAGS": "-C debuginfo=1 -C target-cpu=native",
    }


def test_checked_turns_on_the_checks_of_c_and_rust() -> None:
    assert profile_environment(CHECKED, RUST, {}) == {
        "CFLAGS": "-O3 -ftrapv",
        "CXXFLAGS": "-O3 -ftrapv -D_GLIBCXX_ASSERTIONS",
        "CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS": "true",
        "CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS": "true",
    }


def test_checked_turns_on_the_checks_of_cython() -> None:
    environment = profile_environment(CHECKED, CYTHON, {})
    assert environment["CYTHON"] == "cython -X boundscheck=True -X overflowcheck=True"


def test_a_variable_with_one_value_replaces_the_users() -> None:
    inherited = {"CARGO_PROFILE_RELEASE_OPT_LEVEL": "2", "CYTHON": "cython3"}
    debug = profile_environment(DEBUG, RUST, inherited)
    checked = profile_environment(CHECKED, CYTHON, inherited)
    assert debug["CARGO_PROFILE_RELEASE_OPT_LEVEL"] == "0"
    assert checked["CYTHON"].split()[0] == "cython"


def test_without_an_environment_given_it_adds_to_this_processs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CFLAGS", "-DMINE")
    assert profile_environment(DEBUG, C)["CFLAGS"] == "-DMINE -O0"
    assert profile_environment(DEBUG, C, {})["CFLAGS"] == "-O0"


def test_the_environment_given_is_left_alone() -> None:
    inherited = {"CFLAGS": "-g"}
    profile_environment(DEBUG, C, inherited)
    assert inherited == {"CFLAGS": "-g"}


@pytest.mark.parametrize(("value", "level"), [("none", "0"), ("O1", "1"), ("O2", "2"), ("O3", "3")])
def test_an_optimisation_level_is_told_to_c_and_to_rust(value: str, level: str) -> None:
    setting = Profile.setting("optimisation", value)
    assert profile_environment(setting, RUST, {"CFLAGS": "-g"}) == {
        "CFLAGS": f"-g -O{level}",
        "CXXFLAGS": f"-O{level}",
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": level,
    }


def test_native_instructions_change_nothing_else_unlike_the_profile_of_that_name() -> None:
    setting = Profile.setting("isa", "native")
    assert profile_environment(setting, CYTHON, {})["CFLAGS"] == "-march=native"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have other names")
def test_the_least_processor_is_named_to_both_kinds_of_compilers() -> None:
    environment = profile_environment(profile_of("isa=baseline"), RUST, {})
    assert environment["CFLAGS"] == "-march=x86-64"
    assert environment["RUSTFLAGS"] == "-C target-cpu=x86-64"


def test_bounds_are_switched_in_cython_and_nowhere_else() -> None:
    environment = profile_environment(profile_of("bounds=checked"), CYTHON, {})
    assert environment == {"CYTHON": "cython -X boundscheck=True"}


def test_every_profile_and_every_setting_is_found_by_its_name() -> None:
    assert [find_profile(name) for name in profile_names()] == [*NAMED, *single_settings()]
    assert len(set(profile_names())) == len(profile_names())


def test_a_name_that_is_no_profiles_finds_none() -> None:
    assert find_profile("fast") is None


def test_a_single_setting_sets_the_factor_of_its_name_and_a_named_profile_is_none() -> None:
    for profile in single_settings():
        (factor,) = profile.sets
        assert (profile.single, profile.name) == (True, f"{factor.name}={factor.value}")
    assert not any(profile.single for profile in NAMED)


@pytest.mark.parametrize(
    ("name", "deaf"),
    [
        ("optimisation=O2", ["python"]),
        ("isa=native", ["python"]),
        ("bounds=checked", ["rust", "python"]),
        ("compiler=gcc", ["rust", "python"]),
        ("native", []),
    ],
)
def test_who_does_not_hear_a_setting_is_skipped_with_a_reason(name: str, deaf: list[str]) -> None:
    found = {p.toolchain: find_deaf(profile_of(name), p) for p in (CYTHON, RUST, PYTHON)}
    assert [toolchain for toolchain, reason in found.items() if reason] == deaf
    for toolchain, reason in found.items():
        if reason is not None:
            factor = name.partition("=")[0]
            assert reason == NotApplicable(factor, toolchain)


def test_a_named_compiler_is_needed_in_place_of_any() -> None:
    assert needs_under(profile_of("compiler=clang"), CYTHON) == ("clang", "python-headers")
    assert needs_under(RELEASE, CYTHON) == CYTHON.needs
    assert needs_under(profile_of("isa=native"), CYTHON) == CYTHON.needs


def test_the_settings_for_code_are_those_of_its_compiler_and_of_its_toolchain() -> None:
    factors = [
        {profile.sets[0].name for profile in settings_for(*code)}
        for code in (("gcc 12.2.0", "cython"), ("rustc", "rust"), ("no such compiler", ""))
    ]
    assert factors == [
        {"optimisation", "isa", "bounds", "compiler"},
        {"optimisation", "isa"},
        set(),
    ]
