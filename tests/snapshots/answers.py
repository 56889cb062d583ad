"""What is printed of verifications, audits, claims and what stands beside a race.

All that the snapshots need of the package and of the other helpers is imported in modules like this
one, so that code can move without a change in the tests: these hold what is printed, and nothing
else. Where a snapshot has to change, what users see has changed.
"""

from __future__ import annotations

import dataclasses

from msgspec.structs import replace

from snapshots.every_finding import EVERY_FINDING
from support.builds import evidence, library, rust, settings
from support.contestants import SMALL, TALL, make_kernel
from support.races import NUMPY, trial_of, with_common_factors, with_held
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    WRONG,
    changed,
    make_build,
    make_built,
    make_check,
    make_race,
    make_selfcheck,
    make_view,
    rejudged,
    steady,
)
from whichext.cli.wording import SHELL
from whichext.judge.claims.hold import with_claims
from whichext.model.check import Check, Property
from whichext.model.contestant import DEBUG as WITHOUT_OPTIMISATION
from whichext.model.contestant import RELEASE
from whichext.model.evidence import Compiled, Function, Probe, UnsafePlaces, Unseen
from whichext.model.kernel import Entry, Project
from whichext.model.outcome import Crashed, Right, TimedOut, ToolchainAbsent, Unsupported, Wrong
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.audit import audit_document
from whichext.report.claims import check_document, claims_document
from whichext.report.claims_tables import claims_summary, claims_table
from whichext.report.document import Document
from whichext.report.listing import doctor_document, kernel_document, selfcheck_document
from whichext.report.markdown import render_markdown
from whichext.report.text import render_text
from whichext.report.verification import verification_document
from whichext.system.doctor import Level, MachineNote

TWIN = "numpy (A/A twin)"
CY_DEBUG, CY_COLUMNS, CY_ROWS, CY_ROWS2 = "cy.find@debug", "cy.find", "cy.rows", "cy.rows[2]"
RS_TILES = "rs.tiles"


def shown(document: Document, *, colour: bool = False) -> str:
    """What a terminal of 100 columns shows of a document."""
    return render_text(document, colour=colour, wording=SHELL)


# Verifications


def _verified() -> View:
    """Right, refused, wrong with Python to paste, crashed, hung, skipped, not built."""
    drawn = Wrong("drawn inputs", "2.0 at (0,)", "1.0 (1 of 1 values differ)")
    snippet = "import numpy as np\n\nvalues = np.array([[1.0, 2.0]], 'float64')"
    right = [(NUMPY, property_) for property_ in Property if property_ is not Property.IMPORT]
    found: list[tuple[str, Property, Check]] = []

    def add(
        who: str, property_: Property, result: object, count: int = 1, text: str | None = None
    ) -> None:
        check = make_check(who, WRONG, getattr(result, "where", property_.value))
        changed = replace(check, result=result, property=property_, count=count, snippet=text)
        found.append((who, property_, changed))

    for who, property_ in right:
        add(who, property_, Right(), count=3)
    for property_, count in ((Property.PLAIN, 12), (Property.VALUES, 7), (Property.DRAWN, 83)):
        add("cy.total", property_, Right(), count)
    add("cy.total", Property.LAYOUTS, Right(), 4)
    add("cy.total", Property.LAYOUTS, Unsupported("TypeError: no"), 2)
    add("cy.total", Property.FORK, TimedOut("in a forked child", 5_000_000_000))
    add("cy.bad", Property.PLAIN, Right(), 12)
    add("cy.bad", Property.VALUES, WRONG)
    for number in range(8):
        add("cy.bad", Property.EDGES, Wrong(f"edge {number}", "1", "2"))
    add("cy.bad", Property.DRAWN, drawn, text=snippet)
    add("rust.total", Property.PLAIN, Right())
    add("rust.total", Property.VALUES, CRASHED)
    add("rust.slow", Property.PLAIN, TIMED_OUT, text="values = None")
    add("rust.broken", Property.IMPORT, Crashed("import", "ImportError: no libfoo"))
    for who in ("peers.one", "peers.two"):
        add(who, Property.IMPORT, ToolchainAbsent("numba", "pip install numba"))
    names = tuple(dict.fromkeys(who for who, _, _ in found))
    return rejudged(
        changed(
            make_view(names=(*names, "zig.total"), checks=[check for _, _, check in found]),
            builds=(make_build("zig", BUILD_FAILED),),
            agreement="Answers must be exactly the reference's.",
            command="whichext verify total",
            kind=Kind.VERIFY,
        )
    )


def verification() -> str:
    """Every result of a check, for a terminal."""
    return shown(verification_document(_verified()))


def verification_in_colours() -> str:
    """The same for a terminal that has colours."""
    return shown(verification_document(_verified()), colour=True)


def verification_as_markdown() -> str:
    """The same for an issue or a pull request, and for readers who call it from Python."""
    return render_markdown(verification_document(_verified()))


# Audits


def _audited() -> View:
    """What was compiled how, what was not built, what is in the code, and every finding."""
    vectors = tuple(
        Function(name=f"cy.f{number}", width_bits=128 << (number % 3), instructions=number)
        for number in range(12)
    )
    native = evidence("cy", settings(isa=("avx2",), debug_symbols=True), profile="native")
    debug = evidence("cy", settings(level="0", told="-O3 -O0"), profile="debug")
    bare = evidence("c", settings(level="0", told="", sanitizers=("address", "undefined")))
    many = Compiled(settings=rust(lto="fat"), sources=("a.rs", "b.rs", "c.rs", "d.rs"))
    seen = (
        replace(
            evidence("cy", settings(openmp=True), settings(), openmp=True),
            libraries=(library("cy.so", *vectors, openmp=True, debug_bytes=20_000),),
            unseen=(Unseen(what="a.pyx", reason="Cython did not annotate it"),),
        ),
        native,
        debug,
        replace(
            evidence("rs"),
            compiled=(many,),
            libraries=(library("rs.so", Function(name=None, width_bits=512, instructions=9)),),
            unsafe=UnsafePlaces(places=7, unexplained=("lib.rs:3", "lib.rs:9")),
        ),
        replace(
            bare, libraries=(replace(library("c.so"), functions_unseen="capstone is not there"),)
        ),
        evidence("plain"),
    )
    builds = (
        make_build("cy"),
        make_build("cy", profile="native"),
        make_build("cy", BUILD_FAILED, "debug"),
        replace(make_build("rs", make_built(cached=True)), took_ns=2_000_000),
        make_build("go", SKIPPED),
    )
    probes = (
        Probe(contestant="cy.total", import_ns=3_000_000, gil_free=0.98, threads=2),
        Probe(contestant="rs.total", import_ns=400_000, gil_free=0.0, threads=1),
        Probe(contestant="c.total", unseen="killed by SIGSEGV"),
    )
    audited = make_view(builds=builds)
    return changed(audited, evidence=seen, probes=probes, findings=EVERY_FINDING)


def audit() -> str:
    """All that an audit can tell, for a terminal."""
    return shown(audit_document(_audited()))


def audit_as_markdown() -> str:
    """The same for an issue or a pull request, and for readers who call it from Python."""
    return render_markdown(audit_document(_audited()))


def audit_without_findings() -> str:
    """Nothing spoils a comparison."""
    audited = make_view(builds=[make_build("cy")])
    return shown(audit_document(changed(audited, evidence=(evidence("cy", settings()),))))


# Claims

OURS, OTHER, DEBUG = "rust.total", "cy.total", "cy.total@debug"


def _claimed() -> View:
    times = {
        NUMPY: steady(3_000),
        TWIN: steady(3_010),
        "limit[1]": steady(700),
        DEBUG: steady(4_000),
        OTHER: [1_900, 2_100, 1_950, 2_050, 2_000],
        OURS: steady(1_000),
        "rust.total[2]": steady(600),
    }
    raced = with_common_factors(make_race(times, {"zig.total": BUILD_FAILED}), optimisation="O3")
    return changed(raced, command="whichext check total")


def _check(text: str, *, colour: bool = False) -> str:
    return shown(check_document(with_held(_claimed(), text)), colour=colour)


def check_that_holds() -> str:
    """The whole interval agrees."""
    return _check(f"{OURS} is 1.5x faster than {OTHER}")


def check_in_colours() -> str:
    """The same for a terminal that has colours."""
    return _check(f"{OURS} is 1.5x faster than {OTHER}", colour=True)


def check_that_is_refuted() -> str:
    """The whole interval contradicts."""
    return _check(f"{OURS} is 3x faster than {OTHER}")


def check_that_is_unresolved() -> str:
    """The interval reaches across the border."""
    return _check(f"{OURS} is 1.95x faster than {OTHER}")


def check_of_who_did_not_build() -> str:
    """Somebody was not measured."""
    return _check(f"zig.total is faster than {OTHER}")


def check_that_is_confounded_and_released() -> str:
    """The two differ in several factors; what the release's settings give stands beside it."""
    return _check(f"{OURS} is 2x faster than {DEBUG}")


def check_of_the_limit() -> str:
    """A share of what the machine can do."""
    return _check(f"{OURS} reaches 0.9 of the limit")


def check_of_threads() -> str:
    """Threads that could not be counted."""
    return _check("rust.total[2] uses at least 2 threads")


def _listed() -> View:
    trials = (
        dataclasses.replace(
            trial_of(f"{OURS} is 1.5x faster than {OTHER}"),
            source="the article",
            published="2.4x",
            note="On a laptop.",
        ),
        trial_of(f"{OURS} is 3x faster than {OTHER}"),
        dataclasses.replace(
            trial_of(f"{OURS} is faster than go.total"), published='"faster" | twice'
        ),
        dataclasses.replace(trial_of(f"{OURS} is 2x faster than {DEBUG}"), source="a talk"),
        trial_of(f"rust.total[2] takes 0.6 of the time of {OURS} on small and tall"),
        trial_of(f"{OURS} reaches 0.9 of the limit"),
    )
    return with_claims(_claimed(), trials)


def claims() -> str:
    """A kernel's claims for a terminal."""
    return shown(claims_document(_listed()))


def claims_as_markdown() -> str:
    """The same as a table for a README."""
    return render_markdown(claims_table(_listed()), SHELL)


def claims_as_a_summary() -> str:
    """The same for the summary of a job."""
    return render_markdown(claims_summary(_listed()), SHELL)


# What stands beside a race


def selfcheck(
    excluded: int = 5, miscalled: int = 0, cells: int = 100, stopped: str | None = None
) -> str:
    """Identical code against itself; it passes unless told otherwise."""
    check = make_selfcheck(
        cells=cells, excluded=excluded, miscalled=miscalled, rounds_spoiled=9, stopped=stopped
    )
    return shown(selfcheck_document(check))


def listing() -> str:
    """What there is to race."""
    entries = (
        Entry(function="total", summary="row after [b]row[/b]", factors={"order": "row"}),
        Entry(
            function="total_parallel", threads="threads", profiles=(RELEASE, WITHOUT_OPTIMISATION)
        ),
    )
    kernel = make_kernel(SMALL, TALL, TALL.but(name="1x9", family="sweep"))
    project = Project(
        name="cy",
        folder=kernel.folder,
        module="cy",
        toolchain="cython",
        needs=("cc",),
        entries=entries,
    )
    return shown(
        kernel_document(
            dataclasses.replace(
                kernel,
                projects=(project,),
                reference_factors={"toolchain": "numpy", "lock": "held"},
            )
        )
    )


def doctor() -> str:
    """What matters to a race on a machine."""
    notes = (
        MachineNote("turbo", "on", Level.NOTE, "the frequency depends on heat: turn it off"),
        MachineNote("steal", "9.0%", Level.WARNING, "wait for a quieter hour, or race elsewhere"),
        MachineNote("C compiler", "cc (Debian 12.2.0-14+deb12u1) [x] 12.2.0", Level.GOOD),
        MachineNote("cores", "2 of 2 usable", Level.GOOD),
    )
    return shown(doctor_document(notes))
