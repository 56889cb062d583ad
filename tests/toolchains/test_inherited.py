"""Variables of the environment that change what a build makes, and the builds that they reach."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.builds import project_in, typed
from whichext.model.outcome import Variable
from whichext.toolchains.inherited import accused, cleaned, inherited, nameless, reaching

CALLS = (typed("gcc -O0 -g -c a.c"), typed("cc -shared a.o -o a.so"), typed("rustc -Copt-level=3"))


def names(environment: dict[str, str]) -> list[str]:
    return [variable.name for variable in inherited(environment)]


@pytest.mark.parametrize(
    "name",
    ["CFLAGS", "CXXFLAGS", "LDFLAGS", "RUSTFLAGS", "CARGO_PROFILE_RELEASE_OPT_LEVEL", "CMAKE_ARGS"],
)
def test_variables_that_toolchains_read_are_inherited(name: str) -> None:
    assert names({name: "-O0", "EDITOR": "vi"}) == [name]


@pytest.mark.parametrize(
    "name", ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "CMAKE_BUILD_PARALLEL_LEVEL"]
)
def test_those_that_say_only_where_or_how_fast_are_not(name: str) -> None:
    assert names({name: "1"}) == []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH, with `cc`, a link to it, another compiler and a cache."""
    for name in ("cc", "clang", "ccache"):
        (tmp_path / name).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "gcc").symlink_to("cc")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("variable", "value", "changes"),
    [
        ("CC", "gcc", False),
        ("CC", "ccache cc", False),
        ("CC", "clang", True),
        ("CC", "cc -m32", True),
        ("CC", "nonsense", True),
        ("RUSTC_WRAPPER", "sccache", False),
        ("RUSTC_WRAPPER", "mine", True),
    ],
)
def test_the_usual_compiler_and_caches_of_compilers_change_nothing(
    variable: str, value: str, changes: bool
) -> None:
    assert names({variable: value}) == [variable] * changes


@pytest.mark.usefixtures("programs")
def test_a_compiler_that_is_not_there_has_no_name() -> None:
    given = (Variable("CC", "nonsense -m64"), Variable("CXX", "clang"), Variable("CFLAGS", "-O0"))
    assert nameless(given) == given[:1]


@pytest.mark.parametrize(
    ("variable", "value", "reaches"),
    [
        ("CFLAGS", "-O0", True),
        ("CFLAGS", "-O0 -g", True),
        ("CFLAGS", "-O1", False),
        ("CFLAGS", "-O0 'open", False),
        ("RUSTFLAGS", "-Copt-level=3", True),
        ("CARGO_ENCODED_RUSTFLAGS", "-Copt-level=3", True),
        ("CC", "gcc", True),
        ("CC", "clang", False),
        ("CPATH", "/include", True),
        ("CARGO_PROFILE_RELEASE_LTO", "true", False),
    ],
)
def test_flags_and_compilers_reach_a_build_that_shows_them(
    tmp_path: Path, variable: str, value: str, reaches: bool
) -> None:
    given = (Variable(variable, value),)
    assert bool(reaching(given, project_in(tmp_path), CALLS)) is reaches


def test_where_no_call_was_seen_it_counts_what_the_toolchain_reads(tmp_path: Path) -> None:
    given = (Variable("CFLAGS", "-O0"), Variable("RUSTFLAGS", "-g"))
    assert reaching(given, project_in(tmp_path), ()) == given[:1]


def test_an_error_accuses_the_variable_whose_flag_it_repeats() -> None:
    given = (Variable("CFLAGS", "-O2 -fnonsense"), Variable("LDFLAGS", "-Wl,-z"))
    assert accused(given, "cc: error: unrecognized option '-fnonsense'") == given[:1]


def test_they_are_gone_meanwhile_and_back_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CFLAGS", "-O0")
    with cleaned():
        assert "CFLAGS" not in os.environ
    assert os.environ["CFLAGS"] == "-O0"
    with cleaned(wanted=False):
        assert os.environ["CFLAGS"] == "-O0"


def test_bytes_that_are_no_text_are_kept_as_signs_for_them() -> None:
    assert inherited({"CFLAGS": "-D\udcff"}) == (Variable("CFLAGS", r"-D\xff"),)
