"""A document for a terminal or a plain text file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.containers import Lines as TextLines
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from whichext.model.inline import PYTHON, Style, Wording, spans, unmarked
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
_LEAST = 6  # columns into which a cell can be folded, if it has no name
_PART = re.compile(r"[^\s._@]*[._@]*")  # of a name, with what it may be broken after
_MANY = 6  # columns, beyond which the space between them shrinks


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
    output = ""
    blocks = (part for one in _flat(document.blocks) for part in _folded(one, width, wording))
    for block, after in pairwise((*blocks, None)):
        assert block is not None  # only the last one of a pair can be
        output += _shown(block, width, colour=colour, wording=wording)
        if after is not None and not _is_close(block, after):
            output += "\n"
    return output


def _shown(block: Block, width: int, *, colour: bool, wording: Wording) -> str:
    """One block as lines without space at their ends, or around them all."""
    output = StringIO()
    console, wide = (_console(output, n, colour=colour) for n in (width, _WIDEST))
    narrow, is_wide = (
        isinstance(block, Table) and _least_width(block, wording, narrow=narrow) > width
        for narrow in (False, True)
    )
    for part in _parts(block, wording, narrow=narrow and not is_wide):
        if isinstance(block, Code):
            console.print(part, soft_wrap=True)  # a line that is broken in two does not run
        else:
            (wide if is_wide else console).print(part)
    lines = (line.rstrip() for line in output.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def _console(output: StringIO, width: int, *, colour: bool) -> Console:
    """A console that writes there alone: in a notebook, rich would show what it is given."""
    return Console(
        file=output,
        width=width,
        force_terminal=colour,
        force_jupyter=False,
        no_color=not colour,
        highlight=False,
    )


class _Cell(Text):
    """A text whose long words, such as names, are broken after their parts where these fit."""

    def wrap(self, console: Console, width: int, *args: Any, **options: Any) -> TextLines:
        """Its lines in so many columns."""
        parted = Text("\n").join(self.divide(_breaks(self.plain, width)))
        return parted.wrap(console, width, *args, **options)


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where words that need more columns are broken, as seldom as that goes."""
    for word in re.finditer(r"\S+", text):
        if cell_len(word[0]) <= width:
            continue
        begin = word.start()
        for part in _PART.finditer(text, word.start(), word.end()):
            if part.start() > begin and cell_len(text[begin : part.end()]) > width:
                begin = part.start()
                yield begin


def _longest_part(text: str) -> str:
    """The part of a text that needs the most columns, and that is not broken."""
    return max((part[0] for part in _PART.finditer(text)), key=cell_len)


def _flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """A terminal folds nothing away: details become paragraphs with what is in them."""
    for block in blocks:
        if isinstance(block, Details):
            yield Heading(block.summary)
            yield from _flat(block.blocks)
        else:
            yield block


def _folded(block: Block, width: int, wording: Wording) -> Iterator[Block]:
    """A table that folds as several of about as many columns, as few as have room; else itself."""
    if not (isinstance(block, Table) and block.folds and len(block.columns) > 1):
        yield block
        return
    count = len(block.columns) - 1
    for each in sorted({math.ceil(count / tables) for tables in range(1, count + 1)}, reverse=True):
        parts = [_part_of(block, begin, begin + each) for begin in range(1, count + 1, each)]
        if each == 1 or all(_has_room(part, width, wording) for part in parts):
            break
    yield from parts


def _part_of(table: Table, begin: int, end: int) -> Table:
    """The table with some of its columns beside the first."""
    rows = tuple((row[0], *row[begin:end]) for row in table.rows)
    return replace(table, columns=(table.columns[0], *table.columns[begin:end]), rows=rows)


def _has_room(table: Table, width: int, wording: Wording) -> bool:
    """Whether no cell has to be broken, but for names that take over a third of the width."""
    first, *others = table.columns
    longest = max((cell_len(unmarked(row[0], wording)) for row in table.rows), default=0)
    whole = replace(table, columns=(replace(first, whole=longest <= width / 3), *others))
    return _least_width(whole, wording, narrow=False) <= width


def _is_close(block: Block, after: Block) -> bool:
    """Whether two blocks follow each other without an empty line."""
    if isinstance(block, Heading):
        return not (isinstance(after, Table) and after.rules is Rules.HEAD)
    framed = isinstance(block, Table) and block.rules in (Rules.ALL, Rules.CELLS)
    return framed and isinstance(after, Lines)


def _parts(block: Block, wording: Wording, *, narrow: bool) -> Iterator[RenderableType]:
    match block:
        case Heading(text=text):
            yield from _lines(text, wording, style="bold")
        case Paragraph(text=text):
            yield from _lines(text, wording)
        case Lines(texts=texts, listed=listed):
            for text in texts:
                yield from _lines(text, wording, indent=_INDENT * listed)
        case Code(text=text):
            yield Text(text)
        case Table():
            yield _table(block, wording, narrow=narrow)
        case Plot():
            yield from _lines(block.caption, wording)
            yield _table(block.table, wording, narrow=narrow)
        case Details():
            raise AssertionError("details are flattened before")


def _lines(
    text: str, wording: Wording, *, style: str = "", indent: int = 0
) -> Iterator[RenderableType]:
    """The lines of a text; where one is wrapped, what follows begins below its first word."""
    for line in _text(text, wording, style).split("\n", allow_blank=True):
        margin = len(line.plain) - len(line.plain.lstrip(" "))
        space = indent + margin
        yield Padding(line[margin:], (0, 0, 0, space)) if space else line


def _frame(table: Table, *, narrow: bool) -> RichTable:
    """A table without columns: its lines and the space around its cells, less if it is narrow."""
    if table.rules is Rules.NONE:
        return RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    narrow = narrow or len(table.columns) > _MANY or table.rules is Rules.HEAD
    return RichTable(
        box=_BOXES[table.rules],
        padding=(0, 1, 0, 0 if narrow else 1),
        show_lines=table.rules is Rules.CELLS,
        pad_edge=table.rules is not Rules.HEAD,
    )


def _table(table: Table, wording: Wording, *, narrow: bool) -> RichTable:
    shown = _frame(table, narrow=narrow)
    if table.title is not None:
        shown.title, shown.title_justify = _text(table.title, wording), "left"
        shown.title_style = "bold"
    rows = [[_cell(cell, wording) for cell in row] for row in table.rows]
    for number, column in enumerate(table.columns):
        title = _cell(column.title, wording)
        cells = (title, *(row[number] for row in rows))
        shown.add_column(
            title,
            justify="right" if column.right else "left",
            no_wrap=column.whole,
            min_width=_least_columns(column, cells, has_names=number == 0),
            max_width=column.widest,
            overflow="fold",
        )
    for number, row in enumerate(rows):
        if table.summary_rows and number == len(rows) - table.summary_rows:
            shown.add_section()
        shown.add_row(*row)
    return shown


def _least_columns(column: Column, cells: Iterable[Text], *, has_names: bool) -> int | None:
    """Into how many columns of a terminal cells may be folded; None for as few as there are."""
    if column.whole:
        return max(map(_width, cells))
    if not has_names or column.widest is not None:
        return None
    return max(cell_len(_longest_part(cell.plain)) for cell in cells)


def _width(text: Text) -> int:
    """Columns of the longest of its lines."""
    return max(line.cell_len for line in text.split("\n", allow_blank=True))


def _least_width(table: Table, wording: Wording, *, narrow: bool) -> int:
    """Columns of a table whose cells are folded as far as they may be; 0 where all may."""
    if not any(column.whole for column in table.columns):
        return 0

    def cut(cell: str, column: Column) -> str:
        if column.whole:
            return cell
        plain = unmarked(cell, wording)
        return _longest_part(plain) if column is table.columns[0] else plain[:_LEAST]

    folded = replace(
        table,
        title=None,
        columns=tuple(replace(column, title=cut(column.title, column)) for column in table.columns),
        rows=tuple(tuple(map(cut, row, table.columns)) for row in table.rows),
    )
    return (
        _console(StringIO(), _WIDEST, colour=False)
        .measure(_table(folded, wording, narrow=narrow))
        .minimum
    )


def _cell(text: str, wording: Wording) -> Text:
    """The text of a cell."""
    return _Cell().append_text(_text(text, wording))


def _text(text: str, wording: Wording, style: str = "") -> Text:
    """A text whose marks have become styles."""
    found = Text(style=style)
    for span in spans(text, wording):
        found.append(span.text, " ".join(filter(None, (_STYLES[s] for s in sorted(span.styles)))))
    return found
