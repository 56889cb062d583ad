"""What all plots share: colours, chart pieces, and charts as SVG or PNG.

Altair builds a chart and vl-convert draws it, without a browser and without a network. A chart is
`Any` here: Altair's methods return unions that its own functions do not take.
"""

from __future__ import annotations

import importlib.util
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from whichext.model.errors import UsageError
from whichext.model.inline import legible, unmarked
from whichext.model.ratio import Verdict
from whichext.report.document import Plot
from whichext.report.plots.axes import LETTER, WIDEST_LABEL, LogScale

Row = Mapping[str, Any]
"""A point of a plot, by the names of its fields."""

MOST_PANELS = 6
"""Cases or ladders that a plot draws one by one; of more, it draws a summary or the first."""
INK, LINE, PALE = "#57606a", "#768390", "#8c959f"
"""Text, of which a page sets its own colour; lines, seen on white and on black; and the ground."""
COLOURS = {
    Verdict.FASTER: "#1668b8",
    Verdict.SLOWER: "#e0762f",
    Verdict.TIE: "#57606a",
    Verdict.UNRESOLVED: "#b3b9c0",
    Verdict.BASELINE: "#b08c1e",
}
"""Blue and orange can be told apart without red and green, and as greys: orange is the paler."""
SERIES = ("#0f6fc5", "#c2410c", "#2a7f3f", "#8a4fbf", "#9a6b00", "#0a7c86", "#b5307a", "#57606a")
"""Colours of contestants."""
SHAPES = (
    *("circle", "square", "diamond", "cross"),
    *("triangle-up", "triangle-down", "triangle-left", "triangle-right"),
)
"""Shapes of their points, so that one shows behind another of the same value."""

_LABEL_PX = 11
_LINE_OF_TEXT = 95  # letters that are about as wide as a panel
_SVG = "http://www.w3.org/2000/svg"
_NEEDED = ("altair", "vl_convert")
_DRAWN = frozenset(
    {"svg", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath", "circle", "title"}
)
_ALOUD = ("role", "aria-label", "aria-roledescription", "aria-hidden")


def check_parts() -> None:
    """Find out whether plots can be drawn here.

    Raises:
        UsageError: A package is not installed.

    """
    if not can_draw():
        raise UsageError(
            "plots",
            "pip install altair vl-convert-python",
            expected="Altair and vl-convert",
            got="one of them or both not installed",
        )


def can_draw() -> bool:
    """Whether plots can be drawn here."""
    return all(importlib.util.find_spec(name) for name in _NEEDED)


def data(rows: Sequence[Row]) -> Any:
    """Rows as the data of a chart; they stand in it, and nothing is loaded."""
    import altair

    return altair.InlineData(values=[dict(row) for row in rows])


def verdict_colour(rows: Iterable[Row], offset: int = 8, columns: int = 5) -> Any:
    """Colour by verdict, for those that the rows have; the legend is so many px above the area."""
    import altair

    there = {row["verdict"] for row in rows}
    found = {str(verdict): colour for verdict, colour in COLOURS.items() if verdict in there}
    scale = altair.Scale(domain=[*found], range=[*found.values()])
    legend = {"offset": offset, "columns": columns}
    return altair.Color("verdict:N", title=None, scale=scale, legend=legend)


def series(rows: Iterable[Row], columns: int = 2, *, shapes: bool = True) -> dict[str, Any]:
    """Colour and shape by contestant, in the order of the rows."""
    import altair

    names = [*dict.fromkeys(row["contestant"] for row in rows)]
    legend = {"columns": columns}
    colours = altair.Scale(domain=names, range=[*SERIES])
    colour = altair.Color("contestant:N", title=None, scale=colours, legend=legend)
    if not shapes:
        return {"color": colour}
    forms = altair.Scale(domain=names, range=[*SHAPES])
    shape = altair.Shape("contestant:N", title=None, scale=forms, legend=legend)
    return {"color": colour, "shape": shape}


def times(scale: LogScale, most: float = math.inf) -> dict[str, Any]:
    """What an axis of speed-ups has: its title, its scale, and ticks up to the greatest."""
    import altair

    axis = altair.Axis(values=[tick for tick in scale.ticks if tick <= most], format=".3~r")
    return {"title": "speed-up, times", "scale": scale.altair, "axis": axis}


def joined(panels: Sequence[Any]) -> Any:
    """The panels of a plot as one chart, under each other."""
    return panels[0] if len(panels) == 1 else _below_each_other(panels)


def explained(plot: Plot) -> Any:
    """A plot as one chart that is understood alone: its title and caption stand above it."""
    import altair

    lines = textwrap.wrap(unmarked(plot.caption), _LINE_OF_TEXT)
    title = altair.Title(plot.title, subtitle=lines, subtitleColor=INK, offset=12)
    return _below_each_other(plot.draw()).properties(title=title)


def _below_each_other(panels: Sequence[Any]) -> Any:
    import altair

    return altair.vconcat(*panels).resolve_scale(color="shared", shape="shared")


def panels_text(drawn: str, count: int) -> str:
    """What a caption says where not all can be drawn one by one; else empty."""
    return f" Drawn are the first {MOST_PANELS} of {count} {drawn}." if count > MOST_PANELS else ""


@contextmanager
def unchecked() -> Iterator[None]:
    """Make charts without Altair's checks of each part; tests have them checked."""
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        yield


def svg(chart: Any) -> str:
    """The chart as a file of its own, on white."""
    import vl_convert

    return vl_convert.vegalite_to_svg(_spec(chart))


def png(chart: Any) -> bytes:
    """The chart as pixels, two for each of its own."""
    import vl_convert

    return vl_convert.vegalite_to_png(_spec(chart), scale=2)


def inline_svg(chart: Any, says: str, name: str) -> str:
    """The chart as an element of a page.

    Only elements that draw are kept, and none that leads elsewhere. What a point says of itself
    becomes its title, which a browser shows under the pointer.

    Args:
        chart: What to draw.
        says: What it shows, for readers who do not see it.
        name: What the identifiers in it begin with: unique on its page.

    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(_spec(chart, background="transparent"))
    root = ElementTree.fromstring(drawn)
    root.tag = "svg"
    _keep_drawings(root)
    for element in root.iter():
        _settle(element, name)
    root.set("role", "img")
    root.set("aria-label", says)
    return ElementTree.tostring(root, "unicode")


def _spec(chart: Any, background: str = "white") -> dict[str, Any]:
    """The chart as vl-convert takes it, which aborts at a character that XML has no place for."""
    # Altair would check each part against its schema, which is 40 % of the time; tests do that.
    spec: dict[str, Any] = _readable(_styled(chart, background).to_dict(validate=False))
    if any(_may_be_too_long(text) for text in _labels(spec)):
        for part in ("axis", "legend"):
            spec["config"][part]["labelLimit"] = WIDEST_LABEL
    return spec


def _labels(spec: Mapping[str, Any]) -> Iterator[str]:
    """The texts in all rows of a chart, but for what points say of themselves."""
    for rows in spec["datasets"].values():
        for row in rows:
            values = (value for name, value in row.items() if name != "says")
            yield from (value for value in values if isinstance(value, str))


def _may_be_too_long(label: str) -> bool:
    """Whether it could be wider than a label may be: letters of other scripts are up to twice."""
    return len(label) * LETTER * (1 if label.isascii() else 2) > WIDEST_LABEL


def _readable(part: Any) -> Any:
    match part:
        case str():
            return legible(part)
        case dict():
            return {name: _readable(inner) for name, inner in part.items()}
        case list():
            return [_readable(inner) for inner in part]
        case _:
            return part


def _styled(chart: Any, background: str = "white") -> Any:
    """The chart with the style of all plots.

    Labels are monospaced: what a browser draws is then as wide as what was measured here, whichever
    fonts it has.
    """
    words = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFont": "monospace",
        "labelFontSize": _LABEL_PX,
    }
    no_limit = {"labelLimit": 0}  # _spec sets one where needed: it doubles the time of drawing
    lines = {"gridColor": "#d8dee4", "domainColor": PALE, "tickColor": PALE}
    return chart.configure(  # at once: each of Altair's methods copies all data
        background=background,
        font="sans-serif",
        padding=4,
        axis={**words, **no_limit, **lines, "titleFontWeight": "normal"},
        legend={**words, **no_limit, "orient": "top", "symbolSize": 60, "symbolOpacity": 1},
        title={"anchor": "start", "fontSize": 12, "color": INK, "fontWeight": "bold"},
        view={"stroke": None},
    )


def _keep_drawings(parent: ElementTree.Element) -> None:
    for child in [*parent]:
        child.tag = child.tag.removeprefix(f"{{{_SVG}}}")
        if child.tag in _DRAWN:
            _keep_drawings(child)
        else:
            parent.remove(child)


def _settle(element: ElementTree.Element, name: str) -> None:
    """Give an element's identifiers the plot's name, and its description to the pointer."""
    said = element.get("aria-label")
    if said and element.get("role") == "graphics-symbol" and element.tag != "g":
        title = ElementTree.Element("title")
        title.text = said
        element.insert(0, title)
    for attribute in _ALOUD:
        element.attrib.pop(attribute, None)
    for attribute, value in [*element.attrib.items()]:
        if attribute == "id":
            element.set(attribute, f"{name}-{value}")
        elif value.startswith("url(#"):
            element.set(attribute, f"url(#{name}-{value.removeprefix('url(#')}")
        elif attribute.endswith("href"):
            del element.attrib[attribute]
