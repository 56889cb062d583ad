"""The flow: with its stages faked for what passes between them, and as a whole with real builds."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import BUILD_FAILED, SKIPPED, make_build, make_built, make_contestant, measured_of
from whichext import __version__
from whichext.build.store import Store
from whichext.model.check import Property
from whichext.model.errors import UsageError
from whichext.model.options import Options
from whichext.model.outcome import (
    BuildFailed,
    Built,
    Crashed,
    Measured,
    NotRequested,
    Outcome,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.model.ratio import Verdict
from whichext.model.scorecard import SCHEMA_VERSION, Row, Scorecard
from whichext.pipeline import compare, find_sites, verify
from whichext.report import as_text

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

KERNELS = Path(__file__).parent / "kernels"
ROW_SUM, FAULTY = KERNELS / "row_sum", KERNELS / "faulty"

TWIN, LIMIT = "numpy (A/A twin)", "limit[1]"
NUMPY, PLAIN, PICKY = "numpy", "plain_sum.row_sum", "plain_sum.row_sum_c_order_only"

FOUND_THOROUGHLY = ("leaks.row_max", "wrong_with_three_threads.row_max[2]")
"""Whose fault shows only where more is tried than before a race."""

# Enough for a loaded machine to answer; only the hanging contestant ever waits so long.
TIME_LIMIT_S = 2.0

SHORT = Options(
    max_time_s=1,
    min_epochs=2,
    threads=(2,),
    time_limit_s=TIME_LIMIT_S,
    memory_limit_bytes=200_000_000,
)


@pytest.fixture(scope="module")
def right(store: Store) -> Scorecard:
    """A real run of a kernel without faults."""
    return compare(ROW_SUM, SHORT, store=store, command="whichext run row_sum")


@pytest.fixture(scope="module")
def right_and_verified(store: Store) -> Scorecard:
    """The same kernel, verified and not raced."""
    return verify(ROW_SUM, SHORT, store=store, command="whichext verify row_sum")


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
    names = (NUMPY, PLAIN, PICKY, TWIN, LIMIT)
    expected = [(case, name) for case in ("small", "column-major") for name in names]
    assert expected == [(row.case, row.contestant) for row in right.rows]


@pytest.mark.parametrize("contestant", [NUMPY, PLAIN, PICKY, TWIN, LIMIT])
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
    assert outcome.ratio.low is not None
    assert outcome.ratio.epochs >= 2


def test_in_a_real_run_the_reference_is_the_baseline(right: Scorecard) -> None:
    outcome = outcome_of(right, NUMPY, "column-major")
    assert isinstance(outcome, Measured)
    assert outcome.ratio.verdict is Verdict.BASELINE


def test_a_real_run_keeps_every_sample_in_the_order_of_its_rounds(right: Scorecard) -> None:
    for timing in right.timings:
        places = [(sample.epoch, sample.round) for sample in timing.samples]
        assert sorted(set(places)) == places


def test_a_real_run_builds_each_project_once_and_the_limit(right: Scorecard) -> None:
    expected = [("plain", "release"), ("limitprobe", "release")]
    assert expected == [(build.project, build.profile) for build in right.builds]


def test_a_real_run_has_a_noise_floor(right: Scorecard) -> None:
    assert right.noise_floor is not None


def test_in_a_real_run_every_case_has_the_bytes_and_rounds_of_its_race(right: Scorecard) -> None:
    bytes_of = [(course.bytes_moved, course.input_bytes) for course in right.courses]
    assert bytes_of == [(20 * 31 * 8, 20 * 30 * 8), (30 * 21 * 8, 30 * 20 * 8)]
    assert all(course.rounds > 0 for course in right.courses)


@pytest.mark.parametrize("contestant", [NUMPY, PLAIN])
def test_in_a_real_run_who_is_measured_has_its_share_of_the_limit(
    right: Scorecard, contestant: str
) -> None:
    share = measured_of(right, contestant).of_limit
    assert share is not None
    assert 0 < (share.low or 0) < share.value < (share.high or 0)


def test_a_real_run_that_was_not_stopped_says_nothing_of_stopping(right: Scorecard) -> None:
    assert right.stopped is None


def test_a_real_run_names_the_backend_that_built(right: Scorecard) -> None:
    (result,) = (build.result for build in right.builds if build.project == "plain")
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
    results = [build.result for build in again.builds]
    assert [isinstance(result, Built) and result.cached for result in results] == [True, True]


def test_among_faults_every_contestant_has_its_row(faults: Scorecard) -> None:
    projects = sorted(path.parent.name for path in FAULTY.glob("*/pyproject.toml"))
    names = [NUMPY, *projects, TWIN, LIMIT, "limit[2]"]
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
    names = ("numpy", "good.row_max", "hangs_after_fork.row_max", TWIN, LIMIT, "limit[2]")
    assert {(name, "small") for name in (*names, *FOUND_THOROUGHLY)} == raced(faults)


def test_a_verification_finds_who_is_at_fault_too_slowly_for_a_run(store: Store) -> None:
    entries = tuple(name.partition("[")[0] for name in FOUND_THOROUGHLY)
    found = verify(FAULTY, replace(SHORT, entries=entries), store=store)
    for name in FOUND_THOROUGHLY:
        assert isinstance(outcome_of(found, name), Wrong)


def test_a_verification_has_rows_and_checks_and_no_race(right_and_verified: Scorecard) -> None:
    card = right_and_verified
    assert (card.raced, card.timings, card.noise_floor) == (False, (), None)
    assert outcome_of(card, PLAIN) == NotRequested()
    assert {check.property for check in card.checks} >= {Property.DRAWN, Property.FORK}


def test_a_verification_names_no_yardsticks(right_and_verified: Scorecard) -> None:
    assert [c.name for c in right_and_verified.contestants] == [NUMPY, PLAIN, PICKY]


def test_a_run_and_a_verification_say_how_answers_compare(
    right: Scorecard, right_and_verified: Scorecard
) -> None:
    expected = (
        "Answers may differ from the reference's by 1e-12 of the value: "
        "sums may be added in any order."
    )
    assert (right.agreement, right_and_verified.agreement) == (expected, expected)


def test_before_a_race_only_what_is_quick_is_verified(right: Scorecard) -> None:
    found = {check.property for check in right.checks}
    assert found & {Property.DRAWN, Property.MEMORY, Property.FORK} == set()
    assert found >= {Property.PLAIN, Property.STATE, Property.THREADS, Property.CASES}


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


def test_going_on_from_an_earlier_run_adds_epochs_to_what_it_measured(
    right: Scorecard, store: Store
) -> None:
    # Nobody is done, and without time there are the fewest epochs that a race has.
    options = Options(cases=("small",), max_time_s=0, min_epochs=1_000, time_limit_s=TIME_LIMIT_S)
    found = compare(ROW_SUM, options, store=store, earlier=right)
    before = {t.contestant: t for t in right.timings if t.case == "small"}
    for timing in found.timings:
        old = before[timing.contestant].samples
        new = timing.samples[len(old) :]
        assert old == timing.samples[: len(old)]
        last = max(sample.epoch for t in before.values() for sample in t.samples)
        assert {last + 1, last + 2} == {sample.epoch for sample in new}


def test_going_on_from_a_run_of_another_kernel_is_refused(faults: Scorecard, store: Store) -> None:
    with pytest.raises(UsageError, match="expected row_sum, got faulty"):
        compare(ROW_SUM, SHORT, store=store, earlier=faults)


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
