"""Whether a build is what its profile says, from calls that stand here as they were noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import typed
from support.contestants import profile_of
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.report.outcome_words import outcome_reason
from whichext.toolchains.base import Command, Sources
from whichext.toolchains.heard import find_unheard

LINK = typed("cc -shared a.o b.o -o fast.so")


def unheard(
    name: str,
    *commands: Command,
    toolchain: str = "c",
    folder: Path = Path("/nowhere"),
    libraries: tuple[str, ...] = ("fast.so",),
) -> NotApplicable | None:
    """What is in the way of a profile for the project `fast`."""
    needs = ("cargo",) if toolchain == "rust" else ("cc",)
    project = Project(
        name="fast", folder=folder, module="fast", toolchain=toolchain, needs=needs, entries=()
    )
    files = tuple(sorted(path for path in folder.glob("*")))
    sources = Sources(folder=folder, files=files)
    return find_unheard(profile_of(name), project, commands, libraries, sources)


def said(found: NotApplicable | None) -> tuple[str, str | None]:
    """What a report says of it, and the next step."""
    assert found is not None
    reason = outcome_reason(found)
    return reason.said, reason.next_step


def compiled(flags: str, appended: int = 0, program: str = "cc") -> tuple[Command, ...]:
    """One source of a library, compiled with these flags."""
    return typed(f"{program} -c a.c -o a.o {flags}", appended=appended), LINK


@pytest.mark.parametrize(
    ("name", "flags", "appended"),
    [
        ("debug", "-O3 -O0", 1),
        ("optimisation=O2", "-Os -O2", 1),
        ("isa=native", "-march=haswell -march=native", 1),
        ("isa=native", "-mavx2 -march=native", 1),
        ("isa=baseline", "-march=native -march=x86-64", 1),
        ("isa=x86-64-v3", "-march=x86-64-v3", 1),
        ("native", "-O2 -O3 -march=native", 2),
        ("checked", "-O3 -ftrapv", 2),
        ("compiler=gcc", "-O2", 0),
        ("release", "-O3", 0),
    ],
)
def test_a_build_whose_calls_have_the_setting_is_as_its_profile_says(
    name: str, flags: str, appended: int
) -> None:
    assert unheard(name, *compiled(flags, appended)) is None


def test_a_level_that_did_not_reach_the_call_is_named_with_the_sources() -> None:
    assert said(unheard("debug", *compiled("-O2 -O3"))) == snapshot(
        (
            "skipped: optimisation=none did not reach a.c, compiled with -O2 -O3",
            "let the build files call the compiler by a name such as cc, and not by a path",
        )
    )


def test_a_project_that_adds_instruction_sets_has_no_build_for_less() -> None:
    assert said(unheard("isa=baseline", *compiled("-mavx2 -march=x86-64", 1))) == snapshot(
        (
            "skipped: isa=baseline did not reach a.c, compiled with -mavx2",
            "take the instruction sets out of the project's flags, or let a switch of its build "
            "choose them",
        )
    )


def test_a_project_that_takes_the_compiler_from_nowhere_is_named_with_what_it_took() -> None:
    assert said(unheard("compiler=clang", *compiled("-O3"))) == snapshot(
        (
            "skipped: compiler=clang did not reach a.c, compiled by gcc 12.2.0",
            "let the build files take the compiler from CC and CXX",
        )
    )


def test_a_wheel_behind_whose_library_no_call_was_seen_has_no_setting() -> None:
    assert said(unheard("isa=native", typed("cc -shared a.o -o other.o"))) == snapshot(
        (
            "skipped: no call of a compiler that has the setting was seen behind fast.so",
            "let the build files call the compiler by a name such as cc, and not by a path",
        )
    )


def test_several_sources_are_counted_after_the_third() -> None:
    calls = [typed(f"cc -c {n}.c -o {n}.o -O3") for n in range(5)]
    link = typed("cc -shared 0.o 1.o 2.o 3.o 4.o -o fast.so")
    found = unheard("debug", *calls, link)
    assert found is not None
    assert "0.c, 1.c, 2.c and 2 more" in found.why


def test_one_source_as_the_profile_says_is_enough_and_the_audit_names_the_others() -> None:
    other = typed("cc -c b.c -o b.o -mavx2 -march=x86-64", appended=1)
    assert unheard("isa=baseline", *compiled("-march=x86-64", 1), other) is None


def test_a_wheel_without_a_library_is_not_looked_at() -> None:
    assert unheard("debug", libraries=()) is None


def test_a_crate_that_was_not_given_the_level_is_named() -> None:
    crate = typed("rustc --crate-name fast --crate-type cdylib -C opt-level=3")
    found = unheard("debug", crate, toolchain="rust", libraries=("fast.so",))
    assert said(found) == snapshot(
        (
            "skipped: optimisation=none did not reach fast, compiled with opt-level=3",
            "let the build files call the compiler by a name such as cc, and not by a path",
        )
    )


# Directives of Cython


def write(folder: Path, **texts: str) -> Path:
    """A folder with these files; "_" stands for the dot."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


CALLED = typed("cython a.pyx -o a.c -X boundscheck=True", appended=2)


def test_directives_that_the_program_cython_got_are_in_the_code(tmp_path: Path) -> None:
    folder = write(tmp_path, a_pyx="# cython: wraparound=False\nx = 1\n")
    calls = (CALLED, *compiled("-O3"))
    assert unheard("bounds=checked", *calls, toolchain="cython", folder=folder) is None


def test_setuptools_runs_cython_where_nothing_reaches_it(tmp_path: Path) -> None:
    folder = write(tmp_path, setup_py="", a_pyx="")
    found = unheard("bounds=checked", *compiled("-O3"), toolchain="cython", folder=folder)
    assert said(found) == snapshot(
        (
            "skipped: setup.py runs Cython in its own process, which takes directives from its "
            "compiler_directives and from the heads of .pyx files",
            "compare a second project with compiler_directives={'boundscheck': True} in its "
            "setup.py",
        )
    )


def test_the_named_profile_is_skipped_as_well_since_it_says_that_bounds_are_checked(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, setup_py="", a_pyx="")
    calls = compiled("-O3 -O3 -ftrapv", 2)
    found = unheard("checked", *calls, toolchain="cython", folder=folder)
    assert found is not None
    assert (found.factor, found.toolchain) == ("bounds", "cython")


def test_another_way_to_run_cython_is_not_taken_for_setup_py(tmp_path: Path) -> None:
    folder = write(tmp_path, a_pyx="")
    found = unheard("bounds=checked", *compiled("-O3"), toolchain="cython", folder=folder)
    assert said(found) == snapshot(
        (
            "skipped: the build did not call the program cython, which is where directives can be "
            "given",
            "compare a second project whose .pyx files have the directives in their heads",
        )
    )


@pytest.mark.parametrize(
    "head",
    [
        "# cython: boundscheck=False\n",
        "# cython: language_level=3, boundscheck = False, wraparound=False\nx = 1\n",
        "#!/usr/bin/python\n\n  # a remark\n#cython:boundscheck=False\nx = 1",
        "# cython: boundscheck=False",
    ],
)
def test_the_head_of_a_source_wins_and_is_named(tmp_path: Path, head: str) -> None:
    folder = write(tmp_path, a_pyx=head)
    calls = (CALLED, *compiled("-O3"))
    found = unheard("bounds=checked", *calls, toolchain="cython", folder=folder)
    assert said(found) == snapshot(
        (
            "skipped: the head of a.pyx says boundscheck=False, which wins over what Cython is "
            "given from outside",
            "move boundscheck from the source to the build files, as an argument -X of Cython",
        )
    )


@pytest.mark.parametrize(
    "text",
    ["x = 1\n# cython: boundscheck=False\n", "# cython: boundscheck=True\n", "# boundscheck\n", ""],
)
def test_what_is_not_in_the_head_or_agrees_does_not_win(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, a_pyx=text)
    calls = (CALLED, *compiled("-O3"))
    assert unheard("bounds=checked", *calls, toolchain="cython", folder=folder) is None


@pytest.mark.parametrize(
    "text",
    [
        "import cython\n\n@cython.boundscheck(False)\ndef f(): pass\n",
        "x = 1\n\n  @boundscheck( False )\n",
        "x = 1\n\nwith cython.boundscheck(False):\n    pass\n",
    ],
)
def test_a_switch_in_the_body_wins_as_well_and_its_line_is_named(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, a_pyx=text)
    calls = (CALLED, *compiled("-O3"))
    found = unheard("bounds=checked", *calls, toolchain="cython", folder=folder)
    assert said(found) == snapshot(
        (
            "skipped: a.pyx:3 says boundscheck(False), which wins over what Cython is given from "
            "outside",
            "move boundscheck from the source to the build files, as an argument -X of Cython",
        )
    )


def test_a_source_without_a_switch_of_its_own_is_what_the_setting_is_for(tmp_path: Path) -> None:
    switched = "@cython.boundscheck(False)\ndef f(): pass\n"
    folder = write(tmp_path, a_pyx=switched, b_pyx="# @cython.boundscheck(False)\n")
    other = typed("cython b.pyx -o b.c -X boundscheck=True", appended=2)
    calls = (CALLED, other, *compiled("-O3"))
    assert unheard("bounds=checked", *calls, toolchain="cython", folder=folder) is None


def test_checks_that_no_call_got_are_not_there_though_no_level_tells() -> None:
    assert said(unheard("checked", *compiled("-O3"))) == snapshot(
        (
            "skipped: no call was seen behind a.c to which flags could be appended",
            "let the build files call the compiler by a name such as cc, and not by a path",
        )
    )


def test_a_language_that_the_profile_has_no_flags_for_is_not_as_it_says() -> None:
    found = unheard("debug", typed("gfortran -shared a.f90 -o fast.so"), toolchain="fortran")
    assert found is not None
    assert (found.factor, found.toolchain) == ("optimisation", "fortran")
