"""Four questions that people bring, each as a kernel.py of twenty lines beside their own module."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.build.store import Store
from whichext.model.options import Options
from whichext.model.outcome import Wrong
from whichext.model.raw import Kind
from whichext.pipeline import execute

HERE = Path(__file__).parent
KERNELS = sorted(path.parent.name for path in HERE.glob("*/kernel.py"))
MOST_LINES = 20

each_kernel = pytest.mark.parametrize("name", KERNELS)


def test_they_are_the_four_that_people_brought() -> None:
    assert KERNELS == ["drift", "grouped_sum", "rainflow", "word_counts"]


@each_kernel
def test_its_kernel_py_is_no_longer(name: str) -> None:
    lines = (HERE / name / "kernel.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= MOST_LINES


@pytest.mark.slow
@pytest.mark.processes
@each_kernel
def test_the_right_one_races_and_the_wrong_one_is_named(name: str, store: Store) -> None:
    view = execute(HERE / name, Options(max_time_s=1.0), kind=Kind.RUN, store=store)
    assert {c.contestant for c in view.raw.checks if isinstance(c.result, Wrong)} == {"wrong"}
    assert all("right" in case.measured for case in view.cases.values())
    assert not view.raw.undrawn
