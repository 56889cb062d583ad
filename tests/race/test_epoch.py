"""The turns of an epoch: who is awake, in which order, and what is left of those that are lost."""

from __future__ import annotations

from itertools import groupby

import pytest

from support.epochs import ALIKE, CALIBRATED, CRASH, MS, raced
from support.processes import FakeCrew
from whichext.model.outcome import Crashed, TimedOut
from whichext.model.raw import Sample
from whichext.race.in_worker import Refused
from whichext.race.plan import SAMPLE_NS
from whichext.race.track import Entrant, Track


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


def test_in_every_round_the_baseline_has_two_turns_and_everybody_else_one() -> None:
    crew = FakeCrew(ALIKE)
    rounds = rounds_of(crew, raced(crew))
    assert [sorted(order) for order in rounds] == [["a", "a", "b", "c"]] * 2


@pytest.mark.parametrize("seed", range(5))
def test_every_second_round_is_the_mirror_of_the_one_before(seed: int) -> None:
    crew = FakeCrew(ALIKE)
    first, mirror = rounds_of(crew, raced(crew, seed=seed))
    assert mirror == first[::-1]


def test_with_a_single_turn_of_some_the_rest_of_the_mirror_holds() -> None:
    crew = FakeCrew(ALIKE)
    first, mirror = rounds_of(crew, raced(crew, slower="c"))
    assert mirror == [name for name in first[::-1] if name != "c"]


@pytest.mark.parametrize("which", ["slower", "far"])
def test_who_is_slower_or_far_takes_one_turn_in_the_first_round(which: str) -> None:
    crew = FakeCrew(ALIKE)
    found = raced(crew, epochs=2, **{which: "b"})
    assert [(s.epoch, s.round) for s in found["b"].samples] == [(0, 0), (1, 0)]
    assert [len(found[name].samples) for name in "ac"] == [8, 4]


def test_where_the_baseline_is_lost_the_others_take_one_turn_each() -> None:
    crew = FakeCrew(ALIKE, faults={("a", 0): CRASH})
    assert [len(entrant.samples) for entrant in raced(crew).values()] == [0, 2, 2]


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
        Sample(epoch, round_, slot, 5, wall_ns=SAMPLE_NS, cpu_ns=2 * SAMPLE_NS)
        for epoch in range(2)
        for round_ in range(2)
        for slot in range(2)
    ]


def test_a_sample_knows_what_was_stolen() -> None:
    samples = raced(FakeCrew({"alone": 2 * MS}, stolen_ns=30))["alone"].samples
    assert {sample.stolen_ns for sample in samples} == {30}


def test_everybody_is_timed_over_about_the_same_time() -> None:
    crew = FakeCrew({"fast": 50, "middle": 40_000, "slow": 5 * MS})
    found = raced(crew)
    times_ns = [sample.wall_ns for entrant in found.values() for sample in entrant.samples]
    assert all(0.9 < time_ns / SAMPLE_NS < 1.1 for time_ns in times_ns)


def test_slots_count_only_those_who_take_part() -> None:
    found = raced(FakeCrew(ALIKE), far="bc")
    assert {s.slot for s in found["a"].samples if s.round > 0} == {0, 1}


def lost_in_round(number: int) -> FakeCrew:
    """A crew in which "b" crashes in its turn of a round."""
    return FakeCrew(ALIKE, faults={("b", CALIBRATED + number): CRASH})


def test_a_contestant_lost_in_the_middle_keeps_its_samples() -> None:
    lost = raced(lost_in_round(1))["b"]
    assert [sample.round for sample in lost.samples] == [0]
    assert lost.ended == CRASH


def test_the_others_go_on_when_one_is_lost() -> None:
    found = raced(lost_in_round(1))
    assert [len(found[name].samples) for name in "ac"] == [4, 2]
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


UNFROZEN = Track("small", (), most_rounds=2, limit_s=60.0, freeze=False)


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
