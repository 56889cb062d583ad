"""What a contestant's samples amount to, what its first calls do, and which threads were busy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from support.contestants import BYTES_MOVED, INPUT_BYTES
from support.results import make_samples, make_timing, noisy, steady
from whichext.judge.estimates import Scale, busy_threads, estimate, find_first_calls
from whichext.model.insight import FirstCall
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Timing

BASELINE, OURS, LIMIT = "numpy", "cy.total", "limit[1]"

epoch_times = st.lists(st.floats(100, 10_000), min_size=2, max_size=6)


def scale(
    baseline: Timing,
    bytes_moved: int = BYTES_MOVED,
    input_bytes: int | None = INPUT_BYTES,
    noise: float | None = None,
) -> Scale:
    return Scale(baseline, bytes_moved, input_bytes, noise, precision=0.01)


def held(
    timing: Timing,
    baseline: Timing,
    limit: Timing | None = None,
    **others: Any,
) -> Measured:
    """What is measured on a machine without noise, at the default precision."""
    found = estimate(timing, limit, scale(baseline, **others))
    assert found is not None
    return found


def estimated(ours_ns: Sequence[float], baseline_ns: Sequence[float]) -> Measured:
    """Estimate of a contestant from one time per epoch of each side."""
    return held(make_timing(OURS, ours_ns), make_timing(BASELINE, baseline_ns))


def shared(ours_ns: Sequence[float], limit_ns: Sequence[float], **others: Any) -> Measured:
    """Estimate of a contestant that is the baseline itself, beside a limit."""
    ours = make_timing(OURS, ours_ns)
    return held(ours, ours, make_timing(LIMIT, limit_ns), **others)


def share_of(ours_ns: Sequence[float], limit_ns: Sequence[float], **others: Any) -> Ratio:
    """Its share of the limit, which must be known."""
    found = shared(ours_ns, limit_ns, **others).of_limit
    assert found is not None
    return found


def test_who_shares_no_round_with_the_baseline_has_no_estimate() -> None:
    ours, base = make_timing(OURS, [1_000]), make_timing(BASELINE, [1_000], first_epoch=1)
    assert estimate(ours, None, scale(base)) is None


def test_twice_the_time_is_a_ratio_of_two() -> None:
    assert estimated([2_000] * 5, [1_000] * 5).ratio.value == pytest.approx(2)


def test_the_interval_lies_around_the_ratio() -> None:
    ratio = estimated(noisy(2_000), [1_000] * 5).ratio
    assert (ratio.low or 0) < ratio.value < (ratio.high or 0)


def test_ratio_and_interval_the_other_way_round_are_one_over_them() -> None:
    forth, back = (
        estimated(*times).ratio
        for times in ((noisy(2_000), steady(900)), (steady(900), noisy(2_000)))
    )
    assert (back.centre, back.half_width) == pytest.approx((-forth.centre, forth.half_width))


def test_one_epoch_gives_no_interval() -> None:
    ratio = estimated([2_000], [1_000]).ratio
    assert (ratio.low, ratio.high) == (None, None)


def test_one_epoch_is_unresolved_and_needs_a_second_one() -> None:
    found = estimated([2_000], [1_000])
    assert (found.ratio.verdict, found.epochs_needed) == (Verdict.UNRESOLVED, 2)


def test_the_epochs_are_those_that_both_raced() -> None:
    assert estimated(steady(2_000, epochs=4), steady(1_000, epochs=7)).ratio.epochs == 4


def test_the_baseline_against_itself_is_exactly_one() -> None:
    timing = make_timing(BASELINE, noisy(1_000))
    ratio = held(timing, timing).ratio
    assert (ratio.low, ratio.value, ratio.high) == (1.0, 1.0, 1.0)


def test_the_baseline_needs_no_epochs_though_one_epoch_resolves_nothing() -> None:
    timing = make_timing(BASELINE, [1_000])
    found = held(timing, timing)
    assert (found.ratio.verdict, found.epochs_needed) == (Verdict.BASELINE, None)


def test_times_of_one_call_are_over_all_samples() -> None:
    samples = make_samples([[3, 5], [4, 40], [2, 4]], calls=10)
    timing = Timing(contestant=OURS, case="small", samples=samples)
    assert held(timing, timing).median_ns == 4.0


def test_the_rate_is_bytes_per_second_of_median_time() -> None:
    assert estimated([1_000] * 3, [1_000] * 3).bytes_per_s == pytest.approx(4.8e9)


@pytest.mark.parametrize(
    ("ours_ns", "verdict"),
    [(500, Verdict.FASTER), (1_000, Verdict.TIE), (2_000, Verdict.SLOWER)],
)
def test_who_is_resolved_needs_no_more_epochs(ours_ns: float, verdict: Verdict) -> None:
    found = estimated(steady(ours_ns), steady(1_000))
    assert (found.ratio.verdict, found.epochs_needed) == (verdict, None)


@given(epoch_times, epoch_times)
def test_who_is_unresolved_and_nobody_else_needs_more_epochs_than_it_has(
    ours_ns: list[float], baseline_ns: list[float]
) -> None:
    found = estimated(ours_ns, baseline_ns)
    unresolved = found.ratio.verdict is Verdict.UNRESOLVED
    assert unresolved == (found.epochs_needed is not None)
    assert found.epochs_needed is None or found.epochs_needed > found.ratio.epochs


def test_the_epochs_that_are_needed_are_to_the_border_that_the_noise_allows() -> None:
    times = [1_080.0, 1_160.0, 1_050.0, 1_110.0, 1_000.0]
    ours, base = make_timing(OURS, times), make_timing(BASELINE, [1_000] * 5)
    quiet, loud = (held(ours, base, noise=noise) for noise in (0.0, 0.05))
    assert {quiet.ratio.verdict, loud.ratio.verdict} == {Verdict.UNRESOLVED}
    assert (loud.epochs_needed or 0) > (quiet.epochs_needed or 0) > 5


def test_without_a_limit_there_is_no_share() -> None:
    assert estimated([1_000] * 5, [1_000] * 5).of_limit is None


def test_where_the_bytes_of_the_inputs_are_not_known_there_is_no_share() -> None:
    assert shared([1_000] * 5, [1_000] * 5, input_bytes=None).of_limit is None


def test_one_epoch_gives_no_share_since_it_gives_no_interval() -> None:
    assert shared([1_000], [1_000]).of_limit is None


def test_who_shares_no_round_with_the_limit_has_no_share() -> None:
    ours = make_timing(OURS, [1_000] * 3)
    limit = make_timing(LIMIT, [1_000] * 3, first_epoch=3)
    assert held(ours, ours, limit).of_limit is None


def test_who_moves_the_limits_bytes_in_its_time_is_at_the_limit() -> None:
    share = share_of([1_000] * 5, [1_000] * 5, bytes_moved=INPUT_BYTES)
    assert (share.low, share.value, share.high) == (1.0, 1.0, 1.0)


def test_twice_the_limits_time_is_half_the_limit() -> None:
    share = share_of([2_000] * 5, [1_000] * 5, bytes_moved=INPUT_BYTES)
    assert share.value == pytest.approx(0.5)


def test_the_share_counts_the_bytes_that_each_of_them_moves() -> None:
    # The contestant moves half as much again as the limit, in three times its time.
    assert BYTES_MOVED / INPUT_BYTES == 1.5
    assert share_of([3_000] * 5, [1_000] * 5).value == pytest.approx(0.5)


@given(epoch_times, epoch_times)
def test_the_share_is_the_rate_over_the_limits_with_its_interval_turned_round(
    ours_ns: list[float], limit_ns: list[float]
) -> None:
    share = share_of(ours_ns, limit_ns)
    # The contestant held against the limit as any other is against a baseline.
    ratio = held(make_timing(OURS, ours_ns), make_timing(LIMIT, limit_ns)).ratio
    expected = ratio.inverse.scaled(BYTES_MOVED / INPUT_BYTES)
    assert (share.centre, share.half_width) == pytest.approx((expected.centre, expected.half_width))


@given(epoch_times, epoch_times)
def test_the_share_lies_inside_its_interval(ours_ns: list[float], limit_ns: list[float]) -> None:
    share = share_of(ours_ns, limit_ns)
    assert (share.low or 0) <= share.value * (1 + 1e-12)
    assert share.value <= (share.high or 0) * (1 + 1e-12)


def test_the_share_does_not_depend_on_the_baseline() -> None:
    ours, limit = make_timing(OURS, noisy(2_000)), make_timing(LIMIT, steady(1_000))
    found = [
        held(ours, make_timing(BASELINE, times), limit).of_limit
        for times in (steady(500), noisy(9_000))
    ]
    assert found[0] == found[1]


def test_import_and_first_call_are_medians_over_epochs() -> None:
    timing = replace(
        make_timing("numpy", [1_000] * 3),
        import_ns=(5_000_000, 1_000_000, 2_000_000),
        first_call_ns=(9_000, 3_000, 4_000),
    )
    assert find_first_calls((timing,), ["numpy"]) == (
        FirstCall(contestant="numpy", import_ns=2_000_000, first_call_ns=4_000),
    )


def test_yardsticks_are_not_among_them() -> None:
    timings = tuple(make_timing(name, [1_000]) for name in ("numpy", "limit[1]"))
    assert [one.contestant for one in find_first_calls(timings, ["numpy"])] == ["numpy"]


def test_a_contestant_that_never_made_a_first_call_is_not_among_them() -> None:
    assert find_first_calls((make_timing("cy.total", []),), ["cy.total"]) == ()


def test_an_import_that_was_not_noted_is_not_known() -> None:
    timing = replace(make_timing("numpy", [1_000]), import_ns=())
    (found,) = find_first_calls((timing,), ["numpy"])
    assert found.import_ns is None


def timing_of(seen: int | None, *kept_busy: float) -> Timing:
    """A timing with a census, and so many processors kept busy in each of its turns."""
    plain = make_timing("cy.total[2]", [1_000.0] * len(kept_busy), rounds=1)
    samples = (
        replace(sample, cpu_ns=round(busy * sample.wall_ns))
        for sample, busy in zip(plain.samples, kept_busy, strict=True)
    )
    return replace(plain, samples=tuple(samples), threads_seen=seen)


@pytest.mark.parametrize(
    ("seen", "kept_busy", "busy"),
    [
        (2, (2.0, 2.0, 2.0), 2),
        (1, (1.0, 1.9, 1.95), 2),  # another program had the other processor during the census
        (12, (1.9, 2.0, 1.9), 12),  # twelve threads on two processors
        (1, (1.0, 1.0, 1.9), 1),  # one turn is no witness
    ],
)
def test_the_greater_of_census_and_processor_time_counts(
    seen: int, kept_busy: tuple[float, ...], busy: int
) -> None:
    assert busy_threads(timing_of(seen, *kept_busy)) == busy


def test_calls_that_were_too_short_for_a_census_stay_unknown() -> None:
    assert busy_threads(timing_of(None, 2.0, 2.0)) is None


def test_who_left_before_the_first_turn_has_the_census_alone() -> None:
    assert busy_threads(timing_of(3)) == 3
