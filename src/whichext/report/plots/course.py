"""The course of one ratio over results: intervals, the band of noise, and where it changed."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from whichext.model.inline import code
from whichext.model.ratio import speed_up_text
from whichext.model.runs import Course, History, Point
from whichext.report.document import Plot, Table, columns
from whichext.report.plots.axes import PANEL, LogScale, rows_of
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

_WIDTH, _HEIGHT, _LINE, _LEGEND_PX = PANEL - 70, 220, 12, 14  # px
_LETTER = 5.5  # of the name of a change, px
_FEWEST, _MOST_LABELS = 2, 30  # points, labels


def plot(history: History) -> Plot | None:
    """A panel for each course of at least two runs; None where there is none."""
    courses = [course for course in history.courses if len(course.points) >= _FEWEST]
    if not courses:
        return None
    alone = len(history.courses) - len(courses)
    panels = {_title(course, courses): _rows(history, course) for course in courses}
    table = tuple(
        (title, row["run"], row["text"], row["verdict"], row["change"])
        for title, rows in panels.items()
        for row in rows
    )
    titles = ("case", "run", "speed-up", "verdict", "change")
    return Plot(
        kind="course",
        title="Course",
        caption=f"The speed-up of {code(history.of)} over {code(history.over)} in each run, from "
        "the earliest to the latest: above 1 is faster. The line through a point is its "
        "interval, the band the noise of the run. A dashed line is a run in which a change is "
        "shown, with what changed."
        + panels_text("courses", len(courses))
        + f" Not drawn, since there is a single run of it: {alone} of {alone + len(courses)}."
        * (alone > 0),
        table=Table(columns(*titles, right=["speed-up"]), table),
        draw=partial(_chart, panels, f"{history.of} over {history.over}"),
    )


def _title(course: Course, courses: list[Course]) -> str:
    """The case of a course, and what tells it from others of that name."""
    alike = [one for one in courses if one.case.name == course.case.name]
    text = f" {course.case.text}" if len({one.case.text for one in alike}) > 1 else ""
    machines = [one.machine for one in courses if one.case == course.case]
    where = f", {course.machine.cpu}" if len(machines) > 1 else ""
    number = f" ({machines.index(course.machine) + 1})" if _is_double(machines) else ""
    return f"{course.case.name}{text}{where}{number}"


def _is_double(machines: list[Any]) -> bool:
    return len({machine.cpu for machine in machines}) < len(machines)


def _rows(history: History, course: Course) -> list[Row]:
    started = [_when(history, point) for point in course.points]
    often = Counter(started)
    return [
        {
            "run": when if often[when] == 1 else f"{when} {history.runs[point.run].name}",
            "speed_up": speed_up.value,
            "low": speed_up.low,
            "high": speed_up.high,
            "noise_low": 1 / (1 + (point.ratio.noise or 0)),
            "noise_high": 1 + (point.ratio.noise or 0),
            "verdict": point.ratio.verdict.value,
            "text": speed_up_text(point.ratio),
            "change": _change(point),
            "says": f"{history.runs[point.run].name}, {when}: {speed_up_text(point.ratio)} "
            f"({point.ratio.verdict})",
        }
        for when, point in zip(started, course.points, strict=True)
        for speed_up in (point.ratio.inverse,)
    ]


def _when(history: History, point: Point) -> str:
    """Day and minute of a run, UTC."""
    return history.runs[point.run].started_at[:16].replace("T", " ")


def _change(point: Point) -> str:
    """What changed in a run; empty where no change is shown."""
    change = point.change
    if change is None or not change.is_shown:
        return ""
    if change.is_of_verdict:
        return f"{change.before} to {change.after}"
    return f"still {change.after}"


def _lines(rows: list[Row]) -> tuple[list[Row], list[int]]:
    """The changes, and the line above the area in which the name of each touches no other."""
    each = _WIDTH / len(rows)
    found = [(place, row) for place, row in enumerate(rows) if row["change"]]
    places = ((each * (place + 0.5), _LETTER * (len(row["change"]) + 1)) for place, row in found)
    return [row for _, row in found], rows_of(places)


def _chart(panels: dict[str, list[Row]], of: str) -> list[Any]:
    everything = [row for rows in panels.values() for row in rows]
    return [_one(title, of, rows, everything) for title, rows in [*panels.items()][:MOST_PANELS]]


def _one(title: str, of: str, rows: list[Row], everything: list[Row]) -> Any:
    import altair

    ends = ("speed_up", "low", "high", "noise_low", "noise_high")
    scale = LogScale.up([row[end] for row in rows for end in ends if row[end]], _HEIGHT)
    across = altair.X("run:O", title=None, sort=[row["run"] for row in rows]).axis(
        labelAngle=-40, labelOverlap=len(rows) > _MOST_LABELS
    )
    up = altair.Y("speed_up:Q", **times(scale))
    base = altair.Chart(data(rows), width=_WIDTH, height=_HEIGHT).encode(x=across)
    changes, lines = _lines(rows)
    marks = altair.Chart(data(changes)).encode(x=across)
    room = _LEGEND_PX + _LINE * max((line + 1 for line in lines), default=0)
    noise = base.mark_area(color=PALE, opacity=0.3, interpolate="step", aria=False)
    points = base.encode(
        color=verdict_colour(everything, room), description=altair.Description("says:N")
    )
    names = [
        altair.Chart(data([row]))
        .mark_text(dy=-4 - _LINE * line, baseline="bottom", fontSize=10, color=INK, aria=False)
        .encode(x=across, y=altair.value(0), text=altair.Text("change:N"))
        for row, line in zip(changes, lines, strict=True)
    ]
    return altair.layer(
        noise.encode(y=altair.Y("noise_low:Q"), y2=altair.Y2("noise_high:Q")),
        altair.Chart(data([{"at": 1}]))
        .mark_rule(color=PALE, aria=False)
        .encode(y=altair.Y("at:Q")),
        marks.mark_rule(strokeDash=[4, 3], color=LINE, aria=False),
        *names,
        base.mark_line(color=LINE, strokeWidth=1, aria=False).encode(y=up),
        points.mark_rule(strokeWidth=2).encode(y=altair.Y("low:Q"), y2=altair.Y2("high:Q")),
        points.mark_point(filled=True, size=50, opacity=1).encode(y=up),
        title=altair.Title(title, subtitle=of, subtitleColor=INK, subtitleFontSize=11),
    )
