"""Flags that are appended to the calls that compile, and calls that stay as they are."""

from __future__ import annotations

import os
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


FLAGS = {
    "c": ("-O0", "-march=a b"),
    "c++": ("-O0",),
    "rust": ("-C", "opt-level=0"),
    "cython": ("-X", "boundscheck=True"),
}


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """A recorder that appends nothing."""
    return Recorder(tmp_path / "a recorder")


@pytest.fixture
def telling(tmp_path: Path) -> Recorder:
    """A recorder that appends, in a folder with a quote and a blank in its name."""
    return Recorder(tmp_path / "it's a recorder", FLAGS)


def told(telling: Recorder, programs: Path, line: str, cwd: Path | None = None) -> tuple[str, ...]:
    """What was appended to a call, which the program and the record have at the end."""
    name, *words = line.split()
    write_program(programs, name)
    changed = telling.environment(environment(programs))
    wrapper = [changed["RUSTC_WRAPPER"]] if name == "rustc" else []
    ended = call(changed, *wrapper, name, *words, cwd=cwd)
    command = telling.commands()[-1]
    assert command.asked == tuple(words)
    assert command.arguments == (*words, *command.appended)
    assert ended.stdout == " ".join((name, *command.arguments)) + "\n"
    return command.appended


@pytest.mark.parametrize(
    "line",
    [
        "cc -c a.c -o a.o",
        "gcc -O3 -MD -MF a.d -c ../src/a.cpp",
        "x86_64-linux-gnu-gcc-12 -shared a.c -o a.so",
        "clang -S a.cc",
        "cc -c @words.rsp",
    ],
)
def test_flags_come_last_in_a_call_that_compiles(
    telling: Recorder, programs: Path, line: str
) -> None:
    assert told(telling, programs, line) == FLAGS["c"]


def test_the_compiler_of_cpp_has_flags_of_its_own(telling: Recorder, programs: Path) -> None:
    assert told(telling, programs, "g++ -c a.cpp") == FLAGS["c++"]


@pytest.mark.parametrize(
    "line",
    [
        "cc -shared a.o b.a -o a.so",
        "gcc -dumpversion",
        "gcc -E -x c -",
        "cc -M a.c",
        "cc -fsyntax-only a.c",
        "ar rcs a.a a.o",
    ],
)
def test_a_call_that_links_or_asks_stays_as_it_is(
    telling: Recorder, programs: Path, line: str
) -> None:
    assert told(telling, programs, line) == ()


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("cc sanitycheckc.c -o sanitycheckc.exe", "build/meson-private"),
        ("cc /b/meson-private/tmp1/testfile.c -o a.out", "build"),
        ("cc -c CMakeCCompilerId.c", "build/CMakeFiles/4.1.0/CompilerIdC"),
        ("c++ -c /usr/share/ABI.cpp", "build/CMakeFiles/CMakeScratch/TryCompile-x"),
        ("cc -c /b/CMakeFiles/CMakeScratch/TryCompile-x/src.c", "build"),
        ("cc -c foo.c", "build/CMakeFiles/_CMakeLTOTest-C/bin"),
        ("gcc -c _configtest.c", "build"),
        ("gcc -c conftest.c", "build"),
        ("gcc -c /tmp/tmp1/flagcheck.cpp", "build"),
        ("cc -c /out/flag_check.c", "build"),
        ("cython check.pyx", "build/meson-private"),
    ],
)
def test_what_a_backend_asks_of_a_compiler_is_answered_as_without_a_profile(
    telling: Recorder, programs: Path, tmp_path: Path, line: str, folder: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    assert told(telling, programs, line, cwd=tmp_path / folder) == ()


@pytest.mark.parametrize(
    "line",
    [
        "rustc --crate-name fast --crate-type cdylib src/lib.rs -C opt-level=3",
        "rustc --crate-name=rayon --edition=2021 -C metadata=1",
    ],
)
def test_crates_are_told_whatever_cargos_files_say(
    telling: Recorder, programs: Path, line: str
) -> None:
    assert told(telling, programs, line) == (*FLAGS["rust"], *NO_ASSERTIONS, *NO_OVERFLOW)


NO_ASSERTIONS = ("-C", "debug-assertions=off")
NO_OVERFLOW = ("-C", "overflow-checks=off")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("-C debug-assertions=on", NO_OVERFLOW),
        ("-Coverflow-checks=yes", NO_ASSERTIONS),
        ("-C overflow-checks=on -C debug-assertions=on", ()),
    ],
)
def test_a_level_changes_no_checks_that_a_crate_has_or_has_not(
    telling: Recorder, programs: Path, said: str, kept: tuple[str, ...]
) -> None:
    line = f"rustc --crate-name fast {said} src/lib.rs"
    assert told(telling, programs, line) == (*FLAGS["rust"], *kept)


def test_a_processor_is_appended_alone(tmp_path: Path, programs: Path) -> None:
    flags = ("-C", "target-cpu=native")
    recorder = Recorder(tmp_path / "recorder", {"rust": flags})
    assert told(recorder, programs, "rustc --crate-name fast src/lib.rs") == flags


@pytest.mark.parametrize(
    "line",
    [
        "rustc -vV",
        "rustc - --crate-name ___ --print=file-names --crate-type cdylib",
        "rustc --crate-name a --print cfg",
        "rustc --crate-name build_script_build build.rs --crate-type bin",
        "rustc --crate-name=build_script_main build/main.rs",
        "rustc --crate-name fast_macros --crate-type proc-macro",
    ],
)
def test_questions_of_cargo_and_what_runs_in_the_build_alone_stay_as_they_are(
    telling: Recorder, programs: Path, line: str
) -> None:
    assert told(telling, programs, line) == ()


def test_cython_gets_its_directives_after_those_of_the_project(
    telling: Recorder, programs: Path
) -> None:
    line = "cython -X boundscheck=False fast.pyx -o fast.c"
    assert told(telling, programs, line) == FLAGS["cython"]
    assert told(telling, programs, "cython -V") == ()


def test_a_toolchain_that_is_told_nothing_has_the_script_of_the_release(
    tmp_path: Path, programs: Path
) -> None:
    write_program(programs, "cc")
    scripts = []
    for name, flags in (("plain", {}), ("told", {"rust": ("-C", "opt-level=0")})):
        recorder = Recorder(tmp_path / name, flags)
        folder, _, _ = recorder.environment(environment(programs))["PATH"].partition(os.pathsep)
        scripts.append((Path(folder) / "cc").read_text().replace(f"/{name}/", "/"))
    assert scripts[0] == scripts[1]
    assert "-O0" not in scripts[0]


def test_a_compiler_behind_a_cache_gets_the_flags_at_the_end(
    telling: Recorder, programs: Path
) -> None:
    write_program(programs, "gcc")
    write_program(programs, "ccache").write_text('#!/bin/sh\nexec "$@"\n')
    call(telling.environment(environment(programs)), "ccache", "gcc", "-c", "a.c")
    (command,) = telling.commands()
    assert (Path(command.program).name, command.asked) == ("gcc", ("-c", "a.c"))
    assert command.appended == FLAGS["c"]


@pytest.mark.parametrize("variable", ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"])
def test_a_folder_for_the_objects_of_all_builds_is_replaced_by_one_for_each(
    programs: Path, recorder: Recorder, telling: Recorder, variable: str
) -> None:
    before = environment(programs, **{variable: "/shared"})
    folders = [one.environment(before)[variable] for one in (recorder, telling)]
    assert len({*folders, "/shared"}) == 3


def test_so_is_one_that_cargos_own_file_names(
    programs: Path, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[build]\ntarget-dir = "/shared"\n')
    changed = recorder.environment(environment(programs, CARGO_HOME=str(tmp_path)))
    assert changed["CARGO_TARGET_DIR"] not in ("", "/shared")


def test_without_such_a_folder_objects_stay_where_a_projects_script_looks_for_them(
    programs: Path, recorder: Recorder, tmp_path: Path
) -> None:
    changed = recorder.environment(environment(programs, CARGO_HOME=str(tmp_path)))
    assert "CARGO_TARGET_DIR" not in changed
