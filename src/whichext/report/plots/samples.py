"""Times of single turns in the order of the race: drift, epochs, and rounds that were dropped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

from whichext.model.contestant import Role
from whichext.model.inline import code
from whichext.model.raw import Timing
from whichext.model.units import time_text
from whichext.model.view import CaseView, View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import PANEL, LogScale
from whichext.report.plots.canvas import LINE, Row, data, series

_UNITS = (("s", 1e9), ("ms", 1e6), ("us", 1e3), ("ns", 1))
_MOST_CASES, _MOST_SHOWN, _MOST_TURNS = 4, 5, 400  # panels, contestants, points of each
_WIDTH, _HEIGHT = PANEL - 60, 190  # px


def plot(view: View) -> Plot | None:
    """The turns of a case's leaders, its baseline and its twin; None where nothing was timed."""
    cases = [case for case in view.cases.values() if case.measured][:_MOST_CASES]
    if not cases:
        return None
    return Plot(
        kind="samples",
        title="Samples over time",
        caption=f"Each point is one turn: its time for one call, in the order of the race, for the "
        f"baseline, its twin and the fastest, in {_MOST_CASES} cases at most. A vertical line is a "
        "new epoch, for which all processes start again. A cross is a turn of a round that was "
        "dropped for stolen time."
        + f" Of more than {_MOST_TURNS} turns of a contestant, as many are drawn, evenly spaced."
        * any(len(t.samples) > _MOST_TURNS for case in cases for t in case.timings.values()),
        table=_table(cases),
        draw=partial(_chart, [(case.case.name, [*_rows(view, case)]) for case in cases]),
    )


def _shown(view: View, case: CaseView) -> list[str]:
    twins = [name for name in case.timings if view.contestants[name].role is Role.TWIN]
    baseline = case.judged.baseline or view.raw.baseline
    fastest = [name for name in case.measured if view.contestants[name].is_compared]
    named = (baseline, *twins[:1], *fastest)
    return [*dict.fromkeys(name for name in named if name in case.measured)][:_MOST_SHOWN]


def _rows(view: View, case: CaseView) -> Iterator[Row]:
    dropped = frozenset(case.judged.dropped)
    shown = _shown(view, case)
    for timing in view.raw.timings:
        if timing.case == case.case.name and timing.contestant in shown:
            last = _last_rounds(timing)
            every = math.ceil(len(timing.samples) / _MOST_TURNS)
            yield from (
                {
                    "turn": sample.epoch + sample.round / (last[sample.epoch] + 1),
                    "contestant": timing.contestant,
                    "ns": sample.wall_ns / sample.calls,
                    "counted": (sample.epoch, sample.round) not in dropped,
                    "says": f"{timing.contestant}, epoch {sample.epoch}, round {sample.round}: "
                    f"{time_text(sample.wall_ns / sample.calls)}",
                }
                for sample in timing.samples[::every]
            )


def _last_rounds(timing: Timing) -> dict[int, int]:
    """The last round of each epoch."""
    last: dict[int, int] = {}
    for sample in timing.samples:
        last[sample.epoch] = max(sample.round, last.get(sample.epoch, 0))
    return last


def _table(cases: list[CaseView]) -> Table:
    rows = tuple(
        (
            code(case.case.name),
            code(name),
            time_text(outcome.median_ns),
            str(len(case.timings[name].samples)),
            str(outcome.ratio.epochs),
        )
        for case in cases
        for name, outcome in case.measured.items()
    )
    titles = ("case", "contestant", "median of a call", "turns", "epochs")
    return Table(columns(*titles, right=titles[2:]), rows)


def _chart(panels: list[tuple[str, list[Row]]]) -> list[Any]:
    everything = [row for _, rows in panels for row in rows]
    return [_one(name, rows, everything) for name, rows in panels]


def _one(name: str, rows: list[Row], everything: list[Row]) -> Any:
    import altair

    unit, size_ns = next(
        found for found in _UNITS if found[1] <= max(row["ns"] for row in rows) or found[1] == 1
    )
    scaled = [{**row, "time": row["ns"] / size_ns} for row in rows]
    scale = LogScale.up((row["time"] for row in scaled), _HEIGHT)
    up = altair.Y("time:Q", title=f"{unit} a call", scale=scale.altair)
    shapes = altair.Scale(domain=[True, False], range=["circle", "cross"])
    epochs = sorted({int(row["turn"]) for row in rows})
    rules = altair.Chart(data([{"at": epoch} for epoch in epochs])).mark_rule(
        strokeDash=[2, 3], color=LINE, aria=False
    )
    points = altair.Chart(data(scaled), width=_WIDTH, height=_HEIGHT).mark_point(
        filled=True, opacity=0.8
    )
    size = altair.condition("datum.counted", altair.value(16), altair.value(90))
    return altair.layer(
        rules.encode(x=altair.X("at:Q")),
        points.encode(
            x=altair.X("turn:Q", title="epoch").axis(values=epochs, format="d", grid=False),
            y=up.axis(format=".3~r", values=scale.ticks, grid=False),
            **series(everything, shapes=False),
            shape=altair.Shape("counted:N", scale=shapes, legend=None),
            size=size,
            description=altair.Description("says:N"),
        ),
        title=name,
    )
