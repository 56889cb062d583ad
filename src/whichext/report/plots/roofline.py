"""How much of the machine is used: rates over the intensity or the size of the work."""

from __future__ import annotations

from functools import partial
from typing import Any

from whichext.model.contestant import Role
from whichext.model.inline import code
from whichext.model.units import rate_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.canvas import LINE, WIDTH, Row, data, series_colour

_HEIGHT, _ROOF, _MOST_CONTESTANTS, _MOST_LABELS = 240, 40, 8, 20  # px, px, colours, labels
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
        "how many these are, or in each case where they are alike. The ticks are the roof: "
        "the limit, which our own reader reached in the same race; a contestant may be a little "
        f"faster. Drawn are {_MOST_CONTESTANTS} contestants at most, the fastest first.",
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


def _chart(rows: list[Row]) -> Any:
    import altair

    log = altair.Scale(type="log", padding=14)
    sizes, cases = ([*dict.fromkeys(row[name] for row in rows)] for name in ("bytes", "case"))
    across = (
        altair.X("bytes:Q", title="bytes of a call", scale=log).axis(format="~s", tickCount=6)
        if max(sizes) > _APART * min(sizes)
        else altair.X("case:N", title=None, sort=cases).axis(
            labelAngle=-40, labelOverlap=len(cases) > _MOST_LABELS
        )
    )
    up = altair.Y("rate:Q", title="bytes/s", scale=log).axis(format="~s", tickCount=6)
    points, roofs = (
        altair.Chart(data([row for row in rows if row["limit"] is of_limit]))
        .properties(width=WIDTH, height=_HEIGHT)
        .encode(x=across, y=up, description="says:N")
        for of_limit in (False, True)
    )
    drawn = points.mark_point(filled=True, size=50, opacity=0.9)
    return altair.layer(
        drawn.encode(color=series_colour((row for row in rows if not row["limit"]), 2)),
        roofs.mark_tick(
            color=LINE,
            thickness=2.5,
            width=min(_ROOF, 0.7 * WIDTH / len(cases)),
            orient="horizontal",
        ),
    )
