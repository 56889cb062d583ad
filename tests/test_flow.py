"""The flow with its stages faked: what passes between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from builders import (
    CRASHED,
    WRONG,
    make_build,
    make_built,
    make_check,
    make_contestant,
    make_machine,
    make_timing,
    noisy,
    ratio_of,
    steady,
)
from whichext import pipeline
from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.contestant import Contestant
from whichext.model.errors import UsageError
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.ratio import Verdict
from whichext.model.scorecard import Build, Race, Scorecard, Timing
from whichext.pipeline import compare
from whichext.race import Keep, NextField, Plan
from whichext.race.yardsticks import Sites

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROW_SUM = Path(__file__).parent / "kernels" / "row_sum"
NUMPY, PLAIN, TWIN, LIMIT = "numpy", "plain_sum.row_sum", "numpy (A/A twin)", "limit[1]"

ONLY_SMALL = Options(cases=("small",), entries=(PLAIN,))
BUILT = (make_build("plain"),)
LIMIT_BUILT = make_build("limitprobe")
BOTH = tuple(make_timing(name, steady(1_000)) for name in (NUMPY, PLAIN))


@dataclass
class FakeStages:
    """What the stages give, and what they were asked."""

    builds: tuple[Build, ...] = BUILT
    checks: tuple[Check, ...] = ()
    epochs: tuple[tuple[Timing, ...], ...] = (BOTH,)
    stopped: str = ""
    calls: list[str] = field(default_factory=list)
    plan: Plan | None = None
    next_field: NextField | None = None

    def build_all(self, *_: Any) -> tuple[Build, ...]:
        """Stage 3."""
        self.calls.append("build_all")
        return self.builds

    def verify_all(self, *_: Any) -> tuple[Check, ...]:
        """Stage 4."""
        self.calls.append("verify_all")
        return self.checks

    def add_yardsticks(
        self, contestants: tuple[Contestant, ...], sites: Sites, _: Store
    ) -> tuple[tuple[Contestant, ...], Sites, Build]:
        """A twin and a limit."""
        self.calls.append("add_yardsticks")
        added = [make_contestant(name) for name in (TWIN, LIMIT)]
        return (*contestants, *added), {**sites, TWIN: None, LIMIT: Path("limit")}, LIMIT_BUILT

    def race_all(
        self, _: Kernel, plan: Plan, __: Options, ___: object, next_field: NextField, keep: Keep
    ) -> Race:
        """Stage 5: tell of every epoch, and give the last."""
        self.calls.append("race_all")
        self.plan, self.next_field = plan, next_field
        for timings in self.epochs:
            keep(Race(timings=timings, input_bytes={"small": 4_800}))
        return Race(timings=self.epochs[-1], input_bytes={"small": 4_800}, stopped=self.stopped)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> FakeStages:
    """Nothing is built, verified or raced."""
    fake = FakeStages()
    for name in ("build_all", "verify_all", "add_yardsticks", "race_all"):
        monkeypatch.setattr(pipeline, name, getattr(fake, name))
    monkeypatch.setattr(pipeline, "describe_machine", make_machine)
    return fake


@pytest.fixture
def run(stages: FakeStages, store: Store) -> Callable[..., Scorecard]:  # noqa: ARG001  # faked first
    """Compare in the small case, unless told otherwise."""
    return lambda options=ONLY_SMALL, **more: compare(ROW_SUM, options, store=store, **more)


Run = Callable[..., Scorecard]


def test_the_stages_run_from_left_to_right(stages: FakeStages, run: Run) -> None:
    run()
    assert stages.calls == ["build_all", "verify_all", "add_yardsticks", "race_all"]


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


def test_what_the_stages_found_is_in_the_scorecard(stages: FakeStages, run: Run) -> None:
    stages.checks, stages.epochs = (make_check(PLAIN, WRONG),), (BOTH[:1],)
    found = run()
    expected = ((*BUILT, LIMIT_BUILT), stages.checks, BOTH[:1])
    assert expected == (found.builds, found.checks, found.timings)


def test_who_left_the_race_early_keeps_its_samples_in_the_scorecard(
    stages: FakeStages, run: Run
) -> None:
    timings = (BOTH[0], make_timing(PLAIN, steady(500), ended=CRASHED))
    stages.epochs = (timings,)
    found = run()
    (outcome,) = (row.outcome for row in found.rows if row.contestant == PLAIN)
    assert (CRASHED, timings) == (outcome, found.timings)


def test_the_yardsticks_race_beside_who_was_asked_for(stages: FakeStages, run: Run) -> None:
    found = run()
    assert stages.plan is not None
    names = [contestant.name for contestant in stages.plan.contestants]
    assert names == [NUMPY, PLAIN, TWIN, LIMIT]
    assert set(stages.plan.sites) == set(names)
    assert found.contestants == stages.plan.contestants


def test_the_baseline_that_was_asked_for_is_the_scorecards(stages: FakeStages, run: Run) -> None:
    stages.epochs = (BOTH[::-1],)
    found = run(Options(cases=("small",), entries=(PLAIN,), baseline=PLAIN))
    assert found.baseline == PLAIN
    assert ratio_of(found, PLAIN).verdict is Verdict.BASELINE


def test_seed_and_precision_are_kept(run: Run) -> None:
    found = run(Options(cases=("small",), seed=7, precision=0.05))
    assert (found.seed, found.precision) == (7, 0.05)


def test_a_start_is_in_utc(run: Run) -> None:
    assert run().started_at.endswith("+00:00")


def test_a_case_has_the_bytes_that_the_kernel_and_the_race_tell(run: Run) -> None:
    (course,) = run().courses
    assert (course.bytes_moved, course.input_bytes, course.rounds) == (20 * 31 * 8, 4_800, 15)


@pytest.mark.parametrize("stopped", ["", "it was interrupted"])
def test_why_the_race_was_stopped_is_kept(stages: FakeStages, run: Run, stopped: str) -> None:
    stages.stopped = stopped
    assert run().stopped == stopped


def test_after_every_epoch_the_judged_scorecard_so_far_can_be_kept(
    stages: FakeStages, run: Run
) -> None:
    stages.epochs = tuple(
        tuple(make_timing(name, steady(1_000, epochs)) for name in (NUMPY, PLAIN))
        for epochs in (1, 2, 3)
    )
    kept: list[Scorecard] = []
    last = run(keep=kept.append)
    assert [scorecard.timings for scorecard in kept] == list(stages.epochs)
    assert [ratio_of(scorecard, PLAIN).epochs for scorecard in kept] == [1, 2, 3]
    assert last.rows == kept[-1].rows


def test_what_was_measured_in_an_earlier_run_is_given_to_the_race(
    stages: FakeStages, run: Run
) -> None:
    run(earlier=run())
    assert stages.plan is not None
    assert stages.plan.earlier.timings == BOTH


def test_without_an_earlier_run_the_race_starts_afresh(stages: FakeStages, run: Run) -> None:
    run()
    assert stages.plan is not None
    assert stages.plan.earlier.timings == ()


def test_an_earlier_run_of_something_else_is_refused_before_anything_is_built(
    stages: FakeStages, run: Run
) -> None:
    earlier = replace(run(), kernel_digest="e" * 24)
    stages.calls.clear()
    with pytest.raises(UsageError, match="had another text of kernel"):
        run(earlier=earlier)
    assert stages.calls == []


def test_an_earlier_run_of_another_build_is_refused_before_the_race(
    stages: FakeStages, run: Run
) -> None:
    earlier = run()
    stages.builds = (make_build("plain", make_built("f" * 24)),)
    with pytest.raises(UsageError, match="had another build of plain @release"):
        run(earlier=earlier)
    assert stages.calls.count("race_all") == 1


@pytest.mark.parametrize(
    ("precision", "min_epochs", "expected"),
    [(0.01, 5, {NUMPY, PLAIN}), (0.4, 5, set()), (0.4, 6, {NUMPY, PLAIN})],
)
def test_who_races_on_is_decided_by_the_precision_and_epochs_that_were_asked_for(
    stages: FakeStages, run: Run, precision: float, min_epochs: int, expected: set[str]
) -> None:
    run(Options(cases=("small",), precision=precision, min_epochs=min_epochs))
    assert stages.next_field is not None
    timings = (make_timing(NUMPY, steady(1_000)), make_timing(PLAIN, noisy(1_000)))
    assert stages.next_field(timings) == expected
