"""From what compilers are told to the settings that count."""

from __future__ import annotations

import pytest

from support.builds import typed
from whichext.model.evidence import Settings
from whichext.toolchains.c import C
from whichext.toolchains.c_reading import compiler_name


def of_c(flags: str) -> Settings:
    """How the one source of a library was compiled with these flags."""
    (part,) = C().trace((typed(f"cc {flags} -shared a.c -o fast.so"),), frozenset({"fast.so"}))
    return part[0]


@pytest.mark.parametrize(
    ("flags", "level", "told"),
    [
        ("", "0", ""),
        ("-O", "1", "-O"),
        ("-O3", "3", "-O3"),
        ("-O3 -O0", "0", "-O3 -O0"),
        ("-O0 -O2", "2", "-O0 -O2"),
        ("-Ofast", "fast", "-Ofast"),
        ("-Os", "s", "-Os"),
        ("-O9", "3", "-O9"),
    ],
)
def test_the_last_level_that_c_is_told_counts(flags: str, level: str, told: str) -> None:
    assert (of_c(flags).level, of_c(flags).told) == (level, told)


@pytest.mark.parametrize(
    ("flags", "isa"),
    [
        ("", ()),
        ("-march=native", ("native",)),
        ("-march=native -march=x86-64", ()),
        ("-mtune=native -m64", ()),
        ("-mavx2 -mfma", ("avx2", "fma")),
        ("-mavx512f -mavx512bw -mno-avx512bw", ("avx512f",)),
        ("-mcpu=neoverse-v1", ("neoverse-v1",)),
    ],
)
def test_instructions_of_c_are_what_is_on_in_the_end(flags: str, isa: tuple[str, ...]) -> None:
    assert of_c(flags).isa == isa


@pytest.mark.parametrize(
    ("flags", "on"),
    [
        ("-fopenmp", True),
        ("-fopenmp=libomp", True),
        ("-fopenmp -fno-openmp", False),
        ("-Xclang -fopenmp", True),
        ("-fopenmp-simd", False),
        ("-lgomp", False),
    ],
)
def test_openmp_is_on_when_the_compiler_was_told_so(flags: str, on: bool) -> None:
    assert of_c(flags).openmp is on


@pytest.mark.parametrize(
    ("flags", "on"), [("-g", True), ("-g3", True), ("-ggdb", True), ("-g -g0", False), ("", False)]
)
def test_symbols_of_c_are_on_when_the_last_flag_says_so(flags: str, on: bool) -> None:
    assert of_c(flags).debug_symbols is on


@pytest.mark.parametrize(
    ("flags", "lto"),
    [("-flto", "on"), ("-flto=thin", "thin"), ("-flto -fno-lto", None), ("-flto=auto", "on")],
)
def test_c_says_whether_it_optimises_when_linking(flags: str, lto: str) -> None:
    assert of_c(flags).lto == lto


def test_sanitizers_are_those_that_are_on_in_the_end() -> None:
    found = of_c("-fsanitize=address,undefined -fno-sanitize=undefined")
    assert found.sanitizers == ("address",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", "gcc 12.2.0"),
        ("gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3)", "gcc 14.2.1"),
        ("x86_64-linux-gnu-g++-13 (Ubuntu 13.2.0-4) 13.2.0", "gcc 13.2.0"),
        ("Debian clang version 14.0.6", "clang 14.0.6"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "clang 15.0.0"),
        ("strange 7.1", "tcc 7.1"),
        ("unknown: no such file", "tcc ?"),
    ],
)
def test_a_compiler_has_its_makers_name_whatever_it_was_called_by(line: str, name: str) -> None:
    assert compiler_name(line, "tcc") == name


@pytest.mark.parametrize(
    "words",
    [
        "-Wl,-soname,libfast.so.2",
        "-Wl,-soname=libfast.so.2",
        "-Wl,--as-needed,--soname,libfast.so.2",
        "-Xlinker -soname -Xlinker libfast.so.2",
        "-Wl,-h,libfast.so.2",
    ],
)
def test_a_library_of_a_version_is_in_a_wheel_by_the_name_that_it_is_loaded_by(words: str) -> None:
    commands = (
        typed("cc -O1 -c a.c -o a.o"),
        typed(f"cc -shared a.o {words} -o libfast.so.2.8.0"),
        typed("c++ -O2 -shared b.cpp -o fast.so"),
    )
    found = C().trace(commands, frozenset({"fast.so", "libfast.so.2"}))
    assert [(source, settings.level) for settings, source in found] == [
        ("a.c", "1"),
        ("b.cpp", "2"),
    ]
    assert list(C().links(commands)) == ["libfast.so.2", "fast.so"]
