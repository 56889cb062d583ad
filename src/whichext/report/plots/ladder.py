"""What makes a speed-up up: a waterfall of single factors for each headline that has a ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from operator import mul
from typing import Any

from whichext.model.inline import code
from whichext.model.insight import Headline, Ladder
from whichext.model.ratio import speed_up_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import LogScale, area_beside
from whichext.report.plots.canvas import (
    INK,
    LINE,
    MOST_PANELS,
    PALE,
    Row,
    data,
    panels_text,
    times,
    verdict_colour,
)

_ROW, _TEXT_PX, _LETTER = 22, 10, 6.2  # px
_WHOLE = "the whole, directly"


@dataclass(frozen=True)
class _Panel:
    """A ladder, as it is drawn."""

    title: str
    steps: list[Row]


def plot(view: View) -> Plot | None:
    """The ladders of a result; None where none has two steps, so that there is nothing to part."""
    ladders = [*_ladders(view)]
    if not ladders:
        return None
    rows = tuple(
        (
            code(case),
            code(rung.contestant_after),
            rung.factor,
            f"{rung.before} to {rung.after}",
            speed_up_text(rung.ratio),
        )
        for case, _, why in ladders
        for rung in why.rungs
    )
    titles = ("case", "contestant", "factor", "change", "speed-up")
    return Plot(
        kind="ladder",
        title="What makes it up",
        caption="Each bar is one change of one factor, from the contestant above it: its length is "
        "the speed-up of that step, with its verdict as colour. The last bar is the whole, "
        "with the two ends measured against each other; where the steps do not add up to it, they "
        "do not explain it fully." + panels_text("ladders", len(ladders)),
        table=Table(columns(*titles, right=["speed-up"]), rows),
        draw=partial(_chart, [_panel(*ladder) for ladder in ladders[:MOST_PANELS]]),
    )


def _ladders(view: View) -> Iterator[tuple[str, Headline, Ladder]]:
    for case in view.judged.cases:
        for line in case.headlines:
            if isinstance(line.why, Ladder) and len(line.why.rungs) > 1:
                yield case.case, line, line.why


def _panel(case: str, line: Headline, why: Ladder) -> _Panel:
    """The bars of a ladder: each begins where the one before it ends."""
    ends = [*accumulate((rung.ratio.inverse.value for rung in why.rungs), mul, initial=1.0)]
    steps: list[Row] = [
        {
            "step": f"{number}. {rung.factor}: {rung.before} to {rung.after}",
            "from": start,
            "to": end,
            "verdict": rung.ratio.verdict.value,
            "text": speed_up_text(rung.ratio),
            "says": f"{rung.factor}, {rung.before} to {rung.after}: {speed_up_text(rung.ratio)}",
        }
        for number, (rung, start, end) in enumerate(
            zip(why.rungs, ends[:-1], ends[1:], strict=True), 1
        )
    ]
    whole = {
        "step": _WHOLE,
        "from": 1.0,
        "to": why.ratio.inverse.value,
        "verdict": why.ratio.verdict.value,
        "text": speed_up_text(why.ratio),
        "says": f"{line.start} to {line.end}: {speed_up_text(why.ratio)}",
    }
    return _Panel(f"{case}: {line.start} to {line.end}", [*steps, whole])


def _chart(panels: list[_Panel]) -> list[Any]:
    rows = [row for panel in panels for row in panel.steps]
    width = area_beside(row["step"] for row in rows)
    return [_one(panel, rows, width) for panel in panels]


def _one(panel: _Panel, rows: list[Row], width: int) -> Any:
    import altair

    order = [row["step"] for row in panel.steps]
    base = altair.Chart(data(panel.steps), width=width, height=altair.Step(_ROW)).encode(
        y=altair.Y("step:N", title=None, sort=order), description=altair.Description("says:N")
    )
    ends = [row[end] for row in panel.steps for end in ("from", "to")]
    room = round(_LETTER * max(len(row["text"]) for row in panel.steps)) + 8
    scale = LogScale.across(ends, width, after=room)
    across = altair.X("from:Q", **times(scale, most=max(ends)))
    ground = (
        altair.Chart(data([{"at": 1}])).mark_rule(color=PALE, aria=False).encode(x=altair.X("at:Q"))
    )
    turns = [
        {"at": row["to"], "step": row["step"], "next": after["step"]}
        for row, after in pairwise(panel.steps)
    ]
    joints = altair.Chart(data(turns)).mark_rule(color=LINE, strokeDash=[2, 2], aria=False)
    bars = base.mark_bar(height=_ROW * 0.6).encode(
        x=across, x2=altair.X2("to:Q"), color=verdict_colour(rows)
    )
    texts = (
        base.mark_text(align="left", dx=5, color=INK, fontSize=_TEXT_PX, font="monospace")
        .encode(x=altair.X("end:Q"), text=altair.Text("text:N"))
        .transform_calculate(end="max(datum.from, datum.to)")
    )
    linked = joints.encode(
        x=altair.X("at:Q"), y=altair.Y("step:N", sort=order), y2=altair.Y2("next:N")
    )
    return altair.layer(ground, linked, bars, texts, title=panel.title)
