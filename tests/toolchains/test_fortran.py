"""Fortran's compilers are recorded and read as C's are."""

from __future__ import annotations

import pytest

from support.builds import typed
from whichext.audit.reading import gather
from whichext.model.contestant import Profile
from whichext.toolchains import find_toolchain
from whichext.toolchains.c_reading import compiler_name
from whichext.toolchains.calls import Told
from whichext.toolchains.fortran import Fortran

GFORTRAN = "GNU Fortran (Debian 12.2.0-14+deb12u1) 12.2.0"


@pytest.mark.parametrize("suffix", ["f90", "F90", "f", "for", "f77", "f08"])
def test_a_source_in_fortran_has_a_level_of_its_own(suffix: str) -> None:
    lines = (
        "cc -O3 -c binding.c -o binding.o",
        f"gfortran -O1 -c loop.{suffix} -o loop.o",
        "cc -shared binding.o loop.o -o fast.so",
    )
    compiled = gather(tuple(map(typed, lines)), ("fast.so",))
    found = {one.settings.language: (one.settings.level, one.sources) for one in compiled}
    assert found == {"c": ("3", ("binding.c",)), "fortran": ("1", (f"loop.{suffix}",))}


def test_its_compiler_may_link_what_others_compiled() -> None:
    lines = ("cc -O2 -c a.c -o a.o", "gfortran -shared a.o loop.f90 -O3 -o fast.so")
    compiled = gather(tuple(map(typed, lines)), ("fast.so",))
    assert {one.settings.language for one in compiled} == {"c", "fortran"}


def test_gccs_fortran_is_gcc_since_what_generates_the_code_is_the_same() -> None:
    assert compiler_name(GFORTRAN, "gfortran") == "gcc 12.2.0"
    assert compiler_name("flang-new version 19.1.1", "flang-new") == "flang-new 19.1.1"


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        ("gfortran", True),
        ("x86_64-linux-gnu-gfortran-12", True),
        ("flang-new", True),
        ("f95", True),
        ("gcc", False),
        ("f2py", False),
    ],
)
def test_calls_of_its_compilers_are_recorded(name: str, recorded: bool) -> None:
    programs = Fortran.recorded.programs
    assert programs is not None
    assert bool(programs.fullmatch(name)) is recorded


def test_which_compiler_c_has_says_nothing_about_fortrans() -> None:
    assert Fortran().told(Profile.setting("compiler", "clang")) is None
    assert Fortran().told(Profile.setting("optimisation", "O2")) == Told(flags=("-O2",))


def test_a_project_may_declare_it() -> None:
    assert isinstance(find_toolchain("fortran"), Fortran)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [("__loops_MOD_add_up", "loops::add_up"), ("add_up_", None), ("__libc_start", None)],
)
def test_a_function_of_a_module_has_its_name(symbol: str, name: str | None) -> None:
    assert Fortran().readable(symbol, "fast") == name
