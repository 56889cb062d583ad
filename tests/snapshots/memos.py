"""Memos as they are printed.

All that the snapshots need of the package and of the other helpers is imported in modules like this
one, so that code can move without a change in the tests: these hold what is printed, and nothing
else. Where a snapshot has to change, what users see has changed.
"""

from __future__ import annotations

from msgspec.structs import replace

from snapshots.every_finding import EVERY_FINDING
from support.builds import evidence, rust, settings
from support.races import BUILDS, CY, CY2, NUMPY, RS, RS2, decide, memo_of
from support.results import (
    BUILD_FAILED,
    SKIPPED,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
)
from whichext.model.evidence import UnsafePlaces

TWIN = "numpy (A/A twin)"
CY_DEBUG, CY_COLUMNS, CY_ROWS, CY_ROWS2 = "cy.find@debug", "cy.find", "cy.rows", "cy.rows[2]"
RS_TILES = "rs.tiles"


def memo_to_use_one() -> str:
    """One toolchain is worth it, in several cases, with faults and findings beside it."""
    times = {NUMPY: 4000.0, TWIN: 4010.0, "limit[1]": 800.0, CY: 3900.0, RS: 1000.0, "d.find": 9.0}
    result = decide(
        {"wide": times, "long": {**times, RS: 2000.0}},
        absent=["go.find"],
        builds=(*BUILDS, make_build("go", SKIPPED), make_build("b", BUILD_FAILED)),
        checks=(make_check("d.find", WRONG), make_check(CY, UNSUPPORTED, "odd")),
    )
    found = changed(
        result,
        entries=(CY, RS, "zig.find"),
        evidence=(
            evidence("cy", settings(openmp=True), openmp=True),
            replace(evidence("rs", rust()), unsafe=UnsafePlaces(places=7, unexplained=("a.rs:1",))),
        ),
        findings=(EVERY_FINDING[6], EVERY_FINDING[14]),
    )
    return memo_of(found)


def memo_of_no_difference() -> str:
    """Several are worth it, with threads and without; a family does not decide."""
    times = {NUMPY: 4000.0, CY: 1010.0, RS: 1000.0, CY2: 700.0, RS2: 690.0, "cy.find[1]": 1020.0}
    small = {name: time_ns / 100 for name, time_ns in times.items()}
    result = decide(
        {"wide": times, "1x1": {**small, NUMPY: 12.0}, "1x9": small},
        families={"1x1": "sweep", "1x9": "sweep"},
        requires={CY: ["numba"]},
    )
    return memo_of(result)


def memo_to_use_the_reference() -> str:
    """Nothing is worth it, and one case speaks against that."""
    times = {
        "wide": {NUMPY: 2000.0, CY: 1000.0, RS: 2100.0},
        "long": {NUMPY: 1000.0, CY: 4000.0, RS: 1001.0},
    }
    return memo_of(decide(times))


def memo_that_is_unresolved() -> str:
    """The interval reaches across the border."""
    result = decide({"wide": {NUMPY: 1150, CY: 1000, RS: 5000}}, spread=0.05)
    return memo_of(changed(result, stopped="it was interrupted"))


def memo_without_a_race() -> str:
    """Nothing was built."""
    builds = (make_build("cy", SKIPPED), make_build("rs", BUILD_FAILED))
    return memo_of(decide({"wide": {NUMPY: 1000}}, absent=[CY, RS], builds=builds))
