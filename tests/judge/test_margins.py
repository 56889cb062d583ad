"""Margins: how many times as fast, when that clears a border, and the mean over cases."""

from __future__ import annotations

import math

import pytest

from builders import make_timing, noisy, steady
from decisions import make_margin
from whichext.judge.margins import margin, mean_margin


def test_a_margin_is_above_1_for_the_faster_of_two() -> None:
    fast, slow = make_timing("fast", steady(1_000)), make_timing("slow", steady(3_000))
    assert margin(fast, slow, None).times == pytest.approx(3)
    assert margin(slow, fast, None).times == pytest.approx(1 / 3)


def test_a_margin_of_one_epoch_has_no_interval_and_clears_nothing() -> None:
    found = margin(make_timing("fast", [1_000]), make_timing("slow", [3_000]), None)

    assert (found.low, found.high, found.epochs) == (None, None, 1)
    assert not found.clears(1.2)
    assert not found.stays_below(100)
    assert not found.is_loss


def test_the_whole_interval_must_lie_on_one_side_of_a_border() -> None:
    assert make_margin(1.3).clears(1.2)
    assert make_margin(1.1).stays_below(1.2)
    across = make_margin(1.2)
    assert not across.clears(1.2)
    assert not across.stays_below(1.2)


def test_a_border_is_not_reached_where_noise_would_reach_as_far() -> None:
    assert not make_margin(1.3, noise=1.15).clears(1.2)
    assert not make_margin(1.1, noise=1.15).stays_below(1.2)


def test_two_are_within_a_border_whichever_is_the_faster() -> None:
    assert make_margin(1.1).stays_within(1.2)
    assert make_margin(1 / 1.1).stays_within(1.2)
    assert not make_margin(1 / 1.3).stays_within(1.2)
    assert not make_margin(1.0, None).stays_within(1.2)


@pytest.mark.parametrize(
    ("times", "noise", "is_loss"), [(0.9, 1, True), (0.995, 1, False), (0.9, 1.2, False)]
)
def test_a_loss_is_slower_by_more_than_a_tie_or_the_noise(
    times: float, noise: float, is_loss: bool
) -> None:
    assert make_margin(times, 0.001, noise).is_loss is is_loss


def test_a_width_that_must_halve_takes_four_times_as_many_epochs() -> None:
    width = math.log(1.2)  # twice as far as the border is away
    found = make_margin(1.2 * math.exp(width / 2), math.expm1(width))
    assert found.epochs_to_tell(1.2) == pytest.approx(4)


def test_no_number_of_epochs_tells_what_noise_hides() -> None:
    assert make_margin(1.25, 0.3, noise=1.1).epochs_to_tell(1.2) is None


def test_one_epoch_does_not_say_how_many_it_would_take() -> None:
    assert make_margin(1.25, None).epochs_to_tell(1.2) is None


def test_the_mean_of_opposite_margins_is_1() -> None:
    assert mean_margin([make_margin(2), make_margin(0.5)]).times == pytest.approx(1)


def test_the_mean_of_four_cases_is_known_twice_as_well_as_one() -> None:
    mean = mean_margin([make_margin(2, 0.1)] * 4)
    assert mean.high is not None
    assert math.log(mean.high / 2) == pytest.approx(math.log(1.1) / 2)


def test_noise_does_not_average_out() -> None:
    assert mean_margin([make_margin(2, noise=1.1)] * 4).noise == pytest.approx(1.1)


def test_the_mean_is_not_known_where_one_case_is_not() -> None:
    mean = mean_margin([make_margin(2), make_margin(2, None, epochs=1)])
    assert (mean.low, mean.high, mean.epochs) == (None, None, 1)


def test_noisy_epochs_widen_a_margin() -> None:
    slow = make_timing("slow", noisy(3_000))
    found = margin(make_timing("fast", steady(1_000)), slow, 0.02)
    assert found.low is not None
    assert found.low < 3 < 3.6 < (found.high or 0)
    assert found.noise == pytest.approx(1.02)
