"""Several results of one kernel, as they lie beside each other: on days, and on machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from support.builds import built, evidence, settings
from support.contestants import SMALL, TALL, TWIN, make_contestant
from support.machines import BASELINE, CASE, MS, Noise, simulate
from support.results import (
    built_of,
    changed,
    make_build,
    make_machine,
    make_raw,
    make_timing,
    steady,
)
from whichext.judge import view_of
from whichext.judge.runs import change_of
from whichext.model.contestant import Role
from whichext.model.options import Options
from whichext.model.outcome import Tool
from whichext.model.raw import Revision
from whichext.model.runs import Change
from whichext.model.view import View
from whichext.report import result_file

NUMPY, CY, RUST = "numpy", "cy.total", "rust.total"
US = 1_000.0
"""Of times that take a microsecond, ns."""

CALLS_NS = {
    BASELINE: 30 * MS,
    "fast": 15 * MS,
    "same": 30 * MS,
    "loud": 24 * MS,
    "placed": 27 * MS,
    "slower": 39 * MS,
}
"""True times of a call in simulated races, ns."""
SIMULATED_S = 30.0
"""Time of a simulated race."""


def run_with(
    times_us: Mapping[str, float],
    *,
    day: int = 1,
    twin: float | None = 1.0,
    cases: tuple[str, ...] = ("small",),
    epochs: int = 9,
    **parts: Any,
) -> View:
    """A race of these contestants, the reference first, whose times differ by 0.1 %.

    Args:
        times_us: Time of a call of each, us.
        day: Of January 2025, on which it was.
        twin: Time of the twin over that of the baseline; None for no twin.
        cases: Names of its cases, "small" and "tall".
        epochs: Sets of fresh processes.
        **parts: Other parts of what was measured.

    """
    baseline = next(iter(times_us))
    times = dict(times_us) | ({f"{baseline}{TWIN}": twin * times_us[baseline]} if twin else {})
    timings = [
        make_timing(name, steady(US * time, epochs), case)
        for case in cases
        for name, time in times.items()
    ]
    raw = make_raw(
        timings=timings,
        cases=[case for case in (SMALL, TALL) if case.name in cases],
        names=list(times),
    )
    reference = (make_contestant(baseline, role=Role.REFERENCE), *raw.contestants[1:])
    own = {"contestants": reference, "started_at": f"2025-01-{day:02}T03:04:05+00:00"}
    return view_of(replace(raw, **(own | parts)))


def elsewhere(view: View, **fields: Any) -> View:
    """The result as if another machine had measured it, one with another processor at least."""
    machine = replace(make_machine(), **({"cpu": "Other 3"} | fields))
    return changed(view, machine=machine)


def built_as(view: View, version: str, digest: str, commit: str = "c" * 40) -> View:
    """The result with a project "cy": its compiler's version, machine code, flags and commit."""
    receipt = replace(built_of(built("cy")), tools=(Tool("cc", version),))
    seen = evidence("cy", settings(level="3" if digest == "one" else "2"))
    code = tuple(replace(one, code_digest=digest) for one in seen.libraries)
    return changed(
        view,
        builds=(make_build("cy", receipt),),
        evidence=(replace(seen, libraries=code),),
        revisions=(Revision(project="cy", name="HEAD", commit=commit),),
    )


def written(folder: Path, **views: View) -> list[str]:
    """Results in a folder, by the names of their files; their paths."""
    for name, view in views.items():
        result_file.write(view, folder / f"{name}.json")
    return [str(folder / f"{name}.json") for name in views]


def changes_between(noise: Noise, seed: int, factor: float = 1.0) -> list[Change]:
    """What becomes of each ratio from a simulated race to a second one, with other seeds.

    Args:
        noise: Of the machine.
        seed: Of the pair.
        factor: How many times as long all but the baseline take in the second race.

    """
    found = []
    for half, times in enumerate((1.0, factor)):
        calls_ns = {
            name: call * (1.0 if name == BASELINE else times) for name, call in CALLS_NS.items()
        }
        raw = simulate(calls_ns, noise, 2 * seed + half, Options(max_time_s=SIMULATED_S))
        found.append(view_of(raw).cases[CASE.name].measured)
    return [
        change_of(0, found[0][name].ratio, found[1][name].ratio)
        for name in CALLS_NS
        if name != BASELINE
    ]
