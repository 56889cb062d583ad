"""Rules that hold for the tests themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

MOST_WORDS = 3

WORD = re.compile(r"""[("'`]*[A-Za-z][a-z]*(['-][a-z]+)*[,.;:!?)"'`]*""")
LOOKS = {"startswith", "endswith", "count", "index", "removeprefix", "removesuffix", "search"}
"""Methods whose arguments are looked for in a text, and are no inputs."""


def is_sentence(text: str) -> bool:
    """Whether a text has more English words than a fragment may have."""
    return sum(bool(WORD.fullmatch(word)) for word in text.split()) > MOST_WORDS


def compared(node: ast.AST) -> Iterator[ast.Constant | ast.Name]:
    """Texts and names in an expression, without what is handed to a function as its input."""
    if isinstance(node, ast.Constant | ast.Name):
        yield node
    elif isinstance(node, ast.Call):
        looks = isinstance(node.func, ast.Attribute) and node.func.attr in LOOKS
        for part in [node.func, *(node.args if looks else [])]:
            yield from compared(part)
    else:
        for part in ast.iter_child_nodes(node):
            yield from compared(part)


def expected(function: ast.AST) -> Iterator[ast.AST]:
    """What a function asserts, what it matches, and what the names in its assertions stand for."""
    asserted = [node.test for node in ast.walk(function) if isinstance(node, ast.Assert)]
    names = {node.id for test in asserted for node in compared(test) if isinstance(node, ast.Name)}
    yield from asserted
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "match":
            yield node.value
        if isinstance(node, ast.Assign) and names & {ast.unparse(one) for one in node.targets}:
            yield node.value


def pinned(source: str) -> list[tuple[int, str]]:
    """Sentences that the tests of a module compare with what is printed, and their lines."""
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    return [
        (node.lineno, node.value)
        for function in functions
        for part in expected(function)
        for node in compared(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_sentence(node.value)
    ]


def modules() -> list[Path]:
    """The modules with tests whose assertions should be about data."""
    found = [path for path in TESTS.rglob("test_*.py") if "snapshots" not in path.parts]
    return sorted(path for path in found if path != Path(__file__))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TESTS).as_posix())
def test_sentences_are_pinned_in_snapshots_alone(path: Path) -> None:
    assert pinned(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("line", "is_pinned"),
    [
        ('assert "no such case here" in text', True),
        ('assert text.startswith("no such case here")', True),
        ('words = ["no such case here"]; assert found == words', True),
        ('pytest.raises(ValueError, match="no such case here")', True),
        ('assert f"{name} has no such case" == text', True),
        ('pytest.raises(ValueError, match="such case")', False),
        ('assert held("A is faster than B").value == 2', False),
        ('assert answer == "cy.find[2] 2.00x wide"', False),
    ],
)
def test_a_pinned_sentence_would_be_found(line: str, is_pinned: bool) -> None:
    assert bool(pinned(f"def test() -> None:\n    {line}")) == is_pinned
