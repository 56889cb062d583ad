"""Tables of a result as rows and as data frames."""

from __future__ import annotations

import sys

import pytest

from support.exports import with_dropped_round
from support.results import (
    WRONG,
    changed,
    make_measured,
    make_race,
    make_row,
    make_view,
    steady,
)
from whichext.model.case import Case
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


def test_a_row_has_the_parameters_of_its_case() -> None:
    cases = (Case("one", n=1, ratio=3), Case("flat", shape=(2,), dtype="int8"))
    rows = [make_row(name, make_measured(), case.name) for case in cases for name in TIMES]
    view = make_view(rows, cases=cases)
    frame = Result(view.raw, view.judged).to_pandas()
    one, flat = (frame[frame.case == case.name].iloc[0] for case in cases)
    assert (one.n, one.case_ratio, one["shape"]) == (1, 3, None)
    assert (flat["shape"], flat["dtype"]) == ((2,), "int8")
    assert one.contestant == "numpy"


def test_every_turn_is_a_row_of_the_samples() -> None:
    frame = result().to_pandas("samples")
    assert len(frame) == sum(len(timing.samples) for timing in result().raw.timings)
    assert {"case", "contestant", "epoch", "round", "wall_ns"} <= set(frame.columns)


def test_turns_on_which_no_ratio_rests_are_marked() -> None:
    view = with_dropped_round()
    frame = Result(view.raw, view.judged).to_pandas("samples")
    left = frame[~frame.counted]
    assert {*zip(left.epoch, left["round"], strict=True)} == {(1, 1)}
    failed = make_race(TIMES)
    failed = changed(
        failed, rows=(make_row("numpy", make_measured()), make_row("cy.total[2]", WRONG))
    )
    frame = Result(failed.raw, failed.judged).to_pandas("samples")
    assert set(frame[~frame.counted].contestant) == {"cy.total[2]"}


def test_a_table_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as error:
        result().to_pandas("row")
    assert error.value.choices == ("rows", "samples")


def test_without_pandas_the_next_step_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        result().to_pandas()
