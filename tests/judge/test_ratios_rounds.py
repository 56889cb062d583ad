"""Rounds that another guest spoiled go whole, for everybody."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from support.results import make_timing, stolen_from
from whichext.judge.ratios import (
    MOST_DROPPED,
    STOLEN_SHARE,
    Theft,
    find_theft,
    stolen_share,
)
from whichext.model.judged import Round
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


def test_a_baseline_that_takes_two_turns_in_a_round_loses_no_more_rounds_for_it() -> None:
    theft = dict.fromkeys(ALL, 0.5)
    (once,) = race(theft)
    twice = replace(once, samples=(*once.samples, *once.samples))
    assert find_theft((twice,)) == find_theft((once,))


@pytest.mark.parametrize("turn", [0, 1])
def test_what_was_stolen_from_either_turn_of_a_round_spoils_it(turn: int) -> None:
    calm, stolen = race({}, {(0, 0): 0.5})
    turns = [calm.samples, calm.samples]
    turns[turn] = stolen.samples
    twice = replace(calm, samples=(*turns[0], *turns[1]))
    assert find_theft((twice,)).dropped == {(0, 0)}
