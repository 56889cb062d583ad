"""The turns of an epoch: how many calls, how many rounds, and in which order."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichext.race.plan import (
    SAMPLE_NS,
    START_NS,
    Pace,
    find_block,
    find_most_calls,
    find_pace,
    orders,
)

NAMES = st.lists(st.text(min_size=1), unique=True, max_size=8)
MANY_ROUNDS = 10**6


def some_orders(names: list[str], seed: int, count: int = 10) -> list[list[str]]:
    return list(islice(orders(names, random.Random(seed)), count))


@pytest.mark.slow
@given(NAMES, st.integers())
def test_everyone_has_exactly_one_turn_in_every_order(names: list[str], seed: int) -> None:
    assert all(sorted(order) == sorted(names) for order in some_orders(names, seed))


@given(NAMES, st.integers())
def test_every_second_order_is_the_mirror_of_the_one_before(names: list[str], seed: int) -> None:
    found = some_orders(names, seed)
    assert found[1::2] == [order[::-1] for order in found[0::2]]


@given(NAMES, st.integers())
def test_the_same_seed_gives_the_same_orders(names: list[str], seed: int) -> None:
    assert some_orders(names, seed) == some_orders(names, seed)


@given(NAMES, st.integers())
def test_the_list_of_names_is_left_as_it_was(names: list[str], seed: int) -> None:
    before = names.copy()
    some_orders(names, seed)
    assert names == before


def test_in_pairs_of_rounds_everyone_has_the_same_mean_position() -> None:
    for order, mirror in zip(*[iter(some_orders(list("abcde"), seed=1))] * 2, strict=True):
        assert {order.index(name) + mirror.index(name) for name in "abcde"} == {4}


def test_each_pair_of_rounds_is_drawn_anew() -> None:
    assert len({tuple(order) for order in some_orders(list("abcdefgh"), seed=0)}) == 10


def test_every_order_of_three_comes_up() -> None:
    found = {tuple(order) for order in some_orders(list("abc"), seed=0, count=200)}
    assert len(found) == 6


@given(st.integers(1, SAMPLE_NS))
def test_a_turn_of_short_calls_takes_about_the_time_of_a_sample(call_ns: int) -> None:
    calls = find_pace(call_ns, most_rounds=8).calls
    assert 2 / 3 <= calls * call_ns / SAMPLE_NS <= 4 / 3


@given(st.integers(SAMPLE_NS * 2, 10**13))
def test_a_long_call_is_timed_alone(call_ns: int) -> None:
    assert find_pace(call_ns, most_rounds=8).calls == 1


@given(st.integers(-5, 10**15), st.integers(1, 100))
def test_no_turn_is_without_a_call_and_no_epoch_without_a_round(call_ns: int, most: int) -> None:
    pace = find_pace(call_ns, most)
    assert pace.calls >= 1
    assert 1 <= pace.rounds <= most


def test_a_call_too_short_for_the_clock_does_not_stop_the_race() -> None:
    assert find_pace(0, most_rounds=8) == Pace(calls=10_000_000, warm=1, rounds=4)


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_a_slower_contestant_takes_no_more_calls_than_a_faster_one(one: int, other: int) -> None:
    fast, slow = sorted((one, other))
    assert find_pace(slow, MANY_ROUNDS).calls <= find_pace(fast, MANY_ROUNDS).calls


@given(st.integers(1, 10**12), st.booleans())
def test_an_epoch_has_at_least_two_rounds_and_few_more(call_ns: int, warm: bool) -> None:
    assert 2 <= find_pace(call_ns, MANY_ROUNDS, warm=warm).rounds <= 5


@given(st.integers(1, 10**12))
def test_turns_grow_with_the_root_of_what_a_process_costs_and_take_about_a_tenth_of_a_second(
    call_ns: int,
) -> None:
    pace = find_pace(call_ns, MANY_ROUNDS)
    turn_ns, process_ns = (pace.calls + pace.warm) * call_ns, START_NS + call_ns
    assert pace.rounds == 2 or (pace.rounds - 0.5) ** 2 <= 9 * process_ns / turn_ns
    assert pace.rounds == 2 or (pace.rounds - 0.5) * turn_ns <= 110_000_000


@pytest.mark.parametrize(
    ("call_ns", "warm", "rounds"),
    [(1_000, True, 4), (30_000_000, True, 2), (20_000_000, False, 4), (10**9, False, 2)],
)
def test_the_cheaper_a_turn_is_beside_a_process_the_more_rounds_there_are(
    call_ns: int, warm: bool, rounds: int
) -> None:
    assert find_pace(call_ns, most_rounds=8, warm=warm).rounds == rounds


def test_rounds_are_no_more_than_allowed() -> None:
    assert find_pace(20_000_000, most_rounds=1, warm=False).rounds == 1


@pytest.mark.parametrize(
    ("call_ns", "warm"), [(1, 1), (99_999_999, 1), (100_000_000, 0), (10**12, 0)]
)
def test_only_calls_that_caches_matter_to_are_preceded_by_an_untimed_one(
    call_ns: int, warm: int
) -> None:
    assert find_pace(call_ns, most_rounds=8).warm == warm
    assert find_pace(call_ns, most_rounds=8, warm=False).warm == 0


def test_far_contestants_race_every_epoch_where_they_take_little_of_it() -> None:
    near_ns = [25_000_000] * 10
    assert find_block(near_ns, [100_000_000]) == 1
    assert find_block(near_ns, [1_000_000_000]) == 3
    assert find_block(near_ns, []) == 1


MEGABYTE, MS = 1_000_000, 1_000_000


@pytest.mark.parametrize(
    ("copy_bytes", "copy_ns", "free_bytes", "calls"),
    [
        (MEGABYTE, 1, 10_000 * MEGABYTE, 256),
        (MEGABYTE, 1, 40 * MEGABYTE, 10),
        (300 * MEGABYTE, 1, 10_000 * MEGABYTE, 1),
        (8, 10 * MS, 10_000 * MEGABYTE, 10),
        (8, 10_000 * MS, 10_000 * MEGABYTE, 1),
        (8, 0, 10_000 * MEGABYTE, 10_000_000),
    ],
    ids=["256 MB", "a quarter of what is free", "none fits", "0.1 s", "a slow copy", "tiny"],
)
def test_copies_bound_the_calls_of_a_turn_by_memory_and_by_the_time_to_make_them(
    copy_bytes: int, copy_ns: int, free_bytes: int, calls: int
) -> None:
    assert find_most_calls(copy_bytes, copy_ns, free_bytes) == calls


def test_calls_without_copies_are_bounded_by_nothing_but_their_number() -> None:
    assert find_most_calls(0, 0, MEGABYTE) == find_pace(0, 8).calls


def test_a_turn_has_no_more_calls_than_there_are_copies_for() -> None:
    assert find_pace(1_000, 8, most_calls=7).calls == 7
