"""What findings say: every kind what it is, why it matters, and what to do."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from whichext.model.findings import Finding, is_a_surprise, spoils
from whichext.model.findings.code import GilHeld, PythonInLoop, UnsafeUnexplained
from whichext.model.findings.compiling import (
    CompilerUnseen,
    DebugSymbolsCounted,
    NotOptimised,
    OpenMpMissing,
    Sanitized,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
)
from whichext.model.findings.declared import FactorContradicted
from whichext.model.findings.severity import Group, Severity

GROUPS = (Group("-O3", ("cy", "rust")), Group("-O2", ("cpp @native",)))
LINES = ("a.pyx:1", "a.pyx:2", "a.pyx:3", "a.pyx:4")
WHO = ("cy.total", "cy.total_all")

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
        UnlikeOptimisation(groups=GROUPS),
        "optimised unlike each other: cy, rust: -O3; cpp @native: -O2",
    ),
    (
        UnlikeIsa(groups=GROUPS),
        "built for unlike processors: cy, rust: -O3; cpp @native: -O2",
    ),
    (
        UnlikeCompiler(groups=GROUPS, one_language=True),
        "compiled by unlike compilers: cy, rust: -O3; cpp @native: -O2",
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
        GilHeld(contestants=WHO),
        "cy.total, cy.total_all: keeps the GIL during the whole call",
    ),
    (
        UnsafeUnexplained(build="rs", places=7, unexplained=("src/lib.rs:3",)),
        "rs: 1 of 7 unsafe places without SAFETY: (src/lib.rs:3)",
    ),
]


@pytest.mark.parametrize(("finding", "what"), SAID)
def test_a_finding_says_in_one_line_what_was_found(finding: Finding, what: str) -> None:
    assert finding.what == what


def test_every_kind_of_finding_is_shown_here() -> None:
    assert {type(finding) for finding, _ in SAID} == set(get_args(Finding))


@pytest.mark.parametrize("finding", [finding for finding, _ in SAID])
def test_every_finding_says_why_it_matters_and_what_to_do(finding: Finding) -> None:
    assert all((finding.why, finding.remedy, finding.severity in Severity))


@pytest.mark.parametrize("finding", [finding for finding, _ in SAID])
def test_a_finding_survives_its_way_through_a_file(finding: Finding) -> None:
    encoded = msgspec.json.encode(finding)
    assert msgspec.json.decode(encoded, type=Finding) == finding  # type: ignore[arg-type]  # a union is a type to msgspec


def test_only_what_takes_the_meaning_out_of_a_ratio_spoils_it() -> None:
    spoiling = {type(finding).__name__ for finding, _ in SAID if spoils(finding)}
    assert spoiling == {
        "NotOptimised",
        "UnlikeOptimisation",
        "UnlikeIsa",
        "UnlikeCompiler",
        "OpenMpMissing",
        "Sanitized",
        "FactorContradicted",
        "PythonInLoop",
    }


def test_what_two_languages_cannot_avoid_does_not_spoil() -> None:
    assert not spoils(UnlikeCompiler(groups=GROUPS, one_language=False))


def test_what_the_profile_debug_says_by_its_name_is_no_surprise() -> None:
    kinds = [(f.declared, spoils(f), is_a_surprise(f)) for f, _ in SAID if type(f) is NotOptimised]
    assert kinds == [(False, True, True), (False, True, True), (True, True, False)]


def test_what_spoils_nothing_is_no_surprise() -> None:
    assert not is_a_surprise(CompilerUnseen(build="cy", needs=("cc",)))
