"""What a report consists of: blocks, which a renderer turns into text, Markdown or HTML.

A document says what is said, and no more: where lines break, what a table looks like and how an
argument is spelled is the renderer's. Texts may hold the marks of `model.inline`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from whichext.model.inline import code


@dataclass(frozen=True)
class Heading:
    """A title of what follows it."""

    text: str
    """One line."""
    level: int = 2
    """1 for the document, 2 for a section."""


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together."""

    text: str
    """Renderers wrap it; a line break in it stays."""


@dataclass(frozen=True)
class Lines:
    """Short texts under each other, such as remarks below a table."""

    texts: tuple[str, ...]
    """One line each, or several where they break."""
    listed: bool = False
    """Whether they are items of a list."""


@dataclass(frozen=True)
class Code:
    """Text that stays as it is: a snippet to paste, a compiler's own words."""

    text: str
    """All lines of it."""


class Rules(StrEnum):
    """Which lines a table has in a terminal."""

    ALL = "all"
    """Around the table and under its head."""
    CELLS = "cells"
    """The same, and between all rows."""
    HEAD = "head"
    """Under its head alone."""
    NONE = "none"
    """None: several tables follow each other."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str
    """One line."""
    right: bool = False
    """Whether its cells end at the right, as numbers do."""
    whole: bool = False
    """Whether its cells are never broken."""
    widest: int | None = None
    """Characters in a line of its cells at most, so that others have room; None for no limit."""


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    columns: tuple[Column, ...]
    """From left to right."""
    rows: tuple[tuple[str, ...], ...]
    """Cells, as many as there are columns; a break in a cell stays where a renderer has any."""
    title: str | None = None
    """What it shows; None where a heading says so."""
    rules: Rules = Rules.ALL
    """Its lines in a terminal."""
    summary_rows: int = 0
    """How many of the last rows sum up the others."""
    folds: bool = False
    """Whether a terminal without room for all columns shows several tables, each with the first."""


@dataclass(frozen=True)
class Details:
    """Blocks that a reader may skip."""

    summary: str
    """One line that stands for them."""
    blocks: tuple[Block, ...]
    """What is folded away where a renderer can."""


@dataclass(frozen=True)
class Plot:
    """A picture, and the numbers that it is drawn from."""

    kind: str
    """Name that asks for it, for example "speedup"."""
    title: str
    """One line."""
    caption: str
    """What it shows, in sentences; it also stands for the picture where there is none."""
    table: Table
    """The same in numbers."""
    draw: Callable[[], Sequence[Any]]
    """Makes its panels, each a chart; only where they are wanted, since Altair takes a second to
    load."""
    draw_narrow: Callable[[], Sequence[Any]] | None = None
    """The same for a page that is as narrow as a phone; None where it scrolls the others."""


Block = Heading | Paragraph | Lines | Code | Table | Details | Plot


@dataclass(frozen=True)
class Document:
    """A whole report."""

    blocks: tuple[Block, ...]
    """From top to bottom."""


def columns(
    *titles: str, right: Sequence[str] = (), whole: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Columns by their titles; those in `right` end at the right, those in `whole` never break."""
    return tuple(Column(title, right=title in right, whole=title in whole) for title in titles)


def section(title: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """A heading with its blocks; nothing without a block."""
    found = tuple(blocks)
    return (Heading(title), *found) if found else ()


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in a sentence: "a, b and c"."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def codes(names: Iterable[str], last: str = "and") -> str:
    """Names in a sentence, each as it is typed."""
    return listed([code(name) for name in names], last)


def some(names: Sequence[str], most: int) -> str:
    """The first of several names, and how many more there are; names may have commas in them."""
    more, shown = len(names) - most, names[:most]
    between = "; " if any("," in name for name in shown) else ", "
    return between.join(shown) + (f" and {more} more" if more > 0 else "")


def capital(sentence: str) -> str:
    """The sentence with its first letter large, and names in it as they are."""
    return sentence[:1].upper() + sentence[1:]
