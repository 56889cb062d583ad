"""What is said of every kind of finding."""

from __future__ import annotations

from typing import get_args

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from whichext.cli.wording import SHELL
from whichext.model.evidence import PythonCause
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    FactorContradicted,
    Finding,
    GilHeld,
    Group,
    LeavesFiles,
    LeavesThreads,
    NotOptimised,
    ObjectsUnseen,
    OpenMpMissing,
    ProcessChanged,
    PythonInLoop,
    RemembersContent,
    Sanitized,
    SetByEnvironment,
    SettingWithoutEffect,
    StartsProcesses,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeMath,
    UnlikeOptimisation,
    UnsafeUnexplained,
    WorksOn,
    WritesOutput,
)
from whichext.model.inline import Style, mark, strong, unmarked
from whichext.model.process import Moment, Output, ProcessChange, Processes, Shared
from whichext.report.findings import finding_texts, finding_words

GROUPS = (Group("-O3", ("cy", "rust")), Group("-O2", ("cpp @native",)))
LINES = ("a.pyx:1", "a.pyx:2", "a.pyx:3", "a.pyx:4")
WHO = ("cy.total", "cy.total_all")


def changed(state: Shared, moment: Moment, what: str) -> ProcessChanged:
    return ProcessChanged(
        contestants=WHO, change=ProcessChange(state=state, moment=moment, what=what)
    )


SAID: list[tuple[Finding, str]] = [
    (
        NotOptimised(contestants=WHO, told="", sources=(), declared=False),
        "cy.total, cy.total_all: built with no level of optimisation, which is -O0",
    ),
    (
        NotOptimised(contestants=WHO[:1], told="-O0", sources=("a.c",), declared=False),
        "cy.total: built with -O0 in a.c",
    ),
    (
        NotOptimised(
            contestants=WHO[:1], told="-O3 -O0", sources=(), declared=True, beside=GROUPS[:1]
        ),
        "cy.total: built with -O0 (-O3 -O0: the last one counts), but cy, rust with -O3",
    ),
    (
        SetByEnvironment(contestants=WHO, variables=("CC=icx",), builds=("cy",), others=()),
        "cy: built with CC=icx of this environment",
    ),
    (
        UnlikeOptimisation(groups=GROUPS),
        "different optimisation levels: cy, rust: -O3; cpp @native: -O2",
    ),
    (UnlikeIsa(groups=GROUPS), "different target processors: cy, rust: -O3; cpp @native: -O2"),
    (
        UnlikeCompiler(groups=GROUPS, one_language=True),
        "different compilers: cy, rust: -O3; cpp @native: -O2",
    ),
    (
        DebugSymbolsCounted(
            build="cy", files=("a.so", "b.so"), debug_bytes=61_000, file_bytes=100_000
        ),
        "cy: 61% of a.so, b.so is symbols for a debugger",
    ),
    (
        OpenMpMissing(contestants=WHO[:1], asked_by=("a.c",)),
        "cy.total: a.c asked for OpenMP, and it is not there",
    ),
    (
        Sanitized(contestants=WHO[:1], sanitizers=("address",)),
        "cy.total: built with sanitizers (address)",
    ),
    (
        SettingWithoutEffect(build="cy @bounds=checked", release="cy"),
        "cy @bounds=checked: the machine code of cy, the setting changed nothing",
    ),
    (
        UnlikeMath(groups=(Group("strict", ("cy",)), Group("fast", ("rs",)))),
        "what compilers may do with numbers differs: cy: strict; rs: fast",
    ),
    (
        ObjectsUnseen(build="cy", contestants=WHO[:1], files=("loop.o",)),
        "cy: loop.o was compiled by nothing that was seen",
    ),
    (
        CompilerUnseen(build="cy", needs=("cc",)),
        "cy: it needs cc, and what compiled it was not seen",
    ),
    (
        FactorContradicted(
            contestants=WHO[:1], factor="compiler", declared="clang", seen="gcc 12.2.0"
        ),
        'cy.total: declared compiler = "clang", built with gcc 12.2.0',
    ),
    (
        PythonInLoop(
            build="cy", function="total", contestants=WHO[:1], lines=LINES, calls=("PyNumber_Add",)
        ),
        "cy.total: the loop calls Python at a.pyx:1, a.pyx:2, a.pyx:3 and 1 more (PyNumber_Add)",
    ),
    (
        PythonInLoop(
            build="cy", function="helper", contestants=(), lines=LINES[:1], calls=("PyNumber_Add",)
        ),
        "cy: helper(): the loop calls Python at a.pyx:1 (PyNumber_Add)",
    ),
    (
        PythonInLoop(
            build="cy",
            function="helper",
            contestants=WHO[:1],
            lines=LINES[:2],
            calls=("PyNumber_Add",),
            texts=("s += np.abs(v)", f"s += {'v + ' * 20}v"),
            causes=(PythonCause.MODULE, PythonCause.TYPE),
        ),
        "cy.total: the loop calls Python in helper() at a.pyx:1: s += np.abs(v), "
        f"a.pyx:2: s += {'v + ' * 13}... (PyNumber_Add)",
    ),
    (
        PythonInLoop(
            build="cy",
            function="total",
            contestants=WHO[:1],
            lines=LINES[:1],
            calls=("PyNumber_Add",),
            outer=True,
        ),
        "cy.total: an outer loop calls Python at a.pyx:1 (PyNumber_Add)",
    ),
    (
        GilHeld(contestants=WHO),
        "cy.total, cy.total_all: keeps the GIL during the whole call",
    ),
    (
        GilHeld(contestants=WHO[:1], free=0.04),
        "cy.total: keeps the GIL, and other threads could run during 4% of the call",
    ),
    (
        WorksOn(contestants=WHO[:1], after_ns=20_000_000, call_ns=5_000_000),
        "cy.total: works on after a call has returned "
        "(20.0 ms of processor time after 5.00 ms in it)",
    ),
    (
        changed(Shared.NUMPY_ERRORS, Moment.CALL, "divide warn -> ignore"),
        "cy.total, cy.total_all: a call changes np.seterr (divide warn -> ignore)",
    ),
    (
        changed(Shared.SUBNORMALS, Moment.IMPORT, "results kept -> flushed to 0"),
        "cy.total, cy.total_all: its import changes how the processor computes with subnormals "
        "(results kept -> flushed to 0)",
    ),
    (
        WritesOutput(
            contestants=WHO[:1], output=Output(first_bytes=20, later_bytes=20_000, line="row 1")
        ),
        "cy.total: writes 20.0 kB to standard output or error in a call: row 1",
    ),
    (
        WritesOutput(contestants=WHO[:1], output=Output(first_bytes=63, later_bytes=0, line="")),
        "cy.total: writes 63 B to standard output or error in its first call",
    ),
    (
        WritesOutput(
            contestants=WHO[:1],
            output=Output(first_bytes=0, later_bytes=0, line="hello", import_bytes=6),
        ),
        "cy.total: writes 6 B to standard output or error in its import: hello",
    ),
    (
        changed(Shared.RANDOM, Moment.CALL, "changed"),
        "cy.total, cy.total_all: a call changes the state of Python's generator of random numbers",
    ),
    (
        LeavesFiles(contestants=WHO[:1], files_a_call=1.0),
        "cy.total: every call leaves files open (1 on average)",
    ),
    (
        LeavesFiles(contestants=WHO[:1], files_a_call=0.0, files_kept=500),
        "cy.total: its calls leave 500 files open",
    ),
    (
        StartsProcesses(contestants=WHO[:1], processes=Processes(left=2, ended=False)),
        "cy.total: starts processes (2 are left after the calls)",
    ),
    (
        StartsProcesses(contestants=WHO[:1], processes=Processes(left=0, ended=True)),
        "cy.total: starts processes in a call",
    ),
    (
        LeavesThreads(contestants=WHO[:1], threads_a_call=1.0),
        "cy.total: every call leaves threads in the process (1 on average)",
    ),
    (
        RemembersContent(contestants=WHO[:1]),
        "cy.total: remembers answers by content: calls on what it has seen before take less than "
        "a third of the time",
    ),
    (
        UnsafeUnexplained(build="rs", places=7, unexplained=("src/lib.rs:3",)),
        "rs: 1 of 7 unsafe places without SAFETY: (src/lib.rs:3)",
    ),
]


@pytest.mark.parametrize(("finding", "what"), SAID)
def test_a_finding_says_in_one_line_what_was_found(finding: Finding, what: str) -> None:
    assert unmarked(finding_words(finding).what) == what


def test_every_kind_of_finding_is_shown_here() -> None:
    assert {type(finding) for finding, _ in SAID} == set(get_args(Finding))


@pytest.mark.parametrize("finding", [finding for finding, _ in SAID])
def test_every_finding_says_why_it_matters_and_what_to_do(finding: Finding) -> None:
    said = finding_words(finding)
    assert all((said.why, said.remedy))


def test_a_finding_has_its_severity_and_its_next_step_on_a_line_of_its_own() -> None:
    (text,) = finding_texts((UnlikeIsa(groups=GROUPS),))
    assert text.startswith(strong(mark(Style.BAD, "not attributable:")))
    assert unmarked(text, SHELL).splitlines() == snapshot(
        [
            (
                "not attributable: different target processors: cy, rust: -O3; cpp @native: -O2: "
                "wider vectors may make the difference, and such a wheel does not run everywhere."
            ),
            "  Next: leave out -march, target-cpu and the like, or run all with --profile native.",
        ]
    )


def test_a_warning_is_not_made_to_look_serious() -> None:
    (text,) = finding_texts((GilHeld(contestants=WHO),))
    assert text.startswith("warning: ")


def test_that_nothing_was_found_is_said() -> None:
    assert finding_texts(()) == snapshot(("Nothing was found that spoils a comparison.",))


@pytest.mark.parametrize("cause", PythonCause)
def test_each_reason_for_python_in_a_loop_has_a_cure_of_its_own(cause: PythonCause) -> None:
    loop = PythonInLoop(
        build="cy",
        function="f",
        contestants=WHO,
        lines=LINES[:1],
        calls=("f",),
        causes=(cause,),
    )
    other = next(one for one in PythonCause if one is not cause)
    remedies = {finding_words(replace(loop, causes=its)).remedy for its in ((cause,), (other,))}
    assert len(remedies) == 2
    both = finding_words(replace(loop, causes=(cause, other))).remedy
    assert both.count("; ") == 1


def test_a_cure_is_that_of_its_own_line() -> None:
    loop = PythonInLoop(
        build="cy",
        function="f",
        contestants=WHO,
        lines=LINES[:2],
        calls=("f",),
        texts=("s += np.abs(row)", "s += np.sqrt(v)"),
        causes=(PythonCause.ARRAY, PythonCause.MODULE),
    )
    remedy = finding_words(loop).remedy
    assert "sqrt from libc.math" in remedy
    assert "fabs" not in remedy
    older = finding_words(replace(loop, causes=loop.causes[1:])).remedy
    assert "fabs" in older


def test_a_finding_of_an_older_audit_has_the_cure_for_types() -> None:
    old = PythonInLoop(build="cy", function="f", contestants=WHO, lines=LINES[:1], calls=("f",))
    types = replace(old, causes=(PythonCause.TYPE,))
    assert finding_words(old).remedy == finding_words(types).remedy


def test_a_line_that_is_quoted_cannot_become_markup() -> None:
    hostile = "s += '\ue000s\ue001'"
    loop = PythonInLoop(
        build="cy",
        function="f",
        contestants=WHO,
        lines=LINES[:1],
        calls=("f",),
        texts=(hostile,),
    )
    assert "a.pyx:1: s += 's'" in unmarked(finding_words(loop).what)


WROTE = Output(first_bytes=9, later_bytes=0, line="ready")


def test_what_was_seen_of_objects_is_not_said_of_single_calls() -> None:
    findings: tuple[Finding, ...] = (
        WorksOn(contestants=WHO[:1], after_ns=600_000, call_ns=1_000_000, of_objects=True),
        WritesOutput(contestants=WHO[:1], output=replace(WROTE, later_bytes=9), of_objects=True),
        WritesOutput(contestants=WHO[:1], output=WROTE, of_objects=True),
        LeavesThreads(contestants=WHO[:1], threads_a_call=1.0, of_objects=True),
        LeavesFiles(contestants=WHO[:1], files_a_call=1.0, of_objects=True),
    )
    said = [finding_words(one) for one in findings]
    assert [unmarked(one.what) for one in said] == snapshot(
        [
            "cy.total: works on after the last call of a stream has returned (600 us of processor "
            "time after 1.00 ms in all of them)",
            "cy.total: writes 9 B to standard output or error in each object's calls: ready",
            "cy.total: writes 9 B to standard output or error in the first object's calls: ready",
            "cy.total: every object leaves threads in the process (1 on average)",
            "cy.total: every object leaves files open (1 on average)",
        ]
    )
    assert [one.remedy for one in said[-2:]] == snapshot(
        [
            "end the threads with their object, or share them between objects",
            "close them with their object, also after an error",
        ]
    )
