"""Charts as elements of a page: nothing in them leads elsewhere, and names stay texts."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

import pytest

from support.results import make_race, steady
from whichext.model.errors import UsageError
from whichext.model.inline import unmarked
from whichext.report import render
from whichext.report.plots import plots_of
from whichext.report.plots.canvas import check_parts, explained, inline_svg, svg

HOSTILE = '<script>alert(1)</script>"\'>&<b onload=x>url(#id="7'
VIEW = make_race({"numpy": steady(1_000), f"cy.{HOSTILE}": steady(500)})


@cache
def drawings(name: str = "here") -> tuple[str, ...]:
    """All plots of a result with a hostile name."""
    return tuple(
        inline_svg(panel, HOSTILE, name) for plot in plots_of(VIEW) for panel in plot.draw()
    )


def elements(name: str = "here") -> Iterator[ElementTree.Element]:
    """Their elements."""
    for drawn in drawings(name):
        yield from ElementTree.fromstring(drawn).iter()


def test_a_hostile_name_is_a_text_in_every_plot() -> None:
    found = [*elements()]
    assert {one.tag for one in found} <= {
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "text",
        "tspan",
        "defs",
        "clipPath",
        "circle",
        "title",
    }
    assert any(f"cy.{HOSTILE}"[:20] in (one.text or "") for one in found)


def test_no_attribute_runs_anything_or_leads_elsewhere() -> None:
    for element in elements():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name
            assert name == "aria-label" or "javascript" not in value


def test_identifiers_of_two_plots_of_a_page_differ() -> None:
    first, second = (
        {value for one in elements(name) for key, value in one.attrib.items() if key == "id"}
        for name in ("a", "b")
    )
    assert not first & second


def test_every_reference_in_a_plot_leads_to_one_of_its_own_elements() -> None:
    for drawn in drawings():
        wanted = set(re.findall(r"=\"url\(#([^)]+)\)", drawn))
        assert wanted <= set(re.findall(r"\bid=\"([^\"]+)\"", drawn))


def test_a_plot_says_to_those_that_do_not_see_it_what_it_shows() -> None:
    plot = next(plots_of(VIEW))
    root = ElementTree.fromstring(inline_svg(plot.draw()[0], "what it shows", "here"))
    assert (root.get("role"), root.get("aria-label")) == ("img", "what it shows")


def test_every_point_says_its_numbers_under_the_pointer() -> None:
    titles = [one.text or "" for one in elements() if one.tag == "title"]
    assert any("2.00x" in title and "faster" in title for title in titles)


def test_without_the_parts_a_plot_is_refused_and_a_page_has_its_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "vl_convert" else real(name)
    )
    with pytest.raises(UsageError, match="vl-convert-python"):
        check_parts()
    page = render(VIEW, "html")
    assert "vl-convert-python" in page
    assert "<svg" not in page
    assert "Speed-ups" in page


def test_a_character_that_xml_has_no_place_for_is_drawn_as_a_sign() -> None:
    view = make_race({"numpy": steady(1_000), "cy.\x1b[31m\x01": steady(500)})
    for plot in plots_of(view):
        for panel in plot.draw():
            ElementTree.fromstring(inline_svg(panel, "a plot", plot.kind))
    assert "\x1b" not in render(view, "svg:speedup")


def test_a_label_that_is_too_wide_is_cut_and_others_are_whole() -> None:
    name = "cy." + 80 * "long"
    view = make_race({"numpy": steady(1_000), name: steady(500)})
    texts = [
        element.text or ""
        for plot in plots_of(view)
        for panel in plot.draw()
        for element in ElementTree.fromstring(inline_svg(panel, "", "here")).iter("text")
    ]
    assert "numpy" in texts
    assert name not in texts
    assert any(text.endswith("…") and name.startswith(text[:-1]) for text in texts)


def test_a_picture_that_stands_alone_has_its_title_and_its_caption_above_it() -> None:
    plot = next(plots_of(VIEW))
    drawn = svg(explained(plot))
    texts = "".join(ElementTree.fromstring(drawn).itertext())
    assert plot.title in texts
    assert all(word in texts for word in unmarked(plot.caption).split())
