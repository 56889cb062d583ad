"""The audit as text: what was compiled how, what was not built, and what was found."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import evidence, library, rust, settings
from support.cli import printed, printed_race
from support.results import (
    BUILD_FAILED,
    SKIPPED,
    changed,
    explained,
    make_build,
    make_race,
    make_view,
    steady,
)
from whichext.cli.wording import SHELL
from whichext.model.contestant import NATIVE, Factor
from whichext.model.evidence import (
    Compiled,
    Compiling,
    Evidence,
    Function,
    Probe,
    UnsafePlaces,
    Unseen,
)
from whichext.model.finding import Finding, Group, NotOptimised, UnlikeCompiler, UnlikeOptimisation
from whichext.model.inline import unmarked
from whichext.model.outcome import Built
from whichext.model.raw import Build
from whichext.report.audit import audit_document
from whichext.report.document import Document, Paragraph, Table
from whichext.report.findings import SEVERITIES, finding_words
from whichext.report.notes import warnings

DEBUG = NotOptimised(contestants=("cy.total@debug",), told="-O0", sources=(), declared=True)
SPOILS = UnlikeOptimisation(groups=(Group("-O3", ("cy",)), Group("-O2", ("rust",))))
WARNS = UnlikeCompiler(groups=(Group("gcc 12", ("cy",)),), one_language=False)


WIDE = Function(name="m.wide", width_bits=512, instructions=9)
NARROW = tuple(Function(name=f"m.f{n}", width_bits=128, instructions=n) for n in range(8))


def what(finding: Finding) -> str:
    """What was found."""
    return unmarked(finding_words(finding).what)


def audited(
    *evidence: Evidence,
    builds: tuple[Build, ...] = (),
    findings: tuple[Finding, ...] = (),
    probes: tuple[Probe, ...] = (),
) -> Document:
    view = changed(make_view(builds=builds), evidence=evidence, findings=findings, probes=probes)
    return audit_document(view)


def text_of(
    *evidence: Evidence, builds: tuple[Build, ...] = (), findings: tuple[Finding, ...] = ()
) -> str:
    document = audited(*evidence, builds=builds, findings=findings)
    return printed(*document.blocks, width=160)


def table_of(document: Document, *titles: str) -> list[list[str]]:
    """The rows of the table that begins with these columns."""
    (found,) = (
        block
        for block in document.blocks
        if isinstance(block, Table)
        and [column.title for column in block.columns][: len(titles)] == [*titles]
    )
    return [[unmarked(cell) for cell in row] for row in found.rows]


def rows_of(*evidence: Evidence) -> list[list[str]]:
    """The cells of the table on compilers."""
    return table_of(audited(*evidence), "build", "compiler")


def test_every_way_of_compiling_is_a_row() -> None:
    build = evidence("cy", settings(), settings(isa=("avx2",), openmp=True, debug_symbols=True))
    assert rows_of(build, evidence("rs", rust(lto="fat"), profile="native")) == [
        ["cy", "gcc 12.2.0", "-O3", "a.c"],
        ["", "gcc 12.2.0", "-O3, avx2, OpenMP, debug symbols", "b.c"],
        ["rs @native", "rustc 1.95.0", "opt-level=3, LTO fat", "a.c"],
    ]


def test_sanitizers_are_shown() -> None:
    (row,) = rows_of(evidence("cy", settings(sanitizers=("address", "undefined"))))
    assert row[2] == snapshot("-O3, sanitizer address, sanitizer undefined")


def test_contradicting_levels_are_shown_with_the_one_that_counts() -> None:
    (row,) = rows_of(evidence("cy", settings(level="0", told="-O3 -O0")))
    assert row[2] == "-O0 (-O3 -O0)"


def test_settings_in_which_builds_of_a_language_differ_are_shown() -> None:
    plain = settings(further=(Factor("assertions", "on"), Factor("flags", "-fwrapv")))
    other = settings(further=(Factor("assertions", "off"), Factor("flags", "-fwrapv -fno-inline")))
    assert [row[2] for row in rows_of(evidence("a", plain), evidence("b", plain))] == ["-O3"] * 2
    rows = rows_of(evidence("a", plain), evidence("b", other))
    assert [row[2] for row in rows] == snapshot(
        ["-O3, assertions on", "-O3, assertions off, -fno-inline"]
    )


def test_no_level_at_all_is_said() -> None:
    (row,) = rows_of(evidence("cy", settings(level="0", told="")))
    assert row[2] == "-O0 (no level)"


def test_of_many_sources_two_are_named() -> None:
    many = Compiled(settings=settings(), sources=("a.c", "b.c", "c.c", "d.c"))
    (row,) = rows_of(replace(evidence("cy"), compiled=(many,)))
    assert row[-1] == "a.c, b.c and 2 more"


def test_a_build_without_a_compiler_is_a_row() -> None:
    assert rows_of(evidence("plain")) == snapshot([["plain", "-", "-", "no compiler was seen"]])


def test_what_was_not_built_is_there_with_its_reason() -> None:
    text = text_of(builds=(make_build("cy", BUILD_FAILED, "native"), make_build("rs", SKIPPED)))
    assert text == snapshot("""\
cy @native: did not build:
  | sum.c:3:1: error: unknown type
  Next: install gcc
rs @release: skipped: Rust's cargo is missing
  Next: install Rust from https://rustup.rs
""")


def test_each_finding_has_its_severity_the_reason_and_the_next_step() -> None:
    lines = text_of(findings=(DEBUG,)).splitlines()
    assert lines[-2:] == [
        f"not attributable: {what(DEBUG)}: {finding_words(DEBUG).why}.",
        f"  Next: {finding_words(DEBUG).remedy}.",
    ]


def test_an_audit_without_findings_says_so() -> None:
    text = text_of(evidence("cy", settings()))
    assert text.splitlines()[-1] == snapshot("Nothing was found that spoils a comparison.")


def test_an_audit_of_nothing_does_not_say_that_nothing_was_found() -> None:
    assert "Nothing was found" not in text_of()


def report_with(*findings: Finding) -> str:
    race = make_race({"numpy": steady(1_000), "cy.total": steady(1_000)})
    return printed_race(changed(race, evidence=(evidence("cy"),), findings=findings), 200)


def test_every_report_has_what_the_audit_found() -> None:
    text = report_with(SPOILS, WARNS, DEBUG)
    for finding in (SPOILS, WARNS, DEBUG):
        assert f"{SEVERITIES[finding.severity]}: {what(finding)}: " in text


def test_what_spoils_a_comparison_stands_above_the_tables_too() -> None:
    race = explained(changed(make_race({"numpy": steady(1_000)}), findings=(SPOILS, WARNS, DEBUG)))
    assert [unmarked(text, SHELL) for text in warnings(race)] == snapshot(
        [
            (
                "Not attributable: different optimisation levels: cy: -O3; rust: -O2. whichext "
                "audit has the details."
            ),
            "Not attributable: cy.total@debug: built with -O0. whichext audit has the details.",
        ]
    )


def test_a_result_from_before_there_was_an_audit_has_no_word_of_it() -> None:
    assert "Audit" not in printed_race(make_race({"numpy": steady(1_000)}))


# What came of the builds


def test_a_wheel_has_its_sizes_and_what_it_needs_beyond_what_every_system_has() -> None:
    build = evidence("cy", settings(openmp=True), openmp=True)
    (row,) = table_of(audited(build, builds=(make_build("cy"),)), "wheel")
    assert row[:2] == ["cy", "cp312-cp312-linux_x86_64"]
    assert "libgomp.so.1" in row
    assert "libc.so.6" not in row


def test_a_build_from_the_cache_has_the_time_that_it_took_to_find() -> None:
    build = make_build("cy")
    assert isinstance(build.result, Built)
    cached = replace(build, result=replace(build.result, cached=True), took_ns=2_000_000)
    (row,) = table_of(audited(evidence("cy", settings()), builds=(cached,)), "wheel")
    assert row[-1] == "2.00 ms"
    (row,) = table_of(audited(evidence("cy", settings()), builds=(build,)), "wheel")
    assert row[-1] == "-"


def test_without_a_build_there_is_no_table() -> None:
    assert audited().blocks == ()


def test_functions_stand_by_the_width_of_their_vectors_the_widest_first() -> None:
    build = replace(evidence("cy", settings()), libraries=(library("a.so", WIDE, *NARROW),))
    assert table_of(audited(build), "build", "vectors") == [
        ["cy", "512 bits", "m.wide"],
        ["", "128 bits", "m.f7, m.f6, m.f5, m.f4, m.f3, m.f2 and 2 more"],
    ]


def test_a_build_without_vectors_says_so() -> None:
    (row,) = table_of(audited(evidence("cy", settings())), "build", "vectors")
    assert row == snapshot(["cy", "-", "no function computes on vectors"])


def test_code_without_names_is_said_to_be_so() -> None:
    nameless = library("a.so", replace(WIDE, name=""))
    build = replace(evidence("rs"), libraries=(nameless,))
    (row,) = table_of(audited(build), "build", "vectors")
    assert row == snapshot(["rs", "512 bits", "somewhere: the names were stripped"])


def test_an_entry_has_its_import_its_threads_and_the_share_that_it_leaves_to_others() -> None:
    probes = (
        Probe(contestant="cy.a", import_ns=3_000_000, gil_free=0.98, threads=2),
        Probe(contestant="cy.b", import_ns=3_000_000, gil_free=0.0, threads=1),
        Probe(contestant="cy.c", unseen="killed by SIGSEGV"),
    )
    assert table_of(audited(probes=probes), "entry") == snapshot(
        [
            ["cy.a", "3.00 ms", "2 threads", "free 98%"],
            ["cy.b", "3.00 ms", "1 thread", "free 0%"],
            ["cy.c", "-", "-", "not seen: killed by SIGSEGV"],
        ]
    )


def test_what_is_compiled_when_it_is_called_has_a_time_for_that_and_for_its_cache() -> None:
    kept = Compiling(compile_ns=1_920_000_000, load_ns=60_000_000)
    probes = (
        Probe(contestant="nb.kept", compiling=kept),
        Probe(contestant="nb.fresh", compiling=replace(kept, load_ns=None)),
        Probe(contestant="cy.a"),
    )
    assert table_of(audited(probes=probes), "compiled when called") == snapshot(
        [["nb.kept", "1.92 s", "60.0 ms"], ["nb.fresh", "1.92 s", "not cached"]]
    )


def source_lines(*evidence: Evidence) -> list[str]:
    """What is said of the sources, line by line."""
    (found,) = (block for block in audited(*evidence).blocks if isinstance(block, Paragraph))
    return unmarked(found.text).split("\n")


def test_unsafe_places_are_counted_once_for_all_profiles_of_a_project() -> None:
    build = replace(evidence("rs"), unsafe=UnsafePlaces(places=7, unexplained=()))
    some = replace(evidence("rs2"), unsafe=UnsafePlaces(places=2, unexplained=("a.rs:1",)))
    assert source_lines(build, replace(build, profile=NATIVE), some) == snapshot(
        ["rs: 7 unsafe places, none without SAFETY:", "rs2: 2 unsafe places, 1 without SAFETY:"]
    )


def test_what_was_not_seen_is_said_with_its_reason() -> None:
    build = replace(
        evidence("cy"),
        unseen=(Unseen(what="a.pyx", reason="Cython did not annotate it"),),
        libraries=(replace(library("a.so"), functions_unseen="capstone cannot be imported"),),
    )
    assert source_lines(build) == snapshot(
        [
            "cy: not seen: a.pyx: Cython did not annotate it",
            "cy: not seen: functions of a.so: capstone cannot be imported",
        ]
    )


def test_who_runs_for_this_processor_is_not_sent_there() -> None:
    remedies = [
        finding_words(
            NotOptimised(contestants=(name,), told="", sources=("core.rs",), declared=False)
        ).remedy
        for name in ("cy.total", "cy.total@native")
    ]
    assert [unmarked(one, SHELL) for one in remedies] == snapshot(
        [
            "ask for -O2 or more in the project's build files (or run with --profile native)",
            "ask for -O2 or more in the project's build files",
        ]
    )
