"""What an interval allows to say, and when it is narrow enough."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import around
from whichext.judge.ratios import LogRatio
from whichext.judge.verdicts import (
    DIFFERENCE,
    TIE,
    Zones,
    epochs_needed,
    find_verdict,
    is_hopeless,
    is_precise,
)
from whichext.model.estimate import Verdict

ZONE = math.log1p(TIE)
EDGE = math.log1p(DIFFERENCE)
ZONES = Zones()
ONE_PERCENT = math.log1p(0.01)
HOPELESS = math.log(3)

centres = st.floats(-5, 5)
half_widths = st.floats(0, 0.3) | st.floats(0, 5) | st.just(math.inf)

MIRROR = {
    Verdict.FASTER: Verdict.SLOWER,
    Verdict.SLOWER: Verdict.FASTER,
    Verdict.TIE: Verdict.TIE,
    Verdict.UNRESOLVED: Verdict.UNRESOLVED,
}


def interval(low: float, high: float) -> LogRatio:
    """An interval of logarithms of ratios."""
    return LogRatio((low + high) / 2, (high - low) / 2, epochs=5)


def verdict_of(ratio: LogRatio) -> Verdict:
    """The verdict of a race without noise."""
    return find_verdict(ratio, ZONES)


def precise(ratio: LogRatio, precision: float = 0.01) -> bool:
    """Whether it is precise enough at the default precision."""
    return is_precise(ratio, precision)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.5, -0.3, Verdict.FASTER),
        (0.3, 0.5, Verdict.SLOWER),
        (-0.01, 0.02, Verdict.TIE),
        (-0.5, 0.0, Verdict.UNRESOLVED),
        (0.0, 0.5, Verdict.UNRESOLVED),
        (-0.5, 0.5, Verdict.UNRESOLVED),
    ],
)
def test_the_verdict_is_where_the_whole_interval_lies(
    low: float, high: float, expected: Verdict
) -> None:
    assert expected is verdict_of(interval(low, high))


def test_who_asks_for_more_precision_gets_more_of_it_far_from_a_tie_too() -> None:
    far = around(0.7, 0.03)
    assert precise(far)
    assert not precise(far, precision=0.001)


def test_an_interval_that_fills_the_tie_zone_is_a_tie() -> None:
    assert Verdict.TIE is verdict_of(around(0.0, ZONE))


def test_an_interval_a_little_wider_than_the_tie_zone_is_unresolved() -> None:
    assert Verdict.UNRESOLVED is verdict_of(around(0.0, math.nextafter(ZONE, 1)))


@pytest.mark.parametrize("border", [EDGE, -EDGE])
def test_a_point_on_the_border_of_differences_is_still_a_tie(border: float) -> None:
    assert Verdict.TIE is verdict_of(around(border, 0.0))


def test_a_point_just_above_the_upper_border_of_differences_is_slower() -> None:
    assert Verdict.SLOWER is verdict_of(around(math.nextafter(EDGE, 1), 0.0))


def test_a_point_just_below_the_lower_border_of_differences_is_faster() -> None:
    assert Verdict.FASTER is verdict_of(around(math.nextafter(-EDGE, -1), 0.0))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.012, 1.028, Verdict.SLOWER), (1 / 1.028, 1 / 1.012, Verdict.FASTER)],
)
def test_a_small_difference_that_is_surely_there_is_called_one_though_it_is_within_three_percent(
    low: float, high: float, expected: Verdict
) -> None:
    assert expected is verdict_of(interval(math.log(low), math.log(high)))


def test_an_interval_from_between_the_borders_to_beyond_the_outer_one_is_a_difference() -> None:
    assert Verdict.SLOWER is verdict_of(interval(math.log(1.02), math.log(1.05)))


def test_an_interval_that_touches_the_border_of_differences_from_outside_is_unresolved() -> None:
    # Halves, so that no rounding moves the lower end off the border.
    zones = Zones(tie=math.expm1(0.5), difference=math.expm1(0.25))
    border = math.log1p(zones.difference)
    assert Verdict.UNRESOLVED is find_verdict(around(3 * border, 2 * border), zones)


def test_one_epoch_alone_is_unresolved_however_large_the_ratio() -> None:
    assert Verdict.UNRESOLVED is verdict_of(LogRatio(math.log(100), math.inf, epochs=1))


@pytest.mark.parametrize("noise_floor", [None, 0.0, 0.01])
def test_a_noise_floor_below_a_hundredth_moves_no_border(noise_floor: float | None) -> None:
    assert Zones.above(noise_floor) == Zones(0.03, 0.01)


@pytest.mark.parametrize(
    ("noise_floor", "expected"), [(0.02, Zones(0.03, 0.02)), (0.05, Zones(0.03, 0.05))]
)
def test_a_higher_noise_floor_moves_the_border_of_differences_and_not_that_of_ties(
    noise_floor: float, expected: Zones
) -> None:
    assert Zones.above(noise_floor) == expected


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.08), (-0.08, -0.05), (0.012, 0.028)])
def test_what_is_a_difference_on_a_quiet_machine_is_unresolved_on_a_noisy_one(
    low: float, high: float
) -> None:
    ratio = interval(low, high)
    found = [find_verdict(ratio, Zones.above(floor)) for floor in (0.0, 0.20)]
    assert found == [Verdict.SLOWER if low > 0 else Verdict.FASTER, Verdict.UNRESOLVED]


@given(centres, half_widths, st.floats(0, 0.5), st.floats(0, 0.5))
def test_more_noise_never_changes_a_verdict_but_to_unresolved(
    centre: float, half_width: float, one: float, other: float
) -> None:
    quiet, loud = (Zones.above(floor) for floor in sorted((one, other)))
    found = find_verdict(around(centre, half_width), loud)
    assert found in (Verdict.UNRESOLVED, find_verdict(around(centre, half_width), quiet))


@given(centres, half_widths)
def test_the_mirrored_interval_has_the_mirrored_verdict(centre: float, half_width: float) -> None:
    expected = MIRROR[verdict_of(around(centre, half_width))]
    assert expected is verdict_of(around(-centre, half_width))


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_never_takes_a_difference_back(
    centre: float, half_width: float, share: float
) -> None:
    wide = verdict_of(around(centre, half_width))
    narrow = verdict_of(around(centre, share * half_width if math.isfinite(half_width) else 1))
    assert wide in (Verdict.UNRESOLVED, Verdict.TIE, narrow)


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_never_makes_a_tie_unresolved(
    centre: float, half_width: float, share: float
) -> None:
    wide = verdict_of(around(centre, half_width))
    narrow = verdict_of(around(centre, share * half_width if math.isfinite(half_width) else 1))
    assert wide is Verdict.UNRESOLVED or narrow is not Verdict.UNRESOLVED


@given(centres)
def test_a_point_is_never_unresolved(centre: float) -> None:
    assert verdict_of(around(centre, 0.0)) is not Verdict.UNRESOLVED


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.01), (2.0, 0.035), (0.5, 0.035), (10.0, 0.12), (0.1, 0.12)]
)
def test_the_precision_that_is_asked_for_grows_with_the_ratio(ratio: float, width: float) -> None:
    assert precise(around(math.log(ratio), math.log1p(width)))


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.011), (2.0, 0.036), (0.5, 0.036), (10.0, 0.13), (0.1, 0.13)]
)
def test_a_little_wider_than_asked_for_is_not_precise(ratio: float, width: float) -> None:
    assert not precise(around(math.log(ratio), math.log1p(width)))


def test_one_epoch_alone_is_not_precise() -> None:
    assert not precise(LogRatio(math.log(100), math.inf, epochs=1))


@given(centres, half_widths)
def test_precision_is_the_same_for_the_mirrored_interval(centre: float, half_width: float) -> None:
    expected = precise(around(centre, half_width))
    assert expected is precise(around(-centre, half_width))


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_stays_precise(centre: float, half_width: float, share: float) -> None:
    narrower = share * half_width if math.isfinite(half_width) else half_width
    assert precise(around(centre, narrower)) or not precise(around(centre, half_width))


@given(st.floats(-0.19, 0.19), half_widths)
def test_near_a_tie_precision_depends_on_the_width_and_never_on_the_verdict(
    centre: float, half_width: float
) -> None:
    assert (half_width <= ONE_PERCENT) is precise(around(centre, half_width))


precisions = st.floats(0.001, 0.2)


@given(precisions)
def test_the_precision_that_was_asked_for_is_just_enough_at_a_tie(precision: float) -> None:
    assert precise(around(0.0, math.log1p(precision)), precision)
    assert not precise(around(0.0, math.nextafter(math.log1p(precision), 1)), precision)


@given(centres, half_widths, precisions, precisions)
def test_who_asks_for_less_precision_is_never_served_later(
    centre: float, half_width: float, one: float, other: float
) -> None:
    fine, coarse = sorted((one, other))
    ratio = around(centre, half_width)
    assert precise(ratio, coarse) or not precise(ratio, fine)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (around(HOPELESS, 0.0), False),
        (around(math.nextafter(HOPELESS, 2), 0.0), True),
        (interval(1.2, 5.0), True),
        (interval(1.0, 5.0), False),
        (interval(-2.0, -1.5), False),
    ],
)
def test_hopeless_is_whose_whole_interval_lies_above_three_times(
    ratio: LogRatio, expected: bool
) -> None:
    assert expected is is_hopeless(ratio)


def test_one_epoch_alone_makes_nobody_hopeless() -> None:
    assert not is_hopeless(LogRatio(math.log(100), math.inf, epochs=1))


@given(centres, half_widths)
def test_who_is_hopeless_is_slower(centre: float, half_width: float) -> None:
    ratio = around(centre, half_width)
    assert not is_hopeless(ratio) or verdict_of(ratio) is Verdict.SLOWER


def test_half_the_width_takes_four_times_the_epochs() -> None:
    distance = 0.1
    ratio = around(EDGE + distance, 2 * distance, epochs=5)
    assert epochs_needed(ratio, ZONES, 0.01) == 20


def test_equals_need_the_epochs_to_an_interval_that_fills_the_tie_zone() -> None:
    assert epochs_needed(around(0.0, 2 * ZONE, epochs=5), ZONES, 0.01) == 20


def test_between_the_borders_the_farther_one_is_aimed_at() -> None:
    # 0.5 % from being a difference, 1.5 % from being no tie any more.
    centre = ZONE - 0.015
    assert epochs_needed(around(centre, 0.03, epochs=5), ZONES, 0.001) == 20


def test_a_ratio_on_the_border_is_given_the_epochs_to_the_precision_asked_for() -> None:
    zones = Zones.above(0.10)
    just_outside = math.nextafter(math.log1p(0.10), 1)
    ratio = around(just_outside, 3 * math.log1p(0.02), epochs=4)
    assert epochs_needed(ratio, zones, 0.02) == 36


@pytest.mark.parametrize(("centre", "needed"), [(0.005, True), (0.05, False), (0.15, True)])
def test_no_number_of_epochs_tells_a_difference_that_is_smaller_than_the_noise(
    centre: float, needed: bool
) -> None:
    ratio = around(math.log1p(centre), 0.2)
    assert (epochs_needed(ratio, Zones.above(0.10), 0.01) > 5) is needed
    assert epochs_needed(ratio, Zones(), 0.01) > 5


def test_one_epoch_alone_needs_a_second_one() -> None:
    assert epochs_needed(LogRatio(0.5, math.inf, epochs=1), ZONES, 0.01) == 2


@given(centres, half_widths, st.integers(1, 50), st.floats(0.0, 0.3), precisions)
def test_what_is_unresolved_and_not_for_noise_always_needs_more_epochs_than_it_has(
    centre: float, half_width: float, epochs: int, noise_floor: float, precision: float
) -> None:
    needed = epochs_needed(around(centre, half_width, epochs), Zones.above(noise_floor), precision)
    hidden = EDGE < abs(centre) <= math.log1p(noise_floor) and math.isfinite(half_width)
    assert needed == 0 if hidden else needed > epochs


@given(centres, half_widths, st.integers(2, 50))
def test_the_mirrored_interval_needs_as_many_epochs(
    centre: float, half_width: float, epochs: int
) -> None:
    forth, back = (around(c, half_width, epochs) for c in (centre, -centre))
    assert epochs_needed(forth, ZONES, 0.01) == epochs_needed(back, ZONES, 0.01)


@given(centres, st.floats(0, 1), st.floats(0, 1), st.integers(2, 50))
def test_a_narrower_interval_never_needs_more_epochs(
    centre: float, one: float, other: float, epochs: int
) -> None:
    narrow, wide = (around(centre, width, epochs) for width in sorted((one, other)))
    assert epochs_needed(narrow, ZONES, 0.01) <= epochs_needed(wide, ZONES, 0.01)
