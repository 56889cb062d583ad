"""Profiles: compiler settings, applied through the environment and nothing else.

A project's files stay as they are, so what races is what `pip install` would give under the same
variables. Compilers take the last of contradicting flags and every common backend puts the
environment's flags last, so `-O0` wins over a backend's `-O3`.

A profile is a named set of settings, or a single one, written `factor=value`: the same source with
one factor changed, which is what shows the effect of that factor.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum

from whichext.toolchains.settings import TOGGLES, find_toggle


class Profile(StrEnum):
    """A named set of compiler settings."""

    RELEASE = "release"
    """What the project's backend does by itself: what users of a wheel get."""
    NATIVE = "native"
    """Optimised for this very processor; such a wheel may not run on another."""
    DEBUG = "debug"
    """No optimisation: what a bare compiler call or an editable install may give."""
    CHECKED = "checked"
    """Optimised, with bounds and overflow checks on: the price of the checks."""


_ADDED: Mapping[str, Mapping[str, str]] = {
    Profile.RELEASE: {},
    Profile.NATIVE: {
        "CFLAGS": "-O3 -march=native",
        "CXXFLAGS": "-O3 -march=native",
        "RUSTFLAGS": "-C target-cpu=native",
    },
    Profile.DEBUG: {
        "CFLAGS": "-O0",
        "CXXFLAGS": "-O0",
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    },
    Profile.CHECKED: {
        "CFLAGS": "-O3 -ftrapv",
        "CXXFLAGS": "-O3 -ftrapv -D_GLIBCXX_ASSERTIONS",
        # What meson runs as Cython; a directive in the head of a .pyx file wins over it.
        "CYTHON": "cython -X boundscheck=True -X overflowcheck=True",
        "CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS": "true",
        "CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS": "true",
    },
}

_SETS: Mapping[str, Mapping[str, str]] = {
    Profile.RELEASE: {},
    Profile.NATIVE: {"isa": "native"},
    Profile.DEBUG: {"optimisation": "none"},
    Profile.CHECKED: {"assertions": "on", "bounds": "checked", "overflow": "checked"},
}

# These hold lists of flags, so a profile adds to what the user has set; the others hold one value.
_FLAG_LISTS = {"CFLAGS", "CXXFLAGS", "RUSTFLAGS"}


def profile_environment(
    profile: str, needs: tuple[str, ...], inherited: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Variables that the profile sets, with the user's own flags in front.

    Args:
        profile: Name of a `Profile`, or a single setting such as "isa=native".
        needs: What the project needs; without cargo, Rust's variables would say nothing.
        inherited: The environment to add to; by default this process's.

    """
    inherited = os.environ if inherited is None else inherited
    toggle = find_toggle(profile)
    added = _ADDED[Profile(profile)] if toggle is None else toggle.environment
    return {
        name: f"{inherited.get(name, '')} {value}".strip() if name in _FLAG_LISTS else value
        for name, value in added.items()
        if "cargo" in needs or not name.startswith(("RUST", "CARGO"))
    }


def profile_factors(profile: str) -> Mapping[str, str]:
    """The factors that a profile sets by itself, whatever the project: value by name."""
    toggle = find_toggle(profile)
    return _SETS[Profile(profile)] if toggle is None else {toggle.factor: toggle.value}


def profile_names() -> list[str]:
    """All that a profile may be called, the named ones first."""
    return [*Profile, *TOGGLES]
