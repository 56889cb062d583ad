"""Projects whose answers are right, and that do something else to their process: each is named."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from support.cli import Command
from whichext.build.store import Store
from whichext.model.finding import (
    Finding,
    GilHeld,
    LeavesFiles,
    LeavesThreads,
    ProcessChanged,
    StartsProcesses,
    WorksOn,
    WritesOutput,
    spoils,
)
from whichext.model.options import Options
from whichext.model.process import Moment, Shared
from whichext.model.raw import Kind, Raw
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

FAULTY = Path(__file__).parents[1] / "kernels" / "faulty"
ROW_SUM = FAULTY.parent / "row_sum"


def changes(state: Shared, moment: Moment = Moment.CALL) -> Callable[[Finding], bool]:
    """Whether a finding is that change."""
    return lambda finding: (
        isinstance(finding, ProcessChanged)
        and (finding.change.state, finding.change.moment) == (state, moment)
    )


def writes(least_bytes: int) -> Callable[[Finding], bool]:
    """Whether a finding is that each call writes at least so much."""
    return lambda finding: (
        isinstance(finding, WritesOutput) and finding.output.later_bytes >= least_bytes
    )


def writes_at_import(finding: Finding) -> bool:
    """Whether a finding is that the import writes, and no call."""
    if not isinstance(finding, WritesOutput):
        return False
    calls_bytes = finding.output.first_bytes + finding.output.later_bytes
    return finding.output.import_bytes > 0 and not calls_bytes


NAMED: dict[str, tuple[Callable[[Finding], bool], ...]] = {
    "changes_the_environment": (changes(Shared.ENVIRONMENT),),
    "changes_the_folder": (changes(Shared.FOLDER),),
    "flushes_subnormals": (changes(Shared.SUBNORMALS, Moment.IMPORT),),
    "ignores_a_signal": (changes(Shared.SIGNALS, Moment.IMPORT),),
    "keeps_a_pool_of_processes": (lambda finding: isinstance(finding, StartsProcesses),),
    "leaves_files_open": (lambda finding: isinstance(finding, LeavesFiles),),
    "leaves_threads": (lambda finding: isinstance(finding, LeavesThreads),),
    "limits_threads_at_import": (changes(Shared.ENVIRONMENT, Moment.IMPORT),),
    "patches_numpy": (changes(Shared.NUMPY, Moment.IMPORT),),
    "prints": (writes(20_000),),
    "prints_at_import": (writes_at_import,),
    "prints_in_c": (writes(14),),
    "rounds_upward": (changes(Shared.ROUNDING),),
    "seeds_at_random": (changes(Shared.RANDOM), changes(Shared.NUMPY_RANDOM)),
    "silences_numpy": (changes(Shared.NUMPY_ERRORS),),
    "starts_a_thread_at_import": (changes(Shared.THREADS, Moment.IMPORT),),
    "starts_processes": (lambda finding: isinstance(finding, StartsProcesses),),
    "works_on_in_a_pool": (lambda finding: isinstance(finding, WorksOn),),
    "works_on_in_python": (lambda finding: isinstance(finding, WorksOn),),
}
OF_PROCESSES = (
    LeavesFiles,
    LeavesThreads,
    ProcessChanged,
    StartsProcesses,
    WorksOn,
    WritesOutput,
)


@pytest.fixture(scope="module")
def audited(faulty_store: Store) -> Raw:
    """The audit of them, and of one that does nothing else."""
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        entries = tuple(f"{name}.*" for name in (*NAMED, "good", "links_fast_math"))
        return execute(FAULTY, Options(entries=entries), kind=Kind.AUDIT, store=faulty_store).raw


def about(audited: Raw, project: str) -> list[Finding]:
    """Findings about a project's process."""
    return [
        finding
        for finding in audited.findings
        if isinstance(finding, OF_PROCESSES) and f"{project}.row_max" in finding.contestants
    ]


@pytest.mark.parametrize("project", NAMED)
def test_what_a_project_does_to_its_process_is_named_and_nothing_else(
    audited: Raw, project: str
) -> None:
    found = about(audited, project)
    assert [any(expected(one) for one in found) for expected in NAMED[project]] == [
        True for _ in NAMED[project]
    ]
    assert len(found) == len(NAMED[project])


def test_one_that_does_nothing_else_has_no_finding(audited: Raw) -> None:
    assert about(audited, "good") == []


def test_none_of_it_spoils_a_comparison_but_other_arithmetic(audited: Raw) -> None:
    spoiling = [finding for finding in audited.findings if spoils(finding)]
    changes = [one.change.state for one in spoiling if isinstance(one, ProcessChanged)]
    assert len(changes) == len(spoiling)
    assert Shared.SUBNORMALS in changes
    assert set(changes) <= {Shared.SUBNORMALS, Shared.ROUNDING}


def test_flags_of_a_linker_that_flush_subnormals_are_seen_where_they_do(
    audited: Raw,
) -> None:
    """Newer compilers no longer do that in a library: what the process computes decides."""
    found = about(audited, "links_fast_math")
    expected = changes(Shared.SUBNORMALS, Moment.IMPORT)
    assert all(map(expected, found))


def test_the_good_projects_of_another_kernel_have_no_finding(store: Store) -> None:
    raw = execute(ROW_SUM, kind=Kind.AUDIT, store=store).raw
    assert [one for one in raw.findings if isinstance(one, OF_PROCESSES)] == []


def test_the_built_in_kernel_has_no_finding() -> None:
    """Built in the user's cache, as for its own tests: Rust takes a minute."""
    raw = execute("find_max", kind=Kind.AUDIT).raw
    assert [one for one in raw.findings if isinstance(one, OF_PROCESSES)] == []
    # Of our own entries: Polars lets others run for 43 to 71 % of a call; the border is at half.
    held = [name for one in raw.findings if isinstance(one, GilHeld) for name in one.contestants]
    assert [name for name in held if not name.startswith("peers.")] == []


@pytest.mark.usefixtures("kept_builds")
def test_the_command_names_it_and_ends_with_0(command: Command, audited: Raw) -> None:
    ended = command("audit", str(FAULTY), "--entry", "silences_numpy.*")
    assert (ended.code, "np.seterr" in ended.out) == (0, True)
    assert audited.findings != ()  # what it takes is in the store by now
