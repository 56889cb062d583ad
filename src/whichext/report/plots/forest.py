"""Speed-ups on many machines: a row for each, and below them their mean and one machine more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from whichext.model.fleet import Fleet, FleetCase, FleetCell
from whichext.model.inline import code
from whichext.model.ratio import Ratio, speed_up_text
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import LogScale, area_beside
from whichext.report.plots.canvas import (
    INK,
    MOST_PANELS,
    PALE,
    Row,
    data,
    times,
    verdict_colour,
)

_ROW, _FEWEST = 18, 2  # px; machines
_RESERVED = _MEAN, _FURTHER = "mean of machines", "a further machine"
_UPRIGHT = "M-0.3,-1H0.3V1H-0.3Z"
"""A bar as a symbol: it is seen where its interval has no width."""
_FORMS = _OF_MACHINE, _OF_MEAN, _OF_FURTHER = "circle", "diamond", _UPRIGHT


def plot(fleet: Fleet, names: Sequence[str], letters: str = "") -> Plot | None:
    """A panel for each contestant in each case; None where no two machines have measured one.

    Args:
        fleet: Results of many machines.
        names: What each machine is called.
        letters: Which machines those are that have a letter as name, in sentences.

    """
    cells = [
        (case, cell) for case in fleet.cases for cell in case.cells if len(cell.measured) >= _FEWEST
    ]
    if not cells:
        return None
    cases = Counter(one.case.name for one in fleet.cases)
    panels = {
        (_case_text(case, cases), cell.contestant): [*_rows(case, cell, names)]
        for case, cell in sorted(cells, key=lambda one: not one[1].exceptions)
    }
    table = tuple(
        (code(case), code(contestant), row["machine"], row["text"], row["verdict"])
        for (case, contestant), rows in panels.items()
        for row in rows
    )
    titles = ("case", "contestant", "machine", "speed-up", "verdict")
    return Plot(
        kind="forest",
        title="On each machine",
        caption=f"How many times as fast as {code(fleet.baseline)} a contestant is on each "
        "machine; right of 1 is faster. The line through a point is its interval. Below them is "
        "the mean, as a diamond, and the interval of one machine more, as a bar."
        + _drawn_text(len(panels), disagree=any(cell.exceptions for _, cell in cells))
        + f" {letters}" * bool(letters),
        table=Table(columns(*titles, right=["speed-up"]), table),
        draw=partial(_chart, panels),
    )


def _case_text(case: FleetCase, names: Mapping[str, int]) -> str:
    """The name of a case, with its parameters where others have the name too."""
    name = case.case.name
    return name if names[name] == 1 else f"{name} {case.case.text}"


def _drawn_text(count: int, *, disagree: bool) -> str:
    """Which panels are drawn, where not all are."""
    if count <= MOST_PANELS:
        return ""
    first = ", first those on which machines disagree" * disagree
    return (
        f" Drawn are {MOST_PANELS} of {count} contestants in cases{first}. "
        f"{count - MOST_PANELS} more are not drawn; the report has all."
    )


def _rows(case: FleetCase, cell: FleetCell, names: Sequence[str]) -> Iterator[Row]:
    together = [(_MEAN, cell.mean), (_FURTHER, cell.further)]
    own = [f"{name} (a label)" if name in _RESERVED else name for name in names]
    for name, ratio in (*zip(own, cell.ratios, strict=True), *together):
        if ratio is not None:
            yield _row(name, ratio, f"{cell.contestant}, {case.case.name}")


def _row(name: str, ratio: Ratio, of: str) -> Row:
    speed_up = ratio.inverse
    return {
        "machine": name,
        "speed_up": speed_up.value,
        "low": speed_up.low,
        "high": speed_up.high,
        "verdict": ratio.verdict.value,
        "shape": {_MEAN: _OF_MEAN, _FURTHER: _OF_FURTHER}.get(name, _OF_MACHINE),
        "text": speed_up_text(ratio),
        "says": f"{of}, {name}: {speed_up_text(ratio)} ({ratio.verdict})",
    }


def _chart(panels: dict[tuple[str, str], list[Row]]) -> list[Any]:
    drawn = [*panels.items()][:MOST_PANELS]
    everything = [row for _, rows in drawn for row in rows]
    ends = [row[end] for row in everything for end in ("speed_up", "low", "high") if row[end]]
    width = area_beside(row["machine"] for row in everything)
    scale = LogScale.across((1.0, *ends), width)
    return [
        _one(f"{case}: {contestant}", rows, everything, scale) for (case, contestant), rows in drawn
    ]


def _one(title: str, rows: list[Row], everything: list[Row], scale: LogScale) -> Any:
    import altair

    order = [row["machine"] for row in rows]
    points = altair.Chart(data(rows), width=scale.length, height=altair.Step(_ROW)).encode(
        x=altair.X("speed_up:Q", **times(scale)),
        y=altair.Y("machine:N", title=None, sort=order),
        color=verdict_colour(everything),
        description=altair.Description("says:N"),
    )
    forms = altair.Scale(domain=[*_FORMS], range=[*_FORMS])
    at_one = altair.Chart(data([{"at": 1}])).mark_rule(color=PALE, aria=False)
    return altair.layer(
        at_one.encode(x=altair.X("at:Q")),
        points.mark_rule(strokeWidth=2).encode(x=altair.X("low:Q"), x2=altair.X2("high:Q")),
        points.mark_point(filled=True, size=60, opacity=1).encode(
            shape=altair.Shape("shape:N", scale=forms, legend=None)
        ),
        title=altair.Title(title, color=INK),
    )
