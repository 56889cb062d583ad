"""The flow with its stages faked: what passes between them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.contestants import make_contestant
from support.processes import FakeCrew
from support.results import (
    CRASHED,
    WRONG,
    make_build,
    make_check,
    make_machine,
    make_timing,
    noisy,
    ratio_of,
    steady,
)
from whichext import pipeline
from whichext.build.session import NoJournal, Session, SoFar
from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.errors import HostLostError, KernelError, ResultFileError, UsageError
from whichext.model.options import Options
from whichext.model.outcome import NotReached, NotRequested
from whichext.model.ratio import Verdict
from whichext.model.raw import Build, Kind, Raw, Timing
from whichext.model.view import View
from whichext.pipeline import Stage, execute
from whichext.report.journal import FileJournal

ROW_SUM = Path(__file__).parent / "kernels" / "row_sum"
NUMPY, PLAIN, TWIN, LIMIT = "numpy", "plain_sum.row_sum", "numpy (A/A twin)", "limit[1]"

ONLY_SMALL = Options(cases=("small",), entries=(PLAIN,))
BUILT = (make_build("plain"),)
LIMIT_BUILT = make_build("limitprobe")
BOTH = tuple(make_timing(name, steady(1_000)) for name in (NUMPY, PLAIN))
ALL = ("build", "audit", "verify", "line_up", "race")


@dataclass
class FakeStages:
    """What the stages give, and what they were asked."""

    builds: tuple[Build, ...] = BUILT
    checks: tuple[Check, ...] = ()
    timings: tuple[Timing, ...] = BOTH
    stopped: str | None = None
    error: Exception | None = None
    """What the last stage raises."""
    calls: list[str] = field(default_factory=list)
    before: dict[str, Raw] = field(default_factory=dict)
    """What was known before each stage."""
    sessions: list[Session] = field(default_factory=list)

    def all(self) -> tuple[Stage, ...]:
        """The stages in their order."""
        return tuple(self._named(name) for name in ALL)

    def _named(self, name: str) -> Stage:
        def stage(session: Session, raw: Raw) -> Raw:
            self.calls.append(name)
            self.sessions.append(session)
            self.before[name] = raw
            return self._after(name, raw)

        return stage

    def _after(self, name: str, raw: Raw) -> Raw:
        match name:
            case "build":
                return replace(raw, builds=self.builds)
            case "verify":
                return replace(raw, checks=self.checks)
            case "line_up":
                added = tuple(make_contestant(name) for name in (TWIN, LIMIT))
                builds = (*raw.builds, LIMIT_BUILT)
                return replace(raw, contestants=(*raw.contestants, *added), builds=builds)
            case "race":
                if self.error is not None:
                    raise self.error
                sizes = tuple(replace(size, input_bytes=4_800) for size in raw.sizes)
                return replace(raw, timings=self.timings, sizes=sizes, stopped=self.stopped)
        return raw


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> FakeCrew:
    """The crew of all stages."""
    crew = FakeCrew({})
    monkeypatch.setattr(pipeline, "Crew", crew)
    return crew


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch, crew: FakeCrew) -> FakeStages:  # noqa: ARG001  # first
    """Nothing is built, verified or raced."""
    fake = FakeStages()
    faked = fake.all()
    monkeypatch.setattr(pipeline, "STAGES", faked)
    monkeypatch.setattr(pipeline, "describe_machine", make_machine)
    return fake


@pytest.fixture
def run(stages: FakeStages, store: Store) -> Callable[..., View]:  # noqa: ARG001  # faked first
    """Run the small case through all stages, unless told otherwise."""

    def through(options: Options = ONLY_SMALL, last: str = "race", **more: object) -> View:
        kind = Kind.RUN if last == "race" else Kind(last)
        return execute(ROW_SUM, options, kind=kind, store=store, **more)  # type: ignore[arg-type]  # its own

    return through


Run = Callable[..., View]


@pytest.mark.parametrize("last", ["audit", "verify", "race"])
def test_the_stages_run_from_left_to_right_up_to_the_last_that_is_asked_for(
    stages: FakeStages, run: Run, last: str
) -> None:
    run(last=last)
    assert stages.calls == list(ALL[: ALL.index(last) + 1])


def test_all_stages_share_one_session_and_its_crew(
    stages: FakeStages, crew: FakeCrew, run: Run
) -> None:
    run()
    assert {id(session) for session in stages.sessions} == {id(stages.sessions[0])}
    assert stages.sessions[0].crew is crew


def test_the_crew_is_left_at_the_end(crew: FakeCrew, run: Run) -> None:
    run()
    assert crew.left


def test_the_crew_is_left_when_a_stage_fails(stages: FakeStages, crew: FakeCrew, run: Run) -> None:
    stages.error = HostLostError("gone", "come back")
    with pytest.raises(HostLostError, match="gone"):
        run()
    assert crew.left


@pytest.mark.parametrize(("last", "raced"), [("audit", False), ("verify", False), ("race", True)])
def test_only_what_goes_through_the_race_was_to_be_raced(run: Run, last: str, raced: bool) -> None:
    assert run(last=last).raw.raced is raced


def test_what_is_not_followed_by_a_race_has_rows_that_say_so(run: Run) -> None:
    rows = run(last="verify").judged.rows
    assert {type(row.outcome) for row in rows} == {NotRequested}


@pytest.mark.parametrize(("last", "thorough"), [("verify", True), ("race", False)])
def test_only_a_verification_without_a_race_is_thorough(
    stages: FakeStages, run: Run, last: str, thorough: bool
) -> None:
    run(last=last)
    assert stages.sessions[0].options.thorough is thorough


@pytest.mark.parametrize(
    "options",
    [
        Options(cases=("none",)),
        Options(entries=("none",)),
        Options(profiles=("none",)),
        Options(baseline="none"),
    ],
)
def test_a_name_that_fits_nothing_is_told_before_anything_is_built(
    stages: FakeStages, run: Run, options: Options
) -> None:
    with pytest.raises(UsageError, match="none"):
        run(options)
    assert stages.calls == []


def test_what_the_author_got_wrong_of_arguments_is_told_before_anything_is_built(
    stages: FakeStages, crew: FakeCrew, run: Run
) -> None:
    crew.stops = {("", -1): KernelError("arguments", "fix kernel.py")}
    with pytest.raises(KernelError, match="arguments"):
        run()
    assert stages.calls == []


def test_what_the_stages_found_is_in_the_result(stages: FakeStages, run: Run) -> None:
    stages.checks, stages.timings = (make_check(PLAIN, WRONG),), BOTH[:1]
    found = run().raw
    expected = ((*BUILT, LIMIT_BUILT), stages.checks, BOTH[:1])
    assert expected == (found.builds, found.checks, found.timings)


def test_what_left_the_race_early_keeps_its_samples_in_the_result(
    stages: FakeStages, run: Run
) -> None:
    stages.timings = (BOTH[0], make_timing(PLAIN, steady(500), ended=CRASHED))
    found = run()
    assert (CRASHED, stages.timings) == (found.cases["small"].outcomes[PLAIN], found.raw.timings)


def test_what_was_not_reached_has_a_row_that_says_why(stages: FakeStages, run: Run) -> None:
    stages.timings, stages.stopped = BOTH[:1], "it was interrupted"
    assert run().cases["small"].outcomes[PLAIN] == NotReached("it was interrupted")


def test_the_yardsticks_race_beside_what_was_asked_for(stages: FakeStages, run: Run) -> None:
    found = run()
    raced = stages.before["race"].contestants
    assert [contestant.name for contestant in raced] == [NUMPY, PLAIN, TWIN, LIMIT]
    assert found.raw.contestants == raced


def test_the_baseline_that_was_asked_for_is_the_results(stages: FakeStages, run: Run) -> None:
    stages.timings = BOTH[::-1]
    found = run(Options(cases=("small",), entries=(PLAIN,), baseline=PLAIN))
    assert found.raw.baseline == PLAIN
    assert ratio_of(found, PLAIN).verdict is Verdict.BASELINE


def test_seed_and_precision_are_kept(run: Run) -> None:
    found = run(Options(cases=("small",), seed=7, precision=0.05))
    assert (found.raw.seed, found.raw.precision) == (7, 0.05)


def test_a_start_is_in_utc(run: Run) -> None:
    assert run().raw.started_at.endswith("+00:00")


def test_a_run_took_some_time(run: Run) -> None:
    assert run().raw.duration_ns > 0


def test_a_case_has_the_bytes_that_the_kernel_and_the_race_tell(run: Run) -> None:
    case = run().cases["small"]
    found = (case.size.bytes_moved, case.size.input_bytes, case.judged.rounds)
    assert found == (20 * 31 * 8, 4_800, 15)


@pytest.mark.parametrize("stopped", [None, "it was interrupted"])
def test_why_the_race_was_stopped_is_kept(
    stages: FakeStages, run: Run, stopped: str | None
) -> None:
    stages.stopped = stopped
    assert run().raw.stopped == stopped


def test_epochs_are_kept_beside_the_file_that_is_to_have_the_result(
    stages: FakeStages, run: Run, tmp_path: Path
) -> None:
    run(output=tmp_path / "result.json")
    journal = stages.sessions[0].journal
    assert isinstance(journal, FileJournal)
    assert journal.path == tmp_path / "result.json.part"


def test_without_a_file_epochs_are_kept_nowhere(stages: FakeStages, run: Run) -> None:
    run()
    assert isinstance(stages.sessions[0].journal, NoJournal)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_built(
    stages: FakeStages, run: Run, tmp_path: Path
) -> None:
    with pytest.raises(ResultFileError, match="a folder"):
        run(output=tmp_path)
    assert stages.calls == []


def test_an_earlier_run_is_given_to_the_race(stages: FakeStages, run: Run) -> None:
    earlier = run().raw
    run(earlier=earlier)
    assert stages.sessions[-1].earlier is earlier


def test_without_an_earlier_run_the_race_starts_afresh(stages: FakeStages, run: Run) -> None:
    run()
    assert stages.sessions[0].earlier is None


def test_an_earlier_run_of_something_else_is_refused_before_anything_is_built(
    stages: FakeStages, run: Run
) -> None:
    earlier = replace(run().raw, kernel_digest="e" * 24)
    stages.calls.clear()
    with pytest.raises(UsageError, match=r"text of kernel\.py"):
        run(earlier=earlier)
    assert stages.calls == []


@pytest.mark.parametrize(
    ("precision", "min_epochs", "expected"),
    [(0.01, 5, {NUMPY, PLAIN}), (0.4, 5, set()), (0.4, 6, {NUMPY, PLAIN})],
)
def test_what_races_on_is_decided_by_the_precision_and_epochs_that_were_asked_for(
    stages: FakeStages, run: Run, precision: float, min_epochs: int, expected: set[str]
) -> None:
    run(Options(cases=("small",), precision=precision, min_epochs=min_epochs))
    timings = (make_timing(NUMPY, steady(1_000)), make_timing(PLAIN, noisy(1_000)))
    assert stages.sessions[0].schedule.lineup(SoFar(timings, 5)).racing == expected


@pytest.mark.parametrize("needed", [NUMPY, PLAIN])
def test_who_is_needed_takes_all_turns_though_it_is_slower(
    stages: FakeStages, run: Run, needed: str
) -> None:
    run(Options(cases=("small",), needed=frozenset({needed})))
    timings = (make_timing(NUMPY, steady(1_000)), make_timing(PLAIN, noisy(2_000)))
    timings = tuple(
        replace(timing, samples=tuple(replace(sample, calls=1) for sample in timing.samples))
        for timing in timings
    )
    lineup = stages.sessions[0].schedule.lineup(SoFar(timings, 5))
    assert (PLAIN in lineup.near) is (needed == PLAIN)


def test_without_the_variables_of_the_environment_the_processes_have_none_of_them_either(
    run: Callable[..., View], crew: FakeCrew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_OPT", "0")
    seen: list[str | None] = []

    def started(*_: object) -> FakeCrew:
        seen.append(os.environ.get("NUMBA_OPT"))
        return crew

    monkeypatch.setattr(pipeline, "Crew", started)
    for clean in (False, True):
        run(dataclasses.replace(ONLY_SMALL, clean_env=clean))
    assert seen == ["0", None]
    assert os.environ["NUMBA_OPT"] == "0"
