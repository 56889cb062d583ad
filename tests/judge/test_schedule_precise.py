"""When an interval is narrow enough."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import around
from whichext.judge.schedule import is_precise
from whichext.model.ratio import Ratio

ONE_PERCENT = math.log1p(0.01)

centres = st.floats(-5, 5)
half_widths = st.floats(0, 0.3) | st.floats(0, 5) | st.just(math.inf)
precisions = st.floats(0.001, 0.2)


def precise(ratio: Ratio, precision: float = 0.01) -> bool:
    """Whether it is precise enough at the default precision."""
    return is_precise(ratio, precision)


def test_who_asks_for_more_precision_gets_more_of_it_far_from_a_tie_too() -> None:
    far = around(0.7, 0.03)
    assert precise(far)
    assert not precise(far, precision=0.001)


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.0099), (2.0, 0.035), (0.5, 0.035), (10.0, 0.12), (0.1, 0.12)]
)
def test_the_precision_that_is_asked_for_grows_with_the_ratio(ratio: float, width: float) -> None:
    assert precise(around(math.log(ratio), math.log1p(width)))


@pytest.mark.parametrize(
    ("ratio", "width"), [(1.0, 0.011), (2.0, 0.036), (0.5, 0.036), (10.0, 0.13), (0.1, 0.13)]
)
def test_a_little_wider_than_asked_for_is_not_precise(ratio: float, width: float) -> None:
    assert not precise(around(math.log(ratio), math.log1p(width)))


def test_one_epoch_alone_is_not_precise() -> None:
    assert not precise(around(math.log(100), math.inf, epochs=1))


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


@given(precisions)
def test_the_precision_that_was_asked_for_is_just_enough_at_a_tie(precision: float) -> None:
    half_width = math.log1p(precision)
    assert precise(around(0.0, half_width * (1 - 1e-9)), precision)
    assert not precise(around(0.0, half_width * (1 + 1e-9)), precision)


@given(centres, half_widths, precisions, precisions)
def test_who_asks_for_less_precision_is_never_served_later(
    centre: float, half_width: float, one: float, other: float
) -> None:
    fine, coarse = sorted((one, other))
    ratio = around(centre, half_width)
    assert precise(ratio, coarse) or not precise(ratio, fine)
