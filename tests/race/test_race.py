from __future__ import annotations

import random
from io import StringIO
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.processes import FakeCrew
from support.races import (
    ALIKE,
    CASES,
    MS,
    Raceway,
    ReadBack,
    all_race,
    bytes_of,
    epochs_of,
    none_race,
    until_epoch,
)
from whichext.judge.schedule import Schedule
from whichext.model.check import Check
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Right, TimedOut, Unsupported, Wrong
from whichext.model.raw import Timing
from whichext.system.progress import PlainProgress

# How many epochs


def test_a_case_in_which_nobody_knows_enough_takes_all_epochs(raceway: Raceway) -> None:
    assert epochs_of(raceway.run(Options(max_epochs=7))) == 7


def test_a_case_ends_when_nobody_should_race_on(raceway: Raceway) -> None:
    assert epochs_of(raceway.run(Options(max_epochs=7), racing=until_epoch(5))) == 5


def test_a_case_in_which_all_is_known_after_an_epoch_has_no_other(raceway: Raceway) -> None:
    assert epochs_of(raceway.run(Options(max_epochs=7), racing=none_race)) == 1


def test_the_schedule_sees_all_epochs_so_far_and_all_contestants(raceway: Raceway) -> None:
    asked: list[list[int]] = []

    def racing(timings: tuple[Timing, ...]) -> frozenset[str]:
        asked.append([len(timing.samples) for timing in timings])
        return all_race(timings)

    raceway.run(Options(max_epochs=4, rounds=4), racing=racing)
    assert asked[:3] == [[8, 4], [16, 8], [24, 12]]


def test_what_is_not_lined_up_sits_out_the_next_epoch(raceway: Raceway) -> None:
    fields = iter([frozenset("a"), frozenset("ab"), frozenset("b")])
    timings = raceway.run(
        Options(max_epochs=4, rounds=1), racing=lambda _: next(fields, frozenset())
    )
    epochs = {t.contestant: {sample.epoch for sample in t.samples} for t in timings}
    assert epochs == {"a": {0, 1, 2}, "b": {0, 2, 3}}


def test_what_sits_out_has_no_process(raceway: Raceway) -> None:
    raceway.run(Options(max_epochs=2), racing=lambda _: frozenset("a"))
    assert sorted(raceway.crew.happened("spawn")) == [("spawn", "a")] * 2 + [("spawn", "b")]


def test_a_single_epoch_is_raced_if_that_is_the_most_allowed(raceway: Raceway) -> None:
    assert epochs_of(raceway.run(Options(min_epochs=5, max_epochs=1))) == 1


@pytest.mark.parametrize("min_epochs", [1, 2, 8])
def test_two_epochs_are_raced_whatever_the_time_limit(raceway: Raceway, min_epochs: int) -> None:
    assert epochs_of(raceway.run(Options(max_time_s=0.0, min_epochs=min_epochs))) == 2


# Who takes a single turn


def turns_in_the_first_epoch(raceway: Raceway, needed: str = "") -> dict[str, int]:
    """Samples of each contestant, of which "c" was far slower than "a" when it was verified."""
    raceway.crew = FakeCrew({"a": 30 * MS, "b": 60 * MS, "c": 60 * MS})
    checks = tuple(
        Check(contestant=name, input="small", result=Right(), took_ns=ns)
        for name, ns in {"a": 30 * MS, "b": 90 * MS, "c": 90 * MS + 1}.items()
    )
    schedule = Schedule(precision=0.01, min_epochs=8, needed=frozenset(needed))
    timings = raceway.run(Options(max_epochs=1), schedule=schedule, checks=checks)
    return {timing.contestant: len(timing.samples) for timing in timings}


def test_who_was_far_slower_when_verified_takes_one_turn_in_the_first_epoch(
    raceway: Raceway,
) -> None:
    assert turns_in_the_first_epoch(raceway) == {"a": 8, "b": 2, "c": 1}


def test_who_is_needed_takes_all_turns_in_the_first_epoch(raceway: Raceway) -> None:
    assert turns_in_the_first_epoch(raceway, needed="c") == {"a": 8, "b": 2, "c": 2}


# The time


def time_of(raceway: Raceway, first: int, later: float) -> float:
    """Time of so many first epochs of these fakes, in which paces are found, and later ones, s."""
    ends_s = []
    for epochs in (1, 2):
        raceway.crew = FakeCrew(ALIKE)
        raceway.run(Options(max_epochs=epochs))
        ends_s.append(raceway.crew.clock.monotonic())
    raceway.crew = FakeCrew(ALIKE)
    return first * ends_s[0] + later * (ends_s[1] - ends_s[0])


@pytest.mark.parametrize("min_epochs", [1, 8])
@pytest.mark.parametrize("fit", [2, 3, 6])
def test_no_epoch_is_begun_that_would_overrun_the_time(
    raceway: Raceway, fit: int, min_epochs: int
) -> None:
    max_time_s = time_of(raceway, first=1, later=fit - 1 + 0.9)
    options = Options(min_epochs=min_epochs, max_epochs=100, max_time_s=max_time_s)
    timings = raceway.run(options)
    assert epochs_of(timings) == fit
    assert raceway.crew.clock.monotonic() <= options.max_time_s


def test_cases_share_the_time(raceway: Raceway) -> None:
    max_time_s = time_of(raceway, first=2, later=6.8)
    options = Options(min_epochs=1, max_epochs=100, max_time_s=max_time_s)
    timings = raceway.run(options, cases=CASES)
    assert (epochs_of(timings, "small"), epochs_of(timings, "large")) == (4, 4)


def test_time_that_a_case_leaves_goes_to_the_next(raceway: Raceway) -> None:
    max_time_s = time_of(raceway, first=2, later=6.8)
    options = Options(min_epochs=2, max_epochs=100, max_time_s=max_time_s)
    timings = raceway.run(
        options,
        cases=CASES,
        racing=lambda timings: (
            until_epoch(2)(timings) if timings[0].case == "small" else all_race(timings)
        ),
    )
    assert (epochs_of(timings, "small"), epochs_of(timings, "large")) == (2, 6)


def test_timings_come_case_by_case_in_the_order_of_the_contestants(raceway: Raceway) -> None:
    timings = raceway.run(Options(max_epochs=1), cases=CASES)
    found = [(timing.case, timing.contestant) for timing in timings]
    assert found == [("small", "a"), ("small", "b"), ("large", "a"), ("large", "b")]


def test_each_case_is_prepared_once(raceway: Raceway) -> None:
    raceway.run(Options(max_epochs=3), cases=CASES)
    assert raceway.crew.prepared == ["small", "large"]


def test_the_pace_of_one_case_is_not_that_of_the_next(raceway: Raceway) -> None:
    raceway.run(Options(max_epochs=1, rounds=1), cases=CASES)
    large = [e.turn for e in raceway.crew.events if e.turn is not None and e.turn.input == "large"]
    # The first call, three alone, one of many, and the round's, of which "a" has two.
    assert len(large) == 2 * 6 + 1


def test_samples_stay_in_the_order_in_which_they_were_taken(raceway: Raceway) -> None:
    for timing in raceway.run(Options(max_epochs=3)):
        places = [(sample.epoch, sample.round, sample.slot) for sample in timing.samples]
        assert places == sorted(set(places))  # the baseline's two slots of a round as well
        rounds = [(epoch, round_) for epoch, round_, _ in places]
        assert set(rounds) == {(epoch, round_) for epoch in range(3) for round_ in range(4)}


def test_the_same_seed_gives_the_same_race(raceway: Raceway) -> None:
    first = raceway.run(Options(max_epochs=3, seed=5))
    raceway.crew = FakeCrew(ALIKE)
    assert first == raceway.run(Options(max_epochs=3, seed=5))


def test_another_seed_gives_another_order(raceway: Raceway) -> None:
    def slots(seed: int) -> tuple[int, ...]:
        raceway.crew = FakeCrew(ALIKE)
        timing = raceway.run(Options(max_epochs=3, seed=seed))[0]
        return tuple(sample.slot for sample in timing.samples)

    assert len({slots(seed) for seed in range(5)}) > 1


def test_every_epoch_draws_orders_of_its_own(raceway: Raceway) -> None:
    timing = raceway.run(Options(max_epochs=10))[0]
    by_epoch = {
        tuple(sample.slot for sample in timing.samples if sample.epoch == epoch)
        for epoch in range(10)
    }
    assert len(by_epoch) > 1


def test_the_race_leaves_the_random_numbers_of_others_alone(raceway: Raceway) -> None:
    before = random.getstate()
    raceway.run(Options(max_epochs=2))
    assert before == random.getstate()


def names(timings: tuple[Timing, ...], case: str = "small") -> list[str]:
    return [timing.contestant for timing in timings if timing.case == case]


def check(contestant: str, result: Right | Unsupported | Wrong | Crashed | TimedOut) -> Check:
    return Check(contestant=contestant, input="small", result=result)


def test_a_contestant_that_was_right_races(raceway: Raceway) -> None:
    assert names(raceway.run(Options(max_epochs=1), checks=(check("b", Right()),))) == ["a", "b"]


@pytest.mark.parametrize(
    "fault",
    [Wrong("small", "1", "2"), Crashed("small", "exit status 3"), TimedOut("small", 5)],
    ids=lambda fault: type(fault).__name__,
)
def test_a_contestant_with_a_fault_races_in_no_case(
    raceway: Raceway, fault: Wrong | Crashed | TimedOut
) -> None:
    timings = raceway.run(Options(max_epochs=1), cases=CASES, checks=(check("b", fault),))
    assert (names(timings, "small"), names(timings, "large")) == (["a"], ["a"])


def test_a_contestant_that_refused_a_case_races_in_the_others(raceway: Raceway) -> None:
    refusal = check("b", Unsupported("ValueError: C order only"))
    timings = raceway.run(Options(max_epochs=1), cases=CASES, checks=(refusal,))
    assert (names(timings, "small"), names(timings, "large")) == (["a"], ["a", "b"])


def test_a_contestant_that_was_not_built_does_not_race(raceway: Raceway) -> None:
    assert names(raceway.run(Options(max_epochs=1), unbuilt=("b",))) == ["a"]


def test_a_contestant_lost_in_the_race_keeps_its_timing_and_why_it_ended(raceway: Raceway) -> None:
    crash = Crashed("small", "killed by SIGSEGV")
    raceway.crew = FakeCrew(ALIKE, faults={("b", 7): crash})
    _, lost = raceway.run(Options(max_epochs=2))
    assert (len(lost.samples), lost.ended) == (2, crash)


def test_each_epoch_is_told_with_its_time(raceway: Raceway) -> None:
    raceway.run(Options(max_epochs=2, max_time_s=100.0))
    assert raceway.progress.totals == {"race": 100.0}
    assert raceway.progress.said == snapshot(
        ["small, epoch 1: 0.2 s", "small, epoch 2: 0.1 s", "all cases: done in 0 s"]
    )


def test_the_share_that_is_done_only_grows_and_ends_at_all_of_it(raceway: Raceway) -> None:
    output = StringIO()
    raceway.shown = PlainProgress(output)
    raceway.run(Options(min_epochs=2, max_epochs=8, max_time_s=10.0), cases=CASES)
    lines = output.getvalue().splitlines()[1:]
    shares = [int(line.removeprefix("race").partition("%")[0]) for line in lines]
    assert len(shares) > 8
    assert shares == sorted(shares)
    assert (shares[-1], "done" in lines[-1]) == (100, True)


def test_a_race_that_stops_is_not_said_to_be_done(raceway: Raceway) -> None:
    raceway.crew.stops = {("b", 1): KeyboardInterrupt()}
    raceway.run(Options(max_epochs=2))
    assert [said for said in raceway.progress.said if "done" in said] == []


def test_freezing_can_be_switched_off(raceway: Raceway) -> None:
    raceway.run(Options(max_epochs=2, freeze=False))
    assert raceway.crew.happened("freeze") == []


def test_the_bytes_of_the_inputs_come_with_every_case_that_was_raced(raceway: Raceway) -> None:
    raceway.crew = FakeCrew(ALIKE, input_bytes={"small": 800, "large": 64_000})
    found = raceway.race(Options(max_epochs=1), cases=CASES)
    assert bytes_of(found) == {"small": 800, "large": 64_000}


def test_what_was_measured_is_kept_after_every_epoch(raceway: Raceway, tmp_path: Path) -> None:
    raceway.journal = journal = ReadBack(tmp_path / "result.json")
    found = raceway.race(Options(max_epochs=2, rounds=1), cases=CASES)
    sizes = [sum(len(timing.samples) for timing in kept.timings) for kept in journal.kept]
    assert (sizes, journal.kept[-1].timings) == ([3, 6, 9, 12], found.timings)


def test_what_is_kept_knows_the_inputs_of_the_cases_so_far_alone(
    raceway: Raceway, tmp_path: Path
) -> None:
    raceway.journal = journal = ReadBack(tmp_path / "result.json")
    raceway.race(Options(max_epochs=1), cases=CASES)
    assert [list(bytes_of(kept)) for kept in journal.kept] == [["small"], ["small", "large"]]


def test_a_race_that_was_done_was_not_stopped(raceway: Raceway) -> None:
    assert raceway.race(Options(max_epochs=2)).stopped is None
