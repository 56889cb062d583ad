"""Calls of an epoch that are no samples: the first ones, and those that find the pace."""

from __future__ import annotations

import random
from dataclasses import replace

import msgspec
import pytest

from support.epochs import ALIKE, CALIBRATED, MS, TRACK, raced, turns_of
from support.processes import FakeCrew
from whichext.build.session import Lineup
from whichext.race.epoch import run_epoch
from whichext.race.in_worker import Turn
from whichext.race.plan import Pace
from whichext.race.track import Epoch, Track

FAR = {"a": 30 * MS, "b": 300 * MS}
"""The first one is the baseline; the other one takes far longer."""


def test_the_first_call_is_a_single_one_and_is_no_sample() -> None:
    crew = FakeCrew({"alone": 3 * MS})
    found = raced(crew)
    first = next(event.turn for event in crew.events if event.what == "turn")
    assert first == Turn("small", calls=1, warm=0, census=True)
    assert found["alone"].first_call_ns == [3 * MS]


def test_imports_and_first_calls_are_kept_for_every_epoch() -> None:
    crew = FakeCrew(ALIKE)
    found = raced(crew, epochs=3)
    assert {len(entrant.import_ns) for entrant in found.values()} == {3}
    assert {len(entrant.first_call_ns) for entrant in found.values()} == {3}


def test_the_pace_of_short_calls_is_found_over_many_of_them() -> None:
    crew = FakeCrew({"alone": 1_000})
    raced(crew)
    assert [turn.calls for turn in turns_of(crew, "alone")[:CALIBRATED]] == [1, 1, 1, 1, 10_000]


def test_the_pace_of_long_calls_is_found_from_one_of_them() -> None:
    crew = FakeCrew({"alone": 30 * MS})
    raced(crew)
    compared = Turn("small", calls=1, warm=1, compared="small, epoch 1")
    race = [
        *[Turn("small", calls=1, warm=1, changed=True)] * 2,
        msgspec.structs.replace(compared, alternates_below_ns=1000 * MS),
        compared,
    ]
    assert turns_of(crew, "alone") == [*[Turn("small", 1, census=True)] * 2, *race]


def verified_in(**took_ns: int) -> Track:
    """A race of compiled contestants that took so long when they were verified."""
    compiled = frozenset(took_ns)
    return Track("small", (), 2, limit_s=60.0, took_ns=took_ns, compiled=compiled)


def uncompiled_in(**took_ns: int) -> Track:
    """The same of contestants that may compile in their first call."""
    return replace(verified_in(**took_ns), compiled=frozenset())


def test_the_pace_of_long_calls_that_were_verified_is_found_from_the_first_one() -> None:
    crew = FakeCrew({"alone": 30 * MS}, threads={"alone": 3})
    found = raced(crew, track=verified_in(alone=31 * MS))["alone"]
    assert len(turns_of(crew, "alone")) == 1 + len(found.samples)
    assert (found.pace, found.threads_seen) == (Pace(calls=1, warm=0, rounds=2), 3)


def test_the_pace_of_what_may_compile_in_its_first_call_is_found_from_the_second_one() -> None:
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", 0): 300 * MS})
    found = raced(crew, track=uncompiled_in(alone=300 * MS))["alone"]
    assert found.pace is not None
    assert found.pace.calls == 10


@pytest.mark.parametrize(("verified", "now"), [(19, 30), (30, 19), (19, 19)])
def test_a_call_that_was_short_once_is_calibrated(verified: int, now: int) -> None:
    crew = FakeCrew({"alone": now * MS})
    found = raced(crew, track=verified_in(alone=verified * MS))["alone"]
    assert len(turns_of(crew, "alone")) == 2 + len(found.samples)


@pytest.mark.parametrize(("least", "warm"), [(19, 1), (20, 0)])
def test_turns_start_cold_in_a_case_whose_every_verified_call_is_long(
    least: int, warm: int
) -> None:
    crew = FakeCrew({"a": 30 * MS, "b": 40 * MS})
    found = raced(crew, track=verified_in(a=least * MS, b=40 * MS))
    assert [e.pace.warm for e in found.values() if e.pace is not None] == [warm, warm]


def test_a_pace_is_found_from_the_least_disturbed_call() -> None:
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", 0): 9 * MS, ("alone", 1): 4 * MS})
    raced(crew)
    assert [turn.calls for turn in turns_of(crew, "alone")[:CALIBRATED]] == [1, 1, 1, 1, 10]


def test_a_pace_is_found_once_and_kept() -> None:
    crew = FakeCrew({"alone": MS})
    found = raced(crew)
    crew.call_ns = {"alone": 5 * MS}  # a noisy second epoch
    crew.events.clear()
    lineup = Lineup(frozenset(found))
    run_epoch(crew.as_crew, TRACK, Epoch(1, tuple(found.values()), random.Random(0), lineup))
    assert [turn.calls for turn in turns_of(crew, "alone")] == [1, 10, 10, 10, 10]
    assert found["alone"].pace == Pace(calls=10, warm=1, rounds=2)


# Who is far


def calls_before_turns(crew: FakeCrew, name: str) -> list[int]:
    """Calls of each epoch's process before it was frozen for the first time."""
    mine = [what for what, who in crew.happened("spawn", "turn", "freeze") if who == name]
    spawns = [number for number, what in enumerate(mine) if what == "spawn"]
    return [mine.index("freeze", spawn) - spawn - 1 for spawn in spawns]


def test_the_first_call_of_a_far_contestant_is_its_turn() -> None:
    crew = FakeCrew(FAR)
    found = raced(crew, epochs=3, far="b", track=verified_in(**FAR))["b"]
    assert calls_before_turns(crew, "b") == [0, 0, 0]
    assert [sample.wall_ns for sample in found.samples] == found.first_call_ns == [300 * MS] * 3


def test_a_far_contestant_that_starts_slowly_takes_its_turn_after_a_first_call() -> None:
    crew = FakeCrew(FAR, hiccups_ns={("b", 0): 331 * MS, ("b", 4): 400 * MS})
    found = raced(crew, epochs=3, far="b", track=verified_in(**FAR))["b"]
    assert found.first_call_ns == [331 * MS, 300 * MS, 400 * MS]
    assert [sample.wall_ns for sample in found.samples] == [300 * MS] * 3
    assert calls_before_turns(crew, "b") == [0, 1, 1]


def test_only_in_the_first_epoch_it_is_decided_whether_one_starts_slowly() -> None:
    crew = FakeCrew(FAR, hiccups_ns={("b", 1): 400 * MS})
    found = raced(crew, epochs=3, far="b", track=verified_in(**FAR))["b"]
    assert [sample.wall_ns for sample in found.samples] == [300 * MS, 400 * MS, 300 * MS]
    assert found.samples[1].wall_ns == found.first_call_ns[1]


def test_the_first_call_of_a_far_contestant_that_may_compile_in_it_is_no_turn() -> None:
    first = {("b", call): 900 * MS for call in (0, 3, 5)}
    crew = FakeCrew(FAR, hiccups_ns=first)
    found = raced(crew, epochs=3, far="b", track=uncompiled_in(a=30 * MS, b=900 * MS))["b"]
    assert found.first_call_ns == [900 * MS] * 3
    assert [sample.wall_ns for sample in found.samples] == [300 * MS] * 3


def test_the_busy_threads_of_a_far_contestant_are_counted_in_its_turn() -> None:
    crew = FakeCrew(FAR, threads={"b": 3})
    assert raced(crew, far="b", track=verified_in(**FAR))["b"].threads_seen == 3


def test_a_near_or_slower_contestant_always_makes_a_first_call() -> None:
    crew = FakeCrew(FAR)
    raced(crew, epochs=3, slower="b", track=verified_in(**FAR))
    assert calls_before_turns(crew, "b") == [1, 1, 1]
    assert calls_before_turns(crew, "a") == [1, 1, 1]


# Busy threads


def test_busy_threads_are_those_of_the_calibration() -> None:
    assert raced(FakeCrew({"alone": 30 * MS}, threads={"alone": 3}))["alone"].threads_seen == 3


def test_threads_of_short_calls_are_counted_over_many_of_them() -> None:
    assert raced(FakeCrew({"alone": 1_000}, threads={"alone": 2}))["alone"].threads_seen == 2


def test_only_turns_of_the_calibration_count_threads() -> None:
    crew = FakeCrew({"alone": MS})
    raced(crew, epochs=2)
    censuses = [turn.census for turn in turns_of(crew, "alone")]
    assert censuses == [*[True] * 5, *[False] * (4 + 1 + 4)]


@pytest.mark.parametrize(("many_ns", "seen"), [(199_999, None), (200_000, 5)])
def test_a_turn_of_less_than_two_milliseconds_is_too_short_to_count_threads(
    many_ns: int, seen: int | None
) -> None:
    many = CALIBRATED - 1  # ten calls in one turn, much quicker than each was alone
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", many): many_ns}, threads={"alone": 5})
    assert raced(crew)["alone"].threads_seen == seen
