"""Going on from what an earlier run measured."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from support.contestants import racer
from support.epochs import CRASH, TRACK
from support.processes import FakeCrew
from support.races import CASES, MS, Raceway, all_race, bytes_of, epochs_of, none_race
from support.results import make_build, make_built
from whichext.build.session import Lineup
from whichext.model.errors import UsageError
from whichext.model.options import Options
from whichext.model.outcome import TimedOut
from whichext.model.raw import Sample, Timing
from whichext.race.epoch import run_epoch
from whichext.race.plan import Pace
from whichext.race.track import Entrant, Epoch


def earlier_timing(contestant: str, epochs: int, case: str = "small") -> Timing:
    """What an earlier run measured: a round in each epoch, in odd times that no fake takes."""
    return Timing(
        contestant=contestant,
        case=case,
        samples=tuple(Sample(epoch, 0, 0, 5, 101, 202) for epoch in range(epochs)),
        import_ns=(7,) * epochs,
        first_call_ns=(8,) * epochs,
        threads_seen=2,
    )


EARLIER = earlier_timing("alone", 1)


def run_alone(crew: FakeCrew, entrant: Entrant) -> None:
    """Its second epoch, in which nobody else races."""
    lineup = Lineup(frozenset({entrant.contestant.name}))
    run_epoch(crew.as_crew, TRACK, Epoch(1, (entrant,), random.Random(0), lineup))


def resumed(earlier: Timing, crew: FakeCrew) -> Entrant:
    """A contestant after an earlier epoch and one of now, if it still races."""
    entrant = Entrant(racer("alone"), Path("/site"))
    entrant.resume(earlier)
    run_alone(crew, entrant)
    return entrant


def test_who_goes_on_keeps_what_was_measured_before() -> None:
    timing = resumed(EARLIER, FakeCrew({"alone": 2 * MS})).timing("small")
    places = [(sample.epoch, sample.round) for sample in timing.samples]
    assert timing.samples[:1] == EARLIER.samples
    assert places == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1)]  # twice in a round
    assert (timing.import_ns[0], timing.first_call_ns) == (7, (8, 2 * MS))


def test_who_goes_on_finds_its_pace_anew() -> None:
    assert resumed(EARLIER, FakeCrew({"alone": 5 * MS})).pace == Pace(calls=2, warm=1, rounds=2)


def test_threads_seen_before_stay_known_where_the_new_turn_is_too_short() -> None:
    last_of_the_calibration = 4
    crew = FakeCrew({"alone": MS}, hiccups_ns={("alone", last_of_the_calibration): 1})
    assert resumed(EARLIER, crew).threads_seen == 2


def test_who_crashed_in_an_earlier_race_does_not_race_again() -> None:
    crew = FakeCrew({"alone": MS})
    lost = msgspec.structs.replace(EARLIER, ended=CRASH)
    assert resumed(lost, crew).timing("small") == lost
    assert crew.events == []


def test_who_was_too_slow_in_an_earlier_race_races_again_with_what_it_had() -> None:
    late = msgspec.structs.replace(EARLIER, ended=TimedOut("small", 5))
    timing = resumed(late, FakeCrew({"alone": MS})).timing("small")
    assert (timing.ended, {sample.epoch for sample in timing.samples}) == (None, {0, 1})


def test_a_timing_is_a_copy_that_later_turns_leave_as_it_is() -> None:
    entrant = Entrant(racer("alone"), Path("/site"))
    entrant.resume(EARLIER)
    before = entrant.timing("small")
    run_alone(FakeCrew({"alone": MS}), entrant)
    assert before == EARLIER


BOTH = (earlier_timing("a", 2), earlier_timing("b", 2))


def test_a_race_goes_on_with_the_next_epoch_and_keeps_the_old_samples(raceway: Raceway) -> None:
    timings = raceway.run(Options(max_epochs=4, rounds=1), earlier=BOTH)
    for timing, before in zip(timings, BOTH, strict=True):
        assert timing.samples[:2] == before.samples
        assert list(dict.fromkeys(sample.epoch for sample in timing.samples)) == [0, 1, 2, 3]


def test_the_next_epoch_follows_the_last_of_anybody(raceway: Raceway) -> None:
    earlier = (earlier_timing("a", 5), earlier_timing("b", 2))
    timings = raceway.run(Options(max_epochs=6, rounds=1), earlier=earlier)
    assert [timing.samples[-1].epoch for timing in timings] == [5, 5]


def slots_of(timings: tuple[Timing, ...]) -> list[list[int]]:
    """Each contestant's places in the last two epochs."""
    return [[s.slot for s in timing.samples if s.epoch in (2, 3)] for timing in timings]


@pytest.mark.parametrize("seed", range(3))
def test_a_race_that_goes_on_has_the_orders_that_it_would_have_had_unbroken(
    raceway: Raceway, seed: int
) -> None:
    unbroken = raceway.run(Options(max_epochs=4, seed=seed))
    raceway.crew = FakeCrew(raceway.crew.call_ns)
    went_on = raceway.run(Options(max_epochs=4, seed=seed), earlier=BOTH)
    assert slots_of(went_on) == slots_of(unbroken)


def test_who_is_new_joins_in_the_next_epoch(raceway: Raceway) -> None:
    timings = raceway.run(Options(max_epochs=3, rounds=1), earlier=BOTH[:1])
    epochs = [{sample.epoch for sample in timing.samples} for timing in timings]
    assert epochs == [{0, 1, 2}, {2}]


def test_the_schedule_is_asked_before_a_race_goes_on(raceway: Raceway) -> None:
    asked: list[tuple[Timing, ...]] = []

    def racing(timings: tuple[Timing, ...]) -> frozenset[str]:
        asked.append(timings)
        return all_race(timings)

    raceway.run(Options(max_epochs=3), earlier=BOTH, racing=racing)
    assert asked[0] == BOTH


def test_a_case_that_was_done_is_not_raced_again(raceway: Raceway) -> None:
    race = raceway.race(Options(), earlier=BOTH, racing=none_race)
    assert (race.timings, raceway.crew.events) == (BOTH, [])


def test_a_case_that_was_done_still_has_the_bytes_of_its_inputs(raceway: Raceway) -> None:
    race = raceway.race(Options(), earlier=BOTH, racing=none_race)
    assert bytes_of(race) == {"small": 32}


def test_each_case_goes_on_from_its_own_epochs(raceway: Raceway) -> None:
    earlier = (*BOTH, earlier_timing("a", 4, "large"), earlier_timing("b", 4, "large"))
    timings = raceway.run(Options(max_epochs=5, rounds=1), cases=CASES, earlier=earlier)
    first_new = {t.case: min(s.epoch for s in t.samples if s.wall_ns != 101) for t in timings}
    assert first_new == {"small": 2, "large": 4}


@pytest.mark.parametrize("epochs", [8, 9, 40])
def test_a_race_goes_on_although_it_had_as_many_epochs_as_the_first_look(
    raceway: Raceway, epochs: int
) -> None:
    earlier = (earlier_timing("a", epochs), earlier_timing("b", epochs))
    timings = raceway.run(Options(min_epochs=8, max_epochs=epochs + 3), earlier=earlier)
    assert epochs_of(timings) == epochs + 3


def test_a_race_that_had_all_its_epochs_does_not_go_on(raceway: Raceway) -> None:
    race = raceway.race(Options(max_epochs=2), earlier=BOTH)
    assert (race.timings, raceway.crew.events) == (BOTH, [])


@pytest.mark.parametrize("turn", [0, 1])
def test_a_race_that_goes_on_and_is_stopped_at_once_still_has_the_old_samples(
    raceway: Raceway, turn: int
) -> None:
    raceway.crew.stops = {("a", turn): KeyboardInterrupt()}
    race = raceway.race(Options(), earlier=BOTH)
    assert (race.timings, race.stopped) == (BOTH, "it was interrupted")


def test_a_race_does_not_go_on_from_another_build(raceway: Raceway) -> None:
    another = (make_build("imaginary", make_built("f" * 24)),)
    with pytest.raises(UsageError, match="build of imaginary @release"):
        raceway.race(Options(), earlier=BOTH, earlier_builds=another)
    assert raceway.crew.events == []
