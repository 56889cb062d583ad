"""GitHub's Markdown: tables, names as code, and ratios as a memo writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def section(title: str, *parts: Iterable[str]) -> list[str]:
    """A heading with its blocks, an empty line between any two; nothing without a block."""
    blocks = [block for part in parts for block in part]
    return [f"## {title}", *blocks] if blocks else []


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """A table; cells must be Markdown already.

    Args:
        header: What each column holds.
        rows: Cells, as many as there are columns.
        numbers: How many of the last columns are aligned to the right.

    """
    rules = ["---"] * (len(header) - numbers) + ["---:"] * numbers
    lines = (_line(row) for row in (header, rules, *rows))
    return "\n".join(lines)


def bullets(lines: Iterable[str]) -> list[str]:
    """A list as one block; no block without a line."""
    found = [f"- {line}" for line in lines]
    return ["\n".join(found)] if found else []


def code(text: str) -> str:
    """A name or a foreign text, which must not become markup; on one line."""
    flat = " ".join(text.split())
    # A run of backticks ends only with a run of the same length.
    longest = max(map(len, re.findall("`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if longest else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def plain(text: str) -> str:
    """A foreign sentence, in which nothing becomes markup."""
    return re.sub(r"([\\`*_<\[\]~#])", r"\\\1", " ".join(text.split()))


def codes(names: Iterable[str], last: str = "and") -> str:
    """Names in a sentence."""
    return listed([code(name) for name in names], last)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in a sentence."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def capital(sentence: str) -> str:
    """The sentence with its first letter large, and names in it as they are."""
    return sentence[:1].upper() + sentence[1:]


def worth_text(worth: float) -> str:
    """How many times as fast something must be, as somebody types it."""
    return f"{worth:g}"


def _line(cells: Sequence[str]) -> str:
    # A bar ends a cell, also within code.
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
