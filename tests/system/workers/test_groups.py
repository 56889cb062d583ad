"""What a contestant has started shares its fate."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from support.contestants import case_of, write_contestant
from support.processes import Hired, Staff, hired, is_gone, outcome_of, until
from whichext.model.kernel import Kernel
from whichext.system.signals import signal_group
from whichext.system.workers.crew import WorkerLostError

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"

STARTS_ANOTHER = """
    import os, subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    def run(values): os._exit(3)
"""


@pytest.fixture(scope="module")
def staffed(row_sum: Kernel) -> Iterator[Hired]:
    """A crew with the case "small" prepared."""
    with hired(row_sum) as hired_:
        hired_.crew.prepare(case_of(row_sum, "small"))
        yield hired_


@pytest.fixture
def parent(staffed: Hired, tmp_path: Path) -> Iterator[Staff]:
    """A worker whose contestant has started another process, and exits when it is called."""
    staff = staffed.spawn(write_contestant(tmp_path, STARTS_ANOTHER), tmp_path, SERVER)
    yield staff
    staff.worker.kill()


def child_of(staff: Staff) -> psutil.Process:
    """The process that a worker's contestant has started."""
    (child,) = staff.process.children()
    return child


def test_what_a_contestant_started_is_frozen_with_it_and_thawed_with_it(parent: Staff) -> None:
    child = child_of(parent)
    parent.worker.freeze()
    assert until(lambda: child.status() == psutil.STATUS_STOPPED)
    parent.worker.thaw()
    assert until(lambda: child.status() != psutil.STATUS_STOPPED)


@pytest.mark.parametrize("frozen", [False, True])
def test_what_a_contestant_started_is_gone_once_it_is_killed(parent: Staff, frozen: bool) -> None:
    child = child_of(parent)
    if frozen:
        parent.worker.freeze()
    parent.worker.kill()
    assert until(lambda: is_gone(child))


def test_what_a_contestant_started_is_gone_once_it_has_crashed(parent: Staff) -> None:
    child = child_of(parent)
    with pytest.raises(WorkerLostError):
        outcome_of(parent.worker, "small")
    assert until(lambda: is_gone(child))


def test_a_group_that_is_gone_is_no_error(parent: Staff) -> None:
    parent.worker.kill()
    signal_group(parent.process.pid, signal.SIGCONT)
