"""Rounds that another guest spoiled go whole, for everybody, and never too many of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import make_timing, stolen_from
from whichext.judge.contamination import MOST_DROPPED, STOLEN_SHARE, Round, spoiled_rounds, without
from whichext.scorecard import Timing

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
    assert spoiled_rounds(race({}, {})) == (frozenset(), 20)


def test_a_race_without_samples_has_no_rounds() -> None:
    assert spoiled_rounds((make_timing(OURS, []),)) == (frozenset(), 0)
    assert spoiled_rounds(()) == (frozenset(), 0)


def test_what_was_stolen_from_one_contestant_spoils_the_round_for_all() -> None:
    dropped, _ = spoiled_rounds(race({}, {(1, 2): 0.5}, {}))
    assert dropped == {(1, 2)}
    kept = {frozenset(places(without(timing, dropped))) for timing in race({}, {}, {})}
    assert kept == {frozenset(ALL) - {(1, 2)}}


@pytest.mark.parametrize(
    ("share", "expected"), [(STOLEN_SHARE, set()), (STOLEN_SHARE + 0.001, {(0, 0)})]
)
def test_a_round_is_spoiled_above_a_hundredth_of_a_turn(share: float, expected: set[Round]) -> None:
    assert spoiled_rounds(race({(0, 0): share}))[0] == expected


def test_shares_of_different_contestants_are_not_added_up() -> None:
    assert spoiled_rounds(race({(0, 0): 0.008}, {(0, 0): 0.008}))[0] == frozenset()


def test_a_round_in_which_not_all_took_part_is_still_a_round() -> None:
    slow = make_timing(OURS, [1_000] * EPOCHS, rounds=1)
    assert spoiled_rounds((*race({}), slow))[1] == len(ALL)


def test_beyond_three_tenths_the_least_spoiled_rounds_stay() -> None:
    worst = ALL[3:9]
    theft = dict.fromkeys(ALL, 0.2) | dict.fromkeys(worst, 0.6)
    assert spoiled_rounds(race(theft))[0] == set(worst)


def test_of_a_race_of_three_rounds_none_may_go() -> None:
    timing = stolen_from(make_timing(OURS, [1_000]), {(0, 1): 0.9})
    assert spoiled_rounds((timing,)) == (frozenset(), 3)


@given(thefts, thefts)
def test_never_more_than_three_tenths_go(one: Stolen, other: Stolen) -> None:
    dropped, rounds = spoiled_rounds(race(one, other))
    assert len(dropped) <= MOST_DROPPED * rounds


@given(thefts, thefts)
def test_who_is_named_first_does_not_matter(one: Stolen, other: Stolen) -> None:
    assert spoiled_rounds(race(one, other)) == spoiled_rounds(race(other, one))


@given(thefts, thefts)
def test_the_same_rounds_go_for_everybody(one: Stolen, other: Stolen) -> None:
    timings = race(one, other, {})
    dropped, _ = spoiled_rounds(timings)
    kept = [places(without(timing, dropped)) for timing in timings]
    assert kept == [set(ALL) - dropped] * 3


@given(thefts, thefts)
def test_only_spoiled_rounds_go_and_none_that_stays_is_worse(one: Stolen, other: Stolen) -> None:
    worst = {place: max(one.get(place, 0.0), other.get(place, 0.0)) for place in ALL}
    dropped, _ = spoiled_rounds(race(one, other))
    spoiled = {place for place, share in worst.items() if share > STOLEN_SHARE}
    assert dropped <= spoiled
    least_dropped = min((worst[place] for place in dropped), default=1.0)
    assert max((worst[p] for p in spoiled - dropped), default=0.0) <= least_dropped


@given(thefts)
def test_spoiled_rounds_stay_only_where_the_limit_was_reached(theft: Stolen) -> None:
    dropped, rounds = spoiled_rounds(race(theft))
    spoiled = {place for place, share in theft.items() if share > STOLEN_SHARE}
    assert len(dropped) == min(len(spoiled), int(MOST_DROPPED * rounds))


@given(thefts, st.integers(2, 1_000))
def test_a_contestants_speed_does_not_decide_which_rounds_go(theft: Stolen, factor: int) -> None:
    slow = stolen_from(make_timing(OURS, [1_000 * factor] * EPOCHS, rounds=ROUNDS), theft)
    assert spoiled_rounds((slow,)) == spoiled_rounds(race(theft))


@given(st.sets(st.sampled_from(ALL)))
def test_the_rest_of_a_timing_stays_as_it_was_and_in_order(gone: set[Round]) -> None:
    (timing,) = race({})
    left = without(timing, frozenset(gone))
    assert left.samples == tuple(s for s in timing.samples if (s.epoch, s.round) not in gone)
    assert (left.contestant, left.first_call_ns) == (timing.contestant, timing.first_call_ns)
