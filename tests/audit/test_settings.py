"""From what compilers are told to the settings that count."""

from __future__ import annotations

import pytest

from compiled import typed
from whichext.audit.calls import CCall, RustcCall, read_calls
from whichext.audit.settings import c_settings, compiler_name, rust_settings
from whichext.model.evidence import Language, Settings


def call_of(line: str) -> CCall:
    (call,) = read_calls((typed(line),))
    assert isinstance(call, CCall)
    return call


def of_c(flags: str) -> Settings:
    return c_settings(call_of(f"cc {flags} -c a.c -o a.o"), Language.C)


def of_rust(flags: str) -> Settings:
    (call,) = read_calls((typed(f"rustc --crate-name fast --crate-type cdylib {flags}"),))
    assert isinstance(call, RustcCall)
    return rust_settings(call)


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
    ("flags", "level"),
    [
        ("", "0"),
        ("-C opt-level=3", "3"),
        ("-Copt-level=2", "2"),
        ("--codegen opt-level=s", "s"),
        ("--codegen=opt-level=3 -C opt_level=1", "1"),
        ("-O", "3"),
    ],
)
def test_a_level_of_rustc_is_read_however_it_is_written(flags: str, level: str) -> None:
    assert of_rust(flags).level == level


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
    ("flags", "isa"),
    [
        ("-C target-cpu=native", ("native",)),
        ("-C target-cpu=x86-64-v3", ("x86-64-v3",)),
        ("-C target-cpu=x86-64", ()),
        ("-C target-feature=+avx2,-sse4a,+fma", ("avx2", "fma")),
    ],
)
def test_instructions_of_rust_have_the_names_that_c_has(flags: str, isa: tuple[str, ...]) -> None:
    assert of_rust(flags).isa == isa


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
    ("flags", "on"), [("-C debuginfo=2", True), ("-g", True), ("-C debuginfo=0", False)]
)
def test_symbols_of_rust_are_on_when_they_are_asked_for(flags: str, on: bool) -> None:
    assert of_rust(flags).debug_symbols is on


@pytest.mark.parametrize(
    ("flags", "lto"),
    [("-flto", "on"), ("-flto=thin", "thin"), ("-flto -fno-lto", None), ("-flto=auto", "on")],
)
def test_c_says_whether_it_optimises_when_linking(flags: str, lto: str) -> None:
    assert of_c(flags).lto == lto


@pytest.mark.parametrize(
    ("flags", "lto"), [("-C lto", "fat"), ("-C lto=thin", "thin"), ("-C lto=off", None), ("", None)]
)
def test_rust_says_whether_it_optimises_when_linking(flags: str, lto: str) -> None:
    assert of_rust(flags).lto == lto


def test_sanitizers_are_those_that_are_on_in_the_end() -> None:
    found = of_c("-fsanitize=address,undefined -fno-sanitize=undefined").sanitizers
    assert (found, of_rust("-Zsanitizer=address").sanitizers) == (("address",), ("address",))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", "gcc 12.2.0"),
        ("gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3)", "gcc 14.2.1"),
        ("x86_64-linux-gnu-g++-13 (Ubuntu 13.2.0-4) 13.2.0", "gcc 13.2.0"),
        ("Debian clang version 14.0.6", "clang 14.0.6"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "clang 15.0.0"),
        ("rustc 1.95.0 (59807616e 2026-04-14)", "rustc 1.95.0"),
        ("strange 7.1", "tcc 7.1"),
        ("unknown: no such file", "tcc ?"),
    ],
)
def test_a_compiler_has_its_makers_name_whatever_it_was_called_by(line: str, name: str) -> None:
    assert compiler_name(line, "tcc") == name
