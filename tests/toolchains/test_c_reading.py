"""Further settings that a C compiler's flags say, and that are factors."""

from __future__ import annotations

import pytest

from support.builds import typed
from whichext.model.evidence import NOT_KNOWN, Settings
from whichext.toolchains.c import C
from whichext.toolchains.flags import ASSERTIONS, C_API, FLAGS, MATH, OVERFLOW, PGO, TUNING

CLANG, TCC = "clang version 16.0.6", "tcc version 0.9.27 (x86_64 Linux)"
ICX = "Intel(R) oneAPI DPC++/C++ Compiler 2024.0.0 (2024.0.0.20231017)"


def of_c(flags: str, program: str = "cc", version: str = "", linking: str = "") -> Settings:
    """How the one source of a library was compiled with these flags, and linked with others."""
    compiled = typed(f"{program} {flags} -c a.c -o a.o", version=version)
    linked = typed(f"{program} {linking} -shared a.o -o fast.so", version=version)
    ((settings, _),) = C().trace((compiled, linked), frozenset({"fast.so"}))
    return settings


def test_zig_is_named_with_its_own_version_and_that_of_its_clang() -> None:
    version = "clang version 22.1.8 (zig 0.17.1)"
    assert of_c("-O3", version=version).compiler == "zig 0.17.1 (clang 22.1.8)"


PARTS = (
    "-fno-math-errno -funsafe-math-optimizations -ffinite-math-only -fcx-limited-range "
    "-fno-signed-zeros -fno-trapping-math -fassociative-math -freciprocal-math"
)


@pytest.mark.parametrize(
    ("flags", "math"),
    [
        ("-O3", "strict"),
        ("-ffast-math", "fast"),
        ("-Ofast", "fast"),
        (PARTS, "fast"),
        ("-Ofast -O3", "strict"),
        ("-O3 -Ofast -fno-fast-math", "strict"),
        ("-ffast-math -fno-fast-math", "strict"),
        ("-fno-math-errno", "no-math-errno"),
        ("-fno-math-errno -fmath-errno", "strict"),
        ("-fno-trapping-math -fno-math-errno", "no-math-errno, no-trapping-math"),
        ("-ffinite-math-only", "finite-math-only"),
        (
            "-funsafe-math-optimizations",
            "associative-math, no-signed-zeros, no-trapping-math, reciprocal-math, "
            "unsafe-math-optimizations",
        ),
        (
            "-ffast-math -fno-finite-math-only",
            "associative-math, cx-limited-range, no-math-errno, no-signed-zeros, "
            "no-trapping-math, reciprocal-math, unsafe-math-optimizations",
        ),
        ("-ffp-contract=fast -ffp-contract=off", "fp-contract=off"),
        ("-ffast-math -frounding-math", "fast, rounding-math"),
        ("-Xclang -ffast-math", "fast"),
    ],
)
def test_liberties_with_numbers_are_one_factor(flags: str, math: str) -> None:
    assert of_c(flags).value_of(MATH) == math


@pytest.mark.parametrize(
    ("flags", "math"), [("-O2", NOT_KNOWN), ("-fp-model=precise -fno-fast-math", "strict")]
)
def test_a_compiler_that_takes_liberties_by_itself_is_not_called_strict(
    flags: str, math: str
) -> None:
    assert of_c(flags, "icx", ICX).value_of(MATH) == math


@pytest.mark.parametrize(
    ("flags", "value"),
    [
        ("", "on"),
        ("-DNDEBUG", "off"),
        ("-D NDEBUG", "off"),
        ("-DNDEBUG=1", "off"),
        ("-DNDEBUG -UNDEBUG", "on"),
        ("-DNDEBUG -D_GLIBCXX_ASSERTIONS", "the C++ library's"),
    ],
)
def test_assertions_are_in_unless_they_are_defined_away(flags: str, value: str) -> None:
    assert of_c(flags).value_of(ASSERTIONS) == value


@pytest.mark.parametrize(
    ("flags", "value"),
    [
        ("", "undefined"),
        ("-fwrapv", "wraps"),
        ("-fno-strict-overflow", "wraps"),
        ("-fwrapv -fno-wrapv", "undefined"),
        ("-fwrapv -ftrapv", "checked"),
        ("-ftrapv -fno-trapv", "undefined"),
    ],
)
def test_the_last_flag_says_what_becomes_of_an_overflow(flags: str, value: str) -> None:
    assert of_c(flags).value_of(OVERFLOW) == value


@pytest.mark.parametrize(
    ("flags", "name", "value"),
    [
        ("-mtune=native -mtune=generic", TUNING, "generic"),
        ("-march=native", TUNING, "default"),
        ("-fprofile-use=/data", PGO, "used"),
        ("-fprofile-instr-use=a.profdata", PGO, "used"),
        ("-fauto-profile", PGO, "used"),
        ("-fprofile-generate", PGO, "collecting"),
        ("--coverage", PGO, "collecting"),
        ("", PGO, "none"),
        ("-DPy_LIMITED_API=0x030b0000", C_API, "limited 0x030b0000"),
        ("", C_API, "full"),
    ],
)
def test_each_further_setting_has_a_word_also_where_nothing_is_said(
    flags: str, name: str, value: str
) -> None:
    assert of_c(flags).value_of(name) == value


@pytest.mark.parametrize(
    ("flags", "others"),
    [
        ("-O3 -g -fPIC -Wall -pipe -I include -DMODULE=1 -D_fast_EXPORTS", ""),
        ("-fno-strict-aliasing -funroll-loops", "-fno-strict-aliasing -funroll-loops"),
        ("-fno-strict-aliasing -fstrict-aliasing", "-fstrict-aliasing"),
        ("--param max-unroll-times=4", "--param=max-unroll-times=4"),
        ("-mprefer-vector-width=512 -mavx2 -march=native", "-mprefer-vector-width=512"),
        ("-std=c11", "-std=c11"),
        ("-D_FORTIFY_SOURCE=2 -D_GNU_SOURCE", "-D_FORTIFY_SOURCE=2"),
        ("-DCYTHON_CLINE_IN_TRACEBACK=0", "-DCYTHON_CLINE_IN_TRACEBACK=0"),
        ("-ffast-math -fno-math-errno -fwrapv -flto -fopenmp", ""),
        ("-Ofast", "-fallow-store-data-races"),
    ],
)
def test_all_other_flags_that_may_change_the_code_are_kept(flags: str, others: str) -> None:
    assert of_c(flags).value_of(FLAGS) == others


def test_what_gcc_adds_with_its_fastest_level_clang_does_not() -> None:
    assert of_c("-Ofast", "clang", CLANG).value_of(FLAGS) == ""


@pytest.mark.parametrize(("linking", "lto"), [("", "on"), ("-flto", "on"), ("-fno-lto", None)])
def test_a_linker_may_be_kept_from_optimising(linking: str, lto: str | None) -> None:
    assert of_c("-flto", linking=linking).lto == lto


@pytest.mark.parametrize(("flags", "told"), [("-O2", "-O2 ignored"), ("", "")])
def test_a_compiler_without_levels_has_none_whatever_it_is_given(flags: str, told: str) -> None:
    settings = of_c(flags, "tcc", TCC)
    assert (settings.compiler, settings.level, settings.told) == ("tcc 0.9.27", "0", told)


def test_a_compiler_that_optimises_by_itself_is_not_called_unoptimised() -> None:
    assert of_c("", "icx", ICX).level == "2"
