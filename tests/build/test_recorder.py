"""Noting what compilers are told, with programs that only look like compilers."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from whichext.build.recorder import Recorder

ANSWERS = """#!/bin/sh
case $1 in --version) echo "{name} 1.2.3"; echo "more"; exit ;; esac
echo "{name} $*"
exit {status}
"""


def write_program(folder: Path, name: str, status: int = 0) -> Path:
    """A program that prints its name and its arguments."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(ANSWERS.format(name=name, status=status))
    path.chmod(0o755)
    return path


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


def environment(programs: Path, **variables: str) -> dict[str, str]:
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **variables}


def call(
    environment: dict[str, str], *words: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )


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


# What is appended for a profile

FLAGS = {
    "c": ("-O0", "-march=a b"),
    "c++": ("-O0",),
    "rust": ("-C", "opt-level=0"),
    "cython": ("-X", "boundscheck=True"),
}


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
