"""Which contestants win where: a heat map of verdicts over contestants and cases."""

from __future__ import annotations

from functools import partial
from typing import Any

from whichext.model.inline import code
from whichext.model.ratio import speed_up_text
from whichext.model.units import ratio_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import area_beside
from whichext.report.plots.canvas import Row, data, verdict_colour

_ROW, _ROOM = 18, 17  # px
_FEWEST = 2
_RIM = "#24292f"  # of a dot, so that it is seen on a pale cell as well


def plot(view: View) -> Plot | None:
    """Verdicts over cases; None for a single case, whose table says as much."""
    rows = _rows(view)
    if len({row["case"] for row in rows}) < _FEWEST:
        return None
    return Plot(
        kind="wins",
        title="Which wins where",
        caption=f"Each cell is a contestant in a case, against {code(view.raw.baseline)}: blue is "
        "faster, orange slower, grey a tie, pale grey unresolved, and empty not raced. A dot marks "
        "the fastest of a case and those that were not shown to be slower.",
        table=_table(view),
        draw=partial(_chart, rows, [*view.cases]),
    )


def _rows(view: View) -> list[Row]:
    return [
        {
            "case": case.case.name,
            "contestant": name,
            "verdict": outcome.ratio.verdict.value,
            "speed_up": ratio_text(outcome.ratio.inverse.value),
            "leads": case.judged.leaders is not None and name in case.judged.leaders.names,
            "says": f"{name}, {case.case.name}: {speed_up_text(outcome.ratio)} as fast "
            f"({outcome.ratio.verdict})",
        }
        for case in view.cases.values()
        for name, outcome in case.measured.items()
        if view.contestants[name].is_compared
    ]


def _table(view: View) -> Table:
    found = [
        (code(case.case.name), ", ".join(map(code, case.judged.leaders.names)))
        for case in view.cases.values()
        if case.judged.leaders is not None
    ]
    return Table(columns("case", "the fastest, or not shown to be slower"), tuple(found))


def _chart(rows: list[Row], cases: list[str]) -> list[Any]:
    import altair

    names = [*dict.fromkeys(row["contestant"] for row in rows)]
    wide = max(area_beside(names), _ROOM * len(cases))
    gaps = altair.Scale(paddingInner=0.08)
    base = altair.Chart(data(rows), width=wide, height=altair.Step(_ROW)).encode(
        x=altair.X("case:N", title=None, sort=cases, scale=gaps).axis(
            labelAngle=-40, labelOverlap=False
        ),
        y=altair.Y("contestant:N", title=None, sort=names, scale=gaps),
        description=altair.Description("says:N"),
    )
    cells = base.mark_rect().encode(color=verdict_colour(rows))
    dots = base.mark_point(size=36, fill="white", stroke=_RIM, strokeWidth=0.8, opacity=1)
    return [altair.layer(cells, dots.transform_filter("datum.leads"))]
