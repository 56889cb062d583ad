"""Speed-ups with their intervals, case by case: the band is noise, the dashed line is the limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from whichext.model.contestant import Role
from whichext.model.inline import code
from whichext.model.ratio import speed_up_text
from whichext.model.units import ratio_text
from whichext.model.view import CaseView, View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.canvas import (
    INK,
    LINE,
    MOST_PANELS,
    PALE,
    TIMES,
    WIDTH,
    Row,
    data,
    verdict_colour,
)

_ROW, _LINE = 17, 9  # px


def plot(view: View) -> Plot | None:
    """Each contestant's speed-up over the baseline; None where nothing was compared."""
    cases = [case for case in view.cases.values() if _points(view, case)]
    if not cases:
        return None
    folded = len(cases) > MOST_PANELS
    return Plot(
        kind="speedup",
        title="Speed-ups",
        caption=_caption(view, folded=folded),
        table=_table(view, cases),
        draw=partial(_folded if folded else _panels, [_panel(view, case) for case in cases]),
    )


@dataclass(frozen=True)
class _Panel:
    """A case, as it is drawn."""

    case: str
    points: list[Row]
    limits: list[Row]
    noise: float


def _panel(view: View, case: CaseView) -> _Panel:
    return _Panel(case.case.name, _points(view, case), [*_limits(view, case)], case.noise or 0.0)


def _points(view: View, case: CaseView) -> list[Row]:
    return [
        {
            "case": case.case.name,
            "contestant": name,
            "speed_up": speed_up.value,
            "low": speed_up.low,
            "high": speed_up.high,
            "verdict": outcome.ratio.verdict.value,
            "says": f"{name}, {case.case.name}: {speed_up_text(outcome.ratio)} as fast "
            f"({outcome.ratio.verdict})",
        }
        for name, outcome in case.measured.items()
        if view.contestants[name].is_compared
        for speed_up in (outcome.ratio.inverse,)
    ]


def _limits(view: View, case: CaseView) -> Iterator[Row]:
    """Where the limit is, for each number of threads."""
    for name, outcome in case.measured.items():
        if view.contestants[name].role is Role.LIMIT:
            speed_up = outcome.ratio.inverse.value
            says = f"{name}: {ratio_text(speed_up)}x"
            yield {"case": case.case.name, "name": name, "speed_up": speed_up, "says": says}


def _caption(view: View, *, folded: bool) -> str:
    many = (
        "Every point is a case, with its interval in the numbers below; the fastest are on top. "
        if folded
        else "The line through a point is its interval. "
    )
    limit = any([*_limits(view, case)] for case in view.cases.values()) and not folded
    return (
        f"How many times as fast as {code(view.raw.baseline)} each contestant is; right of 1 is "
        f"faster. {many}Blue is faster, orange slower, and grey was not told from the baseline. "
        + "The band is as wide as the noise between two copies of the same code." * (not folded)
        + " A dashed line is the limit: what our own reader of the inputs reached in the same race."
        * limit
    ).strip()


def _table(view: View, cases: list[CaseView]) -> Table:
    rows = tuple(
        (code(case.case.name), code(name), speed_up_text(outcome.ratio), str(outcome.ratio.verdict))
        for case in cases
        for name, outcome in case.measured.items()
        if view.contestants[name].is_compared
    )
    return Table(columns("case", "contestant", "speed-up", "verdict", right=["speed-up"]), rows)


def _axes(order: list[str], rows: list[Row]) -> dict[str, Any]:
    import altair

    scale = altair.Scale(type="log", nice=False, padding=12)
    return {
        "x": altair.X("speed_up:Q", title="speed-up, times", scale=scale).axis(**TIMES),
        "y": altair.Y("contestant:N", title=None, sort=order),
        "color": verdict_colour(rows),
        "description": altair.Description("says:N"),
    }


def _panels(panels: list[_Panel]) -> Any:
    import altair

    rows = [row for panel in panels for row in panel.points]
    charts = (_one(panel, rows) for panel in panels)
    return altair.vconcat(*charts).resolve_scale(color="shared", x="shared")


def _one(panel: _Panel, rows: list[Row]) -> Any:
    import altair

    order = [row["contestant"] for row in panel.points]
    height = altair.Step(_ROW)
    points = altair.Chart(data(panel.points), width=WIDTH, height=height).encode(
        **_axes(order, rows)
    )
    ends = {"x": altair.X("low:Q"), "x2": altair.X2("high:Q")}
    band = altair.Chart(data([{"from": 1 / (1 + panel.noise), "to": 1 + panel.noise}]))
    rules = altair.Chart(data(panel.limits)).mark_rule(strokeDash=[5, 4], color=LINE)
    names = [
        altair.Chart(data([limit]))
        .mark_text(
            align="right",
            dx=-3,
            dy=-_LINE * row,
            baseline="bottom",
            fontSize=9,
            color=INK,
            aria=False,
        )
        .encode(x="speed_up:Q", y=altair.value("height"), text="name:N")
        for row, limit in enumerate(panel.limits)
    ]
    return altair.layer(
        band.mark_rect(color=PALE, opacity=0.3, aria=False).encode(x="from:Q", x2="to:Q"),
        altair.Chart(data([{"at": 1}])).mark_rule(color=PALE, aria=False).encode(x="at:Q"),
        rules.encode(x="speed_up:Q", description="says:N"),
        *names,
        points.mark_rule(strokeWidth=2).encode(**ends),
        points.mark_point(filled=True, size=55, opacity=1),
        title=panel.case,
    )


def _folded(panels: list[_Panel]) -> Any:
    """One row a contestant, with a point a case."""
    import altair

    points = [point for panel in panels for point in panel.points]
    best: dict[str, float] = {}
    for point in points:
        best[point["contestant"]] = max(best.get(point["contestant"], 0), point["speed_up"])
    order = sorted(best, key=lambda name: -best[name])
    chart = altair.Chart(data(points), width=WIDTH, height=altair.Step(_ROW))
    return chart.mark_point(filled=True, size=30, opacity=0.7).encode(**_axes(order, points))
