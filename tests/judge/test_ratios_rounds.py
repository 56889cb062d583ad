"""Rounds that another guest spoiled go whole, for everybody; when an interval is narrow enough."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import around, make_timing, stolen_from
from whichext.judge.ratios import (
    MOST_DROPPED,
    STOLEN_SHARE,
    Theft,
    find_theft,
    is_hopeless,
    is_precise,
    stolen_share,
)
from whichext.model.judged import Round
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Sample, Timing
from whichext.model.view import without

BASELINE, OURS = "numpy", "cy.total"
EPOCHS, ROUNDS = 4, 5
ALL = [(epoch, number) for epoch in range(EPOCHS) for number in range(ROUNDS)]

Stolen = Mapping[Round, float]

# Whole percents, so that rounding a time to nanoseconds keeps the order of the shares.
shares = st.integers(0, 100).map(lambda percent: percent / 100)
thefts = st.dictionaries(st.sampled_from(ALL), shares)


def race(*thefts: Stolen) -> tuple[Timing, ...]:
    """Contestants with four epochs of five rounds each, and what was stolen from each."""
    return tuple(
        stolen_from(make_timing(f"p{n}.total", [1_000] * EPOCHS, rounds=ROUNDS), theft)
        for n, theft in enumerate(thefts)
    )


def places(timing: Timing) -> set[Round]:
    return {(sample.epoch, sample.round) for sample in timing.samples}


def test_on_a_quiet_machine_no_round_goes() -> None:
    assert find_theft(race({}, {})) == Theft(frozenset(), 0, 20)


def test_a_race_without_samples_has_no_rounds() -> None:
    assert find_theft((make_timing(OURS, []),)) == Theft(frozenset(), 0, 0)
    assert find_theft(()) == Theft(frozenset(), 0, 0)


def test_what_was_stolen_from_one_contestant_spoils_the_round_for_all() -> None:
    dropped = find_theft(race({}, {(1, 2): 0.5}, {})).dropped
    assert dropped == {(1, 2)}
    kept = {frozenset(places(without(timing, dropped))) for timing in race({}, {}, {})}
    assert kept == {frozenset(ALL) - {(1, 2)}}


@pytest.mark.parametrize(
    ("share", "expected"), [(STOLEN_SHARE, set()), (STOLEN_SHARE + 0.001, {(0, 0)})]
)
def test_a_round_is_spoiled_above_a_hundredth_of_a_turn(share: float, expected: set[Round]) -> None:
    assert find_theft(race({(0, 0): share})).dropped == expected


def test_shares_of_different_contestants_are_not_added_up() -> None:
    assert find_theft(race({(0, 0): 0.008}, {(0, 0): 0.008})).dropped == frozenset()


def test_a_round_in_which_not_all_took_part_is_still_a_round() -> None:
    slow = make_timing(OURS, [1_000] * EPOCHS, rounds=1)
    assert find_theft((*race({}), slow)).rounds == len(ALL)


def test_beyond_three_tenths_the_least_spoiled_rounds_stay() -> None:
    worst = ALL[3:9]
    theft = dict.fromkeys(ALL, 0.2) | dict.fromkeys(worst, 0.6)
    assert find_theft(race(theft)).dropped == set(worst)


def test_of_a_race_of_three_rounds_none_may_go_and_the_spoiled_one_still_counts_as_such() -> None:
    timing = stolen_from(make_timing(OURS, [1_000]), {(0, 1): 0.9})
    assert find_theft((timing,)) == Theft(frozenset(), 1, 3)


@pytest.mark.parametrize("epochs", [2, 3, 5])
def test_where_half_of_every_turn_was_stolen_every_round_is_spoiled(epochs: int) -> None:
    timing = make_timing(OURS, [1_000] * epochs, rounds=1)
    theft = find_theft((stolen_from(timing, {(epoch, 0): 0.5 for epoch in range(epochs)}),))
    assert (theft.spoiled, theft.rounds) == (epochs, epochs)


def sample(wall_ns: int, cpu_ns: int, stolen_ns: int) -> Sample:
    return Sample(0, 0, 0, 1, wall_ns, cpu_ns, stolen_ns)


@pytest.mark.parametrize(
    ("threads", "share"), [(0.5, 0.1), (1, 0.1), (2, 0.05), (64, 0.1 / 64)], ids=str
)
def test_what_was_stolen_is_held_against_the_processors_that_the_turn_kept_busy(
    threads: float, share: float
) -> None:
    turn = sample(100_000_000, round(threads * 100_000_000), 10_000_000)
    assert stolen_share(turn) == pytest.approx(share)


def test_a_serial_turn_that_lost_half_of_its_time_did_so_on_a_machine_of_any_size() -> None:
    assert stolen_share(sample(100_000_000, 50_000_000, 50_000_000)) == 0.5


def test_a_turn_without_any_time_is_no_error() -> None:
    assert stolen_share(sample(0, 0, 0)) == 0.0


@given(thefts, thefts)
def test_never_more_than_three_tenths_go(one: Stolen, other: Stolen) -> None:
    theft = find_theft(race(one, other))
    assert len(theft.dropped) <= MOST_DROPPED * theft.rounds


@given(thefts, thefts)
def test_who_is_named_first_does_not_matter(one: Stolen, other: Stolen) -> None:
    assert find_theft(race(one, other)) == find_theft(race(other, one))


@given(thefts, thefts)
def test_the_same_rounds_go_for_everybody(one: Stolen, other: Stolen) -> None:
    timings = race(one, other, {})
    dropped = find_theft(timings).dropped
    kept = [places(without(timing, dropped)) for timing in timings]
    assert kept == [set(ALL) - dropped] * 3


@given(thefts, thefts)
def test_only_spoiled_rounds_go_and_none_that_stays_is_worse(one: Stolen, other: Stolen) -> None:
    worst = {place: max(one.get(place, 0.0), other.get(place, 0.0)) for place in ALL}
    theft = find_theft(race(one, other))
    dropped = theft.dropped
    spoiled = {place for place, share in worst.items() if share > STOLEN_SHARE}
    assert theft.spoiled == len(spoiled)
    assert dropped <= spoiled
    least_dropped = min((worst[place] for place in dropped), default=1.0)
    assert max((worst[p] for p in spoiled - dropped), default=0.0) <= least_dropped


@given(thefts)
def test_spoiled_rounds_stay_only_where_the_limit_was_reached(theft: Stolen) -> None:
    found = find_theft(race(theft))
    assert len(found.dropped) == min(found.spoiled, int(MOST_DROPPED * found.rounds))


@given(thefts, st.integers(2, 1_000))
def test_a_contestants_speed_does_not_decide_which_rounds_go(theft: Stolen, factor: int) -> None:
    slow = stolen_from(make_timing(OURS, [1_000 * factor] * EPOCHS, rounds=ROUNDS), theft)
    assert find_theft((slow,)) == find_theft(race(theft))


@given(st.sets(st.sampled_from(ALL)))
def test_the_rest_of_a_timing_stays_as_it_was_and_in_order(gone: set[Round]) -> None:
    (timing,) = race({})
    left = without(timing, frozenset(gone))
    assert left.samples == tuple(s for s in timing.samples if (s.epoch, s.round) not in gone)
    assert (left.contestant, left.first_call_ns) == (timing.contestant, timing.first_call_ns)


ONE_PERCENT = math.log1p(0.01)

centres = st.floats(-5, 5)
half_widths = st.floats(0, 0.3) | st.floats(0, 5) | st.just(math.inf)
precisions = st.floats(0.001, 0.2)


def interval(low: float, high: float) -> Ratio:
    """An interval of logarithms of ratios."""
    return around((low + high) / 2, (high - low) / 2)


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


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (around(math.log(2.999), 0.0), False),
        (around(math.log(3.001), 0.0), True),
        (interval(1.2, 5.0), True),
        (interval(1.0, 5.0), False),
        (interval(-2.0, -1.5), False),
    ],
)
def test_hopeless_is_whose_whole_interval_lies_above_three_times(
    ratio: Ratio, expected: bool
) -> None:
    assert expected is is_hopeless(ratio)


def test_one_epoch_alone_makes_nobody_hopeless() -> None:
    assert not is_hopeless(around(math.log(100), math.inf, epochs=1))


@given(centres, half_widths)
def test_who_is_hopeless_is_slower(centre: float, half_width: float) -> None:
    ratio = around(centre, half_width)
    assert not is_hopeless(ratio) or ratio.verdict is Verdict.SLOWER
