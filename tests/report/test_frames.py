"""Tables of a result as rows and as data frames."""

from __future__ import annotations

import sys

import pytest

from support.results import make_race, steady
from whichext.model.errors import UsageError
from whichext.report.result import Result

TIMES = {"numpy": steady(1_000), "cy.total[2]": steady(500)}


def result() -> Result:
    view = make_race(TIMES)
    return Result(view.raw, view.judged)


def test_there_is_a_row_for_each_case_and_contestant_with_its_interval() -> None:
    frame = result().to_pandas()
    ours = frame[frame.contestant == "cy.total[2]"].iloc[0]
    assert (ours.outcome, ours.verdict) == ("Measured", "faster")
    assert ours.ratio == pytest.approx(0.5)
    assert ours.low <= ours.ratio <= ours.high


def test_every_turn_is_a_row_of_the_samples() -> None:
    frame = result().to_pandas("samples")
    assert len(frame) == sum(len(timing.samples) for timing in result().raw.timings)
    assert {"case", "contestant", "epoch", "round", "wall_ns"} <= set(frame.columns)


def test_a_table_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as error:
        result().to_pandas("row")
    assert error.value.choices == ("rows", "samples")


def test_without_pandas_the_next_step_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        result().to_pandas()
