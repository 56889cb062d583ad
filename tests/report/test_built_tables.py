"""What came of the builds, as text."""

from __future__ import annotations

from msgspec.structs import replace
from rich.console import Console, RenderableType
from rich.text import Text

from builders import make_build
from compiled import evidence, library, settings
from whichext.model.evidence import Function, Probe, UnsafePlaces, Unseen
from whichext.model.outcome import Built
from whichext.model.profile import NATIVE
from whichext.report.built_tables import probes_table, source_lines, vector_table, wheel_table

WIDE = Function(name="m.wide", width_bits=512, instructions=9)
NARROW = tuple(Function(name=f"m.f{n}", width_bits=128, instructions=n) for n in range(8))


def text_of(table: RenderableType | None) -> list[list[str]]:
    assert table is not None
    console = Console(width=160, highlight=False)
    with console.capture() as capture:
        console.print(table)
    return [line.split() for line in capture.get().splitlines()]


def test_a_wheel_has_its_sizes_and_what_it_needs_beyond_what_every_system_has() -> None:
    build = evidence("cy", settings(openmp=True), openmp=True)
    (_, row) = text_of(wheel_table((make_build("cy"),), (build,)))
    assert row[:2] == ["cy", "cp312-cp312-linux_x86_64"]
    assert "libgomp.so.1" in row
    assert "libc.so.6" not in row


def test_a_build_from_the_cache_has_the_time_that_it_took_to_find() -> None:
    build = make_build("cy")
    assert isinstance(build.result, Built)
    cached = replace(build, result=replace(build.result, cached=True), took_ns=2_000_000)
    (_, row) = text_of(wheel_table((cached,), (evidence("cy", settings()),)))
    assert row[-2:] == ["2.00", "ms"]
    (_, row) = text_of(wheel_table((build,), (evidence("cy", settings()),)))
    assert row[-1] == "-"


def test_without_a_build_there_is_no_table() -> None:
    assert wheel_table((), ()) is None
    assert vector_table(()) is None
    assert probes_table(()) is None


def test_functions_stand_by_the_width_of_their_vectors_the_widest_first() -> None:
    build = replace(evidence("cy", settings()), libraries=(library("a.so", WIDE, *NARROW),))
    _, first, second = (" ".join(line) for line in text_of(vector_table((build,))))
    assert first == "cy 512 bits m.wide"
    assert second == "128 bits m.f7, m.f6, m.f5, m.f4, m.f3, m.f2 and 2 more"


def test_a_build_without_vectors_says_so() -> None:
    (_, row) = text_of(vector_table((evidence("cy", settings()),)))
    assert " ".join(row) == "cy - no function computes on vectors"


def test_code_without_names_is_said_to_be_so() -> None:
    nameless = library("a.so", replace(WIDE, name=""))
    (_, row) = text_of(vector_table((replace(evidence("rs"), libraries=(nameless,)),)))
    assert " ".join(row) == "rs 512 bits somewhere: the names were stripped"


def test_an_entry_has_its_import_its_threads_and_whether_it_lets_others_run() -> None:
    rows = text_of(
        probes_table(
            (
                Probe(contestant="cy.a", import_ns=3_000_000, releases_gil=True, threads=2),
                Probe(contestant="cy.b", import_ns=3_000_000, releases_gil=False, threads=1),
                Probe(contestant="cy.c", unseen="killed by SIGSEGV"),
            )
        )
    )
    assert [" ".join(row) for row in rows[1:]] == [
        "cy.a 3.00 ms 2 threads released",
        "cy.b 3.00 ms 1 thread held",
        "cy.c - - not seen: killed by SIGSEGV",
    ]


def lines_of(*lines: Text) -> list[str]:
    return [line.plain for line in lines]


def test_unsafe_places_are_counted_once_for_all_profiles_of_a_project() -> None:
    build = replace(evidence("rs"), unsafe=UnsafePlaces(places=7, unexplained=()))
    some = replace(evidence("rs2"), unsafe=UnsafePlaces(places=2, unexplained=("a.rs:1",)))
    assert lines_of(*source_lines((build, replace(build, profile=NATIVE), some))) == [
        "rs: 7 unsafe places, none without SAFETY:",
        "rs2: 2 unsafe places, 1 without SAFETY:",
    ]


def test_what_was_not_seen_is_said_with_its_reason() -> None:
    build = replace(
        evidence("cy"),
        unseen=(Unseen(what="a.pyx", reason="Cython did not annotate it"),),
        libraries=(replace(library("a.so"), functions_unseen="capstone cannot be imported"),),
    )
    assert lines_of(*source_lines((build,))) == [
        "cy: not seen: a.pyx: Cython did not annotate it",
        "cy: not seen: functions of a.so: capstone cannot be imported",
    ]
