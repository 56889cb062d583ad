"""A document as HTML: a fragment for a notebook, or a page that needs nothing else.

The templates beside this module escape all that they are given. There is no script, and the page's
policy forbids scripts and every access to a network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from whichext.model.inline import PYTHON, Span, Style, Wording, legible, spans, unmarked
from whichext.report.document import Document, Heading

if TYPE_CHECKING:
    import jinja2

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


def _rendered(template: str, document: Document, wording: Wording) -> str:
    return (
        _templates()
        .get_template(template)
        .render(
            document=document,
            title=_title(document, wording),
            pieces=partial(_pieces, wording=wording),
        )
    )


@cache
def _templates() -> jinja2.Environment:
    import jinja2  # only where HTML is wanted

    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("whichext.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    templates.globals |= {"legible": legible, "name_of": _name_of, "zip": zip}
    return templates


def _name_of(block: Any) -> str:
    return type(block).__name__


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
