"""Races as they are printed, made of data that are the same everywhere.

All that the snapshots need of the package and of the other helpers is imported in modules like this
one, so that code can move without a change in the tests: these hold what is printed, and nothing
else. Where a snapshot has to change, what users see has changed.
"""

from __future__ import annotations

import json
import pprint
from collections.abc import Mapping

from msgspec.structs import replace

from snapshots.every_finding import EVERY_FINDING
from support.builds import evidence, rust, settings
from support.contestants import TALL, make_contestant, with_factors
from support.races import CY, NUMPY, RS, decide, race_between
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    explained,
    make_build,
    make_built,
    make_check,
    make_race,
    make_view,
    rejudged,
    steady,
    stolen_from,
)
from whichext.cli.wording import SHELL
from whichext.judge import judge_again
from whichext.model.case import Layout
from whichext.model.check import Check, Property
from whichext.model.contestant import Contestant
from whichext.model.evidence import Evidence, Probe
from whichext.model.outcome import (
    Crashed,
    NotReached,
    NotRequested,
    Outcome,
    TimedOut,
    ToolchainAbsent,
)
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.markdown import render_markdown
from whichext.report.race import race_document
from whichext.report.text import render_text

TWIN = "numpy (A/A twin)"
CY_DEBUG, CY_COLUMNS, CY_ROWS, CY_ROWS2 = "cy.find@debug", "cy.find", "cy.rows", "cy.rows[2]"
RS_TILES = "rs.tiles"

# Races


def _shown(view: View, width: int = 100) -> str:
    """What a terminal shows of a race."""
    return render_text(race_document(view), width, wording=SHELL)


def _field() -> tuple[Contestant, ...]:
    """A reference, its twin, limits, and entries most of which have a neighbour in one factor."""
    return (
        with_factors(NUMPY, toolchain="numpy"),
        with_factors(TWIN, toolchain="numpy"),
        make_contestant("limit[1]"),
        make_contestant("limit[2]"),
        with_factors(CY_DEBUG, order="column", optimisation="none", toolchain="cython"),
        with_factors(CY_COLUMNS, order="column", optimisation="O3", toolchain="cython"),
        with_factors(CY_ROWS, order="row", optimisation="O3", toolchain="cython"),
        with_factors(CY_ROWS2, order="row", optimisation="O3", toolchain="cython"),
        with_factors(RS_TILES, order="tile", optimisation="O3", toolchain="rust"),
    )


def _times(scale: float) -> dict[str, float]:
    """Mean times, ns, of all of that field."""
    return {
        NUMPY: 2100 * scale,
        TWIN: 2102 * scale,
        "limit[1]": 500 * scale,
        "limit[2]": 260 * scale,
        CY_DEBUG: 8000 * scale,
        CY_COLUMNS: 2090 * scale,
        CY_ROWS: 1000 * scale,
        CY_ROWS2: 600 * scale,
        RS_TILES: 950,
    }


def _built_from() -> tuple[Evidence, ...]:
    """How the projects of that field were compiled."""
    return (evidence("cy", settings(openmp=True), openmp=True), evidence("rs", rust(lto="fat")))


def _with_first_calls(view: View) -> View:
    timings = (
        replace(timing, import_ns=(3_000_000,) * 10, first_call_ns=(70_000 + 1_000 * number,) * 10)
        for number, timing in enumerate(view.raw.timings)
    )
    return rejudged(changed(view, timings=tuple(timings)))


def _race() -> View:
    """A race in two cases, its builds and what the audit found of them."""
    raced = race_between(_field(), {"wide": _times(1), "long": _times(3)}, spread=0.004)
    return explained(
        changed(
            _with_first_calls(raced),
            builds=(
                make_build("limitprobe"),
                make_build("cy"),
                make_build("cy", profile="debug"),
                make_build("rs", replace(make_built(), appended=(), wheel_bytes=1_234_567)),
            ),
            evidence=_built_from(),
            findings=(EVERY_FINDING[1], EVERY_FINDING[6]),
            checks=(
                Check(
                    contestant=CY_ROWS2,
                    input="fork",
                    result=TimedOut("in a forked child", 5_000_000_000),
                    property=Property.FORK,
                ),
            ),
        )
    )


def race() -> str:
    """Several cases, twin and limits, effects and ladders, builds and findings."""
    return _shown(_race())


def race_as_markdown() -> str:
    """The same for an issue or a pull request, and for readers who call it from Python."""
    return render_markdown(race_document(_race()))


def race_from_another_side() -> str:
    """The same with ratios to another contestant, from another origin, in a wide terminal."""
    origin = changed(_race(), origin=CY_DEBUG)
    return _shown(judge_again(origin, CY_COLUMNS), 140)


def race_of_a_family() -> str:
    """Many cases of a family, in which one overtakes another."""
    scales = (0.2, 0.5, 1.0, 2.0, 5.0)
    names = [f"1x{2**n}" for n in range(len(scales))]
    raced = race_between(
        [one for one in _field() if one.name in (NUMPY, CY_COLUMNS, CY_ROWS, RS_TILES)],
        {
            name: {who: _times(scale)[who] for who in (NUMPY, CY_COLUMNS, CY_ROWS, RS_TILES)}
            for name, scale in zip(names, scales, strict=True)
        },
        spread=0.004,
    )
    cases = tuple(
        case.but(family="sweep", shape=(1, 2**n), layout=Layout.F if n % 2 else Layout.C)
        for n, case in enumerate(raced.raw.cases)
    )
    return _shown(explained(changed(raced, cases=cases)))


def race_that_was_disturbed() -> str:
    """Warnings, intervals that tell nothing, dropped rounds, and a limit that NumPy had to read."""
    times = _times(1) | {TWIN: 2500, CY_COLUMNS: 2000}
    field = [one for one in _field() if one.name != "limit[2]"]
    raced = race_between(field, {"wide": {n: times[n] for n in times if n != "limit[2]"}}, seed=1)
    stolen = {(epoch, number): 0.3 for epoch in range(4) for number in range(3)}
    timings = [stolen_from(timing, stolen) for timing in raced.raw.timings]
    timings[-2] = replace(timings[-2], threads_seen=1)
    judged = rejudged(changed(raced, timings=tuple(timings), stopped="it was interrupted (Ctrl-C)"))
    return _shown(explained(changed(judged, evidence=_built_from(), findings=EVERY_FINDING[:4])))


def race_of_one_epoch() -> str:
    """Ratios without intervals, and ladders that lack a step."""
    field = [one for one in _field() if one.name in (NUMPY, CY_DEBUG, CY_ROWS2, RS_TILES)]
    times = {one.name: _times(1)[one.name] for one in field}
    return _shown(race_between(field, {"wide": times}, epochs=1))


def race_without_contestants() -> str:
    """A case in which nothing could be measured, and one with somebody alone."""
    alone = make_race({"cy.total": steady(1_000)}, {"rs.total": SKIPPED})
    return _shown(make_view(cases=(TALL,))) + _shown(alone)


# Who was not measured


def _every_absence() -> dict[str, Outcome]:
    """Every way of not being measured."""
    return {
        "wrong.total": WRONG,
        "unbuilt.total": BUILD_FAILED,
        "unbuilt.sum": BUILD_FAILED,
        "crashing.total": CRASHED,
        "silent.total": Crashed("import", "exit status 1"),
        "hanging.total": TIMED_OUT,
        "picky.total": UNSUPPORTED,
        "rust.total": SKIPPED,
        "rust.sum": SKIPPED,
        "peers.total": ToolchainAbsent("numba", "pip install numba"),
        "late.total": NotReached(),
        "stopped.total": NotReached("it was interrupted"),
        "unasked.total": NotRequested(),
    }


def race_with_every_outcome() -> str:
    """Measured as faster, slower, alike and unresolved, and every way of not being measured."""
    times: Mapping[str, list[float]] = {
        NUMPY: steady(2_000),
        "cy.total": steady(1_000),
        "cy.total@debug": steady(90_000),
        "cy.same": steady(2_001),
        "cy.noisy": [1_500, 2_500, 1_900, 2_200, 2_600],
        "cy.total[2]": steady(700),
    }
    builds = (make_build("cy"), make_build("unbuilt", BUILD_FAILED), make_build("rust", SKIPPED))
    return _shown(changed(make_race(times, _every_absence()), builds=builds))


def race_judged_with_every_outcome(*, stopped: str | None = None) -> str:
    """The same as it comes from builds, checks and timings; one case was not reached by all."""
    names = (NUMPY, CY, RS, "b.find", "c.find", "d.find", "e.find", "f.find", "g.find")
    raced = decide(
        {"wide": {NUMPY: 4000, CY: 1000, "e.find": 500, "g.find": 300}, "long": {NUMPY: 9000}},
        absent=names[2:],
        builds=(make_build("rs", SKIPPED), make_build("b", BUILD_FAILED)),
        checks=(
            make_check("c.find", WRONG),
            make_check("d.find", CRASHED),
            make_check("f.find", TIMED_OUT),
            make_check("g.find", UNSUPPORTED, "wide"),
        ),
    )
    ended = Crashed("wide", "killed by SIGKILL", "out of memory")
    timings = tuple(
        replace(timing, ended=ended) if timing.contestant == "e.find" else timing
        for timing in raced.raw.timings
    )
    return _shown(rejudged(changed(raced, timings=timings, stopped=stopped)))


def race_as_json() -> str:
    """A result file, whose schema is what other programs read, without digits that are rounding alone."""
    times: Mapping[str, list[float]] = {NUMPY: steady(2_000, epochs=2), "cy.total": [1_000] * 2}
    raced = make_race(times, {"wrong.total": WRONG, "rust.total": SKIPPED})
    text = result_file.encode(
        changed(
            raced,
            builds=(make_build("cy"), make_build("rust", SKIPPED)),
            checks=(make_check("wrong.total", WRONG),),
            evidence=_built_from()[:1],
            findings=(EVERY_FINDING[1],),
            probes=(Probe(contestant="cy.total", import_ns=3_000, threads=1),),
        )
    )
    read = json.loads(text, parse_float=lambda digits: float(f"{float(digits):.9g}"))
    return pprint.pformat(read, width=96, compact=True, sort_dicts=False)
