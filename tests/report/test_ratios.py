"""Speed-ups as all reports write them."""

from __future__ import annotations

from builders import make_ratio
from whichext.report.ratios import speed_up_text, times_text


def test_a_speed_up_and_its_interval_are_one_over_the_ratio_of_times() -> None:
    assert speed_up_text(make_ratio(0.5, 1 / 2.5, 1 / 1.6)) == "2.00x [1.60, 2.50]"


def test_what_is_a_speed_up_already_is_written_as_it_is() -> None:
    assert times_text(make_ratio(2, 1.6, 2.5)) == "2.00x [1.60, 2.50]"


def test_a_speed_up_of_one_epoch_has_no_interval() -> None:
    assert speed_up_text(make_ratio(0.5)) == "2.00x [?, ?]"
