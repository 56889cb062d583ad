"""Human units."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from whichext.model.units import (
    interval_text,
    percent_text,
    rate_text,
    ratio_text,
    shape_text,
    size_text,
    time_text,
)

SCALES = {
    time_text: {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9},
    rate_text: {"B/s": 1.0, "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9},
    size_text: {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9},
}

Show = Callable[[float], str]

shows = st.sampled_from(list(SCALES))
# From one of the smallest unit to just below a thousand of the largest.
values = st.floats(0, 11.9995).map(lambda exponent: 10**exponent)


def number_of(text: str) -> str:
    return text.split()[0]


def is_in_bytes(show: Show, value: float) -> bool:
    """Whether it is shown in bytes, of which there are whole ones alone."""
    return show is size_text and value < 999.5


@given(shows, values)
def test_every_value_has_three_significant_digits(show: Show, value: float) -> None:
    assume(not is_in_bytes(show, value))
    assert len(number_of(show(value)).replace(".", "")) == 3


@given(shows, values)
def test_no_value_reaches_a_thousand_of_its_unit(show: Show, value: float) -> None:
    assert 1 <= float(number_of(show(value))) < 1000


@given(shows, values)
def test_the_text_means_the_value_within_half_a_percent(show: Show, value: float) -> None:
    assume(not is_in_bytes(show, value))
    number, unit = show(value).split()
    assert float(number) * SCALES[show][unit] == pytest.approx(value, rel=0.0051)


@given(shows, values, values)
def test_a_larger_value_never_reads_as_a_smaller_one(show: Show, one: float, other: float) -> None:
    def read(value: float) -> float:
        number, unit = show(value).split()
        return float(number) * SCALES[show][unit]

    low, high = sorted((one, other))
    assert read(low) <= read(high)


@pytest.mark.parametrize(
    ("ns", "expected"),
    [
        (1, "1.00 ns"),
        (0.25, "0.25 ns"),
        (999.4, "999 ns"),
        (999.6, "1.00 us"),
        (9_994, "9.99 us"),
        (9_996, "10.0 us"),
        (99_940, "99.9 us"),
        (99_960, "100 us"),
        (999_499, "999 us"),
        (999_500, "1.00 ms"),
        (999_600_000, "1.00 s"),
        (12_345_678_901, "12.3 s"),
        (4_321_000_000_000, "4321 s"),
    ],
)
def test_a_time_changes_its_unit_where_rounding_would_show_a_thousand(
    ns: float, expected: str
) -> None:
    assert expected == time_text(ns)


def test_a_rate_is_decimal() -> None:
    assert rate_text(12_340_000_000) == "12.3 GB/s"


def test_a_size_is_decimal() -> None:
    assert size_text(800_000_000) == "800 MB"


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 B"), (7, "7 B"), (63, "63 B"), (999, "999 B"), (1000, "1.00 kB")]
)
def test_bytes_have_no_decimals(count: int, expected: str) -> None:
    assert size_text(count) == expected


def test_what_is_not_known_is_a_dash() -> None:
    assert (time_text(None), size_text(None)) == ("-", "-")


def test_a_row_of_a_shape_has_its_digits_in_groups() -> None:
    assert shape_text((100, 1_000_000)) == "(100, 1,000,000)"


def test_a_shape_of_one_axis_keeps_its_comma() -> None:
    assert shape_text((7,)) == "(7,)"


def test_a_shape_without_axes_is_empty() -> None:
    assert shape_text(()) == "()"


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(0.97, "0.97"), (0.1, "0.10"), (1.034, "1.03"), (2, "2.00"), (12.34, "12.3"), (123.4, "123")],
)
def test_a_ratio_shows_a_difference_of_a_hundredth_below_ten(ratio: float, expected: str) -> None:
    assert expected == ratio_text(ratio)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (0.0213, "0.0213"),
        (0.02, "0.0200"),
        (0.001234, "0.00123"),
        (0.0000321, "0.0000321"),
        (0.0, "0.00"),
        (1234.5, "1,230"),
        (999.7, "1,000"),
    ],
)
def test_a_ratio_of_compiled_to_python_loses_no_digits(ratio: float, expected: str) -> None:
    assert expected == ratio_text(ratio)


@given(st.floats(1e-6, 0.1, exclude_max=True))
def test_a_small_ratio_has_three_digits(ratio: float) -> None:
    assert math.isclose(float(ratio_text(ratio)), ratio, rel_tol=0.00501)


@pytest.mark.parametrize(
    ("share", "spread", "expected"),
    [
        (0.97, 0.02, "97% ±2"),
        (0.97, 0.003, "97% ±0.3"),
        (0.004, 0.0001, "0.40% ±0.01"),
        (0.000042, 0.000001, "0.0042% ±0.0001"),
        (0.03, None, "3%"),
        (0.003, None, "0.30%"),
        (0.0, 0.0, "0% ±0.0"),
    ],
)
def test_a_share_below_a_hundredth_loses_no_digits(
    share: float, spread: float | None, expected: str
) -> None:
    assert expected == percent_text(share, spread)


@given(st.floats(0.1, 10, exclude_max=True))
def test_a_ratio_below_ten_is_off_by_half_a_hundredth_at_most(ratio: float) -> None:
    assert math.isclose(float(ratio_text(ratio)), ratio, abs_tol=0.00501)


def test_an_interval_has_both_ends() -> None:
    assert interval_text(0.95, 12.3456) == "[0.95, 12.3]"


def test_an_interval_that_one_epoch_cannot_give_has_question_marks() -> None:
    assert interval_text(None, None) == "[?, ?]"
