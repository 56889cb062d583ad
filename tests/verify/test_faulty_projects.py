"""The projects that are wrong on purpose: each is caught by the check that names its fault."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from support.cli import printed_verification
from whichext.build.store import Store
from whichext.model.check import Check, Property, find_fault
from whichext.model.insight import ForkHazard, Happened
from whichext.model.memory import MemoryNote
from whichext.model.options import Options
from whichext.model.outcome import BuildFailed, Crashed, Right, TimedOut, Unsupported, Wrong
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.system.machine import usable_cores

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

FAULTY = Path(__file__).parents[1] / "kernels" / "faulty"

# Enough for a loaded machine to answer; only what hangs ever waits so long.
TIME_LIMIT_S = 2.0

MEMORY_LIMIT_BYTES = 200_000_000

MANY_THREADS = f"with {2 * usable_cores() + 1} threads"

# Each property in which a project must be at fault, all others being right, and a word of how.
# "fork" stands alone: it is no fault in the eyes of a race.
CAUGHT = {
    "aborts": ({Property.PLAIN, Property.DRAWN}, "float64 odd shape", "killed by SIGABRT"),
    "blows_up": ({Property.VALUES, Property.DRAWN}, "float64 NaN", "ended by whichext"),
    "crashes": ({Property.PLAIN, Property.DRAWN}, "float64 odd shape", "killed by SIGSEGV"),
    "exits": (set(Property), "float64 odd shape", "SystemExit: nothing to do"),
    "hangs": ({Property.PLAIN}, "float64 odd shape", "TimedOut"),
    "misses_the_last_column": (
        set(Property),
        "float64 greatest at the end of axis 1",
        "values differ",
    ),
    "panics": (
        {Property.EDGES, Property.DRAWN},
        "float64 axis 0 of length 1",
        "PanicException: attempt to subtract with overflow",
    ),
    "races": ({Property.THREADS}, "4 Python threads at once", ""),
    "returns_a_view": (
        {Property.EDGES, Property.DRAWN},
        "float64 axis 1 of length 1",
        "a view of argument 1",
    ),
    "returns_nothing": (set(Property), "float64 odd shape", "nothing (None)"),
    "uses_its_buffer_again": (
        {Property.STATE},
        "two answers at once",
        "the next call writes to it",
    ),
    "writes_its_input": (
        set(Property),
        "float64 odd shape",
        "values changed, which mutates does not name",
    ),
    "takes_subnormals_for_zero": (
        {Property.VALUES, Property.DRAWN},
        "float64 subnormals",
        "values differ",
    ),
    "ignores_strides_from_8_rows": (
        {Property.LAYOUTS, Property.DRAWN},
        "float64 Fortran order (11 x 123)",
        "values differ",
    ),
    "loses_nan_in_8_rows": (
        {Property.VALUES, Property.DRAWN},
        "float64 NaN along the diagonal (11 x 123)",
        "values differ",
    ),
    "loses_nan_in_16_rows": (
        {Property.VALUES, Property.DRAWN},
        "float64 NaN along the diagonal (27 x 61)",
        "values differ",
    ),
    "loses_nan_in_32_rows": (
        {Property.VALUES, Property.DRAWN},
        "float64 NaN along the diagonal (61 x 27)",
        "values differ",
    ),
    "remembers_by_address": (
        {Property.STATE, Property.DRAWN},
        "another array at the same place",
        "an answer from an earlier call",
    ),
    "remembers_by_identity": (
        {Property.STATE, Property.DRAWN},
        "changed in place",
        "an answer from an earlier call",
    ),
    "remembers_by_shape": (
        set(Property),
        "changed in place",
        "an answer from an earlier call",
    ),
    "remembers_by_weak_reference": (
        {Property.STATE},
        "changed in place",
        "an answer from an earlier call",
    ),
    "remembers_some_elements": (
        {Property.STATE, Property.VALUES, Property.DRAWN},
        "changed in place",
        "an answer from an earlier call",
    ),
    "wrong_after_an_error": (
        {Property.STATE, Property.THREADS, Property.FORK},
        "after an error",
        "after AttributeError",
    ),
    "wrong_on_nan": ({Property.VALUES, Property.DRAWN}, "float64 NaN", "values differ"),
    "wrong_on_packed_fields": (
        {Property.LAYOUTS, Property.DRAWN},
        "float64 packed field",
        "values differ",
    ),
    "wrong_with_three_threads": ({Property.THREADS}, MANY_THREADS, "0.0"),
}
CAUGHT_IN_THE_RACE = (
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
"""Those that answer a single call rightly; see `tests/race/test_faulty_in_the_race.py`."""
# What these do to their process, an audit names: tests/audit/test_faulty_processes.py
NAMED_BY_THE_AUDIT = (
    "changes_the_environment",
    "changes_the_folder",
    "flushes_subnormals",
    "ignores_a_signal",
    "leaves_threads",
    "links_fast_math",
    "prints",
    "prints_in_c",
    "remembers_by_content",
    "rounds_upward",
    "seeds_at_random",
    "keeps_a_pool_of_processes",
    "leaves_files_open",
    "limits_threads_at_import",
    "patches_numpy",
    "prints_at_import",
    "starts_a_thread_at_import",
    "starts_processes",
    "silences_numpy",
    "works_on_in_a_pool",
    "works_on_in_python",
)
INNOCENT = (
    *("numpy", "good.row_max", "hangs_after_fork.row_max"),
    "remembers_by_content.row_max",
)


@pytest.fixture(scope="module")
def verified(faulty_store: Store) -> View:
    """All of them, verified in one run."""
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        options = Options(
            time_limit_s=TIME_LIMIT_S, threads=(2,), memory_limit_bytes=MEMORY_LIMIT_BYTES
        )
        return execute(FAULTY, options, kind=Kind.VERIFY, store=faulty_store)


def checks_of(view: View, project: str) -> list[Check]:
    """The checks of a project's one contestant."""
    names = {c.name for c in view.raw.contestants if project in (c.project, c.name)}
    return [check for check in view.raw.checks if check.contestant in names]


def faults_of(view: View, project: str) -> list[Check]:
    """What went wrong with it."""
    found = checks_of(view, project)
    return [c for c in found if isinstance(c.result, Wrong | Crashed | TimedOut)]


def test_every_faulty_project_is_expected_to_be_caught() -> None:
    projects = {path.parent.name for path in FAULTY.glob("*/pyproject.toml")}
    others = {
        "good",
        "fails_to_build",
        "hangs_after_fork",
        "leaks",
        *CAUGHT_IN_THE_RACE,
        *NAMED_BY_THE_AUDIT,
    }
    assert projects == others | set(CAUGHT)
    assert len(projects) - 1 >= 14


@pytest.mark.parametrize("project", CAUGHT)
def test_a_faulty_project_is_caught_by_the_check_that_names_its_fault(
    verified: View, project: str
) -> None:
    _, where, how = CAUGHT[project]
    found = {check.input: str(check.result) for check in faults_of(verified, project)}
    assert where in found
    assert how in found[where]


@pytest.mark.parametrize("project", CAUGHT)
def test_a_faulty_project_is_right_in_all_other_ways(verified: View, project: str) -> None:
    expected, _, _ = CAUGHT[project]
    assert {check.property for check in faults_of(verified, project)} <= expected


@pytest.mark.parametrize("project", CAUGHT)
def test_a_faulty_project_does_not_race(verified: View, project: str) -> None:
    assert find_fault(checks_of(verified, project)[0].contestant, verified.raw.checks) is not None


@pytest.mark.parametrize("contestant", INNOCENT)
def test_who_is_good_is_right_beside_them(verified: View, contestant: str) -> None:
    assert find_fault(contestant, verified.raw.checks) is None
    found = {c.property for c in verified.raw.checks if c.contestant == contestant}
    assert found >= set(Property) - {Property.IMPORT, Property.REFUSALS, Property.MEMORY}


def test_a_leak_is_named_with_its_rate_and_bars_nobody(verified: View) -> None:
    assert faults_of(verified, "leaks") == []
    growing = {note.contestant: note.growth_bytes for note in notes(verified) if note.growth_bytes}
    assert set(growing) == {"leaks.row_max", "leaves_threads.row_max"}  # each has a stack
    assert growing["leaks.row_max"] == pytest.approx(4_100, rel=0.05)
    assert "leaks.row_max adds 4." in printed_verification(verified)


def test_what_they_do_to_their_processes_is_in_the_same_report(verified: View) -> None:
    text = printed_verification(verified)
    assert "silences_numpy.row_max: a call changes np.seterr" in text
    assert "starts_processes.row_max: starts processes" in text


def notes(view: View) -> list[MemoryNote]:
    """What was noted of memory in all cases."""
    return [note for case in view.cases.values() for note in case.judged.memory]


def test_a_hang_in_a_forked_child_is_caught_and_bars_nobody(verified: View) -> None:
    (fault,) = faults_of(verified, "hangs_after_fork")
    assert fault.property is Property.FORK
    assert isinstance(fault.result, TimedOut)
    assert ForkHazard(happened=Happened.TIMED_OUT, contestants=(fault.contestant,)) in (
        verified.judged.warnings
    )


def test_a_project_that_does_not_build_is_not_verified(verified: View) -> None:
    (build,) = (build for build in verified.raw.builds if build.project == "fails_to_build")
    assert isinstance(build.result, BuildFailed)
    assert checks_of(verified, "fails_to_build") == []
    assert "fails_to_build.row_max: did not build" in printed_verification(verified)


@pytest.mark.parametrize("project", CAUGHT)
def test_the_input_of_a_first_fault_can_be_made_again(verified: View, project: str) -> None:
    first = faults_of(verified, project)[0]
    if first.property in (Property.STATE, Property.THREADS):
        assert first.snippet is None  # it is no one input that shows it
        return
    names: dict[str, object] = {}
    exec(compile(first.snippet, project, "exec"), names)
    assert {"values", "arguments"} & set(names)


@pytest.mark.parametrize("project", ["misses_the_last_column", "wrong_on_packed_fields"])
def test_the_drawn_input_of_a_fault_is_small_and_shows_it(verified: View, project: str) -> None:
    (fault,) = (c for c in faults_of(verified, project) if c.property is Property.DRAWN)
    names: dict[str, object] = {}
    exec(compile(fault.snippet, project, "exec"), names)
    assert fault.snippet.count("\n") <= 6


def test_right_and_refused_are_all_that_a_good_contestant_has(verified: View) -> None:
    results = {type(check.result) for check in checks_of(verified, "good")}
    assert results <= {Right, Unsupported}
