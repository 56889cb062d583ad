"""Noting what compilers are told, with programs that only look like compilers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.programs import call, environment, write_program
from whichext.build.recorder import Recorder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for programs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """A recorder whose folder has a blank in its name, as a user's cache may."""
    return Recorder(tmp_path / "a recorder")


@pytest.mark.parametrize("name", ["cc", "g++", "clang-16", "x86_64-linux-gnu-gcc-12", "gcc-ar"])
def test_a_compiler_is_called_and_what_it_was_told_is_noted(
    programs: Path, recorder: Recorder, name: str, tmp_path: Path
) -> None:
    real = write_program(programs, name, status=3)
    ended = call(recorder.environment(environment(programs)), name, "-c", "a b.c", "", cwd=tmp_path)
    (command,) = recorder.commands()
    assert (ended.stdout, ended.returncode) == (f"{name} -c a b.c \n", 3)
    assert (command.program, command.arguments) == (str(real), ("-c", "a b.c", ""))
    assert command.directory == str(tmp_path)


def test_what_is_no_compiler_is_not_touched(programs: Path, recorder: Recorder) -> None:
    write_program(programs, "ninja")
    call(recorder.environment(environment(programs)), "ninja", "cc")
    assert recorder.commands() == ()


def test_a_compiler_says_its_version_once_and_for_all(programs: Path, recorder: Recorder) -> None:
    write_program(programs, "gcc")
    call(recorder.environment(environment(programs)), "gcc", "-c", "a.c")
    assert [command.version for command in recorder.commands()] == ["gcc 1.2.3"]


def test_a_compiler_named_by_its_whole_path_is_noted_with_the_arguments_of_its_variable(
    programs: Path, recorder: Recorder
) -> None:
    real = write_program(programs, "odd-compiler")
    changed = recorder.environment(environment(programs, CC=f"{real} -m64"))
    assert call(changed, "sh", "-c", 'eval "$CC -c a.c"').stdout == "odd-compiler -m64 -c a.c\n"
    assert [c.program for c in recorder.commands()] == [str(real)]


def test_a_compiler_named_by_its_bare_name_stays_as_it_was_named(
    programs: Path, recorder: Recorder
) -> None:
    changed = recorder.environment(environment(programs, CC="gcc -m64"))
    assert changed["CC"] == "gcc -m64"


def test_a_compiler_of_the_builds_own_environment_wins_as_it_would_without_us(
    programs: Path, recorder: Recorder, tmp_path: Path
) -> None:
    write_program(programs, "cc")
    changed = recorder.environment(environment(programs))
    shims, _, rest = changed["PATH"].partition(os.pathsep)
    nearer = tmp_path / "nearer"
    real = write_program(nearer, "cc")
    changed["PATH"] = os.pathsep.join((shims, str(nearer), rest))
    call(changed, "cc", "-c", "a.c")
    assert [command.program for command in recorder.commands()] == [str(real)]


def test_rustc_is_called_as_cargo_calls_it(programs: Path, recorder: Recorder) -> None:
    rustc = write_program(programs, "rustc")
    changed = recorder.environment(environment(programs))
    ended = call(changed, changed["RUSTC_WRAPPER"], str(rustc), "--crate-name", "fast")
    assert ended.stdout == "rustc --crate-name fast\n"
    assert [(c.program, c.arguments) for c in recorder.commands()] == [
        (str(rustc), ("--crate-name", "fast"))
    ]


def test_a_wrapper_of_rustc_that_the_user_has_set_still_wraps_it(
    programs: Path, recorder: Recorder
) -> None:
    wrapper = write_program(programs, "my-cache")
    changed = recorder.environment(environment(programs, RUSTC_WRAPPER=str(wrapper)))
    ended = call(changed, changed["RUSTC_WRAPPER"], "rustc", "-O")
    assert ended.stdout == "my-cache rustc -O\n"


def test_a_compiler_cache_does_not_find_the_recorder_where_it_looks_for_the_compiler(
    programs: Path, recorder: Recorder
) -> None:
    write_program(programs, "gcc")
    cache = write_program(programs, "ccache")
    cache.write_text('#!/bin/sh\nexec "$@"\n')
    ended = call(recorder.environment(environment(programs)), "ccache", "gcc", "-c", "a.c")
    assert ended.stdout == "gcc -c a.c\n"
    (command,) = recorder.commands()
    assert (Path(command.program).name, command.arguments) == ("gcc", ("-c", "a.c"))


def test_calls_at_the_same_time_do_not_mix(programs: Path, recorder: Recorder) -> None:
    write_program(programs, "cc")
    changed = recorder.environment(environment(programs))
    names = [f"{number}.c" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: call(changed, "cc", *[name] * 200), names))
    assert {c.arguments for c in recorder.commands()} == {(name,) * 200 for name in names}


def test_words_in_a_response_file_are_words_of_the_call(
    programs: Path, recorder: Recorder, tmp_path: Path
) -> None:
    write_program(programs, "cc")
    (tmp_path / "words.rsp").write_text("-O2 'a b.c'")
    changed = recorder.environment(environment(programs))
    call(changed, "cc", "@words.rsp", "@absent.rsp", cwd=tmp_path)
    assert [c.arguments for c in recorder.commands()] == [("-O2", "a b.c", "@absent.rsp")]


def test_all_else_in_the_environment_stays(programs: Path, recorder: Recorder) -> None:
    before = environment(programs, CFLAGS="-O0", CXX="g++", CARGO_HOME="/nowhere")
    after = recorder.environment(before)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"PATH", "RUSTC_WRAPPER"}
