"""What a project costs beside its speed: time to build, wheel, import and first call."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from whichext.model.inline import code, foreign
from whichext.model.outcome import Built
from whichext.model.units import size_text, time_text
from whichext.model.view import View
from whichext.report.builds import LINES_ARE, lines_text
from whichext.report.document import Plot, Table, columns, listed
from whichext.report.plots.axes import area_beside
from whichext.report.plots.canvas import INK, SERIES, Row, data

_ROW, _NUMBER_PX = 18, 60  # px: a bar, and the number behind it
_BUILD, _WHEEL, _LINES, _NEEDS = "build", "wheel", "code", "needs"
_IMPORT, _FIRST, _CALL = "import", "first call", "call"
_MEANS = {
    _BUILD: "time to build it",
    _WHEEL: "the size of its wheel",
    _LINES: "its lines of code",
    _NEEDS: "the packages and libraries that its build fetches or its users need",
    _IMPORT: "its import",
    _FIRST: "the first call in a fresh process",
    _CALL: "a later call in the smallest case",
}
_UNITS = {
    _BUILD: "s",
    _WHEEL: "kB",
    _LINES: "lines",
    _NEEDS: "packages",
    _IMPORT: "ms",
    _FIRST: "ms",
    _CALL: "us",
}


def plot(view: View) -> Plot | None:
    """Costs of builds and of first calls; None where nothing was built."""
    rows = [*_builds(view)]
    if not rows:
        return None
    rows += [*_lines(view), *_needs(view), *_first_calls(view), *_calls(view)]
    rows.sort(key=lambda row: [*_UNITS].index(row["what"]))
    table = tuple((row["what"], code(row["of"]), row["all"]) for row in rows)
    return Plot(
        kind="cost",
        title="Cost",
        caption=_caption(rows),
        table=Table(columns("cost", "of", "value", right=["value"]), table),
        draw=partial(_chart, rows),
    )


def _caption(rows: list[Row]) -> str:
    """What the costs are that there are bars for."""
    there = [_MEANS[what] for what in dict.fromkeys(row["what"] for row in rows)]
    lines = any(row["what"] == _LINES for row in rows)
    return (
        f"What a project costs beside the time of its calls: {listed(there)}. Shorter is better."
        + f" Lines of code: {LINES_ARE}." * lines
    )


def _builds(view: View) -> Iterator[Row]:
    raced = {contestant.project for contestant in view.competing}
    for build in view.raw.builds:
        match build.result:
            case Built(build_ns=time_ns, wheel_bytes=size) if build.project in raced:
                name = f"{build.project}@{build.profile.name}"
                yield _row(_BUILD, name, time_ns / 1e9, time_text(time_ns))
                yield _row(_WHEEL, name, size / 1e3, size_text(size))


def _lines(view: View) -> Iterator[Row]:
    """Lines of code, once for each project: its profiles have the same."""
    raced = {contestant.project for contestant in view.competing}
    found = {build.project: build.result for build in view.raw.builds if build.project in raced}
    for project, result in found.items():
        if isinstance(result, Built) and result.code_lines is not None:
            yield _row(_LINES, project, result.code_lines, lines_text(result.code_lines))


def _needs(view: View) -> Iterator[Row]:
    """What else must be there, once for each project."""
    decision = view.judged.decision
    if decision is None:
        return
    found = {
        view.contestants[name].project: decision.candidate(name).cost for name in decision.shown
    }
    for project, cost in found.items():
        if project is not None:
            tools = (*cost.packages, *cost.requires)
            names = sorted({*(tool.full_name for tool in tools), *cost.libraries})
            text = ", ".join((str(len(names)), *map(foreign, names)))
            yield _row(_NEEDS, project, len(names), str(len(names)), text)


def _calls(view: View) -> Iterator[Row]:
    """What a call itself costs, where the smallest case is small enough to show it."""
    cost = view.judged.decision.call_cost if view.judged.decision else None
    if cost is not None and cost.shows:
        for name in cost.contestants:
            median_ns = view.cases[cost.case].measured[name].median_ns
            yield _row(_CALL, name, median_ns / 1e3, time_text(median_ns))


def _first_calls(view: View) -> Iterator[Row]:
    case = next((one for one in view.judged.cases if one.first_calls), None)
    for one in case.first_calls if case else ():
        if one.import_ns is not None:
            yield _row(_IMPORT, one.contestant, one.import_ns / 1e6, time_text(one.import_ns))
        first_ns = one.first_call_ns
        yield _row(_FIRST, one.contestant, first_ns / 1e6, time_text(first_ns))


def _row(what: str, of: str, value: float, text: str, everything: str = "") -> Row:
    """A bar with the number behind it, and with all there is to say for the table."""
    says = f"{of}, {what}: {text}"
    return {
        "what": what,
        "of": of,
        "value": value,
        "text": text,
        "all": everything or text,
        "says": says,
    }


def _chart(rows: list[Row]) -> list[Any]:
    whats = dict.fromkeys(row["what"] for row in rows)
    return [_one(what, [row for row in rows if row["what"] == what]) for what in whats]


def _one(what: str, rows: list[Row]) -> Any:
    import altair

    width = area_beside(row["of"] for row in rows)
    order = [row["of"] for row in sorted(rows, key=lambda row: row["value"])]
    title = f"{what}, {_UNITS[what]}"
    longest = max(row["value"] for row in rows)
    scale = altair.Scale(domain=[0, longest * width / (width - _NUMBER_PX)], nice=False)
    base = altair.Chart(data(rows), width=width, height=altair.Step(_ROW), title=title).encode(
        x=altair.X("value:Q", title=None, scale=scale).axis(tickCount=5, format=".4~g"),
        y=altair.Y("of:N", title=None, sort=order),
        description=altair.Description("says:N"),
    )
    bars = base.mark_bar(color=SERIES[0], height=_ROW * 0.6)
    numbers = base.mark_text(align="left", dx=3, color=INK, font="monospace", fontSize=10)
    return altair.layer(bars, numbers.encode(text=altair.Text("text:N")))
