"""From turns to a ratio with an interval."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import combinations, islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from support.results import around, make_samples, make_timing, noisy, steady
from whichext.judge import ratios
from whichext.judge.ratios import direct_ratio, find_ratio
from whichext.model.ratio import Ratio
from whichext.model.raw import Sample, Timing
from whichext.race.plan import orders

CONFIDENCE = 0.95

Times = list[list[int]]

MOST_HALF_WIDTH = 300.0
"""As a logarithm; a ratio that is more than e to this power is no number any more."""


@st.composite
def races(draw: st.DrawFn) -> tuple[Times, Times]:
    """Times of a contestant and of the baseline in the same rounds, (n_epochs, n_rounds)."""
    n_epochs, n_rounds = draw(st.integers(2, 5)), draw(st.integers(1, 6))
    row = st.lists(st.integers(1_000, 10**9), min_size=n_rounds, max_size=n_rounds)
    table = st.lists(row, min_size=n_epochs, max_size=n_epochs)
    return draw(table), draw(table)


def per_epoch(one: Sequence[Sample], other: Sequence[Sample]) -> list[float]:
    """What each epoch says of turns against others."""
    ours, theirs = (Timing(contestant="", case="", samples=tuple(its)) for its in (one, other))
    return ratios.per_epoch(ours, theirs)


def known(epochs: list[float], confidence: float = CONFIDENCE) -> Ratio:
    """The ratio of such epochs, in a race without a twin."""
    ratio = find_ratio(epochs, confidence, noise=None)
    assert ratio is not None
    return ratio


def ratio_of(times: Times, baseline: Times) -> Ratio:
    epochs = per_epoch(make_samples(times, calls=1), make_samples(baseline, calls=1))
    return known(epochs)


def scaled(times: Times, factor: int) -> Times:
    return [[factor * time for time in row] for row in times]


def approx(ratio: Ratio) -> tuple[object, object, int]:
    return (
        pytest.approx(ratio.centre, abs=1e-9),
        pytest.approx(ratio.half_width, abs=1e-9),
        ratio.epochs,
    )


def parts(ratio: Ratio) -> tuple[float, float, int]:
    return ratio.centre, ratio.half_width, ratio.epochs


@given(races())
def test_swapping_contestant_and_baseline_mirrors_the_interval(race: tuple[Times, Times]) -> None:
    times, baseline = race
    forth, back = ratio_of(times, baseline), ratio_of(baseline, times)
    assert approx(forth.inverse) == parts(back)


@given(races(), st.integers(2, 1_000))
def test_another_unit_of_time_changes_nothing(race: tuple[Times, Times], factor: int) -> None:
    times, baseline = race
    expected = approx(ratio_of(times, baseline))
    assert expected == parts(ratio_of(scaled(times, factor), scaled(baseline, factor)))


@pytest.mark.slow
@given(races(), st.integers(2, 1_000))
def test_a_contestant_that_takes_c_times_as_long_has_c_times_the_ratio(
    race: tuple[Times, Times], factor: int
) -> None:
    times, baseline = race
    once = ratio_of(times, baseline)
    expected = approx(once.scaled(factor))
    assert expected == parts(ratio_of(scaled(times, factor), baseline))


@given(races(), st.integers(2, 1_000))
def test_the_number_of_calls_in_a_turn_does_not_matter(
    race: tuple[Times, Times], calls: int
) -> None:
    times, baseline = race
    epochs = per_epoch(make_samples(times, calls), make_samples(baseline, calls=1))
    assert approx(ratio_of(times, baseline)) == parts(known(epochs))


@pytest.mark.slow
@given(races(), st.randoms(use_true_random=False))
def test_the_order_in_which_samples_are_listed_does_not_matter(
    race: tuple[Times, Times], rng: random.Random
) -> None:
    times, baseline = (list(make_samples(side, calls=1)) for side in race)
    expected = per_epoch(times, baseline)
    rng.shuffle(times)
    rng.shuffle(baseline)
    assert expected == per_epoch(times, baseline)


@given(
    st.lists(st.integers(1_000, 2_000), min_size=3, max_size=11),
    st.integers(1, 10**9),
    st.data(),
)
def test_outliers_in_a_minority_of_rounds_leave_the_median_among_the_others(
    times: list[int], outlier: int, data: st.DataObject
) -> None:
    minority = data.draw(st.sets(st.integers(0, len(times) - 1), max_size=(len(times) - 1) // 2))
    disturbed = [outlier if n in minority else time for n, time in enumerate(times)]
    others = [time for n, time in enumerate(times) if n not in minority]
    baseline = make_samples([[1_000] * len(times)], calls=1)
    (found,) = per_epoch(make_samples([disturbed], calls=1), baseline)
    assert math.log(min(others) / 1_000) - 1e-12 <= found <= math.log(max(others) / 1_000) + 1e-12


@given(races())
def test_the_centre_is_the_mean_of_the_epochs_and_not_of_the_rounds(
    race: tuple[Times, Times],
) -> None:
    times, baseline = (make_samples(side, calls=1) for side in race)
    epochs = per_epoch(times, baseline)
    expected = pytest.approx(math.fsum(epochs) / len(epochs), abs=1e-9)
    assert expected == known(epochs).centre


def test_where_the_baseline_took_two_turns_in_a_round_each_of_them_counts() -> None:
    ours = make_samples([[100, 400]])
    first, second = make_samples([[100, 100]]), make_samples([[400, 100]])
    (found,) = per_epoch(ours, (*first, *second))  # medians of 0 and ln 4, and of -ln 4 and ln 4
    assert found == pytest.approx(math.log(4) / 4)


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
@pytest.mark.parametrize("stalls", [1, 2, 3])
def test_stalls_that_hit_equals_at_random_make_none_of_them_slower(
    rounds: int, stalls: int
) -> None:
    """The mean over all turns that they may hit, a third of which are the contestant's."""
    turns = range(3 * rounds)
    found = []
    for hit in combinations(turns, stalls):
        times = [1_000 + 300 * (turn in hit) for turn in turns]
        ours, first, second = (times[part::3] for part in range(3))
        baseline = (*make_samples([first]), *make_samples([second]))
        found += per_epoch(make_samples([ours]), baseline)
    assert math.fsum(found) == pytest.approx(0)


def test_an_equal_is_no_slower_where_the_first_turn_of_a_round_takes_longer() -> None:
    rng, epochs, rounds = random.Random(0), 2_000, 8
    taken: dict[str, list[Sample]] = {"baseline": [], "twin": [], "equal": []}
    for epoch in range(epochs):
        turns = orders(["baseline", *taken], rng)
        for number, order in enumerate(islice(turns, rounds)):
            for slot, name in enumerate(order):
                wall_ns = round(1_000_000 * (1.1 if slot == 0 else 1.0) * rng.gauss(1, 0.01))
                taken[name].append(Sample(epoch, number, slot, 1, wall_ns, wall_ns))
    found = per_epoch(taken["equal"], taken["baseline"])
    assert abs(math.fsum(found) / epochs) < 0.002


def test_the_baseline_is_itself_whatever_its_turns_were() -> None:
    samples = (*make_samples([[100, 400]]), *make_samples([[300, 7_000]]))
    assert per_epoch(samples, samples) == [0.0]


def test_a_round_that_the_contestant_sat_out_is_ignored() -> None:
    baseline = make_samples([[100, 7, 7_000]], calls=1)
    assert [math.log(2)] == pytest.approx(per_epoch(make_samples([[200]], calls=1), baseline))


def test_a_round_that_the_baseline_sat_out_is_ignored() -> None:
    times = make_samples([[200, 7, 7_000]], calls=1)
    assert [math.log(2)] == pytest.approx(per_epoch(times, make_samples([[100]], calls=1)))


def test_an_epoch_without_a_shared_round_does_not_count() -> None:
    times = make_samples([[200], [200], [200]], calls=1)
    assert len(per_epoch(times, make_samples([[100], [100]], calls=1))) == 2


def test_rounds_of_one_number_in_different_epochs_are_not_mixed_up() -> None:
    times = make_samples([[200], [900]], calls=1)
    baseline = make_samples([[100], [300]], calls=1)
    assert [math.log(2), math.log(3)] == pytest.approx(per_epoch(times, baseline))


def test_contestants_without_a_shared_round_have_no_epochs() -> None:
    ours, theirs = (Sample(0, number, 0, 1, 100, 100) for number in (0, 1))
    assert per_epoch([ours], [theirs]) == []


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=30),
    st.floats(0.5, 0.999),
)
def test_the_interval_is_students(epochs: list[float], confidence: float) -> None:
    count = len(epochs)
    student = stats.t.ppf(0.5 + confidence / 2, count - 1) * stats.sem(epochs)
    expected = 1.05 * student  # what stopping on precision costs
    assume(expected < MOST_HALF_WIDTH)
    assert pytest.approx(expected, rel=1e-6, abs=1e-12) == known(epochs, confidence).half_width


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30))
def test_more_confidence_never_gives_a_narrower_interval(epochs: list[float]) -> None:
    assert known(epochs, 0.8).half_width <= known(epochs, 0.99).half_width


def test_one_epoch_has_no_bounded_interval() -> None:
    assert known([0.25]) == around(0.25, math.inf, epochs=1)


def test_equal_epochs_have_an_interval_without_width() -> None:
    assert known([0.25] * 4) == around(0.25, 0.0, epochs=4)


def test_without_an_epoch_there_is_no_ratio() -> None:
    assert find_ratio([], CONFIDENCE, noise=None) is None


def test_two_without_a_shared_round_have_no_ratio() -> None:
    one, other = make_timing("one", [1_000] * 3), make_timing("other", [1_000] * 3, first_epoch=3)
    assert direct_ratio(one, other, CONFIDENCE, noise=None) is None


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_a_direct_ratio_has_the_confidence_asked_for(confidence: float) -> None:
    one, other = make_timing("one", noisy(2_000)), make_timing("other", steady(1_000))
    expected, found = (direct_ratio(one, other, c, noise=None) for c in (CONFIDENCE, confidence))
    assert expected is not None
    assert found is not None
    assert (found.value, found.epochs) == (expected.value, expected.epochs)
    assert (found.half_width < expected.half_width) == (confidence < CONFIDENCE)


def test_a_direct_ratio_keeps_the_noise_of_its_case() -> None:
    one, other = make_timing("one", noisy(2_000)), make_timing("other", steady(1_000))
    found = direct_ratio(one, other, CONFIDENCE, noise=0.02)
    assert found is not None
    assert found.noise == 0.02
