"""Faults that a build has by itself, and in what builds that are compared are unlike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import evidence, library, project_in, rust, settings
from support.contestants import entry_of
from whichext.audit.reading import read_marks
from whichext.audit.rules import judge_each, unchanged, unlike
from whichext.build.sources import content_files
from whichext.model.evidence import Evidence, PythonCause, PythonLine, UnsafePlaces
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    Finding,
    Group,
    NotOptimised,
    OpenMpMissing,
    PythonInLoop,
    Sanitized,
    SettingWithoutEffect,
    Severity,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
    UnsafeUnexplained,
)
from whichext.toolchains.base import Sources

PRANGE = "from cython.parallel import prange\nfor i in prange(n, nogil=True): pass\n"
PRAGMA = "void f(void) {\n  #pragma omp parallel for\n  for (;;);\n}\n"


def found(
    build: Evidence,
    folder: Path,
    needs: tuple[str, ...] = ("cc",),
    beside: tuple[Evidence, ...] = (),
    **factors: str,
) -> list[Finding]:
    project = project_in(folder, needs)
    everything = (build, *beside)
    marked = read_marks(Sources(folder=folder, files=tuple(content_files(folder))))
    return list(judge_each(build, project, (entry_of(build, **factors),), everything, marked))


def test_a_build_that_is_optimised_has_no_fault(tmp_path: Path) -> None:
    assert found(evidence("fast", settings(), rust()), tmp_path) == []


def test_no_optimisation_flag_at_all_is_a_fault_of_everybody_in_the_build(tmp_path: Path) -> None:
    assert found(evidence("fast", settings(level="0", told="")), tmp_path) == [
        NotOptimised(contestants=("fast.run",), told="", sources=(), declared=False)
    ]


def test_sources_that_alone_are_not_optimised_are_named(tmp_path: Path) -> None:
    (fault,) = found(evidence("fast", settings(), settings(level="0", told="-O0")), tmp_path)
    assert isinstance(fault, NotOptimised)
    assert fault.sources == ("b.c",)


@pytest.mark.parametrize(
    "text",
    [
        '#pragma GCC optimize ("O0")\nint f(void) { return 1; }\n',
        "#pragma GCC optimize 0\n",
        "#  pragma clang optimize off\n",
        '__attribute__((optimize("O0"))) int f(void) { return 1; }\n',
        "__attribute__((optnone)) int f(void);\n",
    ],
)
def test_a_source_that_takes_its_optimisation_away_is_found_whatever_the_compiler_was_told(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.c").write_text(text)
    (fault,) = found(evidence("fast", settings()), tmp_path)
    assert isinstance(fault, NotOptimised)
    assert (fault.sources, fault.declared) == (("a.c",), False)
    assert fault.told == snapshot("a pragma or an attribute in the source")


@pytest.mark.parametrize(
    "text", ['#pragma GCC optimize ("O3")\n', "// optnone\n", "int optimize(int);\n"]
)
def test_a_source_that_asks_for_more_or_only_speaks_of_it_is_no_fault(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.c").write_text(text)
    assert found(evidence("fast", settings()), tmp_path) == []


def test_who_is_optimised_in_the_same_comparison_is_named_with_the_level(tmp_path: Path) -> None:
    build = evidence("fast", settings(level="0", told="-O3 -O0"), profile="debug")
    beside = (evidence("rs", rust()), evidence("fast", settings()), evidence("plain"))
    (fault,) = found(build, tmp_path, beside=beside)
    assert isinstance(fault, NotOptimised)
    assert fault.beside == (Group("-O3", ("rs", "fast")),)


@pytest.mark.parametrize("profile", ["debug", "optimisation=none"])
def test_a_profile_that_asks_for_no_optimisation_declares_it(tmp_path: Path, profile: str) -> None:
    (fault,) = found(evidence("fast", settings(level="0"), profile=profile), tmp_path)
    assert isinstance(fault, NotOptimised)
    assert fault.declared


@pytest.mark.parametrize("profile", ["release", "native", "checked"])
def test_no_other_profile_says_it(tmp_path: Path, profile: str) -> None:
    (fault,) = found(evidence("fast", settings(level="0"), profile=profile), tmp_path)
    assert isinstance(fault, NotOptimised)
    assert not fault.declared


def test_sanitizers_are_named(tmp_path: Path) -> None:
    assert found(evidence("fast", settings(sanitizers=("address",))), tmp_path) == [
        Sanitized(contestants=("fast.run",), sanitizers=("address",))
    ]


def test_symbols_for_a_debugger_are_found_in_the_library_whatever_was_asked_for(
    tmp_path: Path,
) -> None:
    build = evidence("fast", settings(debug_symbols=True))
    assert found(build, tmp_path) == []
    debug = replace(build, libraries=(library("a.so", debug_bytes=60_000), library("b.so")))
    assert found(debug, tmp_path) == [
        DebugSymbolsCounted(build="fast", files=("a.so",), debug_bytes=60_000, file_bytes=100_000)
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("a.pyx", PRANGE), ("a.c", PRAGMA), ("a.cpp", PRAGMA), ("a.py", PRANGE)]
)
def test_a_source_that_asks_for_openmp_and_is_compiled_without_is_named(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    assert found(evidence("fast", settings()), tmp_path) == [
        OpenMpMissing(contestants=("fast.run",), asked_by=("a.c",))
    ]


def test_a_source_that_is_compiled_with_openmp_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.pyx").write_text(PRANGE)
    assert found(evidence("fast", settings(openmp=True), openmp=True), tmp_path) == []


@pytest.mark.parametrize("text", ["# not with prange(n)\n", "pranges = 1\n", "/* omp */\n"])
def test_a_source_that_only_speaks_of_openmp_does_not_ask_for_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.pyx").write_text(text)
    assert found(evidence("fast", settings()), tmp_path) == []


def test_a_source_that_was_not_compiled_does_not_ask(tmp_path: Path) -> None:
    (tmp_path / "left_out.pyx").write_text(PRANGE)
    assert found(evidence("fast", settings()), tmp_path) == []


def test_a_pool_that_is_declared_and_not_linked_is_missing(tmp_path: Path) -> None:
    build = evidence("fast", settings())
    assert found(build, tmp_path, pool="openmp") == [
        OpenMpMissing(contestants=("fast.run",), asked_by=('pool = "openmp"',))
    ]
    assert found(build, tmp_path, pool="rayon") == []


def test_a_pool_that_is_declared_and_linked_is_there(tmp_path: Path) -> None:
    build = evidence("fast", settings(openmp=True), settings(), openmp=True)
    assert found(build, tmp_path, pool="openmp") == []


def test_a_pool_that_is_declared_and_compiled_is_not_there_until_it_is_linked(
    tmp_path: Path,
) -> None:
    build = evidence("fast", settings(openmp=True))
    assert [type(one) for one in found(build, tmp_path, pool="openmp")] == [OpenMpMissing]
    assert found(replace(build, libraries=()), tmp_path, pool="openmp") == []  # nobody can look


def python_line(line: int, function: str, *calls: str, **more: Any) -> PythonLine:
    return PythonLine(file="a.pyx", line=line, function=function, calls=calls, **more)


def test_loops_that_call_python_are_one_finding_for_each_function(tmp_path: Path) -> None:
    lines = (
        python_line(3, "run", "PyNumber_Add", text="s += v", cause=PythonCause.TYPE),
        python_line(9, "no_entry", "PyNumber_Add"),
        python_line(4, "run", "PyObject_Call", text="f(v)", cause=PythonCause.OWN_FUNCTION),
    )
    assert found(replace(evidence("fast", settings()), python_lines=lines), tmp_path) == [
        PythonInLoop(
            build="fast",
            function="run",
            contestants=("fast.run",),
            lines=("a.pyx:3", "a.pyx:4"),
            calls=("PyNumber_Add", "PyObject_Call"),
            texts=("s += v", "f(v)"),
            causes=(PythonCause.TYPE, PythonCause.OWN_FUNCTION),
        ),
    ]


@pytest.mark.parametrize(
    ("functions", "contestants"),
    [
        (("helper", "run"), [("fast.run",)]),
        (("run",), [("fast.run",)]),
        (("helper", "other"), []),
        (("other",), []),
    ],
)
def test_python_in_the_loop_is_that_of_the_contestants_whose_calls_repeat_it(
    tmp_path: Path, functions: tuple[str, ...], contestants: list[tuple[str, ...]]
) -> None:
    """One that no contestant comes to is left out."""
    build = evidence("fast", settings())
    lines = (python_line(9, "helper", "PyNumber_Add", functions=functions),)
    findings = found(replace(build, python_lines=lines), tmp_path)
    assert [one.contestants for one in findings if isinstance(one, PythonInLoop)] == contestants


def test_python_around_other_loops_is_a_warning(tmp_path: Path) -> None:
    line = python_line(9, "helper", "f", functions=("run",), outer=("run",))
    (finding,) = found(replace(evidence("fast", settings()), python_lines=(line,)), tmp_path)
    assert isinstance(finding, PythonInLoop)
    assert (finding.outer, finding.severity) == (True, Severity.WARNING)


def test_unsafe_places_are_a_finding_where_one_is_not_explained(tmp_path: Path) -> None:
    explained = UnsafePlaces(places=3, unexplained=())
    build = evidence("fast", rust())
    assert found(replace(build, unsafe=explained), tmp_path) == []
    unexplained = UnsafePlaces(places=3, unexplained=("src/lib.rs:7",))
    assert found(replace(build, unsafe=unexplained), tmp_path) == [
        UnsafeUnexplained(build="fast", places=3, unexplained=("src/lib.rs:7",))
    ]


def test_a_project_that_needs_a_compiler_and_shows_none_is_named(tmp_path: Path) -> None:
    assert found(evidence("fast"), tmp_path, ("cc", "python-headers")) == [
        CompilerUnseen(build="fast", needs=("cc",))
    ]


def test_a_project_that_needs_no_compiler_need_not_show_one(tmp_path: Path) -> None:
    assert found(evidence("fast"), tmp_path, ()) == []


# Builds that are compared


def kinds(*builds: Evidence) -> list[str]:
    return [type(finding).__name__ for finding in unlike(builds)]


def test_builds_that_are_alike_are_not_found() -> None:
    assert kinds(evidence("a", settings()), evidence("b", settings())) == []


def test_levels_that_differ_are_found_with_who_has_which() -> None:
    slow = settings(level="2", told="-O2")
    builds = (evidence("a", settings()), evidence("b", slow), evidence("c", slow))
    assert list(unlike(builds)) == [
        UnlikeOptimisation(groups=(Group("-O3", ("a",)), Group("-O2", ("b", "c"))))
    ]


def test_what_is_not_optimised_is_a_finding_of_its_own() -> None:
    none = settings(level="0", told="-O0")
    assert kinds(evidence("a", settings()), evidence("b", none)) == []


def test_a_level_of_rust_is_the_level_of_c_of_that_name() -> None:
    assert "UnlikeOptimisation" not in kinds(evidence("a", settings()), evidence("b", rust()))


def test_other_profiles_are_held_against_their_own_kind_alone() -> None:
    debug = settings(level="0", told="-O0")
    assert kinds(evidence("a", settings()), evidence("a", debug, profile="debug")) == []


def test_instructions_for_one_processor_alone_are_found() -> None:
    builds = (evidence("a", settings(isa=("native",))), evidence("b", settings()))
    assert list(unlike(builds)) == [
        UnlikeIsa(groups=(Group("native", ("a",)), Group("any of its architecture", ("b",))))
    ]


def test_native_is_the_same_in_c_and_in_rust() -> None:
    native = evidence("a", settings(isa=("native",))), evidence("b", rust(isa=("native",)))
    assert "UnlikeIsa" not in kinds(*native)


def test_wider_instructions_in_some_sources_alone_are_chosen_at_run_time() -> None:
    dispatching = evidence("a", settings(), settings(isa=("avx2",)))
    assert kinds(dispatching, evidence("b", settings())) == []


@pytest.mark.parametrize("compiler", ["clang 16.0.6", "gcc 11.4.0"])
def test_two_compilers_of_one_language_spoil_a_comparison(compiler: str) -> None:
    builds = (evidence("a", settings()), evidence("b", settings(compiler=compiler)))
    (finding,) = unlike(builds)
    assert isinstance(finding, UnlikeCompiler)
    assert finding.one_language


def test_two_languages_have_two_compilers_and_it_is_said() -> None:
    (finding,) = unlike((evidence("a", settings()), evidence("b", rust())))
    assert isinstance(finding, UnlikeCompiler)
    assert not finding.one_language


def test_rust_alone_has_one_compiler() -> None:
    assert kinds(evidence("a", rust()), evidence("b", rust())) == []


def test_a_build_of_which_nothing_is_known_is_not_compared() -> None:
    assert kinds(evidence("a", settings()), evidence("b")) == []


def coded(profile: str, digest: str) -> Evidence:
    build = evidence("a", settings(), profile=profile)
    library = replace(build.libraries[0], code_digest=digest)
    return replace(build, libraries=(library,))


def test_a_setting_that_changed_nothing_in_the_machine_code_is_found() -> None:
    builds = (coded("release", "1" * 24), coded("bounds=checked", "1" * 24))
    assert list(unchanged(builds)) == [SettingWithoutEffect(build="a @bounds=checked", release="a")]


@pytest.mark.parametrize(
    ("digests", "profile"),
    [(("1", "2"), "isa=native"), (("", ""), "debug"), (("1", "1"), "release")],
)
def test_other_code_unseen_code_and_the_release_itself_are_no_finding(
    digests: tuple[str, str], profile: str
) -> None:
    assert list(unchanged((coded("release", digests[0]), coded(profile, digests[1])))) == []


def test_without_its_release_a_build_is_held_against_nothing() -> None:
    assert list(unchanged((coded("debug", "1"),))) == []
