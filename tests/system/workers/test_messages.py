"""What the processes say to each other, and how long one waits for it."""

from __future__ import annotations

import os
from multiprocessing import Pipe
from pathlib import Path

import msgspec
import pytest

from support.contestants import REFERENCE, case_of, write_contestant
from support.processes import PATIENCE_S, outcome_of
from whichext.model.case import Case, Layout
from whichext.model.check import Property
from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed, TimedOut
from whichext.pipeline import INPUTS
from whichext.system.workers import messages
from whichext.system.workers.crew import Crew, WorkerLostError
from whichext.system.workers.messages import wait_for

MEGABYTE = 1_000_000
EATS = """
    def run(values):
        taken = []
        while True:
            taken.append(b"\\x01" * 10_000_000)
"""

CASE = Case(name="small", shape=(2, 3), dtype="int64", layout=Layout.F)


@pytest.mark.parametrize(
    "request_",
    [
        messages.Prepare(CASE),
        messages.Prepare(None),
        messages.Fork(REFERENCE, "/site", "server", "/log"),
        messages.Reap(17),
    ],
    ids=lambda request_: type(request_).__name__,
)
def test_a_request_reaches_the_host_as_it_was_sent(request_: messages.HostRequest) -> None:
    ours, theirs = Pipe()
    messages.send(ours, request_)
    assert messages.receive(theirs, messages.HOST_REQUEST) == request_


@pytest.mark.parametrize(
    "reply",
    [
        messages.Prepared(("a", "b"), (Property.VALUES, Property.CASES), 5),
        messages.Forked(17),
        messages.Reaped(-11),
        messages.Failed("case small: no data"),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_a_reply_reaches_the_conductor_as_it_was_sent(reply: messages.HostReply) -> None:
    ours, theirs = Pipe()
    messages.send(theirs, reply)
    assert messages.receive(ours, messages.HOST_REPLY) == reply


def test_messages_keep_their_order() -> None:
    ours, theirs = Pipe()
    for pid in (1, 2, 3):
        messages.send(ours, messages.Reap(pid))
    received = [messages.receive(theirs, messages.HOST_REQUEST) for _ in range(3)]
    assert received == [messages.Reap(1), messages.Reap(2), messages.Reap(3)]


def test_the_end_of_the_other_side_is_an_end_of_file() -> None:
    ours, theirs = Pipe()
    theirs.close()
    with pytest.raises(EOFError):
        messages.receive(ours, messages.GREETING)


def test_a_message_of_another_kind_is_refused() -> None:
    ours, theirs = Pipe()
    messages.send(theirs, messages.Forked(17))
    with pytest.raises(msgspec.ValidationError, match="Forked"):
        messages.receive(ours, messages.GREETING)


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
    monkeypatch.setattr(messages, "resident_bytes", lambda _: next(sizes))
    ours, theirs = Pipe()
    lost = wait_for(ours, "small", PATIENCE_S, os.getpid(), 2 * MEGABYTE)
    assert lost == Crashed("small", "ended by whichext when its memory went beyond 2.00 MB")
    theirs.close()


@pytest.mark.slow
@pytest.mark.processes
def test_a_contestant_that_eats_memory_is_ended(row_sum: Kernel, tmp_path: Path) -> None:
    with Crew(row_sum, INPUTS) as crew, crew.limited(50 * MEGABYTE):
        crew.prepare(case_of(row_sum, "small"))
        contestant = write_contestant(tmp_path, EATS)
        worker = crew.spawn(contestant, tmp_path, "whichext.verify.in_worker", PATIENCE_S)
        with pytest.raises(WorkerLostError) as caught:
            outcome_of(worker, "small")
    lost = caught.value.outcome
    assert isinstance(lost, Crashed)
    assert "memory went beyond" in lost.how
