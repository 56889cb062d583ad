"""What makes a speed-up up: a waterfall of single factors for each headline that has a ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from operator import mul
from typing import Any

from whichext.model.inline import code
from whichext.model.insight import Headline, Ladder
from whichext.model.ratio import speed_up_text
from whichext.model.view import View
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.canvas import (
    INK,
    MOST_PANELS,
    TIMES,
    WIDTH,
    Row,
    data,
    panels_text,
    verdict_colour,
)

_ROW = 22  # px


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
        "measured directly; where the steps do not add up to it, they do not explain it fully."
        + panels_text("ladders", len(ladders)),
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
        }
        for number, (rung, start, end) in enumerate(
            zip(why.rungs, ends[:-1], ends[1:], strict=True), 1
        )
    ]
    whole = {
        "step": f"{line.start} to {line.end}",
        "from": 1.0,
        "to": why.ratio.inverse.value,
        "verdict": why.ratio.verdict.value,
        "text": speed_up_text(why.ratio),
    }
    return _Panel(f"{case}: {line.start} to {line.end}", [*steps, whole])


def _chart(panels: list[_Panel]) -> Any:
    import altair

    rows = [row for panel in panels for row in panel.steps]
    return altair.vconcat(*(_one(panel, rows) for panel in panels)).resolve_scale(color="shared")


def _one(panel: _Panel, rows: list[Row]) -> Any:
    import altair

    base = altair.Chart(data(panel.steps), width=WIDTH, height=altair.Step(_ROW)).encode(
        y=altair.Y("step:N", title=None, sort=[row["step"] for row in panel.steps]),
        description="text:N",
    )
    scale = altair.Scale(type="log", nice=False, padding=50)
    across = altair.X("from:Q", title="speed-up, times", scale=scale).axis(**TIMES)
    bars = base.mark_bar(height=_ROW * 0.6).encode(x=across, x2="to:Q", color=verdict_colour(rows))
    texts = (
        base.mark_text(align="left", dx=5, color=INK, fontSize=10, font="monospace")
        .encode(x=altair.X("end:Q"), text="text:N")
        .transform_calculate(end="max(datum.from, datum.to)")
    )
    return altair.layer(bars, texts, title=panel.title)
