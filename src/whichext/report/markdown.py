"""A document as GitHub's Markdown, for an issue or a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from whichext.model.inline import PYTHON, Span, Style, Wording, spans
from whichext.report.document import (
    Block,
    Code,
    Column,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Plot,
    Table,
)


def render_markdown(document: Document, wording: Wording = PYTHON) -> str:
    """The document as Markdown.

    Args:
        document: What to show.
        wording: How arguments and calls are said.

    """
    return "\n\n".join(_blocks(document.blocks, wording)) + "\n"


def _blocks(blocks: Iterable[Block], wording: Wording) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text=text, level=level):
                yield f"{'#' * level} {_line(text, wording)}"
            case Paragraph(text=text):
                yield _line(text, wording)
            case Lines(texts=texts):
                yield "\n".join(f"- {_line(text, wording)}" for text in texts)
            case Code(text=text):
                yield _fenced(text)
            case Table():
                yield from _table(block, wording)
            case Plot(caption=caption, table=table):
                yield _line(caption, wording)
                yield from _table(table, wording)
            case Details(summary=summary, blocks=inner):
                yield f"<details><summary>{_line(summary, wording)}</summary>"
                yield from _blocks(inner, wording)
                yield "</details>"


def _table(table: Table, wording: Wording) -> Iterator[str]:
    if table.title is not None:
        yield f"**{_line(table.title, wording)}**"
    rules = [_rule(column) for column in table.columns]
    head = [_line(column.title, wording) for column in table.columns]
    rows = ([_line(cell, wording) for cell in row] for row in table.rows)
    yield "\n".join(_row(cells) for cells in (head, rules, *rows))


def _rule(column: Column) -> str:
    return "---:" if column.right else "---"


def _row(cells: Sequence[str]) -> str:
    # A bar ends a cell, also within code.
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _line(text: str, wording: Wording) -> str:
    """A text on one line; where it breaks, a break that a cell may hold."""
    lines = text.split("\n")
    return "<br>".join("".join(_parts(spans(line, wording))) for line in lines)


def _parts(found: Iterable[Span]) -> Iterator[str]:
    """What belongs together under one emphasis: a strong sentence may have names in it."""
    for emphasis, parts in groupby(found, key=_emphasis):
        text = "".join(map(_span, parts))
        yield f"{emphasis}{text}{emphasis}" if text.strip() else text


def _span(span: Span) -> str:
    is_code = Style.CODE in span.styles and span.text.strip()
    return fenced(span.text) if is_code else escaped(span.text)


def _emphasis(span: Span) -> str:
    if Style.STRONG in span.styles:
        return "**"
    return "_" if Style.DIM in span.styles else ""


def fenced(text: str) -> str:
    """A name or a foreign text as code, which cannot become markup."""
    # A run of backticks ends only with a run of the same length.
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence, padding = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def escaped(text: str) -> str:
    """A sentence in which nothing becomes markup.

    Brackets alone are none, so that intervals stay legible: they are where a link follows, and at
    the start, where they would be a box to tick.
    """
    return re.sub(r"([\\`*_<~#]|^\[|\](?=[(\[:]))", r"\\\1", text)


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
