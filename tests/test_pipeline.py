"""The flow: with its stages faked for what passes between them, and as a whole with real builds."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from support.cli import printed_race
from support.results import measured_of
from whichext import __version__
from whichext.build.store import Store
from whichext.model.check import Property
from whichext.model.contestant import RELEASE
from whichext.model.errors import UsageError
from whichext.model.judged import Row
from whichext.model.kernel import Kernel
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
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

KERNELS = Path(__file__).parent / "kernels"
ROW_SUM, FAULTY = KERNELS / "row_sum", KERNELS / "faulty"

TWIN, LIMIT = "numpy (A/A twin)", "limit[1]"
NUMPY, PLAIN, PICKY = "numpy", "plain_sum.row_sum", "plain_sum.row_sum_c_order_only"

FOUND_THOROUGHLY = ("wrong_with_three_threads.row_max[2]",)
"""Whose fault shows only where more is tried than before a race."""
FOUND_IN_THE_RACE = tuple(
    f"{project}.row_max"
    for project in (
        "computes_each_third_time",
        "computes_until_hot",
        "computes_when_cold",
        "remembers_for_a_moment",
        "remembers_on_disk",
        "remembers_the_address",
        "remembers_the_object",
        "skips_when_hot",
        "tires",
    )
)
"""Of which only the answers to timed calls show the fault."""
NAMED_BESIDE = tuple(
    f"{project}.row_max"
    for project in (
        "changes_the_environment",
        "changes_the_folder",
        "ignores_a_signal",
        "keeps_a_pool_of_processes",
        "leaks",
        "leaves_files_open",
        "leaves_threads",
        "limits_threads_at_import",
        "patches_numpy",
        "prints",
        "prints_at_import",
        "prints_in_c",
        "remembers_by_content",
        "rounds_upward",
        "seeds_at_random",
        "silences_numpy",
        "starts_a_thread_at_import",
        "starts_processes",
        "works_on_in_a_pool",
        "works_on_in_python",
    )
)
"""Whose answers are right, and which do something else beside."""

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
def right(store: Store) -> View:
    """A real run of a kernel without faults."""
    return execute(ROW_SUM, SHORT, store=store, command="whichext run row_sum")


@pytest.fixture(scope="module")
def right_and_verified(store: Store) -> View:
    """The same kernel, verified and not raced."""
    return execute(ROW_SUM, SHORT, kind=Kind.VERIFY, store=store)


@pytest.fixture(scope="module")
def faults(faulty_store: Store) -> View:
    """A real run of a kernel whose projects are at fault, each in its own way."""
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return execute(FAULTY, SHORT, store=faulty_store)


def outcome_of(view: View, contestant: str, case: str = "small") -> Outcome:
    """What became of a contestant in a case, of which there must be one row."""
    (row,) = (row for row in view.judged.rows if (row.contestant, row.case) == (contestant, case))
    return row.outcome


def raced(view: View) -> set[tuple[str, str]]:
    """Contestants and the cases for which they have samples."""
    return {(timing.contestant, timing.case) for timing in view.raw.timings if timing.samples}


def test_a_real_run_has_a_row_for_every_contestant_in_every_case(right: View) -> None:
    names = (NUMPY, PLAIN, PICKY, TWIN, LIMIT)
    expected = [(case, name) for case in ("small", "column-major") for name in names]
    assert expected == [(row.case, row.contestant) for row in right.judged.rows]


@pytest.mark.parametrize("contestant", [NUMPY, PLAIN, PICKY, TWIN, LIMIT])
def test_in_a_real_run_who_is_right_is_measured(right: View, contestant: str) -> None:
    assert isinstance(outcome_of(right, contestant), Measured)


def test_in_a_real_run_a_clean_refusal_is_the_row_of_that_case(right: View) -> None:
    expected = Unsupported("ValueError: expected an array in C order, got strides (8, 240)")
    assert expected == outcome_of(right, PICKY, "column-major")


def test_in_a_real_run_who_refused_a_case_has_no_samples_of_it(right: View) -> None:
    assert (PICKY, "column-major") not in raced(right)


def test_a_real_run_has_an_interval_of_two_epochs_or_more(right: View) -> None:
    outcome = outcome_of(right, PLAIN)
    assert isinstance(outcome, Measured)
    assert outcome.ratio.low is not None
    assert outcome.ratio.epochs >= 2


def test_in_a_real_run_the_reference_is_the_baseline(right: View) -> None:
    outcome = outcome_of(right, NUMPY, "column-major")
    assert isinstance(outcome, Measured)
    assert outcome.ratio.verdict is Verdict.BASELINE


def test_a_real_run_keeps_every_sample_in_the_order_of_its_rounds(right: View) -> None:
    for timing in right.raw.timings:
        places = [(sample.epoch, sample.round, sample.slot) for sample in timing.samples]
        rounds = [(epoch, number) for epoch, number, _ in places]
        assert sorted(rounds) == rounds
        assert len(set(places)) == len(places)


def test_a_real_run_builds_each_project_once_and_the_limit(right: View) -> None:
    expected = [("plain", RELEASE), ("limitprobe", RELEASE)]
    assert expected == [(build.project, build.profile) for build in right.raw.builds]


def test_a_real_run_has_a_noise_floor(right: View) -> None:
    assert right.noise_floor is not None


def test_in_a_real_run_every_case_has_the_bytes_and_rounds_of_its_race(right: View) -> None:
    bytes_of = [(size.bytes_moved, size.input_bytes) for size in right.raw.sizes]
    assert bytes_of == [(20 * 31 * 8, 20 * 30 * 8), (30 * 21 * 8, 30 * 20 * 8)]
    assert all(course.rounds > 0 for course in right.judged.cases)


@pytest.mark.parametrize("contestant", [NUMPY, PLAIN])
def test_in_a_real_run_who_is_measured_has_its_share_of_the_limit(
    right: View, contestant: str
) -> None:
    share = measured_of(right, contestant).of_limit
    assert share is not None
    assert 0 < (share.low or 0) < share.value < (share.high or 0)


def test_a_real_run_that_was_not_stopped_says_nothing_of_stopping(right: View) -> None:
    assert right.raw.stopped is None


def test_a_real_run_names_the_backend_that_built(right: View) -> None:
    (result,) = (build.result for build in right.raw.builds if build.project == "plain")
    assert isinstance(result, Built)
    assert [tool.name for tool in result.tools] == ["flit-core"]


def test_a_real_run_says_how_it_was_asked_for(right: View) -> None:
    expected = (__version__, "row_sum", "whichext run row_sum", NUMPY)
    found = (right.raw.whichext_version, right.raw.kernel, right.raw.command, right.raw.baseline)
    assert expected == found


@pytest.mark.usefixtures("right")
def test_a_second_run_finds_the_build_in_the_store(store: Store) -> None:
    again = execute(
        ROW_SUM,
        Options(max_time_s=0, cases=("small",), time_limit_s=TIME_LIMIT_S),
        store=store,
    )
    results = [build.result for build in again.raw.builds]
    assert [isinstance(result, Built) and result.cached for result in results] == [True, True]


def test_among_faults_every_contestant_has_its_row(faults: View) -> None:
    projects = sorted(path.parent.name for path in FAULTY.glob("*/pyproject.toml"))
    names = [NUMPY, *projects, TWIN, LIMIT, "limit[2]"]
    assert names == [row.contestant.partition(".")[0] for row in faults.judged.rows]


@pytest.mark.parametrize("contestant", ["numpy", "good.row_max"])
def test_among_faults_who_is_right_is_measured(faults: View, contestant: str) -> None:
    assert isinstance(outcome_of(faults, contestant), Measured)


def test_a_project_that_does_not_build_has_the_compilers_error_as_its_row(
    faults: View,
) -> None:
    outcome = outcome_of(faults, "fails_to_build.row_max")
    assert isinstance(outcome, BuildFailed)
    assert "no_such_type" in outcome.error


def test_a_wrong_answer_has_the_input_and_both_sides_as_its_row(faults: View) -> None:
    outcome = outcome_of(faults, "wrong_on_nan.row_max")
    assert isinstance(outcome, Wrong)
    assert outcome.where == "float64 NaN"
    assert outcome.expected.startswith("nan")


def test_a_crash_has_the_signal_and_the_last_words_as_its_row(faults: View) -> None:
    outcome = outcome_of(faults, "crashes.row_max")
    assert isinstance(outcome, Crashed)
    assert outcome.how == "killed by SIGSEGV"
    assert "read address 0" in outcome.stderr


def test_a_hang_has_the_time_that_it_had_as_its_row(faults: View) -> None:
    outcome = outcome_of(faults, "hangs.row_max")
    assert isinstance(outcome, TimedOut)
    assert outcome.limit_ns == round(TIME_LIMIT_S * 1e9)


def test_among_faults_only_who_verified_is_raced(faults: View) -> None:
    names = ("numpy", "good.row_max", "hangs_after_fork.row_max", TWIN, LIMIT, "limit[2]")
    beside = (*FOUND_THOROUGHLY, *FOUND_IN_THE_RACE, *NAMED_BESIDE)
    assert {(name, "small") for name in (*names, *beside)} == raced(faults)


def test_a_verification_finds_who_is_at_fault_too_slowly_for_a_run(faulty_store: Store) -> None:
    entries = tuple(name.partition("[")[0] for name in FOUND_THOROUGHLY)
    options = replace(SHORT, entries=entries)
    found = execute(FAULTY, options, kind=Kind.VERIFY, store=faulty_store)
    for name in FOUND_THOROUGHLY:
        assert isinstance(outcome_of(found, name), Wrong)


def test_a_verification_has_rows_and_checks_and_no_race(right_and_verified: View) -> None:
    raw = right_and_verified.raw
    assert (raw.raced, raw.timings, right_and_verified.noise_floor) == (False, (), None)
    assert outcome_of(right_and_verified, PLAIN) == NotRequested()
    assert {check.property for check in raw.checks} >= {Property.DRAWN, Property.FORK}


def test_a_verification_names_no_yardsticks(right_and_verified: View) -> None:
    assert [c.name for c in right_and_verified.raw.contestants] == [NUMPY, PLAIN, PICKY]


def test_a_run_and_a_verification_say_how_answers_execute(
    right: View, right_and_verified: View, row_sum: Kernel
) -> None:
    expected = row_sum.tolerance.sentence
    assert (right.raw.agreement, right_and_verified.raw.agreement) == (expected, expected)


def test_what_a_contestant_was_right_on_is_counted_by_property(right: View) -> None:
    found = [c for c in right.raw.checks if (c.contestant, c.property) == (PLAIN, Property.PLAIN)]
    assert [(check.input, check.result) for check in found] == [(None, Right())]
    assert found[0].count > 1


def test_before_a_race_only_what_is_quick_is_verified(right: View) -> None:
    found = {check.property for check in right.raw.checks}
    assert found & {Property.DRAWN, Property.MEMORY, Property.FORK} == set()
    assert found >= {Property.PLAIN, Property.STATE, Property.THREADS, Property.CASES}


def test_among_faults_the_checks_say_who_was_right_on_every_input(faults: View) -> None:
    good = [check.result for check in faults.raw.checks if check.contestant == "good.row_max"]
    assert [True] * len(good) == [isinstance(result, (Right, Unsupported)) for result in good]


def test_the_report_of_faults_names_every_contestant(faults: View) -> None:
    text = printed_race(faults, width=150)  # wide enough for names in one piece
    assert [row.contestant for row in faults.judged.rows if row.contestant not in text] == []


def test_a_row_for_each_pair_is_unique(faults: View) -> None:
    def place(row: Row) -> tuple[str, str]:
        return row.case, row.contestant

    assert len(faults.judged.rows) == len({place(row) for row in faults.judged.rows})


def test_going_on_from_an_earlier_run_adds_epochs_to_what_it_measured(
    right: View, store: Store
) -> None:
    before = {t.contestant: t for t in right.raw.timings if t.case == "small"}
    last = max(sample.epoch for t in before.values() for sample in t.samples)
    options = Options(
        cases=("small",), min_epochs=1_000, max_epochs=last + 3, time_limit_s=TIME_LIMIT_S
    )
    found = execute(ROW_SUM, options, store=store, earlier=right.raw)
    for timing in found.raw.timings:
        old = before[timing.contestant].samples
        new = timing.samples[len(old) :]
        assert old == timing.samples[: len(old)]
        assert {last + 1, last + 2} == {sample.epoch for sample in new}


def test_going_on_from_a_run_of_another_kernel_is_refused(faults: View, store: Store) -> None:
    with pytest.raises(UsageError, match="expected row_sum, got faulty"):
        execute(ROW_SUM, SHORT, store=store, earlier=faults.raw)
