"""A function with a bare @njit: what it cannot compile is refused, and all else is right."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.options import Options
from whichext.model.outcome import Right, Unsupported
from whichext.model.raw import Kind
from whichext.pipeline import execute

pytestmark = [
    pytest.mark.slow,
    pytest.mark.processes,
    pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed"),
]

KERNEL = """
import numpy as np

from whichext import Case, Kernel, strategies

def count(values):
    return sum(1 for value in values if value == values[0])

ARRAYS = strategies.array(ndim=1, dtypes=("float64", "<U6", "T"))
OBJECTS = strategies.array(ndim=1, dtypes=("object",), elements=strategies.integers())
LISTS = strategies.lists(strategies.integers(0, 9), max_size=9)
KERNEL = Kernel(
    question="How fast are the elements counted that equal the first one?",
    reference=count,
    inputs=lambda case: (np.arange(case.n) % 7.0,),
    arguments={"values": ARRAYS | OBJECTS | strategies.text(max_size=9) | LISTS},
    cases=(Case("small", n=1000),),
)
"""
MODULE = """
import numba

@numba.njit
def count(values):
    found = 0
    for value in values:
        found += value == values[0]
    return found
"""
PROJECT = """
[build-system]
requires = ["flit_core>=3.10,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "jitted"
version = "0.1.0"
description = "Counts equal elements"

[tool.whichext]
module = "jitted"
toolchain = "python"
entries = [{ function = "count", dtypes = ["float64"] }]
"""


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory, store: Store) -> list[Check]:
    """What verify finds of it."""
    folder = tmp_path_factory.mktemp("kernels") / "counting"
    (folder / "jitted").mkdir(parents=True)
    (folder / "kernel.py").write_text(KERNEL)
    (folder / "jitted" / "jitted.py").write_text(f'"""Counts equal elements."""\n{MODULE}')
    (folder / "jitted" / "pyproject.toml").write_text(PROJECT)
    view = execute(folder, Options(), kind=Kind.VERIFY, store=store)
    return [check for check in view.raw.checks if check.contestant == "jitted.count"]


def test_nothing_that_it_answers_is_wrong(checks: list[Check]) -> None:
    assert [c for c in checks if not isinstance(c.result, Right | Unsupported)] == []
    assert any(isinstance(check.result, Right) for check in checks)


def test_what_numba_has_no_types_for_is_refused(checks: list[Check]) -> None:
    refused = {
        check.input: check.result.reason
        for check in checks
        if isinstance(check.result, Unsupported)
    }
    assert refused["big-endian"].startswith("TypingError")
    assert sum("array(pyobject" in reason for reason in refused.values()) > 1
