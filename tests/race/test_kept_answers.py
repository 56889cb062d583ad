"""Calls after a turn, between which the input changes: what is kept for a moment is seen there."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from support.contestants import racer
from support.epochs import ALIKE, MS, entrants, raced, turns_of
from support.processes import FakeCrew
from support.races import CASES, Raceway
from whichext.build.session import Lineup
from whichext.model.change import Change
from whichext.model.contestant import Role
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.options import Options
from whichext.model.outcome import EARLIER, Wrong
from whichext.model.raw import Timing
from whichext.race import in_worker
from whichext.race.epoch import run_epoch
from whichext.race.in_worker import Refused, Reply, Turn, Turned, answer
from whichext.race.track import Entrant, Epoch, Track
from whichext.system.workers.worker import Subject

Array = npt.NDArray[Any]
Call = Callable[[Array], float]

LONG_NS = 10**12
"""Longer than any call here."""


def summed(values: Array) -> float:
    """The right answer."""
    return float(values.sum())


def changeable() -> Prepared:
    """An input whose sum is 6, or 5 with the other value of its last element."""
    return Prepared((np.array([1.0, 2.0, 3.0]),), 6.0, change=Change(0, (2,), 3.0, 2.0, 5.0))


def followed(
    call: Call,
    prepared: Prepared,
    *,
    calls: int = 8,
    changed: bool = False,
    below_ns: int | None = LONG_NS,
    **how: Any,
) -> Reply:
    """What comes of a turn that more calls follow."""
    turn = Turn(
        "sum",
        calls,
        warm=1,
        changed=changed,
        compared="sum, epoch 3",
        alternates_below_ns=below_ns,
        **how,
    )
    return answer(Subject(call, {"sum": prepared}, Tolerance()), turn)


def computing_each(nth: int, first: int = 0) -> Call:
    """An entry that computes in each n-th call, and gives the last answer in all others."""
    calls, kept = first, [6.0]

    def call(values: Array) -> float:
        nonlocal calls
        calls += 1
        if calls % nth == 0:
            kept[0] = summed(values)
        return kept[0]

    return call


def computing_in_call(number: int) -> Call:
    """An entry that computes in a single call, as one that knows the first call of a turn does."""
    made = 0
    kept = 6.0

    def call(values: Array) -> float:
        nonlocal made, kept
        made += 1
        if made == number:
            kept = summed(values)
        return kept

    return call


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("how", [{}, {"callers": 2}, {"forked_s": 30.0}])
def test_who_computes_in_every_call_is_right_in_those_that_follow(changed: bool, how: Any) -> None:
    found = followed(summed, changeable(), changed=changed, **how)
    assert isinstance(found, Turned)
    assert found.alternated
    assert not found.remembers


@pytest.mark.parametrize("nth", [2, 3, 4, 5, 7])
@pytest.mark.parametrize("calls", [1, 8])
def test_whoever_computes_in_each_nth_call_is_wrong_in_a_call_that_follows(
    nth: int, calls: int
) -> None:
    for first in range(nth):
        found = followed(computing_each(nth, first), changeable(), calls=calls)
        assert isinstance(found, Wrong), (nth, first)
        assert found.got.startswith(EARLIER)


@pytest.mark.parametrize("calls", [1, 8])
def test_whoever_computes_in_the_untimed_call_alone_is_wrong_in_one_that_follows(
    calls: int,
) -> None:
    found = followed(computing_in_call(1), changeable(), calls=calls)
    assert found == Wrong("sum, epoch 3", "float 5.0", f"{EARLIER}, float 6.0")


def test_who_gives_a_kept_answer_in_each_tenth_short_call_is_wrong_in_a_pair() -> None:
    made = 0
    kept = 6.0

    def call(values: Array) -> float:
        nonlocal made, kept
        made += 1
        kept = kept if made % 10 == 0 else summed(values)
        return kept

    assert isinstance(followed(call, changeable(), calls=100), Wrong)


def test_the_input_changes_between_the_calls_of_a_pair_and_is_then_as_before() -> None:
    seen: list[float] = []

    def call(values: Array) -> float:
        seen.append(float(values[2]))
        return summed(values)

    prepared = changeable()
    followed(call, prepared, calls=4)
    # One is not timed, four are, four make it hot; two pairs, and one on another input.
    assert seen[:-1] == [3.0] * 9 + [2.0, 3.0] * 2
    assert prepared.arguments[0].tolist() == [1.0, 2.0, 3.0]


def test_a_long_call_is_followed_by_a_pair_and_one_call_more() -> None:
    made: list[float] = []

    def call(values: Array) -> float:
        made.append(summed(values))
        return made[-1]

    followed(call, changeable(), calls=1)
    assert len(made) == 2 + 2 + 1


@pytest.mark.parametrize("below_ns", [None, 0, 1])
def test_no_calls_follow_where_none_are_asked_for_or_they_take_too_long(
    below_ns: int | None,
) -> None:
    found = followed(computing_in_call(1), changeable(), below_ns=below_ns)
    assert isinstance(found, Turned)
    assert not found.alternated


def test_an_error_in_a_call_that_follows_is_an_answer() -> None:
    def call(values: Array) -> float:
        if values[2] != 3.0:
            raise ValueError("another one")
        return summed(values)

    assert followed(call, changeable()) == Refused("ValueError: another one")


def test_who_is_faster_on_what_was_seen_before_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_worker, "is_faster_again", lambda *_, **__: True)
    for prepared in (changeable(), Prepared((np.ones(3),), 3.0)):
        found = followed(summed, prepared)
        assert isinstance(found, Turned)
        assert found.remembers


# Of whom it is asked


def test_they_follow_the_first_compared_turn_of_a_contestant_alone() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew, epochs=3)
    for name in ALIKE:
        asked = [turn for turn in turns_of(crew, name) if turn.alternates_below_ns is not None]
        assert [(turn.compared, turn.alternates_below_ns) for turn in asked] == [
            ("small, epoch 1", 1000 * MS)
        ]


def bounds_of(
    name: str, call_ns: int, known_ns: int, *, far: bool, others_ns: int = 10 * MS
) -> list[int | None]:
    """Below what length calls are followed, in the compared turns of three epochs."""
    crew = FakeCrew({"a": others_ns, name: call_ns})
    found, known = entrants(crew), {"a": others_ns, name: known_ns}
    track = Track("small", (), 2, limit_s=60.0, took_ns=known, compiled=frozenset(known))
    names = frozenset(found) - {name} if far else frozenset(found)
    for number in range(3):
        lineup = Lineup(names, frozenset(), frozenset(found) - names)
        epoch = Epoch(number, tuple(found.values()), random.Random(0), lineup)
        run_epoch(crew.as_crew, track, epoch)
    return [t.alternates_below_ns for t in turns_of(crew, name) if t.compared is not None]


def test_of_who_is_far_and_slow_no_calls_follow_and_it_is_asked_in_every_epoch() -> None:
    assert bounds_of("b", 300 * MS, 300 * MS, far=True) == [150 * MS] * 3


def test_who_is_far_takes_them_where_it_is_faster_than_in_verify() -> None:
    assert bounds_of("b", 100 * MS, 300 * MS, far=True) == [150 * MS, None, None]


def test_who_is_far_with_short_calls_takes_them() -> None:
    assert bounds_of("b", 15 * MS, 15 * MS, far=True) == [20 * MS, None, None]


def test_of_long_calls_that_are_twice_the_fastest_no_calls_follow() -> None:
    assert bounds_of("b", 60 * MS, 60 * MS, far=False) == [30 * MS] * 3


def test_calls_of_over_a_second_are_followed_by_none() -> None:
    found = bounds_of("b", 1500 * MS, 1600 * MS, far=False, others_ns=1500 * MS)
    assert found == [1000 * MS] * 3


def test_the_limit_takes_none() -> None:
    crew = FakeCrew({"limit": MS})
    limit = Entrant(msgspec.structs.replace(racer("limit"), role=Role.LIMIT), Path("/site"))
    lineup = Lineup(frozenset({limit.contestant.name}))
    track = Track("small", (), 2, limit_s=60.0)
    run_epoch(crew.as_crew, track, Epoch(0, (limit,), random.Random(0), lineup))
    assert {turn.alternates_below_ns for turn in turns_of(crew, "limit")} == {None}


# What is noted


def test_an_entrant_keeps_that_it_remembers_also_from_an_earlier_run() -> None:
    entrant = Entrant(racer("a"), None)
    entrant.resume(Timing(contestant="a", case="small", samples=(), remembers=True))
    assert entrant.timing("small").remembers


def test_a_case_whose_answer_nothing_changes_is_noted(raceway: Raceway) -> None:
    raceway.crew.unchanging = frozenset({"large"})
    assert raceway.race(Options(max_epochs=2, rounds=1), cases=CASES).unchanging == ("large",)


def test_a_case_without_memory_is_not_said_to_be_unchanging(raceway: Raceway) -> None:
    raceway.crew.unchanging = raceway.crew.cramped = frozenset({"large"})
    assert raceway.race(Options(max_epochs=2, rounds=1), cases=CASES).unchanging == ()
