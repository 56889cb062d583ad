"""What single times come to as a whole."""

from __future__ import annotations

import statistics

import pytest

from whichext.judge.summary import summarise

TIMES = [4.0, 1.0, 2.0, 3.0, 100.0]


def test_a_summary_has_the_usual_statistics() -> None:
    found = summarise(TIMES)
    assert (found.count, found.total) == (5, 110.0)
    assert (found.least, found.median, found.most) == (1.0, 3.0, 100.0)
    assert found.mean == statistics.fmean(TIMES)
    assert found.deviation == pytest.approx(statistics.stdev(TIMES))


def test_quartiles_are_between_the_times_and_fences_are_times_within_their_reach() -> None:
    found = summarise(TIMES)
    assert (found.quartiles, found.fences) == ((2.0, 4.0), (1.0, 4.0))


def test_outliers_are_counted_by_quartiles_and_by_the_deviation() -> None:
    found = summarise(TIMES)
    assert (found.outliers, found.beyond_deviation) == (1, 1)


def test_a_single_time_is_all_of_it_and_has_no_deviation() -> None:
    found = summarise([7.0])
    assert (found.least, found.mean, found.most, found.deviation) == (7.0, 7.0, 7.0, None)
    assert (found.quartiles, found.fences, found.outliers) == ((7.0, 7.0), (7.0, 7.0), 0)


def test_equal_times_have_no_outlier() -> None:
    assert summarise([3.0] * 4).outliers == 0
