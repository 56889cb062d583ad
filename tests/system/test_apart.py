"""Work in a forked child: what is left of it, and how its end is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import BinaryIO, NoReturn

import pytest

from whichext.system import apart
from whichext.system.apart import ChildLostError, written_apart


def print_to(file: BinaryIO, text: bytes) -> None:
    file.write(text)


def test_what_the_child_writes_is_there_and_what_else_it_does_is_not() -> None:
    done: list[str] = []

    def write(file: BinaryIO) -> None:
        done.append("in the child")
        file.write(b"written")

    assert (bytes(written_apart(write)), done) == (b"written", [])


def test_a_child_that_writes_nothing_gives_nothing() -> None:
    assert written_apart(lambda _: None).nbytes == 0


def test_what_was_written_may_be_changed() -> None:
    content = written_apart(lambda file: print_to(file, b"abc"))
    content[:1] = b"x"
    assert bytes(content) == b"xbc"


def test_threads_of_the_child_are_not_those_of_its_parent() -> None:
    before = threading.active_count()
    stop = threading.Event()
    written_apart(lambda _: threading.Thread(target=stop.wait, daemon=True).start())
    assert threading.active_count() == before


def kills(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def raises(error: BaseException) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (lambda _: kills(signal.SIGKILL), -9),
        (lambda _: kills(signal.SIGALRM), -14),
        (lambda _: raises(SystemExit(7)), 7),
        (lambda _: raises(RuntimeError("no")), 1),
    ],
    ids=["killed", "too late", "exit", "error"],
)
def test_a_child_that_is_lost_is_told_with_its_status(act: object, status: int) -> None:
    with pytest.raises(ChildLostError) as lost:
        written_apart(act)  # type: ignore[arg-type]  # of four kinds
    assert lost.value.status == status


def test_a_file_has_no_name_where_there_are_none_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(apart.os, "memfd_create", raising=False)
    assert bytes(written_apart(lambda file: print_to(file, b"on disk"))) == b"on disk"


@pytest.mark.slow
@pytest.mark.parametrize("status", [-9, -11, -14, 7])
def test_a_process_ends_as_another_one_did(status: int) -> None:
    code = f"from whichext.system.apart import end_like; end_like({status})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == status
