"""Zig as the compiler of C and C++: how it is found, and the scripts that stand before it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from whichext.model.outcome import Tool
from whichext.toolchains import find_missing, tool_versions, zig
from whichext.toolchains.zig import find_refused, find_zig, stands_in, zig_version

VERSION = "clang version 22.1.8 (zig 0.17.1)"
FAKE = """#!/bin/sh
case "$*" in
  "cc --version") echo "clang version 22.1.8"; echo "Target: x86_64" ;;
  version) echo 0.17.1 ;;
  *) echo "$ZIG_LOCAL_CACHE_DIR|$*" ;;
esac
"""
NO_FRAMES = "-Xclang -mframe-pointer=none"
ALWAYS = "-mcpu=baseline -UNDEBUG -fno-sanitize=undefined -fno-stack-protector"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel whose program prints what it was called with."""
    program = tmp_path / "site" / "ziglang" / "zig"
    program.parent.mkdir(parents=True)
    (program.parent / "__init__.py").touch()
    program.write_text(FAKE, "utf-8")
    program.chmod(0o755)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return program


@pytest.fixture
def scripts(wheel: Path, tmp_path: Path) -> Path:
    """The folder of the scripts."""
    found = find_zig()
    assert found is not None
    assert found.program == wheel
    folder = tmp_path / "bin"
    folder.mkdir()
    found.write(folder)
    return folder


def called(scripts: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([scripts / name, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("flags", "given"),
    [
        # Zig's own driver makes -O2 of this, and NDEBUG with it.
        ("-O3 -c a.c", f"{NO_FRAMES} -O3 -c a.c -Xclang -O3 -g0"),
        ("-O2 -DNDEBUG -c a.c", f"{NO_FRAMES} -O2 -DNDEBUG -c a.c -g0"),
        (
            "-O1 -c a.c",
            f"{NO_FRAMES} -O1 -c a.c -Xclang -O1 -fno-vectorize -fno-slp-vectorize -g0",
        ),
        (
            "-O -c a.c",
            f"{NO_FRAMES} -O -c a.c -Xclang -O1 -fno-vectorize -fno-slp-vectorize -g0",
        ),
        ("-Os -c a.c", f"{NO_FRAMES} -Os -c a.c -g0"),
        ("-Oz -c a.c", f"{NO_FRAMES} -Oz -c a.c -Xclang -Oz -g0"),
        ("-Ofast -c a.c", f"{NO_FRAMES} -Ofast -c a.c -Xclang -O3 -ffast-math -g0"),
        ("-c a.c", "-c a.c -g0"),
        ("-O3 -O0 -g -c a.c", "-O3 -O0 -g -c a.c"),
        (
            "-O2 -fno-omit-frame-pointer -c a.c",
            "-O2 -fno-omit-frame-pointer -c a.c -g0",
        ),
        ("-c a.c -march=native", "-c a.c -march=native -g0"),
        ("-c a.c -march=x86-64-v3", "-c a.c -march=x86_64_v3 -g0"),
        ("-c a.c -march=armv8-a", "-c a.c -mcpu=baseline -g0"),
        # Which would choose its instructions, too.
        ("-c a.c -mtune=haswell", "-c a.c -Xclang -tune-cpu -Xclang haswell -g0"),
        (
            "-c a.c -D_GLIBCXX_ASSERTIONS",
            "-c a.c -U_LIBCPP_HARDENING_MODE "
            "-D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE -g0",
        ),
        # Its own parts have symbols for a debugger, whatever the flags.
        ("-shared a.o -o a.so", "-shared a.o -o a.so -g0 -Wl,--strip-debug"),
        ("-g -shared a.o -o a.so", "-g -shared a.o -o a.so"),
    ],
)
def test_flags_are_what_they_are_to_clang(scripts: Path, flags: str, given: str) -> None:
    ended = called(scripts, "cc", *flags.split())
    assert ended.stdout == f"{scripts}/objects|cc {ALWAYS} {given}\n"


def test_words_with_blanks_stay_whole(scripts: Path) -> None:
    words = ("-DNAME='a  b'", "-Ia  $HOME *")
    assert f"c++ {ALWAYS} {' '.join(words)}" in called(scripts, "c++", *words).stdout


@pytest.mark.parametrize("name", ["cc", "c++"])
def test_the_scripts_say_both_versions(scripts: Path, name: str) -> None:
    assert called(scripts, name, "--version").stdout == f"{VERSION}\n"


def test_archives_are_zigs_as_well(scripts: Path) -> None:
    assert called(scripts, "ar", "crs", "a.a", "a.o").stdout.endswith("|ar crs a.a a.o\n")
    assert called(scripts, "ranlib", "a.a").stdout.endswith("|ranlib a.a\n")


@pytest.mark.parametrize("flag", ["-fopenmp", "-fopenmp=libomp", "-qopenmp", "-mtune=native"])
def test_what_zig_does_not_have_is_refused_and_not_left_out(scripts: Path, flag: str) -> None:
    ended = called(scripts, "cc", flag, "-c", "a.c")
    assert (ended.returncode, ended.stderr.split()[-1]) == (1, flag)


def test_scripts_do_not_depend_on_where_the_wheel_lies(scripts: Path, tmp_path: Path) -> None:
    assert str(tmp_path) not in (scripts / "cc").read_text("utf-8")


# How it is found


@pytest.mark.usefixtures("wheel")
def test_the_version_names_zig_and_its_clang() -> None:
    assert zig_version() == VERSION


def test_without_the_wheel_there_is_no_zig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zig, "find_spec", lambda _: None)
    assert (find_zig(), zig_version()) == (None, None)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a compiler."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("CC", "CXX"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.usefixtures("wheel", "bare")
def test_where_no_c_compiler_is_found_it_stands_in() -> None:
    assert stands_in() == {"cc", "c++"}
    assert find_missing(("cc", "c++")) is None
    assert tool_versions(("cc", "c++")) == (Tool("cc", VERSION), Tool("c++", VERSION))


@pytest.mark.usefixtures("wheel", "bare")
def test_it_does_not_stand_in_for_a_compiler_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "nonsense")
    assert stands_in() == frozenset()


@pytest.mark.usefixtures("wheel")
def test_it_does_not_stand_in_beside_a_c_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gcc").write_text("#!/bin/sh\n", "utf-8")
    (tmp_path / "gcc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert stands_in() == frozenset()


# What becomes of OpenMP


@pytest.mark.parametrize(
    "error",
    [
        f"cc: error: {zig.REFUSAL} -fopenmp",
        'meson.build:75:9: ERROR: Dependency lookup for OpenMP with method "system" not found',
        "  Could NOT find OpenMP_C (missing: OpenMP_C_FLAGS)",
        "a.c:1:10: fatal error: 'omp.h' file not found",
    ],
)
def test_a_build_that_fails_without_openmp_is_one_that_zig_cannot_make(error: str) -> None:
    lack = find_refused(error, (Tool("cc", VERSION),))
    assert lack is not None
    assert (lack.what, lack.remedy) == snapshot(
        (
            "OpenMP, which the compiler zig does not have",
            "build it with gcc, or with a clang that has OpenMP",
        )
    )
    assert find_refused(error, (Tool("cc", "cc (Debian 12.2.0-14) 12.2.0"),)) is None


def test_other_errors_are_the_projects_own() -> None:
    assert find_refused("a.c:1:1: error: unknown type", (Tool("cc", VERSION),)) is None
