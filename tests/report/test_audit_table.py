"""The audit as text: what was compiled how, what was not built, and what was found."""

from __future__ import annotations

import re

from msgspec.structs import replace
from rich.console import Console

from builders import BUILD_FAILED, SKIPPED, changed, make_build, make_race, make_raw, steady
from compiled import evidence, rust, settings
from whichext.model.evidence import Compiled, Evidence
from whichext.model.findings import Finding
from whichext.model.findings.compiling import NotOptimised, UnlikeCompiler, UnlikeOptimisation
from whichext.model.findings.severity import Group
from whichext.model.raw import Build
from whichext.report import as_text
from whichext.report.audit_table import render_audit
from whichext.report.notes import warnings
from whichext.toolchains import said

DEBUG = NotOptimised(contestants=("cy.total@debug",), told="-O0", sources=(), declared=True)
SPOILS = UnlikeOptimisation(groups=(Group("-O3", ("cy",)), Group("-O2", ("rust",))))
WARNS = UnlikeCompiler(groups=(Group("gcc 12", ("cy",)),), one_language=False)


def text_of(
    *evidence: Evidence, builds: tuple[Build, ...] = (), findings: tuple[Finding, ...] = ()
) -> str:
    console = Console(width=160, highlight=False)
    with console.capture() as capture:
        console.print(
            render_audit(replace(make_raw(builds=builds), evidence=evidence, findings=findings))
        )
    return capture.get()


def rows_of(*evidence: Evidence) -> list[list[str]]:
    """The cells of the table's lines below its head."""
    lines = text_of(*evidence).splitlines()
    rows = lines[1 : lines.index(" " * 160) if " " * 160 in lines else lines.index("")]
    return [re.split(r"\s{2,}", line.rstrip()) for line in rows]


def test_every_way_of_compiling_is_a_row() -> None:
    build = evidence("cy", settings(), settings(isa=("avx2",), openmp=True, debug_symbols=True))
    assert rows_of(build, evidence("rs", rust(lto="fat"), profile="native")) == [
        ["cy", "gcc 12.2.0", "-O3", "a.c"],
        ["", "gcc 12.2.0", "-O3, avx2, OpenMP, debug symbols", "b.c"],
        ["rs @native", "rustc 1.95.0", "opt-level=3, LTO fat", "a.c"],
    ]


def test_sanitizers_are_shown() -> None:
    (row,) = rows_of(evidence("cy", settings(sanitizers=("address", "undefined"))))
    assert row[2] == "-O3, sanitizer address, sanitizer undefined"


def test_contradicting_levels_are_shown_with_the_one_that_counts() -> None:
    (row,) = rows_of(evidence("cy", settings(level="0", told="-O3 -O0")))
    assert row[2] == "-O0 (-O3 -O0)"


def test_no_level_at_all_is_said() -> None:
    (row,) = rows_of(evidence("cy", settings(level="0", told="")))
    assert row[2] == "-O0 (no level)"


def test_of_many_sources_two_are_named() -> None:
    many = Compiled(settings=settings(), sources=("a.c", "b.c", "c.c", "d.c"))
    (row,) = rows_of(replace(evidence("cy"), compiled=(many,)))
    assert row[-1] == "a.c, b.c and 2 more"


def test_a_build_without_a_compiler_is_a_row() -> None:
    assert rows_of(evidence("plain")) == [["plain", "-", "-", "no compiler was seen"]]


def test_what_was_not_built_is_there_with_its_reason() -> None:
    text = text_of(builds=(make_build("cy", BUILD_FAILED, "native"), make_build("rs", SKIPPED)))
    assert f"cy @native: did not build:\n  | {BUILD_FAILED.error}" in text
    assert f"rs @release: skipped for want of {SKIPPED.what}" in text


def test_each_finding_has_its_severity_the_reason_and_the_next_step() -> None:
    lines = text_of(findings=(DEBUG,)).splitlines()
    assert lines[-3:-1] == [
        f"not attributable: {DEBUG.what}: {said(DEBUG.why)}.",
        f"  Next: {said(DEBUG.remedy)}.".ljust(160),
    ]


def test_an_audit_without_findings_says_so() -> None:
    text = text_of(evidence("cy", settings()))
    assert "Nothing was found that stands against a comparison." in text


def test_an_audit_of_nothing_does_not_say_that_nothing_was_found() -> None:
    assert "Nothing was found" not in text_of()


def report_with(*findings: Finding) -> str:
    race = make_race({"numpy": steady(1_000), "cy.total": steady(1_000)})
    return as_text.render(changed(race, evidence=(evidence("cy"),), findings=findings), 200)


def test_every_report_has_what_the_audit_found() -> None:
    text = report_with(SPOILS, WARNS, DEBUG)
    for finding in (SPOILS, WARNS, DEBUG):
        assert f"{finding.severity}: {finding.what}: {said(finding.why)}." in text


def test_what_spoils_a_comparison_stands_above_the_tables_too() -> None:
    race = changed(make_race({"numpy": steady(1_000)}), findings=(SPOILS, WARNS, DEBUG))
    assert warnings(race) == [
        f"Not attributable: {SPOILS.what}. whichext audit tells more.",
        f"Not attributable: {DEBUG.what}. whichext audit tells more.",
    ]


def test_a_result_from_before_there_was_an_audit_has_no_word_of_it() -> None:
    assert "Audit" not in as_text.render(make_race({"numpy": steady(1_000)}))
