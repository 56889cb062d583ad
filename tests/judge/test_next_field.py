"""Who races another epoch: by the widths of intervals, never by what they say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import CRASHED, make_timing, noisy, steady, stolen_from
from whichext.judge.ratios import PrecisionReached, find_baseline
from whichext.model.raw import Timing

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset({BASELINE, OURS, OTHER})


def field(*timings: Timing, precision: float = 0.01, min_epochs: int = 5) -> frozenset[str]:
    return PrecisionReached(precision, min_epochs).staying(timings)


def race(**times_ns: list[float]) -> tuple[Timing, ...]:
    """Timings by the contestant's module or bare name."""
    names = {"numpy": BASELINE, "cy": OURS, "rust": OTHER}
    return tuple(make_timing(names[key], times) for key, times in times_ns.items())


@pytest.mark.parametrize("ours_ns", [500, 1_000, 2_000, 50_000])
def test_when_all_is_precise_nobody_races_on(ours_ns: float) -> None:
    assert field(*race(numpy=steady(1_000), cy=steady(ours_ns))) == NOBODY


def test_one_noisy_contestant_keeps_the_race_going_for_everybody() -> None:
    found = field(*race(numpy=steady(1_000), cy=steady(1_000), rust=noisy(1_000)))
    assert found == EVERYBODY


@pytest.mark.parametrize("ours_ns", [500, 1_000, 2_000])
def test_a_noisy_contestant_keeps_the_race_going_whatever_its_verdict(ours_ns: float) -> None:
    assert field(*race(numpy=steady(1_000), cy=noisy(ours_ns))) == {BASELINE, OURS}


def test_who_asks_for_less_precision_is_done_sooner() -> None:
    timings = race(numpy=steady(1_000), cy=[990, 1_000, 1_010, 1_020, 1_000])
    assert field(*timings) == {BASELINE, OURS}
    assert field(*timings, precision=0.03) == NOBODY


def test_who_is_hopeless_leaves_though_its_interval_is_wide() -> None:
    found = field(*race(numpy=steady(1_000), cy=noisy(9_000), rust=noisy(1_000)))
    assert found == {BASELINE, OTHER}


def test_when_only_the_hopeless_are_not_precise_nobody_races_on() -> None:
    assert field(*race(numpy=steady(1_000), cy=noisy(9_000), rust=steady(900))) == NOBODY


def test_who_is_slower_than_three_times_but_perhaps_not_stays() -> None:
    found = field(*race(numpy=steady(1_000), cy=[2_900, 3_900, 3_100, 3_500, 3_300]))
    assert found == {BASELINE, OURS}


def test_who_left_as_hopeless_does_not_come_back() -> None:
    timings = race(
        numpy=noisy(1_000, epochs=9), cy=steady(9_000, epochs=5), rust=noisy(1_100, epochs=9)
    )
    assert OURS not in field(*timings)


@pytest.mark.parametrize("epochs", [1, 2, 4])
def test_before_the_fewest_epochs_everybody_races_on(epochs: int) -> None:
    timings = race(
        numpy=steady(1_000, epochs), cy=steady(1_000, epochs), rust=steady(90_000, epochs)
    )
    assert field(*timings) == EVERYBODY


@given(st.integers(2, 9), st.integers(2, 9))
def test_equals_race_exactly_the_fewest_epochs(epochs: int, min_epochs: int) -> None:
    timings = race(numpy=[1_000.0] * epochs, cy=[1_000.0] * epochs)
    known = epochs >= max(min_epochs, 4)  # two for an interval, and two that do not decide
    expected = NOBODY if known else {BASELINE, OURS}
    assert field(*timings, min_epochs=min_epochs) == expected


def test_a_single_epoch_is_never_precise_enough() -> None:
    assert field(*race(numpy=[1_000], cy=[1_000]), min_epochs=1) == {BASELINE, OURS}


def test_who_left_the_race_does_not_keep_it_going() -> None:
    lost = make_timing(OTHER, noisy(1_000), ended=CRASHED)
    assert field(*race(numpy=steady(1_000), cy=steady(1_000)), lost) == NOBODY


def test_who_left_the_race_is_not_asked_to_race_on() -> None:
    lost = make_timing(OTHER, noisy(1_000), ended=CRASHED)
    assert field(*race(numpy=steady(1_000), cy=noisy(1_000)), lost) == {BASELINE, OURS}


def test_who_shares_no_round_with_the_baseline_keeps_the_race_going() -> None:
    assert field(*race(numpy=steady(1_000), cy=[])) == {BASELINE, OURS}


def test_a_newcomer_has_its_own_fewest_epochs() -> None:
    old = race(numpy=steady(1_000, epochs=7))
    new = make_timing(OURS, steady(1_000, epochs=2), first_epoch=5)
    assert field(*old, new) == {BASELINE, OURS}


def test_where_nobody_could_race_nobody_races_on() -> None:
    assert field() == NOBODY
    assert field(*(make_timing(name, [], ended=CRASHED) for name in (BASELINE, OURS))) == NOBODY


@pytest.mark.parametrize("epochs", [1, 4])
def test_a_single_contestant_races_alone_until_the_fewest_epochs(epochs: int) -> None:
    assert field(*race(numpy=noisy(1_000, epochs))) == {BASELINE}


def test_a_single_contestant_is_done_after_the_fewest_epochs() -> None:
    assert field(*race(numpy=noisy(1_000, epochs=5))) == NOBODY


def test_where_the_baseline_left_the_next_one_is_held_against() -> None:
    lost = make_timing(BASELINE, [9_000.0] * 5, ended=CRASHED)
    found = field(lost, *race(cy=steady(1_000), rust=noisy(9_000)))
    assert found == NOBODY


def test_spoiled_rounds_do_not_count() -> None:
    noise = [1_500.0] + [1_000.0] * 9
    timings = race(numpy=[1_000.0] * 10, cy=noise)
    assert field(*timings) == {BASELINE, OURS}
    stolen = stolen_from(timings[1], {(0, number): 0.5 for number in range(3)})
    assert field(timings[0], stolen) == NOBODY


def test_an_epoch_whose_rounds_are_all_spoiled_does_not_count_among_the_fewest() -> None:
    timings = race(numpy=steady(1_000), cy=steady(1_000))
    stolen = stolen_from(timings[1], {(4, number): 0.5 for number in range(3)})
    assert field(timings[0], stolen) == {BASELINE, OURS}


epoch_times = st.lists(st.floats(900, 1_100), min_size=5, max_size=5)


@given(epoch_times, epoch_times, epoch_times, st.sampled_from([0.25, 0.5, 2.0, 16.0]))
def test_another_unit_of_time_changes_nothing(
    base: list[float], one: list[float], other: list[float], factor: float
) -> None:
    def scaled(by: float) -> frozenset[str]:
        times = {"numpy": base, "cy": one, "rust": [4 * ns for ns in other]}
        return field(*race(**{name: [by * ns for ns in row] for name, row in times.items()}))

    assert scaled(1.0) == scaled(factor)


@given(epoch_times, epoch_times, st.floats(-0.05, 0.05))
def test_near_a_tie_who_races_on_depends_on_the_width_and_never_on_the_verdict(
    base: list[float], ours: list[float], shift: float
) -> None:
    # At a precision of 2 % the demand is the same up to a ratio of 1.48.
    factor = math.exp(shift)
    here = field(*race(numpy=base, cy=ours), precision=0.02)
    there = field(*race(numpy=base, cy=[factor * ns for ns in ours]), precision=0.02)
    assert here == there


@given(epoch_times, epoch_times)
def test_who_is_the_baseline_does_not_decide_whether_two_race_on(
    one: list[float], other: list[float]
) -> None:
    forth, back = race(numpy=one, cy=other), race(cy=other, numpy=one)
    assert field(*forth) == field(*back)


@given(epoch_times, epoch_times, epoch_times)
def test_the_baseline_races_on_whenever_anybody_does(
    base: list[float], one: list[float], other: list[float]
) -> None:
    found = field(*race(numpy=base, cy=one, rust=other))
    assert BASELINE in found or not found


def test_the_first_that_stayed_is_the_baseline() -> None:
    lost = make_timing(BASELINE, [1_000], ended=CRASHED)
    ours, other = race(cy=[1_000], rust=[1_000])
    assert find_baseline((lost, make_timing(OTHER, []), ours, other)) is ours
