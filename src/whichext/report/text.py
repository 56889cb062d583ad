"""A document for a terminal or a plain text file."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from itertools import pairwise

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from whichext.model.inline import PYTHON, Style, Wording, spans
from whichext.report.document import (
    Block,
    Code,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Rules,
    Table,
)

_STYLES = {
    Style.CODE: "",
    Style.STRONG: "bold",
    Style.DIM: "dim",
    Style.GOOD: "green",
    Style.BAD: "red",
    Style.DOUBTFUL: "yellow",
}
_BOXES = {Rules.ALL: box.HEAVY_HEAD, Rules.CELLS: box.HEAVY_HEAD, Rules.HEAD: box.SIMPLE_HEAD}
_WIDEST = 1_000
_INDENT = 2


def render_text(
    document: Document, width: int = 100, *, colour: bool = False, wording: Wording = PYTHON
) -> str:
    """The document as text.

    Args:
        document: What to show.
        width: Columns; a table whose cells may not be broken can be wider.
        colour: Whether to use a terminal's colours.
        wording: How arguments and calls are said.

    """
    output = StringIO()
    console, wide = (
        Console(file=output, width=n, force_terminal=colour, no_color=not colour, highlight=False)
        for n in (width, _WIDEST)
    )
    for block, after in pairwise((*_flat(document.blocks), None)):
        assert block is not None  # only the last one of a pair can be
        unbroken = isinstance(block, Table) and any(column.whole for column in block.columns)
        for part in _parts(block, wording):
            if isinstance(block, Code):
                console.print(part, soft_wrap=True)  # a line that is broken in two does not run
            else:
                (wide if unbroken and _is_wide(part, width) else console).print(part)
        if after is not None and not _is_close(block, after):
            console.print()
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def _flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """A terminal folds nothing away: details become paragraphs with what is in them."""
    for block in blocks:
        if isinstance(block, Details):
            yield Heading(block.summary)
            yield from _flat(block.blocks)
        else:
            yield block


def _is_close(block: Block, after: Block) -> bool:
    """Whether no empty line stands between two blocks."""
    return isinstance(block, Heading) or (isinstance(block, Table) and isinstance(after, Lines))


def _parts(block: Block, wording: Wording) -> Iterator[RenderableType]:
    match block:
        case Heading(text=text):
            yield _text(text, wording, "bold")
        case Paragraph(text=text):
            yield _text(text, wording)
        case Lines(texts=texts, listed=listed):
            for text in texts:
                line = _text(text, wording)
                yield Padding(line, (0, 0, 0, _INDENT)) if listed else line
        case Code(text=text):
            yield Text(text)
        case Table():
            yield _table(block, wording)
        case Details():
            raise AssertionError("details are flattened before")


def _table(table: Table, wording: Wording) -> RichTable:
    if table.rules is Rules.NONE:
        shown = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    else:
        shown = RichTable(
            box=_BOXES[table.rules],
            show_lines=table.rules is Rules.CELLS,
            pad_edge=table.rules is not Rules.HEAD,
        )
    if table.title is not None:
        shown.title, shown.title_justify = _text(table.title, wording), "left"
        shown.title_style = "bold"
    for column in table.columns:
        shown.add_column(
            _text(column.title, wording),
            justify="right" if column.right else "left",
            no_wrap=column.whole,
            max_width=column.widest,
            overflow="fold",
        )
    for number, row in enumerate(table.rows):
        if table.summary_rows and number == len(table.rows) - table.summary_rows:
            shown.add_section()
        shown.add_row(*(_text(cell, wording) for cell in row))
    return shown


def _is_wide(part: RenderableType, width: int) -> bool:
    return Console(width=_WIDEST).measure(part).minimum > width


def _text(text: str, wording: Wording, style: str = "") -> Text:
    """A text whose marks have become styles."""
    found = Text(style=style)
    for span in spans(text, wording):
        found.append(span.text, " ".join(filter(None, (_STYLES[s] for s in sorted(span.styles)))))
    return found
