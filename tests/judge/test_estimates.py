"""A contestant's samples, held against the baseline's and the limit's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    BYTES_MOVED,
    INPUT_BYTES,
    around,
    make_course,
    make_samples,
    make_timing,
    noisy,
    steady,
)
from whichext.judge.estimates import Scale, bounds, direct_ratio, estimate
from whichext.judge.verdicts import CONFIDENCE, Zones
from whichext.model.estimate import Estimate, Verdict
from whichext.model.scorecard import Course, Timing

BASELINE, OURS, LIMIT = "numpy", "cy.total", "limit[1]"

epoch_times = st.lists(st.floats(100, 10_000), min_size=2, max_size=6)


def held(
    timing: Timing, baseline: Timing, limit: Timing | None = None, course: Course | None = None
) -> Estimate:
    """An estimate on a machine without noise, at the default precision."""
    return estimate(timing, limit, Scale(baseline, course or make_course(), Zones(), 0.01))


def estimated(ours_ns: Sequence[float], baseline_ns: Sequence[float]) -> Estimate:
    """Estimate of a contestant from one time per epoch of each side."""
    return held(make_timing(OURS, ours_ns), make_timing(BASELINE, baseline_ns))


def shared(
    ours_ns: Sequence[float], limit_ns: Sequence[float], course: Course | None = None
) -> Estimate:
    """Estimate of a contestant that is the baseline itself, beside a limit."""
    ours = make_timing(OURS, ours_ns)
    return held(ours, ours, make_timing(LIMIT, limit_ns), course)


def test_twice_the_time_is_a_ratio_of_two() -> None:
    assert estimated([2_000] * 5, [1_000] * 5).ratio == pytest.approx(2)


def test_the_interval_lies_around_the_ratio() -> None:
    found = estimated(noisy(2_000), [1_000] * 5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.ratio < found.high


def test_ratio_and_interval_the_other_way_round_are_one_over_them() -> None:
    forth, back = estimated(noisy(2_000), steady(900)), estimated(steady(900), noisy(2_000))
    assert forth.low is not None
    assert forth.high is not None
    expected = pytest.approx((1 / forth.high, 1 / forth.ratio, 1 / forth.low))
    assert expected == (back.low, back.ratio, back.high)


def test_one_epoch_gives_no_interval() -> None:
    found = estimated([2_000], [1_000])
    assert (found.low, found.high) == (None, None)


def test_one_epoch_is_unresolved_and_needs_a_second_one() -> None:
    found = estimated([2_000], [1_000])
    assert (found.verdict, found.epochs_needed) == (Verdict.UNRESOLVED, 2)


def test_the_epochs_are_those_that_both_raced() -> None:
    assert estimated(steady(2_000, epochs=4), steady(1_000, epochs=7)).epochs == 4


def test_the_baseline_against_itself_is_exactly_one() -> None:
    timing = make_timing(BASELINE, noisy(1_000))
    found = held(timing, timing)
    assert (found.low, found.ratio, found.high) == (1.0, 1.0, 1.0)


def test_the_baseline_needs_no_epochs_though_one_epoch_resolves_nothing() -> None:
    timing = make_timing(BASELINE, [1_000])
    assert held(timing, timing).verdict is Verdict.BASELINE


def test_times_of_one_call_are_over_all_samples() -> None:
    samples = make_samples([[3, 5], [4, 40], [2, 4]], calls=10)
    timing = Timing(contestant=OURS, case="small", samples=samples)
    found = held(timing, timing)
    assert (found.median_ns, found.best_ns) == (4.0, 2.0)


def test_the_rate_is_bytes_per_second_of_median_time() -> None:
    assert math.isclose(4.8e9, estimated([1_000] * 3, [1_000] * 3).bytes_per_s)


@pytest.mark.parametrize(
    ("ours_ns", "verdict"),
    [(500, Verdict.FASTER), (1_000, Verdict.TIE), (2_000, Verdict.SLOWER)],
)
def test_who_is_resolved_needs_no_more_epochs(ours_ns: float, verdict: Verdict) -> None:
    found = estimated(steady(ours_ns), steady(1_000))
    assert (found.verdict, found.epochs_needed) == (verdict, 0)


@given(epoch_times, epoch_times)
def test_who_is_unresolved_and_nobody_else_needs_more_epochs_than_it_has(
    ours_ns: list[float], baseline_ns: list[float]
) -> None:
    found = estimated(ours_ns, baseline_ns)
    unresolved = found.verdict is Verdict.UNRESOLVED
    assert unresolved == (found.epochs_needed > found.epochs)
    assert unresolved == (found.epochs_needed > 0)


def test_the_epochs_that_are_needed_are_to_the_border_that_the_noise_allows() -> None:
    times = [1_080.0, 1_150.0, 1_050.0, 1_110.0, 1_010.0]
    ours, base = make_timing(OURS, times), make_timing(BASELINE, [1_000] * 5)
    quiet, loud = (
        estimate(ours, None, Scale(base, make_course(), Zones.above(floor), 0.01))
        for floor in (0.0, 0.05)
    )
    assert (quiet.verdict, loud.verdict) == (Verdict.UNRESOLVED, Verdict.UNRESOLVED)
    assert loud.epochs_needed > quiet.epochs_needed > 5


def test_without_a_limit_there_is_no_share() -> None:
    found = estimated([1_000] * 5, [1_000] * 5)
    assert (found.share, found.share_low, found.share_high) == (None, None, None)


def test_where_the_bytes_of_the_inputs_are_not_known_there_is_no_share() -> None:
    course = make_course(input_bytes=0)
    assert shared([1_000] * 5, [1_000] * 5, course).share is None


def test_one_epoch_gives_no_share_since_it_gives_no_interval() -> None:
    found = shared([1_000], [1_000])
    assert (found.share, found.share_low, found.share_high) == (None, None, None)


def test_who_shares_no_round_with_the_limit_has_no_share() -> None:
    ours = make_timing(OURS, [1_000] * 3)
    limit = make_timing(LIMIT, [1_000] * 3, first_epoch=3)
    assert held(ours, ours, limit).share is None


def test_who_moves_the_limits_bytes_in_its_time_is_at_the_limit() -> None:
    course = make_course(bytes_moved=INPUT_BYTES)
    found = shared([1_000] * 5, [1_000] * 5, course)
    assert (found.share_low, found.share, found.share_high) == (1.0, 1.0, 1.0)


def test_twice_the_limits_time_is_half_the_limit() -> None:
    course = make_course(bytes_moved=INPUT_BYTES)
    assert shared([2_000] * 5, [1_000] * 5, course).share == pytest.approx(0.5)


def test_the_share_counts_the_bytes_that_each_of_them_moves() -> None:
    # The contestant moves half as much again as the limit, in three times its time.
    assert BYTES_MOVED / INPUT_BYTES == 1.5
    assert shared([3_000] * 5, [1_000] * 5).share == pytest.approx(0.5)


@given(epoch_times, epoch_times)
def test_the_share_is_the_rate_over_the_limits_with_its_interval_turned_round(
    ours_ns: list[float], limit_ns: list[float]
) -> None:
    found = shared(ours_ns, limit_ns)
    # The contestant held against the limit as any other is against a baseline.
    ratio = held(make_timing(OURS, ours_ns), make_timing(LIMIT, limit_ns))
    more = BYTES_MOVED / INPUT_BYTES
    if ratio.low is None or ratio.high is None:
        assert found.share is None
    else:
        expected = (more / ratio.high, more / ratio.ratio, more / ratio.low)
        assert (found.share_low, found.share, found.share_high) == pytest.approx(expected)


@given(epoch_times, epoch_times)
def test_the_share_lies_inside_its_interval(ours_ns: list[float], limit_ns: list[float]) -> None:
    found = shared(ours_ns, limit_ns)
    if found.share is not None and found.share_low is not None and found.share_high is not None:
        assert found.share_low <= found.share * (1 + 1e-12)
        assert found.share <= found.share_high * (1 + 1e-12)


def test_the_share_does_not_depend_on_the_baseline() -> None:
    ours, limit = make_timing(OURS, noisy(2_000)), make_timing(LIMIT, steady(1_000))
    found = [
        held(ours, make_timing(BASELINE, times), limit).share
        for times in (steady(500), noisy(9_000))
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_a_direct_ratio_has_the_confidence_asked_for(confidence: float) -> None:
    one, other = make_timing(OURS, noisy(2_000)), make_timing(BASELINE, steady(1_000))
    expected = direct_ratio(one, other, CONFIDENCE)
    found = direct_ratio(one, other, confidence)
    assert (found.centre, found.epochs) == (expected.centre, expected.epochs)
    assert (found.half_width < expected.half_width) == (confidence < CONFIDENCE)


def test_bounds_are_ratios() -> None:
    assert bounds(around(0.0, math.log(2))) == pytest.approx((0.5, 2.0))


def test_an_interval_without_an_end_has_no_bounds() -> None:
    assert bounds(around(0.0, math.inf)) == (None, None)
