"""Profiles and single settings: what they tell a project's toolchains, and which are deaf."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from support.contestants import make_contestant, profile_of
from whichext.model.contestant import NAMED, RELEASE, Profile
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.toolchains.profiles import (
    Telling,
    find_deaf,
    find_profile,
    needs_under,
    profile_names,
    settings_for,
    single_settings,
    telling_of,
    variables_for,
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


def flags_of(name: str, one: Project) -> dict[str, str]:
    """What is appended under a profile, by the toolchain."""
    profile = find_profile(name)
    assert profile is not None
    return {name: " ".join(flags) for name, flags in telling_of(profile, one).flags.items()}


@pytest.mark.parametrize("one", [C, RUST, PYTHON])
def test_release_is_told_nothing_so_that_it_is_what_users_of_a_wheel_get(one: Project) -> None:
    assert telling_of(RELEASE, one) == Telling()


@pytest.mark.parametrize("profile", NAMED)
def test_a_project_that_compiles_nothing_is_told_nothing(profile: Profile) -> None:
    assert telling_of(profile, PYTHON) == Telling()


@pytest.mark.parametrize("one", [C, RUST, STRANGE], ids=lambda one: one.toolchain)
def test_flags_are_for_all_compilers_since_a_crate_may_compile_c_as_well(one: Project) -> None:
    expected = {"c": "-O0", "c++": "-O0", "fortran": "-O0", "rust": "-C opt-level=0"}
    assert flags_of("debug", one) == expected


@pytest.mark.parametrize("profile", NAMED)
def test_a_named_profile_sets_no_variable_so_that_those_of_the_user_stay(profile: Profile) -> None:
    assert [telling_of(profile, one).variables for one in (C, CYTHON, RUST)] == [{}] * 3


def test_a_named_compiler_is_set_for_projects_that_need_one() -> None:
    assert telling_of(profile_of("compiler=clang"), C).variables == {
        "CC": "clang",
        "CXX": "clang++",
    }
    assert telling_of(profile_of("compiler=clang"), project("rust", "cargo")).variables == {}


def test_native_targets_this_processor_in_c_and_in_rust() -> None:
    assert flags_of("native", RUST) == {
        "c": "-O3 -march=native",
        "c++": "-O3 -march=native",
        "fortran": "-O3 -march=native",
        "rust": "-C target-cpu=native",
    }


def test_checked_turns_on_the_checks_of_all() -> None:
    assert flags_of("checked", CYTHON) == {
        "cython": "-X boundscheck=True -X overflowcheck=True",
        "c": "-O3 -ftrapv -D_GLIBCXX_ASSERTIONS",
        "c++": "-O3 -ftrapv -D_GLIBCXX_ASSERTIONS",
        "fortran": "-O3 -ftrapv",
        "rust": "-C overflow-checks=on -C debug-assertions=on",
    }


@pytest.mark.parametrize(("value", "level"), [("none", "0"), ("O1", "1"), ("O2", "2"), ("O3", "3")])
def test_an_optimisation_level_is_told_to_c_and_to_rust(value: str, level: str) -> None:
    flags = flags_of(f"optimisation={value}", RUST)
    assert (flags["c"], flags["rust"]) == (f"-O{level}", f"-C opt-level={level}")


def test_native_instructions_change_nothing_else_unlike_the_profile_of_that_name() -> None:
    assert flags_of("isa=native", CYTHON)["c"] == "-march=native"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have other names")
def test_the_least_processor_is_named_to_both_kinds_of_compilers() -> None:
    flags = flags_of("isa=baseline", RUST)
    assert (flags["c"], flags["rust"]) == ("-march=x86-64", "-C target-cpu=x86-64")


def test_bounds_are_switched_in_cython_and_nowhere_else() -> None:
    assert flags_of("bounds=checked", CYTHON) == {"cython": "-X boundscheck=True"}


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
        ("native", ["python"]),
        ("release", []),
    ],
)
def test_who_does_not_hear_a_setting_is_skipped_with_a_reason(name: str, deaf: list[str]) -> None:
    found = {p.toolchain: find_deaf(profile_of(name), p) for p in (CYTHON, RUST, PYTHON)}
    assert [toolchain for toolchain, reason in found.items() if reason] == deaf
    for toolchain, reason in found.items():
        if reason is not None:
            (factor, *_) = profile_of(name).sets
            assert reason == NotApplicable(factor.name, toolchain)


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


@pytest.mark.parametrize("name", ["rust.f", "python.f@native", "numpy", "limit"])
def test_what_is_compiled_in_its_build_is_called_without_variables(name: str) -> None:
    assert variables_for(make_contestant(name), Path("kept")) == {}
