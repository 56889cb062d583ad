"""Axes of plots: every tick has its label, and no label lies on another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichext.report.plots.axes import PANEL, LogScale, area_beside, rows_of

POSITIVE = st.floats(1e-9, 1e12)


@given(st.lists(POSITIVE, min_size=1), st.integers(120, 600))
def test_every_value_is_within_its_axis(values: list[float], length: int) -> None:
    scale = LogScale.across(values, length)
    assert all(0 <= scale.at(value) <= length for value in values)


@given(st.lists(POSITIVE, min_size=1), st.integers(120, 600))
def test_ticks_are_within_the_axis_and_rise(values: list[float], length: int) -> None:
    scale = LogScale.across(values, length)
    assert all(scale.low <= tick <= scale.high * (1 + 1e-9) for tick in scale.ticks)
    assert all(before < after for before, after in pairwise(scale.ticks))


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((1.0, 9.0), [1, 1.5, 2, 3, 5, 7]),
        ((0.05, 2.0), [0.05, 0.1, 0.2, 0.5, 1, 2]),
        ((0.001, 1_000.0), [10.0**power for power in range(-3, 4)]),
        ((1.0, 1.2), [1.0, 1.05, 1.1, 1.15, 1.2]),
    ],
)
def test_ticks_are_the_finest_that_have_room(ends: tuple[float, float], ticks: list[float]) -> None:
    assert LogScale.across(ends, 360).ticks == pytest.approx(ticks)


def test_many_decades_have_as_many_ticks_as_have_room() -> None:
    scale = LogScale.across((1e-9, 1e12), 200)
    gaps = [scale.at(after) - scale.at(before) for before, after in pairwise(scale.ticks)]
    assert min(gaps) >= scale.gap


def test_values_that_are_alike_have_an_axis() -> None:
    assert LogScale.up((3.0, 3.0), 200).ticks


def test_a_panel_is_as_wide_with_long_labels_as_with_short_ones() -> None:
    short, long = area_beside(["numpy"]), area_beside(["rustpy.find_max_parallel[2]"])
    assert short > long
    assert short < PANEL


def test_labels_that_would_touch_are_in_different_rows() -> None:
    assert rows_of([(10, 40), (30, 40), (60, 40), (200, 40)]) == [0, 1, 0, 0]
