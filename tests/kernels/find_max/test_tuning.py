"""The thresholds of find_max_tiled are the same in both languages: those of tuning.toml."""

from __future__ import annotations

import ast
import operator
import re
import tomllib
from pathlib import Path

import pytest

import whichext

FOLDER = Path(whichext.__file__).parent / "kernels" / "find_max"
TUNING: dict[str, int] = tomllib.loads((FOLDER / "tuning.toml").read_text("utf-8"))
SOURCES = {"cypy": ("*.pyx", "*.pxd", "*.pxi"), "rustpy": ("*.rs",)}
CONSTANT = r"^\s*(?:pub )?(?:const )?{name}(?:: usize)? = ([^;#\n]+)"
OPERATORS = {ast.LShift: operator.lshift, ast.Mult: operator.mul}


def texts_of(project: str) -> list[str]:
    source = FOLDER / project / "src"
    return [
        path.read_text("utf-8") for pattern in SOURCES[project] for path in source.rglob(pattern)
    ]


def value_of(expression: str) -> int:
    """What a number, or an operation on numbers such as 128 << 10, comes to."""

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            return int(OPERATORS[type(node.op)](value(node.left), value(node.right)))
        assert isinstance(node, ast.Constant)
        return int(node.value)

    return value(ast.parse(expression.strip(), mode="eval").body)


def values_in(project: str, name: str) -> list[int]:
    """All that a project's sources define as a constant of that name."""
    pattern = re.compile(CONSTANT.format(name=name), re.MULTILINE)
    return [value_of(found) for text in texts_of(project) for found in pattern.findall(text)]


@pytest.mark.parametrize("project", SOURCES)
@pytest.mark.parametrize("name", TUNING)
def test_a_threshold_is_defined_once_in_each_language_and_as_the_table_says(
    project: str, name: str
) -> None:
    assert values_in(project, name) == [TUNING[name]]


@pytest.mark.parametrize(
    ("project", "file"),
    [("cypy", "src/cypy/_tuning.pxd"), ("rustpy", "src/tiled/tuning.rs")],
)
def test_a_file_of_thresholds_has_none_that_the_table_lacks(project: str, file: str) -> None:
    text = (FOLDER / project / file).read_text("utf-8")

    defined = re.findall(CONSTANT.format(name="([A-Z_]+)"), text, re.MULTILINE)

    assert {name for name, _ in defined} == TUNING.keys() - {"MOST_THREADS"}


@pytest.mark.parametrize(("text", "value"), [("1024", 1024), ("3 << 20", 3 << 20), ("2 * 3", 6)])
def test_a_constant_is_read_however_it_is_written(text: str, value: int) -> None:
    assert value_of(text) == value
