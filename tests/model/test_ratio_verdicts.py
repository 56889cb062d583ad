"""What a ratio's interval allows to say, and how many epochs it takes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import around
from whichext.model.ratio import DIFFERENCE, TIE, Ratio, Verdict, least_difference

ZONE = math.log1p(TIE)
EDGE = math.log1p(DIFFERENCE)

centres = st.floats(-5, 5)
half_widths = st.floats(0, 0.3) | st.floats(0, 5) | st.just(math.inf)
precisions = st.floats(0.001, 0.2)

MIRROR = {
    Verdict.FASTER: Verdict.SLOWER,
    Verdict.SLOWER: Verdict.FASTER,
    Verdict.TIE: Verdict.TIE,
    Verdict.UNRESOLVED: Verdict.UNRESOLVED,
}


def interval(low: float, high: float) -> Ratio:
    """A ratio whose logarithm has this interval."""
    return around((low + high) / 2, (high - low) / 2)


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
    assert expected is interval(low, high).verdict


def test_an_interval_that_fills_the_tie_zone_is_a_tie() -> None:
    assert Verdict.TIE is around(0.0, ZONE).verdict


def test_an_interval_a_little_wider_than_the_tie_zone_is_unresolved() -> None:
    assert Verdict.UNRESOLVED is around(0.0, math.nextafter(ZONE, 1)).verdict


@pytest.mark.parametrize("border", [EDGE, -EDGE])
def test_a_point_on_the_border_of_differences_is_still_a_tie(border: float) -> None:
    assert Verdict.TIE is around(border, 0.0).verdict


def test_a_point_just_above_the_upper_border_of_differences_is_slower() -> None:
    assert Verdict.SLOWER is around(math.nextafter(EDGE, 1), 0.0).verdict


def test_a_point_just_below_the_lower_border_of_differences_is_faster() -> None:
    assert Verdict.FASTER is around(math.nextafter(-EDGE, -1), 0.0).verdict


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.012, 1.028, Verdict.SLOWER), (1 / 1.028, 1 / 1.012, Verdict.FASTER)],
)
def test_a_small_difference_that_is_surely_there_is_called_one_though_it_is_within_three_percent(
    low: float, high: float, expected: Verdict
) -> None:
    assert expected is interval(math.log(low), math.log(high)).verdict


def test_an_interval_from_between_the_borders_to_beyond_the_outer_one_is_a_difference() -> None:
    assert Verdict.SLOWER is interval(math.log(1.02), math.log(1.05)).verdict


@pytest.mark.parametrize(
    ("noise", "expected"), [(None, 0.01), (0.0, 0.01), (0.01, 0.01), (0.02, 0.02), (0.05, 0.05)]
)
def test_noise_of_more_than_a_hundredth_moves_the_border_of_differences(
    noise: float | None, expected: float
) -> None:
    assert least_difference(noise) == expected


def test_an_interval_that_touches_the_border_of_differences_from_outside_is_unresolved() -> None:
    # A quarter, so that no rounding moves the lower end off the border.
    assert Verdict.UNRESOLVED is around(0.75, 0.5, noise=math.expm1(0.25)).verdict


def test_one_epoch_alone_is_unresolved_however_large_the_ratio() -> None:
    assert Verdict.UNRESOLVED is around(math.log(100), math.inf, epochs=1).verdict


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.08), (-0.08, -0.05), (0.012, 0.028)])
def test_what_is_a_difference_on_a_quiet_machine_is_unresolved_on_a_noisy_one(
    low: float, high: float
) -> None:
    centre, half_width = (low + high) / 2, (high - low) / 2
    found = [around(centre, half_width, noise=noise).verdict for noise in (0.0, 0.20)]
    assert found == [Verdict.SLOWER if low > 0 else Verdict.FASTER, Verdict.UNRESOLVED]


@given(centres, half_widths, st.floats(0, 0.5), st.floats(0, 0.5))
def test_more_noise_never_changes_a_verdict_but_to_unresolved(
    centre: float, half_width: float, one: float, other: float
) -> None:
    quiet, loud = (around(centre, half_width, noise=noise) for noise in sorted((one, other)))
    assert loud.verdict in (Verdict.UNRESOLVED, quiet.verdict)


@given(centres, half_widths)
def test_the_mirrored_interval_has_the_mirrored_verdict(centre: float, half_width: float) -> None:
    expected = MIRROR[around(centre, half_width).verdict]
    assert expected is around(-centre, half_width).verdict


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_never_takes_a_difference_back(
    centre: float, half_width: float, share: float
) -> None:
    wide = around(centre, half_width).verdict
    narrow = around(centre, share * half_width if math.isfinite(half_width) else 1).verdict
    assert wide in (Verdict.UNRESOLVED, Verdict.TIE, narrow)


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_never_makes_a_tie_unresolved(
    centre: float, half_width: float, share: float
) -> None:
    wide = around(centre, half_width).verdict
    narrow = around(centre, share * half_width if math.isfinite(half_width) else 1).verdict
    assert wide is Verdict.UNRESOLVED or narrow is not Verdict.UNRESOLVED


@given(centres)
def test_a_point_is_never_unresolved(centre: float) -> None:
    assert around(centre, 0.0).verdict is not Verdict.UNRESOLVED


# Epochs to a verdict


def test_half_the_width_takes_four_times_the_epochs() -> None:
    distance = 0.1
    ratio = around(EDGE + distance, 2 * distance, epochs=5)
    assert ratio.epochs_to_resolve(0.01) == 20


def test_equals_need_the_epochs_to_an_interval_that_fills_the_tie_zone() -> None:
    assert around(0.0, 2 * ZONE, epochs=5).epochs_to_resolve(0.01) == 20


def test_between_the_borders_the_farther_one_is_aimed_at() -> None:
    # 0.5 % from being a difference, 1.5 % from being no tie any more.
    centre = ZONE - 0.015
    assert around(centre, 0.03, epochs=5).epochs_to_resolve(0.001) == 20


def test_a_ratio_on_the_border_is_given_the_epochs_to_the_precision_asked_for() -> None:
    just_outside = math.log1p(0.10) + 1e-12
    ratio = around(just_outside, 3 * math.log1p(0.02), epochs=4, noise=0.10)
    assert ratio.epochs_to_resolve(0.02) == 36


@pytest.mark.parametrize(("centre", "needed"), [(0.005, True), (0.05, False), (0.15, True)])
def test_no_number_of_epochs_tells_a_difference_that_is_smaller_than_the_noise(
    centre: float, needed: bool
) -> None:
    quiet, loud = (around(math.log1p(centre), 0.2, noise=noise) for noise in (None, 0.10))
    assert (loud.epochs_to_resolve(0.01) is not None) is needed
    assert (quiet.epochs_to_resolve(0.01) or 0) > 5


def test_one_epoch_alone_needs_a_second_one() -> None:
    assert around(0.5, math.inf, epochs=1).epochs_to_resolve(0.01) == 2


@given(centres, half_widths, st.integers(1, 50), st.floats(0.0, 0.3), precisions)
def test_what_is_unresolved_and_not_for_noise_always_needs_more_epochs_than_it_has(
    centre: float, half_width: float, epochs: int, noise_floor: float, precision: float
) -> None:
    ratio = around(centre, half_width, epochs, noise_floor)
    needed = ratio.epochs_to_resolve(precision)
    border = math.log1p(noise_floor)
    hidden = EDGE < abs(ratio.centre) <= border and math.isfinite(half_width)
    assert needed is None if hidden else (needed or 0) > epochs


@given(centres, half_widths, st.integers(2, 50))
def test_the_mirrored_interval_needs_as_many_epochs(
    centre: float, half_width: float, epochs: int
) -> None:
    forth, back = (around(c, half_width, epochs) for c in (centre, -centre))
    assert forth.epochs_to_resolve(0.01) == back.epochs_to_resolve(0.01)


@given(centres, st.floats(0, 1), st.floats(0, 1), st.integers(2, 50))
def test_a_narrower_interval_never_needs_more_epochs(
    centre: float, one: float, other: float, epochs: int
) -> None:
    narrow, wide = (around(centre, width, epochs) for width in sorted((one, other)))
    assert (narrow.epochs_to_resolve(0.01) or 0) <= (wide.epochs_to_resolve(0.01) or 0)


@given(centres, half_widths, st.none() | st.floats(0, 0.5))
def test_a_tie_or_a_faster_one_is_not_slower_and_a_slower_one_is(
    centre: float, half_width: float, noise: float | None
) -> None:
    ratio = around(centre, half_width, noise=noise)
    if ratio.verdict is not Verdict.UNRESOLVED:
        assert ratio.is_not_above == (ratio.verdict is not Verdict.SLOWER)


@pytest.mark.parametrize(
    ("low", "high", "noise", "expected"),
    [
        (-0.5, 0.0, 0.0, True),  # faster or a tie: which of the two is not asked
        (-0.5, ZONE - 1e-6, 0.2, True),
        (-0.5, ZONE + 1e-6, 0.0, False),
        (EDGE + 1e-3, ZONE - 1e-3, 0.05, False),  # a difference that noise may hide
        (-0.5, 0.5, 0.0, False),
    ],
)
def test_what_is_unresolved_is_not_slower_where_all_of_it_is_a_tie_or_faster(
    low: float, high: float, noise: float, expected: bool
) -> None:
    ratio = around((low + high) / 2, (high - low) / 2, noise=noise)
    assert (ratio.verdict, ratio.is_not_above) == (Verdict.UNRESOLVED, expected)


def test_after_a_single_epoch_nothing_is_not_slower() -> None:
    assert not around(-1.0, math.inf).is_not_above
