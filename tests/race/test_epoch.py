from __future__ import annotations

import random
from itertools import groupby
from pathlib import Path

import pytest

from support.contestants import racer
from support.processes import FakeCrew
from whichext.model.outcome import Crashed, TimedOut
from whichext.model.raw import Sample
from whichext.race.epoch import Entrant, Epoch, Track, run_epoch
from whichext.race.in_worker import Refused, Turn
from whichext.race.plan import SAMPLE_NS, Pace

MS = 1_000_000
TRACK = Track("small", (), most_rounds=4, limit_s=60.0)
ALIKE = {"a": MS, "b": 2 * MS, "c": MS // 2}
CRASH = Crashed("small", "killed by SIGSEGV")
CALIBRATED = 5
"""Turns before the race of a contestant with short calls: the first, three alone, one of many."""


def entrants(crew: FakeCrew) -> dict[str, Entrant]:
    """One entrant for each contestant that the crew knows the time of."""
    return {name: Entrant(racer(name), Path("/site") / name) for name in crew.call_ns}


def raced(
    crew: FakeCrew, *, epochs: int = 1, seed: int = 0, track: Track = TRACK
) -> dict[str, Entrant]:
    """The entrants after some epochs."""
    found, rng = entrants(crew), random.Random(seed)
    for epoch in range(epochs):
        run_epoch(crew.as_crew, track, Epoch(epoch, tuple(found.values()), rng))
    return found


def rounds_of(crew: FakeCrew, found: dict[str, Entrant]) -> list[list[str]]:
    """Names in the order of their turns, a list for each round of the only epoch."""
    placed = sorted((s.round, s.slot, name) for name, e in found.items() for s in e.samples)
    turns = [who for _, who in crew.happened("thaw")]
    assert turns == [name for *_, name in placed], "samples tell another order than the turns"
    return [[name for *_, name in places] for _, places in groupby(placed, lambda p: p[0])]


def test_never_are_two_contestants_awake_at_once() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew, epochs=2)
    assert max(len(event.awake) for event in crew.events) == 1


def test_everybody_is_frozen_once_lined_up() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew)
    first_thaw = next(n for n, event in enumerate(crew.events) if event.what == "thaw")
    assert crew.events[first_thaw - 1].awake == frozenset()


def test_a_turn_is_thaw_turn_freeze() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew)
    happened = crew.happened("thaw", "turn", "freeze", "kill")
    for number, (what, who) in enumerate(happened):
        if what == "thaw":
            assert happened[number + 1 : number + 3] == [("turn", who), ("freeze", who)]


def test_all_workers_are_killed_at_the_end() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew)
    assert sorted(crew.happened("kill")) == [("kill", "a"), ("kill", "b"), ("kill", "c")]
    assert {event.what for event in crew.events[-3:]} == {"kill"}


def test_every_epoch_has_fresh_processes() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew, epochs=3)
    spawns_and_kills = [what for what, _ in crew.happened("spawn", "kill")]
    assert spawns_and_kills == (["spawn"] * 3 + ["kill"] * 3) * 3


def test_everybody_has_a_turn_in_every_round() -> None:
    crew = FakeCrew(ALIKE)
    rounds = rounds_of(crew, raced(crew))
    assert [sorted(order) for order in rounds] == [["a", "b", "c"]] * 4


@pytest.mark.parametrize("seed", range(5))
def test_every_second_round_is_the_mirror_of_the_one_before(seed: int) -> None:
    crew = FakeCrew(ALIKE)
    first, mirror, third, its_mirror = rounds_of(crew, raced(crew, seed=seed))
    assert (mirror, its_mirror) == (first[::-1], third[::-1])


def test_the_order_is_drawn_from_the_seed() -> None:
    def order(seed: int) -> list[tuple[str, str]]:
        crew = FakeCrew(ALIKE)
        raced(crew, seed=seed)
        return crew.happened("spawn", "thaw")

    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(10)}) > 1


def test_a_sample_knows_its_place_calls_and_times() -> None:
    crew = FakeCrew({"alone": 2 * MS})
    samples = raced(crew, epochs=2)["alone"].samples
    assert samples == [
        Sample(epoch, round_, 0, 5, wall_ns=SAMPLE_NS, cpu_ns=2 * SAMPLE_NS)
        for epoch in range(2)
        for round_ in range(4)
    ]


def test_a_sample_knows_what_was_stolen() -> None:
    samples = raced(FakeCrew({"alone": 2 * MS}, stolen_ns=30))["alone"].samples
    assert {sample.stolen_ns for sample in samples} == {30}


def test_everybody_is_timed_over_about_the_same_time() -> None:
    crew = FakeCrew({"fast": 50, "middle": 40_000, "slow": 5 * MS})
    found = raced(crew)
    times_ns = [sample.wall_ns for entrant in found.values() for sample in entrant.samples]
    assert all(0.9 < time_ns / SAMPLE_NS < 1.1 for time_ns in times_ns)


def test_slow_contestants_take_part_in_the_first_rounds_alone() -> None:
    crew = FakeCrew({"fast": MS, "slow": 100 * MS, "slowest": 900 * MS})
    found = raced(crew)
    taken = {name: [s.round for s in entrant.samples] for name, entrant in found.items()}
    assert taken == {"fast": [0, 1, 2, 3], "slow": [0, 1], "slowest": [0]}


def test_slots_count_only_those_who_take_part() -> None:
    crew = FakeCrew({"fast": MS, "slowest": 900 * MS})
    found = raced(crew)
    slots = {s.slot for s in found["fast"].samples if s.round > 0}
    assert slots == {0}


def test_the_first_call_is_a_single_one_and_is_no_sample() -> None:
    crew = FakeCrew({"alone": 3 * MS})
    found = raced(crew)
    first = next(event.turn for event in crew.events if event.what == "turn")
    assert first == Turn("small", calls=1, warm=0)
    assert found["alone"].first_call_ns == [3 * MS]


def test_imports_and_first_calls_are_kept_for_every_epoch() -> None:
    crew = FakeCrew(ALIKE)
    found = raced(crew, epochs=3)
    assert {len(entrant.import_ns) for entrant in found.values()} == {3}
    assert {len(entrant.first_call_ns) for entrant in found.values()} == {3}


def turns_of(crew: FakeCrew, name: str) -> list[Turn]:
    return [e.turn for e in crew.events if e.turn is not None and e.who == name]


def test_the_pace_of_short_calls_is_found_over_many_of_them() -> None:
    crew = FakeCrew({"alone": 1_000})
    raced(crew)
    assert [turn.calls for turn in turns_of(crew, "alone")[:CALIBRATED]] == [1, 1, 1, 1, 10_000]


def test_the_pace_of_long_calls_is_found_from_one_of_them() -> None:
    crew = FakeCrew({"alone": 30 * MS})
    raced(crew)
    race = [Turn("small", calls=1, warm=1)] * 4
    first, alone = Turn("small", 1), Turn("small", 1, census=True)
    assert turns_of(crew, "alone") == [first, alone, *race]


def test_a_pace_is_found_from_the_least_disturbed_call() -> None:
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", 0): 9 * MS, ("alone", 1): 4 * MS})
    raced(crew)
    assert [turn.calls for turn in turns_of(crew, "alone")[:CALIBRATED]] == [1, 1, 1, 1, 10]


def test_a_pace_is_found_once_and_kept() -> None:
    crew = FakeCrew({"alone": MS})
    found = raced(crew)
    crew.call_ns = {"alone": 5 * MS}  # a noisy second epoch
    crew.events.clear()
    run_epoch(crew.as_crew, TRACK, Epoch(1, tuple(found.values()), random.Random(0)))
    assert [turn.calls for turn in turns_of(crew, "alone")] == [1, 10, 10, 10, 10]
    assert found["alone"].pace == Pace(calls=10, warm=1, rounds=4)


def lost_in_round(number: int) -> FakeCrew:
    """A crew in which "b" crashes in its turn of a round."""
    return FakeCrew(ALIKE, faults={("b", CALIBRATED + number): CRASH})


def test_a_contestant_lost_in_the_middle_keeps_its_samples() -> None:
    lost = raced(lost_in_round(2))["b"]
    assert [sample.round for sample in lost.samples] == [0, 1]
    assert lost.ended == CRASH


def test_the_others_go_on_when_one_is_lost() -> None:
    found = raced(lost_in_round(2))
    assert [len(found[name].samples) for name in "ac"] == [4, 4]
    assert [found[name].ended for name in "ac"] == [None, None]


def test_a_lost_contestant_has_no_more_turns() -> None:
    crew = lost_in_round(1)
    raced(crew)
    assert crew.turns["b"] == CALIBRATED + 2


def test_a_lost_contestant_is_not_lined_up_again() -> None:
    crew = lost_in_round(0)
    raced(crew, epochs=3)
    assert [who for _, who in crew.happened("spawn")].count("b") == 1


def test_nobody_is_awake_after_a_contestant_is_lost() -> None:
    crew = lost_in_round(1)
    raced(crew)
    assert max(len(event.awake) for event in crew.events) == 1


def test_a_contestant_whose_import_fails_leaves_the_race() -> None:
    hang = TimedOut("import", 5)
    found = raced(FakeCrew(ALIKE, faults={("b", -1): hang}))
    assert (found["b"].ended, found["b"].samples, found["b"].import_ns) == (hang, [], [])
    assert len(found["a"].samples) == 4


@pytest.mark.parametrize("turn", range(CALIBRATED))
def test_a_contestant_lost_while_it_is_lined_up_leaves_the_race(turn: int) -> None:
    found = raced(FakeCrew(ALIKE, faults={("b", turn): CRASH}))
    assert (found["b"].ended, found["b"].samples) == (CRASH, [])
    assert len(found["a"].samples) == 4


def test_an_error_that_was_not_there_before_ends_the_contestants_race() -> None:
    fault = Refused("ValueError: tired")
    found = raced(FakeCrew(ALIKE, faults={("b", CALIBRATED): fault}))
    assert found["b"].ended == Crashed("small", "raised ValueError: tired in the race")


def test_a_worker_that_raised_is_killed_at_once() -> None:
    crew = FakeCrew(ALIKE, faults={("b", CALIBRATED): Refused("ValueError: tired")})
    raced(crew)
    happened = crew.happened("turn", "kill")
    last_turn = max(n for n, event in enumerate(happened) if event == ("turn", "b"))
    assert happened[last_turn + 1] == ("kill", "b")


def test_an_epoch_without_contestants_is_empty() -> None:
    crew = FakeCrew({})
    raced(crew)
    assert crew.events == []


def test_an_epoch_in_which_all_are_lost_ends_well() -> None:
    crew = FakeCrew({"a": MS}, faults={("a", 0): CRASH})
    assert raced(crew, epochs=2)["a"].ended == CRASH


# Without freezing


UNFROZEN = Track("small", (), most_rounds=4, limit_s=60.0, freeze=False)


def test_nobody_is_frozen_where_freezing_is_off() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew, track=UNFROZEN)
    assert crew.happened("freeze") == []
    assert max(len(event.awake) for event in crew.events) == 3


def test_without_freezing_the_turns_are_the_same() -> None:
    frozen, unfrozen = FakeCrew(ALIKE), FakeCrew(ALIKE)
    raced(frozen)
    raced(unfrozen, track=UNFROZEN)
    assert frozen.happened("spawn", "turn", "kill") == unfrozen.happened("spawn", "turn", "kill")


# Busy threads


def test_busy_threads_are_those_of_the_calibration() -> None:
    assert raced(FakeCrew({"alone": 30 * MS}, threads={"alone": 3}))["alone"].threads_seen == 3


def test_threads_of_short_calls_are_counted_over_many_of_them() -> None:
    assert raced(FakeCrew({"alone": 1_000}, threads={"alone": 2}))["alone"].threads_seen == 2


def test_only_turns_of_the_calibration_count_threads() -> None:
    crew = FakeCrew({"alone": MS})
    raced(crew, epochs=2)
    censuses = [turn.census for turn in turns_of(crew, "alone")]
    assert censuses == [False, *[True] * 4, *[False] * (4 + 1 + 4)]


@pytest.mark.parametrize(("many_ns", "seen"), [(199_999, None), (200_000, 5)])
def test_a_turn_of_less_than_two_milliseconds_is_too_short_to_count_threads(
    many_ns: int, seen: int | None
) -> None:
    many = CALIBRATED - 1  # ten calls in one turn, much quicker than each was alone
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", many): many_ns}, threads={"alone": 5})
    assert raced(crew)["alone"].threads_seen == seen
