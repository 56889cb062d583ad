"""Speed-ups over the sizes of a family of cases, with the band of each interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from whichext.model.inline import code
from whichext.model.ratio import Verdict, speed_up_text
from whichext.model.view import CaseView, View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import PANEL, LogScale
from whichext.report.plots.canvas import PALE, Row, data, series, times

_APART = 4  # sizes that differ by less than this factor are shapes rather than sizes
_FEWEST, _MOST_CURVES, _MOST_LABELS = 3, 8, 20  # points, curves, labels
_WIDTH, _HEIGHT = PANEL - 60, 240  # px


@dataclass(frozen=True)
class _Panel:
    """A family, as it is drawn."""

    family: str
    points: list[Row]
    by_size: bool


def plot(view: View) -> Plot | None:
    """A panel for each family of at least three cases; None where there is none."""
    panels = [*_panels(view)]
    if not panels:
        return None
    rows = tuple(
        (code(point["case"]), code(point["contestant"]), point["text"])
        for panel in panels
        for point in panel.points
    )
    return Plot(
        kind="crossover",
        title="Over sizes",
        caption=f"Speed-up over {code(view.raw.baseline)} in each case of a family, from small to "
        "large, or in their order where sizes are alike; the bands are intervals. Where a curve "
        "and its band cross 1, the faster one changes. At most "
        f"{_MOST_CURVES} contestants are drawn: those with the greatest speed-ups.",
        table=Table(columns("case", "contestant", "speed-up", right=["speed-up"]), rows),
        draw=partial(_chart, panels),
    )


def _panels(view: View) -> Iterator[_Panel]:
    """Cases of a family that are alike in all that is no number or shape, such as the layout."""
    families: dict[tuple[str, ...], list[CaseView]] = {}
    for case in view.cases.values():
        if case.case.family is not None and case.measured:
            kinds = (value for value in case.case.params.values() if isinstance(value, str))
            families.setdefault((case.case.family, *kinds), []).append(case)
    for family, cases in families.items():
        if len(cases) >= _FEWEST:
            sizes = sorted({case.amount for case in cases})
            by_size = len(sizes) == len(cases) and sizes[-1] > _APART * sizes[0]
            ordered = sorted(cases, key=lambda case: case.amount) if by_size else cases
            yield _Panel(", ".join(family), _points(view, ordered), by_size)


def _points(view: View, cases: list[CaseView]) -> list[Row]:
    points: list[Row] = [
        {
            "case": case.case.name,
            "amount": case.amount,
            "contestant": name,
            "speed_up": speed_up.value,
            "low": speed_up.low,
            "high": speed_up.high,
            "text": speed_up_text(outcome.ratio),
            "says": f"{name}, {case.case.name}: {speed_up_text(outcome.ratio)}",
        }
        for case in cases
        for name, outcome in case.measured.items()
        if view.contestants[name].is_compared and outcome.ratio.verdict is not Verdict.BASELINE
        for speed_up in (outcome.ratio.inverse,)
    ]
    best = sorted(points, key=lambda point: -point["speed_up"])
    drawn = [*dict.fromkeys(point["contestant"] for point in best)][:_MOST_CURVES]
    return [point for point in points if point["contestant"] in drawn]


def _chart(panels: list[_Panel]) -> list[Any]:
    points = [point for panel in panels for point in panel.points]
    return [_one(panel, points) for panel in panels]


def _one(panel: _Panel, everything: list[Row]) -> Any:
    import altair

    ends = ("speed_up", "low", "high")
    values = [point[end] for point in panel.points for end in ends if point[end] is not None]
    size = LogScale.across((point["amount"] for point in panel.points), _WIDTH)
    cases = [*dict.fromkeys(point["case"] for point in panel.points)]
    across = (
        altair.X("amount:Q", title="size of the case", scale=size.altair).axis(
            values=size.ticks, format="~s"
        )
        if panel.by_size
        else altair.X("case:N", title=None, sort=cases).axis(
            labelAngle=-40, labelOverlap=len(cases) > _MOST_LABELS
        )
    )
    up = altair.Y("speed_up:Q", **times(LogScale.up((1.0, *values), _HEIGHT)))
    kinds = series(everything)
    base = altair.Chart(data(panel.points), width=_WIDTH, height=_HEIGHT)
    base = base.encode(x=across, color=kinds["color"], description=altair.Description("says:N"))
    return altair.layer(
        altair.Chart(data([{"at": 1}]))
        .mark_rule(color=PALE, aria=False)
        .encode(y=altair.Y("at:Q")),
        base.mark_area(opacity=0.18, line=False, aria=False).encode(
            y=altair.Y("low:Q"), y2=altair.Y2("high:Q")
        ),
        base.mark_line(strokeWidth=1.5, aria=False).encode(y=up),
        base.mark_point(filled=True, size=40, opacity=0.9).encode(y=up, shape=kinds["shape"]),
        title=panel.family,
    )
