"""Pages and docstrings are plain technical English: short sentences and lines, no dialect."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_WORDS, MOST_COLUMNS = 35, 100

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("*.md"),
    ]
)
CODE = sorted(
    [
        *(ROOT / "src" / "whichext").rglob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"),
        *(ROOT / "docs").glob("*.py"),
    ]
)

BETTER = {
    r"(?<!people )(?<!users )(?<!authors )(?<!readers )(?<!those )who": '"which" or "that"',
    r"those who": '"contestants that", "users that"',
    r"(whom|whoever)": '"which", "any contestant that", "whichever"',
    r"(nobody|somebody|everybody)": '"no process", "a reader", "each contestant"',
    r"mend(s|ed|ing)?": '"fix"',
    r"be it": '"also", "whether ... or"',
    r"in place of": '"instead of"',
    r"for want of": '"because ... is missing"',
    r"(is|are|was|were|be|been|really) told(?! apart)": '"is given", "receives", "flags"',
    r"(what|that|which) (compilers|backends|toolchains) are told": '"flags"',
    r"(come|comes|coming) along": '"built-in"',
    r"(go|goes|going) on (from|with|where)": '"continue"',
    r"anew": '"again"',
    r"(held|hold|holds|holding) (\w+ )*against": '"compare with", "test with"',
    r"(are|is|built|compiled|optimised) unlike( each other)?": '"different"',
    r"unlike (builds|levels|compilers|processors|instructions|machines)": '"different"',
    r"lest": '"so that ... not"',
    r"than what there is": '"than the existing one"',
    r"yardsticks?": '"twin", "limit"',
    r"of before": '"former"',
}
"""Words of the dialect that these texts once had, and what to write instead."""
WORDS = {re.compile(rf"\b(?:{words})\b", re.IGNORECASE): better for words, better in BETTER.items()}

BLOCK = re.compile(r"^```.*?^```$|^<!-- (\w+) -->$.*?^<!-- end -->$", re.DOTALL | re.MULTILINE)
SPAN, LINK, URL = re.compile(r"`[^`]*`"), re.compile(r"\]\([^)]*\)"), re.compile(r"https?://\S+")
BREAK = re.compile(
    r"(?<=[.!?])[*\")\]]*\s+|(?<=[:;])\s+(?=[A-Z\"*(\[@])"  # a sentence
    r"|\n\s*\n|\n(?=\s*[-*#|>]|\s*\d+\. )"  # a paragraph, an item of a list
    r"|\n(?=\s*[*\w, ]+: )"  # an argument, a field
)


def prose_of(page: str) -> str:
    """A page without its blocks of code, what is generated between marks, and tables."""
    lines = BLOCK.sub("", page).splitlines()
    return "\n".join(
        line for line in lines if not line.startswith(("|", "    ")) or line.startswith("    - ")
    )


def running_text(docstring: str) -> str:
    """A docstring without paragraphs that are code: those that are indented as a whole."""
    paragraphs = re.split(r"\n\s*\n", docstring)
    texts = (p for p in paragraphs if not all(line[:4] == "    " for line in p.splitlines()))
    return "\n\n".join(texts)


def docstrings(source: str) -> Iterator[str]:
    """The docstrings of a module, those of its fields too."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text)), col_offset=column):
                margin = " " * column
                lines = (line.removeprefix(margin) for line in text.splitlines())
                yield running_text("\n".join(lines))


def long_sentences(text: str) -> list[str]:
    """Sentences of more words than a reader can hold; code is one word."""
    counted = LINK.sub("]", SPAN.sub("X", text))
    found = (" ".join(part.split()) for part in BREAK.split(counted) if part)
    return [part for part in found if len(part.split()) > MOST_WORDS]


def long_lines(text: str) -> list[str]:
    """Lines of more columns than a screen has; a link cannot be broken."""
    lines = URL.sub("", LINK.sub("]", text)).splitlines()
    return [line for line in lines if len(line) > MOST_COLUMNS]


def dialect(text: str) -> list[str]:
    """Each word of the dialect, with what to write instead."""
    plain = " ".join(SPAN.sub("x", text).split())
    return [
        f"{found[0]!r} in {plain[max(0, found.start() - 30) : found.end() + 20]!r}: write {better}"
        for words, better in WORDS.items()
        for found in words.finditer(plain)
    ]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def texts() -> dict[str, list[str]]:
    """Texts by file: the prose of a page, or the docstrings of a module."""
    pages = {named(path): [prose_of(path.read_text("utf-8"))] for path in PAGES}
    return pages | {named(path): list(docstrings(path.read_text("utf-8"))) for path in CODE}


def found_by(look: Callable[[str], list[str]]) -> list[str]:
    """What is found in all texts, each with its file."""
    return [f"{name}: {found}" for name, of in texts().items() for t in of for found in look(t)]


def test_no_sentence_is_longer_than_a_reader_can_hold() -> None:
    assert found_by(long_sentences) == []


def test_no_line_of_a_page_is_longer_than_a_screen_is_wide() -> None:
    assert [found for found in found_by(long_lines) if ".md: " in found] == []


def test_no_text_has_a_word_of_the_dialect() -> None:
    assert found_by(dialect) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("word " * 35 + "end.", 1),
        ("word " * 34 + "end. " + "Word " * 34 + "end.", 0),
        ("`several words of code` " * 35, 0),
        ("- " + "word " * 20 + "\n- " + "word " * 20, 0),
        ("a: " + "word " * 20 + "\nb: " + "word " * 20, 0),
    ],
)
def test_a_long_sentence_would_be_found(text: str, count: int) -> None:
    assert len(long_sentences(text)) == count


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("w" * 101, 1),
        ("w" * 100, 0),
        (f"| {'w' * 101} |", 0),
        (f"```text\n{'w' * 101}\n```", 0),
        (f"<!-- table -->\n{'w' * 101}\n<!-- end -->", 0),
        (f"{'w' * 80} [link](docs/{'w' * 50}.md)", 0),
    ],
)
def test_a_long_line_would_be_found(page: str, count: int) -> None:
    assert len(long_lines(prose_of(page))) == count


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("The one who waits is frozen.", "which"),
        ("People who have it.", None),
        ("Somebody reads\nit.", "a reader"),
        ("To be mended.", "fix"),
        ("What compilers are told.", "flags"),
        ("They cannot be told apart.", None),
        ("It is `held against` it.", None),
        ("Claims are held against it.", "compare"),
    ],
)
def test_a_word_of_the_dialect_would_be_found_with_a_better_one(
    text: str, better: str | None
) -> None:
    found = dialect(text)
    assert found == [] if better is None else better in found[0]


def test_code_in_a_docstring_is_not_prose() -> None:
    source = '"""A title.\n\n    code who\n\nText.\n"""\n'
    assert list(docstrings(source)) == ["A title.\n\nText."]
