"""Numba: what it needs, and what it says of a first call."""

from __future__ import annotations

from pathlib import Path

from support.contestants import profile_of
from whichext.model.kernel import Project
from whichext.model.outcome import ToolchainAbsent
from whichext.toolchains import find_lacking
from whichext.toolchains.numba import Numba
from whichext.toolchains.profiles import find_deaf


def test_no_setting_of_a_compiler_is_for_it_since_its_build_compiles_nothing() -> None:
    one = Project(name="p", folder=Path(), module="p", toolchain="numba", needs=(), entries=())
    deaf = find_deaf(profile_of("optimisation=O2"), one)
    assert deaf is not None
    assert (deaf.factor, deaf.toolchain) == ("optimisation", "numba")


def test_a_package_that_is_not_installed_is_what_it_lacks() -> None:
    class Absent(Numba):
        imports = ("numba-that-there-is-not",)

    assert find_lacking(Absent()) == ToolchainAbsent(
        "the Python package numba-that-there-is-not", "pip install numba-that-there-is-not"
    )
