"""What is said of every kind of finding."""

from __future__ import annotations

from typing import get_args

import pytest
from inline_snapshot import snapshot

from whichext.cli.wording import SHELL
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    FactorContradicted,
    Finding,
    GilHeld,
    Group,
    NotOptimised,
    OpenMpMissing,
    PythonInLoop,
    Sanitized,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
    UnsafeUnexplained,
)
from whichext.model.inline import Style, mark, strong, unmarked
from whichext.report.findings import finding_texts, finding_words

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
        "different optimisation levels: cy, rust: -O3; cpp @native: -O2",
    ),
    (
        UnlikeIsa(groups=GROUPS),
        "different target processors: cy, rust: -O3; cpp @native: -O2",
    ),
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
