"""Waiting for a worker: for its answer, for its end, for its time, or for its memory."""

from __future__ import annotations

import os
from multiprocessing import Pipe
from pathlib import Path

import pytest

from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed, TimedOut
from whichext.pipeline import INPUTS
from whichext.system.workers import waiting
from whichext.system.workers.crew import Crew, WorkerLostError
from whichext.system.workers.waiting import resident_bytes, wait_for
from whichext.verify.in_worker import REPLY, Try
from written import PATIENCE_S, case_of, write_contestant

MEGABYTE = 1_000_000
EATS = """
    def run(values):
        taken = []
        while True:
            taken.append(b"\\x01" * 10_000_000)
"""


@pytest.mark.parametrize("most_bytes", [None, 10**12])
def test_an_answer_ends_the_wait(most_bytes: int | None) -> None:
    ours, theirs = Pipe()
    theirs.send_bytes(b"here")
    assert wait_for(ours, "small", PATIENCE_S, os.getpid(), most_bytes) is None


@pytest.mark.parametrize("most_bytes", [None, 10**12])
def test_the_end_of_the_process_ends_the_wait(most_bytes: int | None) -> None:
    ours, theirs = Pipe()
    theirs.close()
    assert wait_for(ours, "small", PATIENCE_S, os.getpid(), most_bytes) is None


@pytest.mark.parametrize("most_bytes", [None, 10**12])
def test_when_time_is_over_the_wait_says_how_much_there_was(most_bytes: int | None) -> None:
    ours, theirs = Pipe()
    assert wait_for(ours, "small", 0.05, os.getpid(), most_bytes) == TimedOut("small", 50_000_000)
    theirs.close()


def test_too_much_memory_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter((MEGABYTE, 2 * MEGABYTE, 3 * MEGABYTE))
    monkeypatch.setattr(waiting, "resident_bytes", lambda _: next(sizes))
    ours, theirs = Pipe()
    lost = wait_for(ours, "small", PATIENCE_S, os.getpid(), 2 * MEGABYTE)
    assert lost == Crashed("small", "ended by whichext when its memory went beyond 2.00 MB")
    theirs.close()


def test_a_process_that_is_there_has_memory_and_one_that_is_gone_has_none() -> None:
    assert resident_bytes(os.getpid()) > MEGABYTE
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    assert resident_bytes(child) == 0


@pytest.mark.slow
@pytest.mark.processes
def test_a_contestant_that_eats_memory_is_ended(row_sum: Kernel, tmp_path: Path) -> None:
    with Crew(row_sum, INPUTS) as crew, crew.limited(50 * MEGABYTE):
        crew.prepare(case_of(row_sum, "small"))
        contestant = write_contestant(tmp_path, EATS)
        worker = crew.spawn(contestant, tmp_path, "whichext.verify.in_worker", PATIENCE_S)
        with pytest.raises(WorkerLostError) as caught:
            worker.ask(Try("small"), REPLY, "small", PATIENCE_S)
    lost = caught.value.outcome
    assert isinstance(lost, Crashed)
    assert lost.how.startswith("ended by whichext when its memory went beyond")
