"""Profiles: which variables each one sets, and what becomes of the user's own."""

from __future__ import annotations

import pytest

from whichext.toolchains.profiles import Profile, profile_environment

C_ONLY, RUST = ("cc",), ("cargo", "cc")


@pytest.mark.parametrize("needs", [C_ONLY, RUST, ()])
def test_release_sets_nothing_so_that_it_is_what_users_of_a_wheel_get(
    needs: tuple[str, ...],
) -> None:
    assert profile_environment("release", needs, {"CFLAGS": "-O2"}) == {}


def test_debug_puts_o0_after_the_users_own_flags_so_that_it_wins() -> None:
    environment = profile_environment("debug", C_ONLY, {"CFLAGS": "-O3 -g", "CXXFLAGS": "-Wall"})
    assert environment == {"CFLAGS": "-O3 -g -O0", "CXXFLAGS": "-Wall -O0"}


def test_without_flags_of_the_user_there_is_no_stray_space() -> None:
    environment = profile_environment("debug", C_ONLY, {})
    assert environment == {"CFLAGS": "-O0", "CXXFLAGS": "-O0"}


@pytest.mark.parametrize("profile", list(Profile))
def test_a_project_without_cargo_gets_no_variable_of_rust(profile: Profile) -> None:
    environment = profile_environment(profile, C_ONLY, {})
    assert [name for name in environment if name.startswith(("RUST", "CARGO"))] == []


def test_debug_turns_cargos_optimisation_off() -> None:
    environment = profile_environment("debug", RUST, {})
    assert environment["CARGO_PROFILE_RELEASE_OPT_LEVEL"] == "0"


def test_native_targets_this_processor_in_c_and_in_rust() -> None:
    environment = profile_environment("native", RUST, {"RUSTFLAGS": "-C debuginfo=1"})
    assert environment == {
        "CFLAGS": "-O3 -march=native",
        "CXXFLAGS": "-O3 -march=native",
        "RUSTFLAGS": "-C debuginfo=1 -C target-cpu=native",
    }


def test_checked_turns_on_the_checks_of_c_cython_and_rust() -> None:
    environment = profile_environment("checked", RUST, {})
    assert environment == {
        "CFLAGS": "-O3 -ftrapv",
        "CXXFLAGS": "-O3 -ftrapv -D_GLIBCXX_ASSERTIONS",
        "CYTHON": "cython -X boundscheck=True -X overflowcheck=True",
        "CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS": "true",
        "CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS": "true",
    }


def test_a_variable_with_one_value_replaces_the_users() -> None:
    inherited = {"CARGO_PROFILE_RELEASE_OPT_LEVEL": "2", "CYTHON": "cython3"}
    debug = profile_environment("debug", RUST, inherited)
    checked = profile_environment("checked", RUST, inherited)
    assert (debug["CARGO_PROFILE_RELEASE_OPT_LEVEL"], checked["CYTHON"].split()[0]) == (
        "0",
        "cython",
    )


def test_without_an_environment_given_it_adds_to_this_processs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CFLAGS", "-DMINE")
    assert profile_environment("debug", C_ONLY)["CFLAGS"] == "-DMINE -O0"


def test_an_empty_environment_given_is_not_taken_for_none_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CFLAGS", "-DMINE")
    assert profile_environment("debug", C_ONLY, {})["CFLAGS"] == "-O0"


def test_the_environment_given_is_left_alone() -> None:
    inherited = {"CFLAGS": "-g"}
    profile_environment("debug", C_ONLY, inherited)
    assert inherited == {"CFLAGS": "-g"}


def test_a_name_that_is_no_profile_is_an_error() -> None:
    with pytest.raises(ValueError, match="'fast' is not a valid Profile"):
        profile_environment("fast", C_ONLY, {})
