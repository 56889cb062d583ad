"""Pythran: its marks, its names, and how its errors begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.audit.reading import read_marks
from whichext.toolchains.base import Sources
from whichext.toolchains.pythran import Pythran


@pytest.mark.parametrize(
    ("line", "parallel"),
    [
        ("    #omp parallel for", ("fast",)),
        ("    # omp parallel for", ("fast",)),
        ("    # ompette", ()),
        ("    total += 1  #omp", ()),
    ],
)
def test_a_comment_asks_for_openmp(tmp_path: Path, line: str, parallel: tuple[str, ...]) -> None:
    path = tmp_path / "fast.py"
    path.write_text(f"def total(values):\n{line}\n")
    assert read_marks(Sources(folder=tmp_path, files=(path,))).parallel == parallel


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_ZN12_GLOBAL__N_114__pythran_pyth9total_ompclIdEEdT_", "total_omp"),
        ("_ZN12_GLOBAL__N_114__pythran_pyth5totalclIdEEdT_", "total"),
        ("_ZN8pythonic5types7ndarrayIdE", None),
        ("main", None),
    ],
)
def test_a_symbol_is_the_function_of_its_module(symbol: str, name: str | None) -> None:
    assert Pythran().readable(symbol, "pyth") == name


@pytest.mark.parametrize(
    "line",
    [
        "CRITICAL: You shall not pass!",
        "CRITICAL I am in trouble. Your input file does not seem to match Pythran's constraints...",
        "pythran.analyses.aliases.UnboundIdentifierError: eval",
    ],
)
def test_what_it_refuses_to_compile_is_an_error_in_a_log(line: str) -> None:
    assert any(one.start.match(line) for one in Pythran.errors)
