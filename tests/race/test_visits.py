"""Which case races next, until when and for how long, and how long all of it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from support.builds import evidence, settings
from support.contestants import racer, racers
from support.processes import FakeCrew, took
from support.races import (
    ALIKE,
    CASES,
    MS,
    FixedSchedule,
    Raceway,
    all_race,
    epochs_of,
    none_race,
    until_epoch,
)
from support.results import make_raw
from whichext.build.session import Outlook, SoFar
from whichext.model.case import Case
from whichext.model.check import Check
from whichext.model.contestant import Contestant, Role
from whichext.model.options import Options
from whichext.model.outcome import Crashed
from whichext.model.raw import Raw
from whichext.race.plan import BLOCK, START_NS, find_pace
from whichext.race.track import Track, make_track
from whichext.race.visits import cost_s
from whichext.system.workers.messages import Prepared

SMALL, LARGE = "small", "large"
CRASH = Crashed("small", "killed by SIGSEGV")
TWIN = replace(racer("a"), role=Role.TWIN)
LIMIT = replace(racer("limit"), role=Role.LIMIT)


# What a case costs


def cost_of(
    contestants: Sequence[Contestant], *checks: Check, until: int = 1, rounds: int = 8
) -> float:
    """About how long so many epochs of the case "small" are."""
    raw = replace(make_raw(cases=CASES[:1], checks=checks), contestants=tuple(contestants))
    sites = {contestant.name: None for contestant in contestants}
    return cost_s(make_track(raw, sites, CASES[0], Options(rounds=rounds)), until)


def track_of(contestants: tuple[Contestant, ...], *checks: Check, compiled: bool) -> Track:
    """A race that has not begun; with or without a library in the build of all."""
    raw = replace(
        make_raw(cases=CASES[:1], checks=checks),
        contestants=contestants,
        evidence=(evidence("imaginary", *[settings()] * compiled),),
    )
    return make_track(raw, dict.fromkeys(c.name for c in contestants), CASES[0], Options())


def alone_s(call_ms: int, turns: int, *, warm: bool) -> float:
    """Time of a process, its first call, and so many turns, s."""
    pace = find_pace(call_ms * MS, 8, warm=warm)
    calls = 1 + turns * (pace.calls + pace.warm)
    return (START_NS + calls * call_ms * MS) / 1e9


# Of 30 ms, that are timed alone; of 5 ms, of which two are timed and one is not.
@pytest.mark.parametrize(("call_ms", "seconds"), [(30, 0.015 + 0.03 * 9), (5, 0.015 + 0.005 * 19)])
def test_an_epoch_is_a_process_its_first_call_and_twice_its_rounds(
    call_ms: int, seconds: float
) -> None:
    assert cost_of(racers("a"), took("a", call_ms)) == pytest.approx(seconds)


def test_only_the_baseline_takes_two_turns_in_a_round() -> None:
    found = cost_of(racers("ab"), took("a", 5), took("b", 5))
    assert found == pytest.approx(alone_s(5, 6, warm=True) + alone_s(5, 3, warm=True))


def test_an_epoch_of_fewer_rounds_is_shorter() -> None:
    assert cost_of(racers("a"), took("a", 5), rounds=1) < cost_of(racers("a"), took("a", 5))


def test_epochs_that_were_raced_cost_nothing_any_more() -> None:
    raw = replace(make_raw(cases=CASES[:1], checks=(took("a", 5),)), contestants=racers("a"))
    track = make_track(raw, {"a": None}, CASES[0], Options())
    assert cost_s(track, track.raced) == 0
    assert cost_s(track, 4) == pytest.approx(4 * cost_s(track, 1))


@pytest.mark.parametrize(("compiled", "calls"), [(True, 1), (False, 2)])
def test_who_is_far_costs_one_turn_in_every_third_epoch(compiled: bool, calls: int) -> None:
    track = track_of(racers("ab"), took("a", 30), took("b", 300), compiled=compiled)
    without_s = cost_s(track_of(racers("a"), took("a", 30), compiled=compiled), 2 * BLOCK)
    turns = 2
    expected_s = turns * (0.015 + 0.3 * calls)
    assert cost_s(track, 2 * BLOCK) - without_s == pytest.approx(expected_s)


def test_what_calls_a_package_of_others_may_compile_in_its_first_call() -> None:
    ours, theirs = racer("a"), replace(racer("b"), requires=("numba",))
    assert track_of((ours, theirs), compiled=True).compiled == {"a"}


def test_the_time_of_another_case_does_not_matter() -> None:
    found = cost_of(racers("a"), took("a", 5), took("a", 500, case=LARGE))
    assert found == cost_of(racers("a"), took("a", 5))


def test_a_twin_is_as_slow_as_its_original() -> None:
    found = cost_of((racer("a"), TWIN), took("a", 5))
    assert found == cost_of(racers("ab"), took("a", 5), took("b", 5))


def test_a_limit_is_taken_to_be_as_fast_as_the_fastest() -> None:
    found = cost_of((*racers("ab"), LIMIT), took("a", 10), took("b", 5))
    assert found == cost_of(racers("abc"), took("a", 10), took("b", 5), took("c", 5))


# Looks


@dataclass(frozen=True)
class Looks(FixedSchedule):
    """A schedule that notes how many epochs there are when it is looked at."""

    looks: list[int] = field(default_factory=list)

    def outlook(self, so_far: SoFar, more_epochs: float) -> Outlook:
        """Note it."""
        self.looks.append(epochs_of(so_far.timings))
        return super().outlook(so_far, more_epochs)


def test_looks_come_at_the_fewest_epochs_and_then_at_twice_as_many(raceway: Raceway) -> None:
    schedule = Looks()
    raceway.race(Options(min_epochs=3, max_epochs=20), schedule=schedule)
    assert schedule.looks == [3, 6, 12]


def order_of(raceway: Raceway) -> list[str]:
    """Cases in the order in which their inputs were made."""
    return raceway.crew.prepared


def test_every_case_is_looked_at_before_any_races_on(raceway: Raceway) -> None:
    raceway.race(Options(min_epochs=2, max_epochs=8), cases=CASES)
    assert order_of(raceway) == [SMALL, LARGE] * 3


def test_a_case_in_which_all_is_known_is_not_visited_again(raceway: Raceway) -> None:
    timings = raceway.run(
        Options(min_epochs=2, max_epochs=8),
        cases=CASES,
        racing=lambda timings: (
            until_epoch(2)(timings) if timings[0].case == SMALL else all_race(timings)
        ),
    )
    assert (epochs_of(timings, SMALL), epochs_of(timings, LARGE)) == (2, 8)
    assert order_of(raceway) == [SMALL, LARGE, LARGE, LARGE]


def test_the_case_that_is_behind_comes_first(raceway: Raceway) -> None:
    # By what was verified, "small" gets nearly no time at first, and "large" is done with it.
    checks = (took("a", 1), took("b", 1), took("a", 900, LARGE), took("b", 900, LARGE))
    raceway.race(Options(min_epochs=8, max_epochs=16, max_time_s=10.0), cases=CASES, checks=checks)
    assert order_of(raceway) == [SMALL, LARGE, SMALL, SMALL, LARGE]


# The time


def epoch_of(raceway: Raceway) -> tuple[float, float]:
    """Time of the first epoch of these fakes, in which paces are found, and of any other, s."""
    ends_s = []
    for epochs in (1, 2):
        raceway.crew = FakeCrew(ALIKE)
        raceway.run(Options(max_epochs=epochs))
        ends_s.append(raceway.crew.clock.monotonic())
    raceway.crew = FakeCrew(ALIKE)
    return ends_s[0], ends_s[1] - ends_s[0]


def test_cases_share_the_time_as_they_need_it(raceway: Raceway, shares: dict[str, float]) -> None:
    checks = tuple(
        took(name, call_ms, case)
        for case, call_ms in {SMALL: 30, LARGE: 90}.items()
        for name in "ab"
    )
    raceway.race(
        Options(max_time_s=100.0, max_epochs=1), cases=CASES, checks=checks, racing=none_race
    )
    used_s = raceway.crew.clock.monotonic() / 2  # both cases take these fakes the same time
    small_s = cost_of(racers("ab"), took("a", 30), took("b", 30))
    large_s = cost_of(racers("ab"), took("a", 90), took("b", 90))
    assert shares == {
        SMALL: pytest.approx(100.0 * small_s / (small_s + large_s)),
        LARGE: pytest.approx(100.0 - used_s),
    }


def test_after_the_first_look_the_time_that_is_left_is_shared_by_what_is_needed(
    raceway: Raceway, shares: dict[str, float]
) -> None:
    raceway.crew = FakeCrew({"a": 200 * MS, "b": 200 * MS})
    schedule = FixedSchedule(needs={SMALL: 1, LARGE: 3})
    # An epoch takes 200 ms eight times, and another two calls find the paces of a case.
    options = Options(min_epochs=2, max_epochs=3, max_time_s=4 * 1.6 + 2 * 0.4 + 8)
    raceway.race(options, cases=CASES, schedule=schedule)
    assert shares == {SMALL: pytest.approx(2), LARGE: pytest.approx(6.4)}


def test_progress_has_an_amount_even_when_there_is_no_time(raceway: Raceway) -> None:
    raceway.race(Options(max_time_s=0.0), cases=CASES)
    assert raceway.progress.totals == {"race": 1.0}


@pytest.mark.parametrize(("left", "most"), [(0.9, {2}), (1.0, {2, 3}), (1.5, {3})], ids=str)
def test_where_a_share_is_shorter_than_an_epoch_another_case_gets_the_time(
    raceway: Raceway, left: float, most: set[int]
) -> None:
    first_s, later_s = epoch_of(raceway)
    max_time_s = 2 * first_s + (2 + left) * later_s
    timings = raceway.run(Options(min_epochs=2, max_time_s=max_time_s), cases=CASES)
    fewer, more = sorted([epochs_of(timings, SMALL), epochs_of(timings, LARGE)])
    assert (fewer, more in most) == (2, True)
    assert raceway.crew.clock.monotonic() <= max_time_s * (1 + 1e-9)


def test_a_case_too_slow_for_the_time_that_is_left_leaves_it_to_another(raceway: Raceway) -> None:
    class Slow(FakeCrew):
        """A crew in whose case "large" calls take far longer."""

        def prepare(self, case: Case) -> Prepared:
            self.call_ns = {name: 100 * ns if case.name == LARGE else ns for name, ns in TIMES}
            return super().prepare(case)

    raceway.crew = Slow(ALIKE)
    timings = raceway.run(Options(min_epochs=2, max_time_s=6.0), cases=CASES[::-1])
    assert 2 <= epochs_of(timings, LARGE) < epochs_of(timings, SMALL)
    assert 5.0 < raceway.crew.clock.monotonic() <= 6.0


TIMES = tuple(ALIKE.items())


# Cases that end


def hidden_in(raceway: Raceway, *names: str) -> Raw:
    """A race in which noise hides what is unresolved in these cases."""
    options = Options(min_epochs=2, max_epochs=8)
    schedule = FixedSchedule(hidden=frozenset(names))
    return raceway.race(options, cases=CASES, schedule=schedule)


@pytest.mark.parametrize("names", [(SMALL,), (LARGE,), (SMALL, LARGE), ()])
def test_a_case_in_which_noise_hides_what_is_unresolved_ends_at_its_look_and_is_listed(
    raceway: Raceway, names: tuple[str, ...]
) -> None:
    found = hidden_in(raceway, *names)
    epochs = {case.name: epochs_of(found.timings, case.name) for case in CASES}
    assert epochs == {case.name: 2 if case.name in names else 8 for case in CASES}
    assert found.hidden == names


def test_a_case_in_which_all_crashed_ends(raceway: Raceway) -> None:
    raceway.crew.faults = {("a", 2): CRASH, ("b", 2): CRASH}
    race = raceway.race(Options(max_epochs=8), cases=CASES)
    assert [t.ended for t in race.timings if t.case == SMALL] == [CRASH, CRASH]
    assert epochs_of(race.timings, LARGE) == 8
    assert (order_of(raceway), race.stopped) == ([SMALL, LARGE], None)
