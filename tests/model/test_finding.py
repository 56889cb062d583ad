"""Findings of an audit: which of them take the meaning out of a comparison."""

from __future__ import annotations

import msgspec
import pytest

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
    SettingWithoutEffect,
    Severity,
    StartsProcesses,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeMath,
    UnlikeOptimisation,
    UnsafeUnexplained,
    WorksOn,
    WritesOutput,
    is_a_surprise,
    spoils,
)
from whichext.model.process import Moment, Output, ProcessChange, Processes, Shared

GROUPS = (Group("-O3", ("cy", "rust")), Group("-O2", ("cpp @native",)))
LINES = ("a.pyx:1", "a.pyx:2", "a.pyx:3", "a.pyx:4")
WHO = ("cy.total", "cy.total_all")

EVERY: tuple[Finding, ...] = (
    NotOptimised(contestants=WHO, told="", sources=(), declared=False),
    NotOptimised(contestants=WHO[:1], told="-O0", sources=("a.c",), declared=False),
    NotOptimised(contestants=WHO[:1], told="-O3 -O0", sources=(), declared=True, beside=GROUPS[:1]),
    UnlikeOptimisation(groups=GROUPS),
    UnlikeIsa(groups=GROUPS),
    UnlikeCompiler(groups=GROUPS, one_language=True),
    DebugSymbolsCounted(build="cy", files=("a.so", "b.so"), debug_bytes=61_000, file_bytes=100_000),
    OpenMpMissing(contestants=WHO[:1], asked_by=("a.c",)),
    Sanitized(contestants=WHO[:1], sanitizers=("address",)),
    SettingWithoutEffect(build="cy @bounds=checked", release="cy"),
    CompilerUnseen(build="cy", needs=("cc",)),
    ObjectsUnseen(build="cy", contestants=WHO[:1], files=("loop.o",)),
    UnlikeMath(groups=GROUPS),
    FactorContradicted(contestants=WHO[:1], factor="compiler", declared="clang", seen="gcc 12.2.0"),
    PythonInLoop(
        build="cy", function="total", contestants=WHO[:1], lines=LINES, calls=("PyNumber_Add",)
    ),
    PythonInLoop(
        build="cy", function="helper", contestants=(), lines=LINES[:1], calls=("PyNumber_Add",)
    ),
    GilHeld(contestants=WHO),
    GilHeld(contestants=WHO[:1], free=0.04),
    WorksOn(contestants=WHO[:1], after_ns=20_000_000, call_ns=5_000_000),
    ProcessChanged(
        contestants=WHO,
        change=ProcessChange(
            state=Shared.NUMPY_ERRORS, moment=Moment.CALL, what="divide warn -> ignore"
        ),
    ),
    WritesOutput(
        contestants=WHO[:1], output=Output(first_bytes=20, later_bytes=20_000, line="row 1")
    ),
    LeavesThreads(contestants=WHO[:1], threads_a_call=1.0),
    LeavesFiles(contestants=WHO[:1], files_a_call=1.0),
    StartsProcesses(contestants=WHO[:1], processes=Processes(left=2, ended=True)),
    RemembersContent(contestants=WHO[:1]),
    UnsafeUnexplained(build="rs", places=7, unexplained=("src/lib.rs:3",)),
)


@pytest.mark.parametrize("finding", EVERY)
def test_a_finding_survives_its_way_through_a_file(finding: Finding) -> None:
    encoded = msgspec.json.encode(finding)
    assert msgspec.json.decode(encoded, type=Finding) == finding  # type: ignore[arg-type]  # a union is a type to msgspec


def test_only_what_takes_the_meaning_out_of_a_ratio_spoils_it() -> None:
    spoiling = {type(finding).__name__ for finding in EVERY if spoils(finding)}
    assert spoiling == {
        "NotOptimised",
        "UnlikeOptimisation",
        "UnlikeIsa",
        "UnlikeCompiler",
        "OpenMpMissing",
        "Sanitized",
        "FactorContradicted",
        "PythonInLoop",
        "RemembersContent",
        "ObjectsUnseen",
        "UnlikeMath",
    }


def test_what_two_languages_cannot_avoid_does_not_spoil() -> None:
    assert not spoils(UnlikeCompiler(groups=GROUPS, one_language=False))


def test_what_the_profile_debug_says_by_its_name_is_no_surprise() -> None:
    kinds = [(f.declared, spoils(f), is_a_surprise(f)) for f in EVERY if type(f) is NotOptimised]
    assert kinds == [(False, True, True), (False, True, True), (True, True, False)]


def test_what_spoils_nothing_is_no_surprise() -> None:
    assert not is_a_surprise(CompilerUnseen(build="cy", needs=("cc",)))


@pytest.mark.parametrize(
    ("state", "severity"),
    [
        (Shared.SUBNORMALS, Severity.UNATTRIBUTABLE),
        (Shared.ROUNDING, Severity.UNATTRIBUTABLE),
        (Shared.FOLDER, Severity.WARNING),
    ],
)
def test_whose_processor_computes_otherwise_is_not_compared_alike(
    state: Shared, severity: Severity
) -> None:
    change = ProcessChange(state=state, moment=Moment.IMPORT, what="changed")
    assert ProcessChanged(contestants=WHO, change=change).severity is severity
