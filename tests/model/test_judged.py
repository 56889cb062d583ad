"""When identical code was called different too often."""

from __future__ import annotations

import pytest

from support.results import make_selfcheck
from whichext.model.judged import FEWEST_CELLS


@pytest.mark.parametrize(("excluded", "passed"), [(8, True), (9, False)])
def test_at_most_eight_percent_of_the_intervals_may_exclude_one(
    excluded: int, passed: bool
) -> None:
    assert make_selfcheck(excluded=excluded).passed is passed


@pytest.mark.parametrize(("miscalled", "passed"), [(5, True), (6, False)])
def test_at_most_five_percent_of_the_pairs_may_be_called_different(
    miscalled: int, passed: bool
) -> None:
    assert make_selfcheck(excluded=8, miscalled=miscalled).passed is passed


@pytest.mark.parametrize(
    ("cells", "stopped", "conclusive"),
    [
        (FEWEST_CELLS, None, True),
        (FEWEST_CELLS - 1, None, False),
        (100, "it was interrupted", False),
    ],
)
def test_too_few_pairs_and_a_stop_leave_it_open(
    cells: int, stopped: str | None, conclusive: bool
) -> None:
    check = make_selfcheck(cells=cells, excluded=0, stopped=stopped)
    assert (check.conclusive, check.passed) == (conclusive, conclusive)


def test_the_share_of_intervals_that_exclude_one_is_known_where_there_are_any() -> None:
    assert make_selfcheck().excluded_share == 0.05
    assert make_selfcheck(cells=0, excluded=0).excluded_share is None
