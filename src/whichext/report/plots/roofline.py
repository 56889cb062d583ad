"""How much of the machine is used: rates over the intensity or the size of the work."""

from __future__ import annotations

from functools import partial
from typing import Any

from whichext.model.contestant import Role
from whichext.model.inline import code
from whichext.model.units import rate_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import PANEL, LogScale
from whichext.report.plots.canvas import INK, LINE, Row, data, series

_WIDTH, _HEIGHT, _NAME_PX = PANEL - 130, 280, 12  # px: the area, and the name of a limit
_MOST_CONTESTANTS, _MOST_LABELS = 8, 20  # colours, labels
_APART = 2  # sizes that differ by less than this factor are not worth an axis


def plot(view: View) -> Plot | None:
    """Rates under the rate of the limit; None where the kernel states no bytes."""
    rows = _rows(view)
    if not rows:
        return None
    table = tuple((code(r["case"]), code(r["contestant"]), r["text"]) for r in rows)
    return Plot(
        kind="roofline",
        title="Roofline",
        caption="The rate at which a call moves the bytes that the kernel must at least move, over "
        "how many these are, or in each case where they are alike. Grey lines are the "
        "roof: the limit, which our own reader reached in the same race with as many threads; a "
        f"contestant may be a little faster. Drawn are {_MOST_CONTESTANTS} contestants at most, "
        "the fastest first.",
        table=Table(columns("case", "contestant", "rate", right=["rate"]), table),
        draw=partial(_chart, rows),
    )


def _rows(view: View) -> list[Row]:
    rows: list[Row] = [
        {
            "case": case.case.name,
            "bytes": case.size.bytes_moved,
            "contestant": name,
            "rate": outcome.bytes_per_s,
            "limit": view.contestants[name].role is Role.LIMIT,
            "text": rate_text(outcome.bytes_per_s),
            "says": f"{name}, {case.case.name}: {rate_text(outcome.bytes_per_s)}",
        }
        for case in view.cases.values()
        if case.size.bytes_moved
        for name, outcome in case.measured.items()
        if outcome.bytes_per_s
        and (view.contestants[name].is_compared or view.contestants[name].role is Role.LIMIT)
    ]
    drawn = _drawn(rows)
    return [row for row in rows if row["limit"] or row["contestant"] in drawn]


def _drawn(rows: list[Row]) -> list[str]:
    """The fastest of each case, then the second of each, and so on."""
    places: dict[str, int] = {}
    cases: dict[str, list[Row]] = {}
    for row in rows:
        if not row["limit"]:
            cases.setdefault(row["case"], []).append(row)
    for found in cases.values():
        for place, row in enumerate(sorted(found, key=lambda row: -row["rate"])):
            places[row["contestant"]] = min(place, places.get(row["contestant"], place))
    return sorted(places, key=lambda name: places[name])[:_MOST_CONTESTANTS]


def _chart(rows: list[Row]) -> list[Any]:
    import altair

    sizes, cases = ([*dict.fromkeys(row[name] for row in rows)] for name in ("bytes", "case"))
    over_sizes = max(sizes) > _APART * min(sizes)
    rates = LogScale.up((row["rate"] for row in rows), _HEIGHT)
    up = altair.Y("rate:Q", title="bytes/s", scale=rates.altair)
    across = (
        _over_sizes(sizes)
        if over_sizes
        else altair.X("case:N", title=None, sort=cases).axis(
            labelAngle=-40, labelOverlap=len(cases) > _MOST_LABELS
        )
    )
    drawn, roofs = (
        altair.Chart(data(found), width=_WIDTH, height=_HEIGHT).encode(
            x=across,
            y=up.axis(format="~s", values=rates.ticks),
            description=altair.Description("says:N"),
        )
        for found in _parted(rows)
    )
    kinds = series(row for row in rows if not row["limit"])
    names = [*dict.fromkeys(row["contestant"] for row in rows if not row["limit"])]
    beside = {} if over_sizes else {"xOffset": altair.XOffset("contestant:N", sort=names)}
    points = drawn.mark_point(filled=True, size=44, opacity=0.9).encode(**kinds, **beside)
    curves = [drawn.mark_line(strokeWidth=1, aria=False).encode(color=kinds["color"])] * over_sizes
    roof = (
        roofs.mark_line(color=LINE, strokeDash=[5, 4], strokeWidth=1.5).encode(
            detail=altair.Detail("contestant:N")
        )
        if over_sizes
        else roofs.mark_tick(
            color=LINE, thickness=2, width=0.9 * _WIDTH / len(cases), orient="horizontal"
        )
    )
    return [altair.layer(roof, *curves, points, *_names(rows, rates))]


def _over_sizes(sizes: list[int]) -> Any:
    import altair

    scale = LogScale.across(sizes, _WIDTH, before=14, after=14)
    return altair.X("bytes:Q", title="bytes of a call", scale=scale.altair).axis(
        format="~s", values=scale.ticks
    )


def _parted(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The contestants, and the limits."""
    return [row for row in rows if not row["limit"]], [row for row in rows if row["limit"]]


def _names(rows: list[Row], rates: LogScale) -> list[Any]:
    """The names of the limits at the right, beside the last of their ticks, none on another."""
    import altair

    _, limits = _parted(rows)
    last = {row["contestant"]: row for row in sorted(limits, key=lambda row: row["bytes"])}
    charts, free = [], 0.0
    for name, row in sorted(last.items(), key=lambda item: item[1]["rate"]):
        place = max(free, rates.at(row["rate"]))
        free = place + _NAME_PX
        text = altair.Chart(data([{"name": name}])).mark_text(
            align="left", dx=4, fontSize=10, font="monospace", color=INK, aria=False
        )
        at = {"x": altair.value(_WIDTH), "y": altair.value(_HEIGHT - place)}
        charts.append(text.encode(**at, text=altair.Text("name:N")))
    return charts
