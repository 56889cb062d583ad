from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from fakes import FakeCrew, RecordingProgress, racers
from whichext.kernel import Kernel
from whichext.options import Options
from whichext.progress import SilentProgress
from whichext.race import race_all
from whichext.scorecard import (
    Case,
    Check,
    Contestant,
    Crashed,
    Right,
    TimedOut,
    Timing,
    Unsupported,
    Wrong,
)
from written import PATIENCE_S, REFERENCE, write_contestant

MS = 1_000_000
ALIKE = {"a": MS, "b": 2 * MS}
CASES = tuple(Case(name=name, shape=(2, 2), dtype="float64") for name in ("small", "large"))


def never(timings: tuple[Timing, ...]) -> bool:  # noqa: ARG001  # what race_all asks
    return False


def always(timings: tuple[Timing, ...]) -> bool:  # noqa: ARG001  # what race_all asks
    return True


@dataclass
class Track:
    """A race among fakes: `run` gives its timings."""

    monkeypatch: pytest.MonkeyPatch
    kernel: Kernel
    crew: FakeCrew = field(default_factory=lambda: FakeCrew(ALIKE))
    progress: RecordingProgress = field(default_factory=RecordingProgress)

    def run(
        self,
        options: Options,
        *,
        precise_enough: Callable[[tuple[Timing, ...]], bool] = never,
        cases: tuple[Case, ...] = CASES[:1],
        checks: tuple[Check, ...] = (),
        unbuilt: tuple[str, ...] = (),
    ) -> tuple[Timing, ...]:
        """Race the crew's contestants."""
        self.monkeypatch.setattr("whichext.race.Crew", self.crew)
        clock = SimpleNamespace(monotonic=self.crew.clock.monotonic)
        self.monkeypatch.setattr("whichext.race.time", clock)
        contestants = racers(self.crew.call_ns)
        sites: Mapping[str, Path | None] = {
            c.name: Path("/site") for c in contestants if c.name not in unbuilt
        }
        return race_all(
            self.kernel, contestants, sites, cases, checks, options, self.progress, precise_enough
        )


@pytest.fixture
def track(monkeypatch: pytest.MonkeyPatch, row_sum: Kernel) -> Track:
    return Track(monkeypatch, row_sum)


def epochs_of(timings: tuple[Timing, ...], case: str = "small") -> int:
    """Epochs that were raced in a case."""
    samples = [s for timing in timings if timing.case == case for s in timing.samples]
    return 1 + max(sample.epoch for sample in samples)


def test_a_case_that_is_never_precise_takes_all_epochs(track: Track) -> None:
    assert epochs_of(track.run(Options(min_epochs=2, max_epochs=7))) == 7


def test_a_case_that_is_precise_ends_after_the_fewest_epochs(track: Track) -> None:
    timings = track.run(Options(min_epochs=3, max_epochs=7), precise_enough=always)
    assert epochs_of(timings) == 3


def test_a_case_ends_with_the_epoch_that_makes_it_precise(track: Track) -> None:
    timings = track.run(
        Options(min_epochs=2, max_epochs=9),
        precise_enough=lambda timings: len(timings[0].first_call_ns) == 5,
    )
    assert epochs_of(timings) == 5


def test_precision_is_judged_over_all_epochs_so_far_and_all_contestants(track: Track) -> None:
    asked: list[list[int]] = []

    def precise_enough(timings: tuple[Timing, ...]) -> bool:
        asked.append([len(timing.samples) for timing in timings])
        return False

    track.run(Options(min_epochs=1, max_epochs=3, rounds=4), precise_enough=precise_enough)
    assert asked == [[4, 4], [8, 8], [12, 12]]


def test_a_single_epoch_is_raced_if_that_is_the_most_allowed(track: Track) -> None:
    assert epochs_of(track.run(Options(min_epochs=5, max_epochs=1))) == 1


def test_two_epochs_are_raced_whatever_the_time_limit(track: Track) -> None:
    assert epochs_of(track.run(Options(max_time_s=0.0))) == 2


def epoch_s(track: Track) -> float:
    """Time of the second epoch of these fakes, in which no paces are found any more, s."""
    ends_s = []
    for epochs in (1, 2):
        track.crew = FakeCrew(ALIKE)
        track.run(Options(max_epochs=epochs))
        ends_s.append(track.crew.clock.monotonic())
    return ends_s[1] - ends_s[0]


@pytest.mark.parametrize("fit", [2, 3, 6])
def test_no_epoch_is_begun_that_would_overrun_the_time(track: Track, fit: int) -> None:
    options = Options(min_epochs=1, max_epochs=100, max_time_s=fit * epoch_s(track) * 1.1)
    track.crew = FakeCrew(ALIKE)
    timings = track.run(options)
    assert epochs_of(timings) == fit
    assert track.crew.clock.monotonic() <= options.max_time_s


def test_cases_share_the_time(track: Track) -> None:
    options = Options(min_epochs=1, max_epochs=100, max_time_s=8.8 * epoch_s(track))
    track.crew = FakeCrew(ALIKE)
    timings = track.run(options, cases=CASES)
    assert (epochs_of(timings, "small"), epochs_of(timings, "large")) == (4, 4)


def test_time_that_a_case_leaves_goes_to_the_next(track: Track) -> None:
    options = Options(min_epochs=2, max_epochs=100, max_time_s=8.8 * epoch_s(track))
    track.crew = FakeCrew(ALIKE)
    timings = track.run(
        options, cases=CASES, precise_enough=lambda timings: timings[0].case == "small"
    )
    assert (epochs_of(timings, "small"), epochs_of(timings, "large")) == (2, 6)


def test_timings_come_case_by_case_in_the_order_of_the_contestants(track: Track) -> None:
    timings = track.run(Options(max_epochs=1), cases=CASES)
    found = [(timing.case, timing.contestant) for timing in timings]
    assert found == [("small", "a"), ("small", "b"), ("large", "a"), ("large", "b")]


def test_each_case_is_prepared_once(track: Track) -> None:
    track.run(Options(max_epochs=3), cases=CASES)
    assert track.crew.prepared == ["small", "large"]


def test_the_pace_of_one_case_is_not_that_of_the_next(track: Track) -> None:
    track.run(Options(max_epochs=1, rounds=1), cases=CASES)
    large = [e.turn for e in track.crew.events if e.turn is not None and e.turn.input == "large"]
    assert len(large) == 2 * 6  # the first call, three alone, one of many, and the round's


def test_samples_stay_in_the_order_in_which_they_were_taken(track: Track) -> None:
    for timing in track.run(Options(max_epochs=3)):
        places = [(sample.epoch, sample.round) for sample in timing.samples]
        assert places == [(epoch, round_) for epoch in range(3) for round_ in range(8)]


def test_the_same_seed_gives_the_same_race(track: Track) -> None:
    first = track.run(Options(max_epochs=3, seed=5))
    track.crew = FakeCrew(ALIKE)
    assert first == track.run(Options(max_epochs=3, seed=5))


def test_another_seed_gives_another_order(track: Track) -> None:
    def slots(seed: int) -> tuple[int, ...]:
        track.crew = FakeCrew(ALIKE)
        timing = track.run(Options(max_epochs=3, seed=seed))[0]
        return tuple(sample.slot for sample in timing.samples)

    assert len({slots(seed) for seed in range(5)}) > 1


def test_the_race_leaves_the_random_numbers_of_others_alone(track: Track) -> None:
    before = random.getstate()
    track.run(Options(max_epochs=2))
    assert before == random.getstate()


def names(timings: tuple[Timing, ...], case: str = "small") -> list[str]:
    return [timing.contestant for timing in timings if timing.case == case]


def check(contestant: str, result: Right | Unsupported | Wrong | Crashed | TimedOut) -> Check:
    return Check(contestant=contestant, input="small", result=result)


def test_a_contestant_that_was_right_races(track: Track) -> None:
    assert names(track.run(Options(max_epochs=1), checks=(check("b", Right()),))) == ["a", "b"]


@pytest.mark.parametrize(
    "fault",
    [Wrong("small", "1", "2"), Crashed("small", "exit status 3"), TimedOut("small", 5)],
    ids=lambda fault: type(fault).__name__,
)
def test_a_contestant_with_a_fault_races_in_no_case(
    track: Track, fault: Wrong | Crashed | TimedOut
) -> None:
    timings = track.run(Options(max_epochs=1), cases=CASES, checks=(check("b", fault),))
    assert (names(timings, "small"), names(timings, "large")) == (["a"], ["a"])


def test_a_contestant_that_refused_a_case_races_in_the_others(track: Track) -> None:
    refusal = check("b", Unsupported("ValueError: C order only"))
    timings = track.run(Options(max_epochs=1), cases=CASES, checks=(refusal,))
    assert (names(timings, "small"), names(timings, "large")) == (["a"], ["a", "b"])


def test_a_contestant_that_was_not_built_does_not_race(track: Track) -> None:
    assert names(track.run(Options(max_epochs=1), unbuilt=("b",))) == ["a"]


def test_a_contestant_lost_in_the_race_keeps_its_timing_and_why_it_ended(track: Track) -> None:
    crash = Crashed("small", "killed by SIGSEGV")
    track.crew = FakeCrew(ALIKE, faults={("b", 7): crash})
    _, lost = track.run(Options(max_epochs=2))
    assert (len(lost.samples), lost.ended) == (2, crash)


def test_the_crew_is_left_at_the_end(track: Track) -> None:
    track.run(Options(max_epochs=1))
    assert track.crew.left


def test_each_epoch_is_told_with_its_time(track: Track) -> None:
    track.run(Options(max_epochs=2, max_time_s=100.0))
    assert track.progress.totals == {"race small": 100.0}
    assert track.progress.said == ["epoch 1: 0.2 s", "epoch 2: 0.2 s"]


# With real processes, over a kernel small enough not to be noticed.


def race_for_real(row_sum: Kernel, *contestants: tuple[Contestant, Path | None]) -> list[Timing]:
    """One short epoch on the case "small"."""
    options = Options(max_epochs=1, rounds=2, time_limit_s=PATIENCE_S)
    sites = {contestant.name: site for contestant, site in contestants}
    case = next(case for case in row_sum.cases if case.name == "small")
    everyone = tuple(contestant for contestant, _ in contestants)
    return list(race_all(row_sum, everyone, sites, (case,), (), options, SilentProgress(), always))


def test_real_processes_give_samples_of_real_time(row_sum: Kernel, tmp_path: Path) -> None:
    written = write_contestant(tmp_path, "def run(values): return values.sum(axis=1)")
    timings = race_for_real(row_sum, (REFERENCE, None), (written, tmp_path))
    assert [timing.contestant for timing in timings] == ["numpy", written.name]
    assert [len(timing.samples) for timing in timings] == [2, 2]
    assert all(sample.wall_ns > 0 for timing in timings for sample in timing.samples)


def test_a_real_error_in_the_race_ends_that_contestants_race_alone(
    row_sum: Kernel, tmp_path: Path
) -> None:
    code = """
        calls = 0
        def run(values):
            global calls
            calls += 1
            if calls > 3:
                raise MemoryError("leaked it all")
    """
    written = write_contestant(tmp_path, code)
    fine, lost = race_for_real(row_sum, (REFERENCE, None), (written, tmp_path))
    assert lost.ended == Crashed("small", "raised MemoryError: leaked it all in the race")
    assert (fine.ended, len(fine.samples)) == (None, 2)


def test_a_real_crash_in_the_race_ends_that_contestants_race_alone(
    row_sum: Kernel, tmp_path: Path
) -> None:
    written = write_contestant(tmp_path, "import os\ndef run(values): os.abort()")
    fine, lost = race_for_real(row_sum, (REFERENCE, None), (written, tmp_path))
    assert isinstance(lost.ended, Crashed)
    assert lost.ended.how == "killed by SIGABRT"
    assert (fine.ended, len(fine.samples)) == (None, 2)
