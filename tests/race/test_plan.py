from __future__ import annotations

import random
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import racer, racers
from support.races import CASES, MS, Raceway, no_one
from support.results import make_raw
from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant, Role
from whichext.model.errors import HostLostError
from whichext.model.inline import unmarked
from whichext.model.options import Options
from whichext.model.outcome import Right
from whichext.race.plan import SAMPLE_NS, Pace, epoch_s, find_pace, orders

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
    assert find_pace(0, most_rounds=8) == Pace(calls=10_000_000, warm=1, rounds=8)


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_a_slower_contestant_takes_no_more_calls_than_a_faster_one(one: int, other: int) -> None:
    fast, slow = sorted((one, other))
    assert find_pace(slow, MANY_ROUNDS).calls <= find_pace(fast, MANY_ROUNDS).calls


@given(st.integers(1, 10**12))
def test_the_turns_of_an_epoch_take_a_quarter_of_a_second_or_are_a_single_one(
    call_ns: int,
) -> None:
    pace = find_pace(call_ns, MANY_ROUNDS)
    epoch_ns = (pace.calls + pace.warm) * call_ns * pace.rounds
    assert pace.rounds == 1 or epoch_ns <= 250_000_000


@pytest.mark.parametrize(
    ("call_ns", "rounds"),
    [(1_000, 8), (10_000_000, 8), (30_000_000, 4), (100_000_000, 2), (300_000_000, 1)],
)
def test_slow_contestants_take_fewer_rounds(call_ns: int, rounds: int) -> None:
    assert find_pace(call_ns, most_rounds=8).rounds == rounds


@pytest.mark.parametrize(
    ("call_ns", "warm"), [(1, 1), (99_999_999, 1), (100_000_000, 0), (10**12, 0)]
)
def test_only_calls_that_caches_matter_to_are_preceded_by_an_untimed_one(
    call_ns: int, warm: int
) -> None:
    assert find_pace(call_ns, most_rounds=8).warm == warm


# 30 ms: 4 rounds of one warm and one timed call, the first call, and 60 ms for the process;
# 100 ms: 2 rounds of one call; 500 ms: a single one.
EPOCH_S = {30: 0.33, 100: 0.36, 500: 1.06}

TWIN = replace(racer("a"), role=Role.TWIN)
LIMIT = replace(racer("limit"), role=Role.LIMIT)


def took(contestant: str, call_ms: int, case: str = "small") -> Check:
    """A right answer that took so long."""
    return Check(contestant=contestant, input=case, result=Right(), took_ns=call_ms * MS)


def length_s(contestants: tuple[Contestant, ...], *checks: Check, rounds: int = 8) -> float:
    """About how long an epoch of the case "small" is."""
    raw = replace(make_raw(cases=CASES[:1], checks=checks), contestants=contestants)
    return epoch_s(raw, CASES[0], Options(rounds=rounds))


@pytest.mark.parametrize("call_ms", EPOCH_S)
def test_an_epoch_is_a_process_its_first_call_and_its_rounds(call_ms: int) -> None:
    assert length_s(racers("a"), took("a", call_ms)) == EPOCH_S[call_ms]


def test_an_epoch_of_fewer_rounds_is_shorter() -> None:
    assert length_s(racers("a"), took("a", 30), rounds=1) == 0.15


def test_an_epoch_is_as_long_as_all_of_its_contestants_are() -> None:
    found = length_s(racers("ab"), took("a", 30), took("b", 500))
    assert found == pytest.approx(EPOCH_S[30] + EPOCH_S[500])


def test_the_time_of_another_case_does_not_matter() -> None:
    found = length_s(racers("a"), took("a", 30), took("a", 500, case="large"))
    assert found == EPOCH_S[30]


def test_a_twin_is_as_slow_as_its_original() -> None:
    found = length_s((racer("a"), racer("b"), TWIN), took("a", 500), took("b", 30))
    assert found == pytest.approx(2 * EPOCH_S[500] + EPOCH_S[30])


def test_a_limit_is_taken_to_be_as_fast_as_the_fastest() -> None:
    found = length_s((*racers("ab"), LIMIT), took("a", 500), took("b", 30))
    assert found == pytest.approx(EPOCH_S[500] + 2 * EPOCH_S[30])


def test_cases_share_the_time_as_their_epochs_are_long(raceway: Raceway) -> None:
    checks = tuple(
        took(name, call_ms, case)
        for case, call_ms in {"small": 30, "large": 500}.items()
        for name in "ab"
    )
    raceway.race(
        Options(max_time_s=139.0, max_epochs=1), cases=CASES, checks=checks, staying=no_one
    )
    used_s = raceway.crew.clock.monotonic() / 2  # both cases take these fakes the same time
    shares = raceway.progress.totals
    assert shares == {
        "race small": pytest.approx(139.0 * 0.33 / 1.39),
        "race large": pytest.approx(139.0 - used_s),
    }


def test_a_case_has_a_share_even_when_the_time_is_gone(raceway: Raceway) -> None:
    raceway.race(Options(max_time_s=0.0), cases=CASES)
    assert raceway.progress.totals == {"race small": 1.0, "race large": 1.0}


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (
            CASES[:1],
            snapshot(
                "race: 2 contestants in 1 case; 5 epochs of each take about 7 s, at most "
                "about 90 s are spent (max_time_s)"
            ),
        ),
        (
            CASES,
            snapshot(
                "race: 2 contestants in 2 cases; 5 epochs of each take about 10 s, at most "
                "about 90 s are spent (max_time_s)"
            ),
        ),
    ],
)
def test_an_estimate_is_said_before_the_race(
    raceway: Raceway, cases: tuple[Case, ...], said: str
) -> None:
    checks = (took("a", 30), took("b", 500), took("a", 30, "large"), took("b", 30, "large"))
    options = Options(min_epochs=5, max_epochs=1, max_time_s=90.4)
    raceway.race(options, cases=cases, checks=checks)
    (noted,) = raceway.progress.notes
    assert unmarked(noted) == said


def test_the_estimate_says_that_two_epochs_are_raced_whatever_the_time_limit(
    raceway: Raceway,
) -> None:
    checks = (took("a", 500), took("b", 500))
    raceway.race(Options(max_epochs=1, max_time_s=1.0), checks=checks)
    (said,) = raceway.progress.notes
    assert unmarked(said) == snapshot(
        "race: 2 contestants in 1 case; 8 epochs of each take about 17 s, "
        "at most about 4 s are spent: more than max_time_s, for 2 epochs of each"
    )


def test_the_estimate_is_said_even_if_the_race_never_begins(raceway: Raceway) -> None:
    raceway.crew.stops = {("small", -1): HostLostError("gone", "come back")}
    raceway.race(Options())
    assert (len(raceway.progress.notes), raceway.crew.events) == (1, [])
