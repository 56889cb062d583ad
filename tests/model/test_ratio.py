"""How many times the time: intervals, thresholds and means."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import around, make_ratio
from whichext.model.ratio import Ratio, Side, Verdict, mean_of, speed_up_text, times_text

centres = st.floats(-5, 5)
half_widths = st.floats(0, 0.3) | st.floats(0, 5) | st.just(math.inf)


def near(value: float, share: float | None = 0.01, noise: float | None = None) -> Ratio:
    """A ratio whose interval reaches by such a share to either side; None for no interval."""
    half_width = math.inf if share is None else math.log1p(share)
    return around(math.log(value), half_width, epochs=10, noise=noise)


# Intervals


def test_the_ends_of_the_interval_are_ratios() -> None:
    ratio = around(0.0, math.log(2))
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((0.5, 1, 2))


@pytest.mark.parametrize("half_width", [math.inf, 1_000.0])
def test_an_interval_beyond_all_numbers_has_no_ends(half_width: float) -> None:
    ratio = around(0.5, half_width)
    assert (ratio.low, ratio.high, ratio.half_width) == (None, None, math.inf)


@given(centres, half_widths)
def test_centre_and_half_width_are_those_that_it_was_made_of(
    centre: float, half_width: float
) -> None:
    ratio = around(centre, half_width)
    assert (ratio.centre, ratio.half_width) == pytest.approx((centre, half_width), abs=1e-12)


def test_the_inverse_is_the_speed_up() -> None:
    ratio = make_ratio(0.5, 0.4, 0.8, Verdict.FASTER, noise=0.02)
    assert ratio.inverse == make_ratio(2, 1.25, 2.5, Verdict.SLOWER, noise=0.02)


@pytest.mark.parametrize("verdict", [Verdict.TIE, Verdict.UNRESOLVED, Verdict.BASELINE])
def test_the_inverse_of_what_is_neither_faster_nor_slower_is_neither(verdict: Verdict) -> None:
    assert make_ratio(verdict=verdict).inverse.verdict is verdict


def test_one_epoch_has_no_interval_the_other_way_round_either() -> None:
    assert (near(2, None).inverse.low, near(2, None).inverse.high) == (None, None)


def test_scaling_moves_the_ratio_and_both_ends() -> None:
    ratio = make_ratio(0.5, 0.4, 0.6).scaled(2)
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((0.8, 1, 1.2))


def test_a_scaled_ratio_has_the_verdict_of_where_it_lies_then() -> None:
    assert near(0.5).scaled(2).verdict is Verdict.TIE
    assert near(0.5).scaled(8).verdict is Verdict.SLOWER
    assert near(0.5, None).scaled(8).verdict is Verdict.UNRESOLVED


def test_a_ratio_is_printed_with_its_interval() -> None:
    assert str(make_ratio(0.312, 0.294, 0.334)) == "0.31 [0.29, 0.33]"
    assert str(make_ratio(0.312)) == "0.31 [?, ?]"


# Thresholds


def test_the_whole_interval_must_lie_on_one_side_of_a_threshold() -> None:
    assert near(1.3).is_above(1.2)
    assert near(1.1).is_below(1.2)
    across = near(1.2)
    assert not across.is_above(1.2)
    assert not across.is_below(1.2)


def test_one_epoch_is_on_no_side_of_any_threshold() -> None:
    alone = near(3, None)
    assert not alone.is_above(1.2)
    assert not alone.is_below(100)
    assert not alone.is_within(100)


def test_a_threshold_is_not_reached_where_noise_would_reach_as_far() -> None:
    assert not near(1.3, noise=0.15).is_above(1.2)
    assert not near(1.1, noise=0.15).is_below(1.2)


def test_two_are_within_a_threshold_whichever_is_the_faster() -> None:
    assert near(1.1).is_within(1.2)
    assert near(1 / 1.1).is_within(1.2)
    assert not near(1 / 1.3).is_within(1.2)


def test_a_ratio_lies_on_a_side_of_a_threshold_or_across_it() -> None:
    sides = [near(value).side_of(1.2) for value in (1.3, 1.2, 1.1)]
    assert sides == [Side.ABOVE, Side.OPEN, Side.BELOW]


def test_where_a_ratio_changes_sides_is_known() -> None:
    one = near(1.3, noise=0.15)
    assert one.above_up_to is not None
    assert one.below_from is not None
    assert one.is_above(one.above_up_to * 0.999)
    assert not one.is_above(one.above_up_to * 1.001)
    assert one.is_below(one.below_from * 1.001)
    assert not one.is_below(one.below_from * 0.999)


def test_without_an_interval_it_changes_sides_nowhere() -> None:
    alone = near(3, None)
    assert (alone.above_up_to, alone.below_from, alone.side_of(1.2)) == (None, None, Side.OPEN)


def test_a_width_that_must_halve_takes_four_times_as_many_epochs() -> None:
    width = math.log(1.2)  # twice as far as the threshold is away
    ratio = around(math.log(1.2) + width / 2, width)
    assert ratio.growth_to_tell(1.2) == pytest.approx(4)
    assert ratio.epochs_to_tell(1.2) == 20


def test_of_several_thresholds_the_nearest_decides_and_those_outside_do_not_count() -> None:
    ratio = near(2, 0.2)
    assert ratio.growth_to_tell(1.9, 2.3, 1.01, 9) == ratio.growth_to_tell(1.9)
    assert (ratio.growth_to_tell(1.9) or 0) > (ratio.growth_to_tell(2.3) or 0) > 1


def test_an_interval_without_a_threshold_in_it_needs_no_more_epochs() -> None:
    assert near(2).growth_to_tell(1.2, math.inf, 0) == 1
    assert near(2).epochs_to_tell(1.2, math.inf, 0) == 10


def test_no_number_of_epochs_tells_what_noise_hides() -> None:
    hidden = near(1.25, 0.3, noise=0.1)
    assert (hidden.growth_to_tell(1.2), hidden.epochs_to_tell(1.2)) == (None, None)


def test_one_epoch_does_not_say_how_many_more_it_would_take_but_one() -> None:
    alone = around(0.2, math.inf, epochs=1)
    assert (alone.growth_to_tell(1.2), alone.epochs_to_tell(1.2)) == (None, 2)


# Means


def test_the_mean_of_opposite_ratios_is_1() -> None:
    assert mean_of([near(2), near(0.5)]).value == pytest.approx(1)


def test_the_mean_of_four_cases_is_known_twice_as_well_as_one() -> None:
    one = near(2, 0.1)
    assert mean_of([one] * 4).half_width == pytest.approx(one.half_width / 2)


def test_noise_does_not_average_out() -> None:
    assert mean_of([near(2, noise=0.1)] * 4).noise == pytest.approx(0.1)


def test_the_noise_of_a_mean_is_known_where_any_case_has_it() -> None:
    assert mean_of([near(2), near(2)]).noise is None
    assert mean_of([near(2), near(2, noise=0.21)]).noise == pytest.approx(0.1)


def test_the_mean_is_not_known_where_one_case_is_not() -> None:
    mean = mean_of([near(2), around(1.0, math.inf, epochs=1)])
    assert (mean.low, mean.high, mean.epochs) == (None, None, 1)


def test_a_speed_up_and_its_interval_are_one_over_the_ratio_of_times() -> None:
    assert speed_up_text(make_ratio(0.5, 1 / 2.5, 1 / 1.6)) == "2.00x [1.60, 2.50]"


def test_what_is_a_speed_up_already_is_written_as_it_is() -> None:
    assert times_text(make_ratio(2, 1.6, 2.5)) == "2.00x [1.60, 2.50]"


def test_a_speed_up_of_one_epoch_has_no_interval() -> None:
    assert speed_up_text(make_ratio(0.5)) == "2.00x [?, ?]"


def test_the_spread_is_half_of_the_interval_and_none_without_one() -> None:
    assert make_ratio(2, 1.6, 2.5).spread == pytest.approx(0.45)
    assert make_ratio(2).spread is None


# What an interval says


def test_only_an_open_interval_that_reaches_over_a_factor_of_100_is_vague() -> None:
    wide, open_one = math.log(12), around(0.0, math.log(9))
    assert around(0.0, wide).is_vague
    assert around(0.0, math.inf).is_vague
    assert not open_one.is_vague
    assert not around(math.log(50), wide).is_vague, "it is slower"


def test_epochs_to_an_interval_that_says_something_are_told_from_three_on() -> None:
    wide = math.log(100)
    assert around(0.0, wide, epochs=5).epochs_to_show == 20
    assert around(0.0, math.inf, epochs=5).epochs_to_show is None
    assert around(0.0, wide, epochs=2).epochs_to_show is None
