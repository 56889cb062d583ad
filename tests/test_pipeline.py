"""The flow: with its stages faked for what passes between them, and as a whole with real builds."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    WRONG,
    make_build,
    make_built,
    make_check,
    make_contestant,
    make_machine,
    make_timing,
    steady,
)
from whichext import __version__, pipeline
from whichext.build.store import Store
from whichext.errors import UsageError
from whichext.options import Options
from whichext.pipeline import compare, find_sites
from whichext.report import as_text
from whichext.scorecard import (
    SCHEMA_VERSION,
    BuildFailed,
    Built,
    Crashed,
    Measured,
    Outcome,
    Right,
    Row,
    Scorecard,
    TimedOut,
    Unsupported,
    Verdict,
    Wrong,
)

KERNELS = Path(__file__).parent / "kernels"
ROW_SUM, FAULTY = KERNELS / "row_sum", KERNELS / "faulty"

NUMPY, PLAIN, PICKY = "numpy", "plain_sum.row_sum", "plain_sum.row_sum_c_order_only"

# Enough for a loaded machine to answer; only the hanging contestant ever waits so long.
TIME_LIMIT_S = 2.0

SHORT = Options(max_time_s=1, min_epochs=2, time_limit_s=TIME_LIMIT_S)


@pytest.fixture(scope="module")
def right(store: Store) -> Scorecard:
    """A real run of a kernel without faults."""
    return compare(ROW_SUM, SHORT, store=store, command="whichext run row_sum")


@pytest.fixture(scope="module")
def faults(store: Store) -> Scorecard:
    """A real run of a kernel whose projects are at fault, each in its own way."""
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return compare(FAULTY, SHORT, store=store)


def outcome_of(scorecard: Scorecard, contestant: str, case: str = "small") -> Outcome:
    """What became of a contestant in a case, of which there must be one row."""
    (row,) = (row for row in scorecard.rows if (row.contestant, row.case) == (contestant, case))
    return row.outcome


def raced(scorecard: Scorecard) -> set[tuple[str, str]]:
    """Contestants and the cases for which they have samples."""
    return {(timing.contestant, timing.case) for timing in scorecard.timings if timing.samples}


def test_a_real_run_has_a_row_for_every_contestant_in_every_case(right: Scorecard) -> None:
    expected = [
        (case, name) for case in ("small", "column-major") for name in (NUMPY, PLAIN, PICKY)
    ]
    assert expected == [(row.case, row.contestant) for row in right.rows]


@pytest.mark.parametrize("contestant", [NUMPY, PLAIN, PICKY])
def test_in_a_real_run_who_is_right_is_measured(right: Scorecard, contestant: str) -> None:
    assert isinstance(outcome_of(right, contestant), Measured)


def test_in_a_real_run_a_clean_refusal_is_the_row_of_that_case(right: Scorecard) -> None:
    expected = Unsupported("ValueError: expected an array in C order, got strides (8, 240)")
    assert expected == outcome_of(right, PICKY, "column-major")


def test_in_a_real_run_who_refused_a_case_has_no_samples_of_it(right: Scorecard) -> None:
    assert (PICKY, "column-major") not in raced(right)


def test_a_real_run_has_an_interval_of_two_epochs_or_more(right: Scorecard) -> None:
    outcome = outcome_of(right, PLAIN)
    assert isinstance(outcome, Measured)
    assert outcome.estimate.low is not None
    assert outcome.estimate.epochs >= 2


def test_in_a_real_run_the_reference_is_the_baseline(right: Scorecard) -> None:
    outcome = outcome_of(right, NUMPY, "column-major")
    assert isinstance(outcome, Measured)
    assert outcome.estimate.verdict is Verdict.BASELINE


def test_a_real_run_keeps_every_sample_in_the_order_of_its_rounds(right: Scorecard) -> None:
    for timing in right.timings:
        places = [(sample.epoch, sample.round) for sample in timing.samples]
        assert sorted(set(places)) == places


def test_a_real_run_builds_each_project_once(right: Scorecard) -> None:
    assert [(build.project, build.profile) for build in right.builds] == [("plain", "release")]


def test_a_real_run_names_the_backend_that_built(right: Scorecard) -> None:
    (result,) = (build.result for build in right.builds)
    assert isinstance(result, Built)
    assert [tool.name for tool in result.tools] == ["flit-core"]


def test_a_real_run_says_how_it_was_asked_for(right: Scorecard) -> None:
    expected = (SCHEMA_VERSION, __version__, "row_sum", "whichext run row_sum", NUMPY)
    found = (right.schema_version, right.whichext_version, right.kernel, right.command)
    assert expected == (*found, right.baseline)


@pytest.mark.usefixtures("right")
def test_a_second_run_finds_the_build_in_the_store(store: Store) -> None:
    again = compare(
        ROW_SUM,
        Options(max_time_s=0, cases=("small",), time_limit_s=TIME_LIMIT_S),
        store=store,
    )
    (result,) = (build.result for build in again.builds)
    assert isinstance(result, Built)
    assert result.cached


def test_among_faults_every_contestant_has_its_row(faults: Scorecard) -> None:
    names = ["numpy", "crashes", "fails_to_build", "good", "hangs", "wrong_on_nan"]
    assert names == [row.contestant.partition(".")[0] for row in faults.rows]


@pytest.mark.parametrize("contestant", ["numpy", "good.row_max"])
def test_among_faults_who_is_right_is_measured(faults: Scorecard, contestant: str) -> None:
    assert isinstance(outcome_of(faults, contestant), Measured)


def test_a_project_that_does_not_build_has_the_compilers_error_as_its_row(
    faults: Scorecard,
) -> None:
    outcome = outcome_of(faults, "fails_to_build.row_max")
    assert isinstance(outcome, BuildFailed)
    assert "no_such_type" in outcome.error


def test_a_wrong_answer_has_the_input_and_both_sides_as_its_row(faults: Scorecard) -> None:
    outcome = outcome_of(faults, "wrong_on_nan.row_max")
    assert isinstance(outcome, Wrong)
    assert outcome.where == "float64 NaN"
    assert outcome.expected.startswith("nan")


def test_a_crash_has_the_signal_and_the_last_words_as_its_row(faults: Scorecard) -> None:
    outcome = outcome_of(faults, "crashes.row_max")
    assert isinstance(outcome, Crashed)
    assert outcome.how == "killed by SIGSEGV"
    assert "about to read address 0" in outcome.stderr


def test_a_hang_has_the_time_that_it_had_as_its_row(faults: Scorecard) -> None:
    outcome = outcome_of(faults, "hangs.row_max")
    assert isinstance(outcome, TimedOut)
    assert outcome.limit_ns == round(TIME_LIMIT_S * 1e9)


def test_among_faults_only_who_verified_is_raced(faults: Scorecard) -> None:
    assert {("numpy", "small"), ("good.row_max", "small")} == raced(faults)


def test_among_faults_the_checks_say_who_was_right_on_every_input(faults: Scorecard) -> None:
    good = [check.result for check in faults.checks if check.contestant == "good.row_max"]
    assert [True] * len(good) == [isinstance(result, (Right, Unsupported)) for result in good]


def test_the_report_of_faults_names_every_contestant(faults: Scorecard) -> None:
    text = as_text.render(faults)
    assert [row.contestant for row in faults.rows if row.contestant not in text] == []


def test_a_row_for_each_pair_is_unique(faults: Scorecard) -> None:
    def place(row: Row) -> tuple[str, str]:
        return row.case, row.contestant

    assert len(faults.rows) == len({place(row) for row in faults.rows})


Stages = Callable[..., list[str]]


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    """Fake build, verify and race; gives a list of the stages that were run."""

    def fake(**results: Any) -> list[str]:
        calls: list[str] = []

        def stage(name: str) -> Callable[..., Any]:
            def run(*_: Any) -> Any:
                calls.append(name)
                return results.get(name, ())

            return run

        for name in ("build_all", "verify_all", "race_all"):
            monkeypatch.setattr(pipeline, name, stage(name))
        monkeypatch.setattr(pipeline, "describe_machine", make_machine)
        return calls

    return fake


ONLY_SMALL = Options(cases=("small",), entries=("plain_sum.row_sum",))
BUILT = (make_build("plain"),)
BOTH = tuple(make_timing(name, steady(1_000)) for name in (NUMPY, PLAIN))


def test_the_stages_run_from_left_to_right(stages: Stages, store: Store) -> None:
    calls = stages(build_all=BUILT, race_all=BOTH)
    compare(ROW_SUM, ONLY_SMALL, store=store)
    assert calls == ["build_all", "verify_all", "race_all"]


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
    stages: Stages, store: Store, options: Options
) -> None:
    calls = stages()
    with pytest.raises(UsageError, match="none"):
        compare(ROW_SUM, options, store=store)
    assert calls == []


def test_what_the_stages_found_is_in_the_scorecard(stages: Stages, store: Store) -> None:
    checks = (make_check(PLAIN, WRONG),)
    stages(build_all=BUILT, verify_all=checks, race_all=BOTH[:1])
    found = compare(ROW_SUM, ONLY_SMALL, store=store)
    assert (BUILT, checks, BOTH[:1]) == (found.builds, found.checks, found.timings)


def test_who_left_the_race_early_keeps_its_samples_in_the_scorecard(
    stages: Stages, store: Store
) -> None:
    timings = (BOTH[0], make_timing(PLAIN, steady(500), ended=CRASHED))
    stages(build_all=BUILT, race_all=timings)
    found = compare(ROW_SUM, ONLY_SMALL, store=store)
    assert (CRASHED, timings) == (outcome_of(found, PLAIN), found.timings)


def test_the_baseline_that_was_asked_for_is_the_scorecards(stages: Stages, store: Store) -> None:
    stages(build_all=BUILT, race_all=BOTH[::-1])
    options = Options(cases=("small",), entries=(PLAIN,), baseline=PLAIN)
    assert compare(ROW_SUM, options, store=store).baseline == PLAIN


def test_the_seed_is_kept(stages: Stages, store: Store) -> None:
    stages(build_all=BUILT, race_all=BOTH)
    options = Options(cases=("small",), entries=(PLAIN,), seed=7)
    assert compare(ROW_SUM, options, store=store).seed == 7


def test_a_start_is_in_utc(stages: Stages, store: Store) -> None:
    stages(build_all=BUILT, race_all=BOTH)
    assert compare(ROW_SUM, ONLY_SMALL, store=store).started_at.endswith("+00:00")


def test_a_built_contestant_is_imported_from_its_builds_folder(store: Store) -> None:
    builds = (make_build("cy", make_built("a" * 24)),)
    sites = find_sites((make_contestant("cy.total"),), builds, store)
    assert {"cy.total": store.site("a" * 24)} == sites


def test_the_reference_has_no_folder(store: Store) -> None:
    assert find_sites((make_contestant(NUMPY),), (), store) == {NUMPY: None}


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_who_was_not_built_has_no_site(store: Store, result: Any) -> None:
    builds = (make_build("cy", result),)
    assert find_sites((make_contestant("cy.total"),), builds, store) == {}


def test_every_profile_has_a_folder_of_its_own(store: Store) -> None:
    builds = (
        make_build("cy", make_built("a" * 24)),
        make_build("cy", make_built("b" * 24), profile="debug"),
    )
    names = ("cy.total", "cy.total@debug")
    sites = find_sites(tuple(make_contestant(name) for name in names), builds, store)
    assert [store.site("a" * 24), store.site("b" * 24)] == [sites[name] for name in names]
