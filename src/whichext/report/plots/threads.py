"""How well threads are used: the share of the ideal, and of the limit, over their number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from whichext.model.inline import code
from whichext.model.units import percent_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import area_beside
from whichext.report.plots.canvas import LINE, MOST_PANELS, SERIES, SHAPES, Row, data, panels_text

_ROW = 24  # px
_IDEAL, _LIMIT = "of the ideal", "of the limit"


def plot(view: View) -> Plot | None:
    """Shares of all contestants with several threads; None where none raced."""
    rows = _rows(view)
    if not rows:
        return None
    table = tuple(
        (code(row["case"]), code(row["contestant"]), str(row["threads"]), row["of"], row["text"])
        for row in rows
    )
    titles = ("case", "contestant", "threads", "share", "value")
    return Plot(
        kind="threads",
        title="Threads",
        caption="For each contestant with several threads, which share it reaches of two bounds. "
        "The ideal is as many times the speed of the best contestant with one thread as there are "
        "threads. The limit is what our own reader of the inputs reached in the same race, with as "
        "many threads; a contestant may be a little faster. A point at 100 % reaches its bound; "
        "the lines are intervals." + panels_text("cases", len({row["case"] for row in rows})),
        table=Table(columns(*titles, right=["threads", "value"]), table),
        draw=partial(_chart, rows),
    )


def _rows(view: View) -> list[Row]:
    rows: list[Row] = []
    for case in view.cases.values():
        for found in case.judged.efficiency:
            shares = {_IDEAL: found.ratio, _LIMIT: case.measured[found.contestant].of_limit}
            rows += [
                {
                    "case": case.case.name,
                    "contestant": found.contestant,
                    "threads": view.contestants[found.contestant].threads,
                    "of": of,
                    "share": share.value,
                    "low": share.low,
                    "high": share.high,
                    "text": percent_text(share.value, share.spread),
                    "says": f"{found.contestant}, {case.case.name}: {share.value:.0%} {of}",
                }
                for of, share in shares.items()
                if share is not None
            ]
    return rows


def _chart(rows: list[Row]) -> list[Any]:
    cases = dict.fromkeys(row["case"] for row in rows)
    panels = ([row for row in rows if row["case"] == case] for case in [*cases][:MOST_PANELS])
    return [_one(panel, rows) for panel in panels]


def _one(rows: list[Row], everything: list[Row]) -> Any:
    import altair

    order = [*dict.fromkeys(row["contestant"] for row in rows)]
    highest = max(row["high"] or row["share"] for row in everything)
    width = area_beside(row["contestant"] for row in everything)
    up_to = altair.Scale(domain=[0, max(1.0, 1.05 * highest)], nice=False)
    across = altair.X("share:Q", title="share of the bound", scale=up_to)
    of_both = altair.Chart(data([{"at": 1}])).mark_rule(color=LINE, strokeDash=[5, 4], aria=False)
    bounds = [
        _of_bound([row for row in rows if row["of"] == bound], order, width, place)
        for place, bound in enumerate((_IDEAL, _LIMIT))
    ]
    return altair.layer(
        of_both.encode(x=altair.X("at:Q")),
        *(
            one.mark_rule(strokeWidth=2).encode(x=altair.X("low:Q"), x2=altair.X2("high:Q"))
            for one in bounds
        ),
        *(
            one.mark_point(filled=True, size=44, opacity=1).encode(
                x=across.axis(format="%", tickCount=6),
                shape=altair.Shape("of:N", title=None, scale=_scale(SHAPES)),
            )
            for one in bounds
        ),
        title=rows[0]["case"],
    )


def _of_bound(rows: list[Row], order: list[str], width: int, place: int) -> Any:
    """The shares of one of the bounds: those of the other are drawn below them, not on them."""
    import altair

    return altair.Chart(data(rows), width=width, height=altair.Step(_ROW)).encode(
        y=altair.Y("contestant:N", title=None, sort=order, bandPosition=(0.34, 0.66)[place]),
        color=altair.Color("of:N", title=None, scale=_scale(SERIES)),
        description=altair.Description("says:N"),
    )


def _scale(found: Sequence[str]) -> Any:
    import altair

    return altair.Scale(domain=[_IDEAL, _LIMIT], range=[*found[:2]])
