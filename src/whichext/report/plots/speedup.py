"""Speed-ups with their intervals, case by case: the band is noise, the dashed line is the limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from whichext.model.contestant import Role
from whichext.model.inline import code
from whichext.model.ratio import speed_up_text
from whichext.model.units import ratio_text
from whichext.model.view import CaseView, View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import NARROW, PANEL, LogScale, area_beside, rows_of
from whichext.report.plots.canvas import (
    INK,
    LINE,
    MOST_PANELS,
    PALE,
    Row,
    data,
    times,
    verdict_colour,
)

_ROW, _LINE, _SPAN_PX = 18, 11, 7  # px
_LIMIT_PX, _LETTER = 10, 6  # of the name of a limit, px
_AFTER = 12  # px beside the last point
_LEGEND_PX = 70  # of a verdict in the legend, at most about


def plot(view: View) -> Plot | None:
    """Each contestant's speed-up over the baseline; None where nothing was compared."""
    cases = [case for case in view.cases.values() if _points(view, case)]
    if not cases:
        return None
    folded = len(cases) > MOST_PANELS
    chart = partial(_folded if folded else _panels, [_panel(view, case) for case in cases])
    return Plot(
        kind="speedup",
        title="Speed-ups",
        caption=_caption(view, folded=folded),
        table=_table(view, cases),
        draw=partial(chart, PANEL),
        draw_narrow=partial(chart, NARROW),
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
        "Every point is a case, and the pale bar spans the intervals of all of them, which are in "
        "the numbers below; the fastest are on top. "
        if folded
        else "The line through a point is its interval. "
    )
    limit = any([*_limits(view, case)] for case in view.cases.values()) and not folded
    return (
        f"How many times as fast as {code(view.raw.baseline)} each contestant is; right of 1 is "
        f"faster. {many}Blue is faster, orange slower, and grey was not told from the baseline. "
        + "The band is as wide as the noise between two copies of the same code"
        + ("." if not folded else ", in the case that has most.")
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


def _axes(order: list[str], rows: list[Row], scale: LogScale, room: int = 0) -> dict[str, Any]:
    import altair

    columns = max(2, scale.length // _LEGEND_PX)
    return {
        "x": altair.X("speed_up:Q", **times(scale)),
        "y": altair.Y("contestant:N", title=None, sort=order),
        "color": verdict_colour(rows, 8 + room, columns),
        "description": altair.Description("says:N"),
    }


def _across(panels: Sequence[_Panel], width: int) -> LogScale:
    """The scale of all panels: of points, intervals and limits."""
    rows = [row for panel in panels for row in panel.points]
    ends = [row[end] for row in rows for end in ("speed_up", "low", "high") if row[end] is not None]
    limits = [limit["speed_up"] for panel in panels for limit in panel.limits]
    area = area_beside((row["contestant"] for row in rows), width)
    names = [limit["name"] for panel in panels for limit in panel.limits]
    half_a_name = _LETTER * max(map(len, names), default=0) // 2
    return LogScale.across((1.0, *ends, *limits), area, after=max(_AFTER, half_a_name))


def _panels(panels: list[_Panel], width: int) -> list[Any]:
    rows = [row for panel in panels for row in panel.points]
    scale = _across(panels, width)
    return [_one(panel, rows, scale) for panel in panels]


def _one(panel: _Panel, rows: list[Row], scale: LogScale) -> Any:
    import altair

    order = [row["contestant"] for row in panel.points]
    lines = _lines(panel.limits, scale)
    room = _LINE * max((line + 1 for _, line in lines), default=0)
    height = altair.Step(_ROW)
    points = altair.Chart(data(panel.points), width=scale.length, height=height).encode(
        **_axes(order, rows, scale, room)
    )
    ends = {"x": altair.X("low:Q"), "x2": altair.X2("high:Q")}
    rules = altair.Chart(data(panel.limits)).mark_rule(strokeDash=[5, 4], color=LINE)
    names = [
        altair.Chart(data([limit]))
        .mark_text(
            dy=-_LINE * line - 3,
            baseline="bottom",
            fontSize=_LIMIT_PX,
            font="monospace",
            color=INK,
            aria=False,
        )
        .encode(x=altair.X("speed_up:Q"), y=altair.value(0), text=altair.Text("name:N"))
        for limit, line in lines
    ]
    return altair.layer(
        *_ground(panel.noise),
        rules.encode(x=altair.X("speed_up:Q"), description=altair.Description("says:N")),
        *names,
        points.mark_rule(strokeWidth=2).encode(**ends),
        points.mark_point(filled=True, size=55, opacity=1),
        title=panel.case,
    )


def _ground(noise: float) -> Iterator[Any]:
    """The band of noise, and the line at 1."""
    import altair

    band = altair.Chart(data([{"from": 1 / (1 + noise), "to": 1 + noise}]))
    yield band.mark_rect(color=PALE, opacity=0.3, aria=False).encode(
        x=altair.X("from:Q"), x2=altair.X2("to:Q")
    )
    line = altair.Chart(data([{"at": 1}])).mark_rule(color=PALE, aria=False)
    yield line.encode(x=altair.X("at:Q"))


def _lines(limits: list[Row], scale: LogScale) -> list[tuple[Row, int]]:
    """The limits with the line, above the area, in which the name of each touches no other."""
    ordered = sorted(limits, key=lambda limit: limit["speed_up"])
    places = ((scale.at(one["speed_up"]), _LETTER * (len(one["name"]) + 1)) for one in ordered)
    return [*zip(ordered, rows_of(places), strict=True)]


def _folded(panels: list[_Panel], width: int) -> list[Any]:
    """One row a contestant, with a point a case and a bar over all intervals."""
    import altair

    points = [point for panel in panels for point in panel.points]
    of_each: dict[str, list[Row]] = {}
    for point in points:
        of_each.setdefault(point["contestant"], []).append(point)
    order = sorted(of_each, key=lambda name: -max(point["speed_up"] for point in of_each[name]))
    scale = _across([replace(panel, limits=[]) for panel in panels], width)
    chart = altair.Chart(data(points), width=scale.length, height=altair.Step(_ROW))
    spans = [{"contestant": name, **_span(its)} for name, its in of_each.items()]
    bars = altair.Chart(data(spans)).mark_rule(
        strokeWidth=_SPAN_PX, opacity=0.25, color=LINE, aria=False
    )
    axes = _axes(order, points, scale)
    ends = {"x": altair.X("low:Q"), "x2": altair.X2("high:Q"), "y": axes["y"]}
    drawn = chart.mark_point(filled=True, size=30, opacity=0.7)
    noise = max(panel.noise for panel in panels)
    return [altair.layer(*_ground(noise), bars.encode(**ends), drawn.encode(**axes))]


def _span(points: list[Row]) -> Row:
    """From the least to the greatest end of their intervals."""
    lows = [point["low"] for point in points if point["low"] is not None]
    highs = [point["high"] for point in points if point["high"] is not None]
    values = [point["speed_up"] for point in points]
    return {"low": min(lows or values), "high": max(highs or values)}
