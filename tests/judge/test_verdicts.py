"""What an interval allows to say, and when it is narrow enough."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichext.judge.ratios import LogRatio
from whichext.judge.verdicts import TIE_ZONE, find_verdict, is_precise
from whichext.scorecard import Verdict

ZONE = math.log1p(TIE_ZONE)
ONE_PERCENT = math.log1p(0.01)

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


def around(centre: float, half_width: float) -> LogRatio:
    return LogRatio(centre, half_width, epochs=5)


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
    assert expected is find_verdict(interval(low, high))


def test_an_interval_that_fills_the_tie_zone_is_a_tie() -> None:
    assert Verdict.TIE is find_verdict(around(0.0, ZONE))


def test_an_interval_a_little_wider_than_the_tie_zone_is_unresolved() -> None:
    assert Verdict.UNRESOLVED is find_verdict(around(0.0, math.nextafter(ZONE, 1)))


def test_a_point_on_the_upper_border_is_still_a_tie() -> None:
    assert Verdict.TIE is find_verdict(around(ZONE, 0.0))


def test_a_point_on_the_lower_border_is_still_a_tie() -> None:
    assert Verdict.TIE is find_verdict(around(-ZONE, 0.0))


def test_a_point_just_above_the_upper_border_is_slower() -> None:
    assert Verdict.SLOWER is find_verdict(around(math.nextafter(ZONE, 1), 0.0))


def test_a_point_just_below_the_lower_border_is_faster() -> None:
    assert Verdict.FASTER is find_verdict(around(math.nextafter(-ZONE, -1), 0.0))


def test_an_interval_that_touches_the_border_from_outside_is_unresolved() -> None:
    assert Verdict.UNRESOLVED is find_verdict(around(2 * ZONE, ZONE))


def test_one_epoch_alone_is_unresolved_however_large_the_ratio() -> None:
    assert Verdict.UNRESOLVED is find_verdict(LogRatio(math.log(100), math.inf, epochs=1))


def test_a_wider_tie_zone_turns_a_small_difference_into_a_tie() -> None:
    assert Verdict.TIE is find_verdict(interval(0.05, 0.08), tie_zone=0.10)


@given(centres, half_widths)
def test_the_mirrored_interval_has_the_mirrored_verdict(centre: float, half_width: float) -> None:
    expected = MIRROR[find_verdict(around(centre, half_width))]
    assert expected is find_verdict(around(-centre, half_width))


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_never_takes_a_verdict_back(
    centre: float, half_width: float, share: float
) -> None:
    wide = find_verdict(around(centre, half_width))
    narrow = find_verdict(around(centre, share * half_width if math.isfinite(half_width) else 1))
    assert wide in (Verdict.UNRESOLVED, narrow)


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.01), (2.0, 0.035), (0.5, 0.035), (10.0, 0.12), (0.1, 0.12)]
)
def test_the_precision_that_is_asked_for_grows_with_the_ratio(ratio: float, width: float) -> None:
    assert is_precise(around(math.log(ratio), math.log1p(width)))


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.011), (2.0, 0.036), (0.5, 0.036), (10.0, 0.13), (0.1, 0.13)]
)
def test_a_little_wider_than_asked_for_is_not_precise(ratio: float, width: float) -> None:
    assert not is_precise(around(math.log(ratio), math.log1p(width)))


def test_one_epoch_alone_is_not_precise() -> None:
    assert not is_precise(LogRatio(math.log(100), math.inf, epochs=1))


@given(centres, half_widths)
def test_precision_is_the_same_for_the_mirrored_interval(centre: float, half_width: float) -> None:
    expected = is_precise(around(centre, half_width))
    assert expected is is_precise(around(-centre, half_width))


@given(centres, half_widths, st.floats(0, 1))
def test_a_narrower_interval_stays_precise(centre: float, half_width: float, share: float) -> None:
    narrower = share * half_width if math.isfinite(half_width) else half_width
    assert is_precise(around(centre, narrower)) or not is_precise(around(centre, half_width))


@given(st.floats(-0.19, 0.19), half_widths)
def test_near_a_tie_precision_depends_on_the_width_and_never_on_the_verdict(
    centre: float, half_width: float
) -> None:
    assert (half_width <= ONE_PERCENT) is is_precise(around(centre, half_width))
