"""A document as HTML: a fragment for a notebook, or a page that needs nothing else.

The templates beside this module escape all that they are given. A page has one script, which sorts
and filters its tables; its policy allows that script alone, and no access to a network.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from whichext.model.inline import PYTHON, Span, Style, Wording, legible, spans, unmarked
from whichext.report.document import Document, Heading, Plot
from whichext.report.plots.canvas import can_draw, inline_svg, unchecked

if TYPE_CHECKING:
    import jinja2
    import markupsafe

_TITLE = "whichext"


@dataclass(frozen=True)
class Piece:
    """A piece of a text with one meaning, as the templates need it."""

    lines: tuple[str, ...]
    """What it says, line by line."""
    tags: tuple[tuple[str, str | None], ...]
    """The elements around it, from the outermost one: name, and the tone that is its class."""


def render_fragment(document: Document, wording: Wording = PYTHON) -> str:
    """The document as an element for a notebook, with a style that concerns nothing else there.

    Args:
        document: What to show.
        wording: How arguments and calls are said.

    """
    return _rendered("fragment.html", document, wording)


def render_page(document: Document, wording: Wording = PYTHON) -> str:
    """The document as a page for a browser; it loads nothing.

    Args:
        document: What to show.
        wording: How arguments and calls are said.

    """
    return _rendered("page.html", document, wording) + "\n"


def _policy(script: str) -> str:
    """What the page may load and run: nothing but the styles and the script that are in it."""
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _rendered(template: str, document: Document, wording: Wording) -> str:
    return (
        _templates()
        .get_template(template)
        .render(
            document=document,
            title=_title(document, wording),
            pieces=partial(_pieces, wording=wording),
            drawn=partial(_drawn, wording=wording),
            can_draw=can_draw(),
        )
    )


@cache
def _templates() -> jinja2.Environment:
    import jinja2  # only where HTML is wanted
    import markupsafe

    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("whichext.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    script = (files("whichext.report") / "templates" / "script.js").read_text("utf-8")
    templates.globals |= {
        "legible": legible,
        "name_of": _name_of,
        "policy": _policy(script),
        "script": markupsafe.Markup(script),
        "unmarked": unmarked,
        "zip": zip,
    }
    return templates


def _name_of(block: Any) -> str:
    return type(block).__name__


def _drawn(plot: Plot, wording: Wording, *, narrow: bool = False) -> Iterator[markupsafe.Markup]:
    """The panels of a plot as elements; its words are escaped by what draws them."""
    import markupsafe

    draw = plot.draw_narrow if narrow else plot.draw
    says = unmarked(plot.caption, wording)
    kind = f"{plot.kind}-narrow" if narrow else plot.kind
    with unchecked():
        panels = draw() if draw else ()
    for number, panel in enumerate(panels, 1):
        yield markupsafe.Markup(inline_svg(panel, says, f"{kind}-{number}"))


def _title(document: Document, wording: Wording) -> str:
    headings = (block.text for block in document.blocks if isinstance(block, Heading))
    return unmarked(next(headings, _TITLE), wording)


def _pieces(text: str, wording: Wording) -> Iterator[Piece]:
    for span in spans(text, wording):
        yield Piece(tuple(span.text.split("\n")), tuple(_tags(span)))


def _tags(span: Span) -> Iterator[tuple[str, str | None]]:
    """The elements around a span; where all is white, there is nothing to point out."""
    if not span.text.strip():
        return
    for style in sorted(span.styles):
        match style:
            case Style.CODE:
                yield "code", None
            case Style.STRONG:
                yield "strong", None
            case Style.DIM | Style.GOOD | Style.BAD | Style.DOUBTFUL:
                yield "span", style.name.lower()
