"""Which turns have another input, which answers are compared, and what becomes of wrong ones."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from support.contestants import racer
from support.epochs import ALIKE, CALIBRATED, CRASH, MS, TRACK, entrants, raced, turns_of
from support.processes import FakeCrew
from support.races import CASES, Raceway
from whichext.build.session import Lineup
from whichext.model.contestant import Role
from whichext.model.options import Options
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.model.raw import Timing
from whichext.race.epoch import run_epoch
from whichext.race.in_worker import Turn
from whichext.race.track import Entrant, Epoch, Track

WRONG = Wrong("small, epoch 1", "1.0", "2.0")
BEFORE_TURNS = CALIBRATED


def epochs_of_turns(
    crew: FakeCrew, name: str, epochs: int, *, rounds: int = 2, far: str = ""
) -> list[list[Turn]]:
    """All calls of a contestant in each of some epochs, also those that are no turns."""
    found = entrants(crew)
    took_ns, compiled = dict(crew.call_ns), frozenset(crew.call_ns)
    track = Track("small", (), rounds, limit_s=60.0, took_ns=took_ns, compiled=compiled)
    turns: list[list[Turn]] = []
    for number in range(epochs):
        crew.events.clear()
        lineup = Lineup(frozenset(found) - {*far}, frozenset(), frozenset(far))
        epoch = Epoch(number, tuple(found.values()), random.Random(0), lineup)
        run_epoch(crew.as_crew, track, epoch)
        turns.append(turns_of(crew, name))
    return turns


def states(turns: list[Turn]) -> list[bool]:
    return [turn.changed for turn in turns]


def compared_in(turns: list[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.compared is not None]


def test_all_turns_of_a_round_have_the_same_input() -> None:
    crew = FakeCrew(ALIKE)
    raced(crew)
    first, second = turns_of(crew, "b")[-2:]
    assert first.changed is not second.changed
    assert states(turns_of(crew, "a")[-4:]) == [first.changed] * 2 + [second.changed] * 2


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_what_is_remembered_in_a_process_is_wrong_in_one_of_two_epochs(rounds: int) -> None:
    epochs = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 2, rounds=rounds)
    differs = [
        turn.changed is not turns[0].changed for turns in epochs for turn in compared_in(turns)
    ]
    assert any(differs)


@pytest.mark.parametrize("rounds", [2, 3, 4])
@pytest.mark.parametrize("since", [0, 1])
def test_what_is_remembered_since_some_turn_is_wrong_in_one_of_two_epochs(
    rounds: int, since: int
) -> None:
    epochs = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 2, rounds=rounds)
    differs = []
    for turns in epochs:
        in_rounds = turns[-rounds:]
        kept = in_rounds[min(since, rounds - 2)]
        later = in_rounds[min(since, rounds - 2) :]
        differs += [turn.changed is not kept.changed for turn in compared_in(later)]
    assert any(differs)


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_what_is_remembered_since_verify_is_wrong_in_one_of_two_epochs(rounds: int) -> None:
    epochs = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 2, rounds=rounds)
    assert any(turn.changed for turns in epochs for turn in compared_in(turns))


def test_every_combination_of_inputs_comes_in_four_epochs() -> None:
    epochs = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 4)
    pairs = {(turns[0].changed, compared_in(turns)[0].changed) for turns in epochs}
    assert len(pairs) == 4


def test_who_is_far_is_compared_in_its_only_turn() -> None:
    crew = FakeCrew({"a": 30 * MS, "b": 300 * MS})
    for turns in epochs_of_turns(crew, "b", 3, far="b"):
        assert compared_in(turns) == turns
        assert len(turns) == 1


def test_one_turn_of_a_contestant_and_epoch_is_compared() -> None:
    epochs = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 3, rounds=3)
    assert [[turn.compared for turn in compared_in(turns)] for turns in epochs] == [
        ["small, epoch 1"],
        ["small, epoch 2"],
        ["small, epoch 3"],
    ]


def test_no_first_call_is_compared() -> None:
    (turns,) = epochs_of_turns(FakeCrew({"a": MS, "b": MS}), "b", 1)
    assert compared_in(turns[:BEFORE_TURNS]) == []


def test_the_limit_is_not_compared() -> None:
    crew = FakeCrew({"limit": MS})
    limit = Entrant(msgspec.structs.replace(racer("limit"), role=Role.LIMIT), Path("/site"))
    lineup = Lineup(frozenset({limit.contestant.name}))
    run_epoch(crew.as_crew, TRACK, Epoch(0, (limit,), random.Random(0), lineup))
    assert compared_in(turns_of(crew, "limit")) == []
    assert limit.samples


# What becomes of who answers wrongly


def test_a_wrong_answer_ends_the_contestants_race_alone() -> None:
    crew = FakeCrew(ALIKE, faults={("b", BEFORE_TURNS + 1): WRONG})
    found = raced(crew, epochs=2)
    assert found["b"].ended == WRONG
    assert [sample.round for sample in found["b"].samples] == [0]
    assert [len(found[name].samples) for name in "ac"] == [8, 4]


def test_who_answered_wrongly_is_killed_at_once_and_not_lined_up_again() -> None:
    crew = FakeCrew(ALIKE, faults={("b", BEFORE_TURNS): WRONG})
    raced(crew, epochs=2)
    happened = crew.happened("spawn", "turn", "kill")
    assert happened[happened.index(("kill", "b")) - 1] == ("turn", "b")
    assert happened.count(("spawn", "b")) == 1


def wrong_in_small(raceway: Raceway, **others: object) -> tuple[Timing, ...]:
    """A race in two cases, in the first of which "b" answers wrongly."""
    raceway.crew.faults = {("b", BEFORE_TURNS): WRONG}
    return raceway.run(Options(max_epochs=2, rounds=1), cases=CASES, **others)


def test_a_wrong_answer_in_one_case_ends_the_race_of_all_cases(raceway: Raceway) -> None:
    ended = {(timing.contestant, timing.case): timing.ended for timing in wrong_in_small(raceway)}
    assert ended == {
        ("a", "small"): None,
        ("b", "small"): WRONG,
        ("a", "large"): None,
        ("b", "large"): WRONG,
    }


def test_who_answered_wrongly_takes_no_turn_in_a_later_case(raceway: Raceway) -> None:
    samples = {(t.contestant, t.case): len(t.samples) for t in wrong_in_small(raceway)}
    assert samples["b", "large"] == 0
    assert samples["a", "large"] > 0


def test_what_was_measured_before_a_wrong_answer_stays_in_all_cases(raceway: Raceway) -> None:
    before = (
        Timing(contestant="b", case="large", samples=(), import_ns=(7,)),
        Timing(contestant="a", case="large", samples=(), import_ns=(7,)),
    )
    timings = wrong_in_small(raceway, earlier=before)
    (kept,) = (t for t in timings if (t.contestant, t.case) == ("b", "large"))
    assert (kept.import_ns, kept.ended) == ((7,), WRONG)


@pytest.mark.parametrize("fate", [CRASH, TimedOut("small", 5)])
def test_who_crashes_or_hangs_in_one_case_races_in_the_next(
    raceway: Raceway, fate: Crashed | TimedOut
) -> None:
    raceway.crew.faults = {("b", BEFORE_TURNS): fate}
    timings = raceway.run(Options(max_epochs=2, rounds=1), cases=CASES)
    (later,) = (t for t in timings if (t.contestant, t.case) == ("b", "large"))
    assert (later.ended, len(later.samples) > 0) == (None, True)


def test_who_was_wrong_in_an_earlier_run_does_not_race_again_in_any_case(raceway: Raceway) -> None:
    earlier = (Timing(contestant="b", case="small", samples=(), ended=WRONG),)
    timings = raceway.run(Options(max_epochs=2, rounds=1), cases=CASES, earlier=earlier)
    assert {timing.ended for timing in timings if timing.contestant == "b"} == {WRONG}
    assert [who for _, who in raceway.crew.happened("spawn") if who == "b"] == []


# Where there is no memory for it


def test_where_there_is_no_memory_for_an_answer_none_is_compared(raceway: Raceway) -> None:
    raceway.crew.cramped = frozenset({"large"})
    raw = raceway.race(Options(max_epochs=2, rounds=1), cases=CASES)
    turns = [event.turn for event in raceway.crew.events if event.turn is not None]
    places = {turn.compared for turn in turns if turn.compared is not None}
    assert places == {"small, epoch 1", "small, epoch 2"}
    assert raw.uncompared == ("large",)


def test_where_there_is_memory_all_cases_are_compared(raceway: Raceway) -> None:
    assert raceway.race(Options(max_epochs=2, rounds=1), cases=CASES).uncompared == ()
