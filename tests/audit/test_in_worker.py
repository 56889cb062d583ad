"""Whether a call lets other threads run, seen from within the contestant's process."""

from __future__ import annotations

import re
import sys
import threading
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from inline_snapshot import snapshot

from whichext.audit import in_worker
from whichext.audit.in_worker import NotSeen, Seen, Watch, answer
from whichext.model.kernel import Prepared, Tolerance
from whichext.system.workers.worker import Subject

BYTES = b"0" * 4_000_000


def ask(call: Callable[..., Any]) -> Seen | NotSeen:
    subject = Subject(call, {"long": Prepared((BYTES,))}, Tolerance())
    return answer(subject, Watch("long"))


def test_a_call_that_releases_the_gil_lets_others_run() -> None:
    assert ask(zlib.crc32) == Seen(True, threads=1)


def test_a_call_that_keeps_it_does_not() -> None:
    assert ask(lambda data: data.count(b"01")) == Seen(False, threads=1)


def test_threads_of_a_calls_own_are_counted() -> None:
    def in_two_threads(data: bytes) -> None:
        threads = [threading.Thread(target=zlib.crc32, args=(data * 4,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    seen = ask(in_two_threads)
    # They begin and end within the call, and may have had to share one processor.
    assert isinstance(seen, Seen)
    assert (seen.threads or 0) >= 1


def test_where_the_system_does_not_count_threads_none_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_worker, "thread_times_ns", dict)
    assert ask(zlib.crc32) == Seen(True, threads=None)


def test_a_call_that_is_over_too_soon_says_nothing() -> None:
    seen = ask(len)
    assert isinstance(seen, NotSeen)
    assert re.sub(r"\d+ us", "TIME", seen.reason) == snapshot(
        "its calls are too short to tell: TIME"
    )


@pytest.mark.parametrize("error", [TypeError("no bytes"), SystemExit("no bytes")])
def test_a_call_that_fails_says_nothing(error: BaseException) -> None:
    def call(_: bytes) -> None:
        raise error

    assert ask(call) == NotSeen(f"it did not answer: {type(error).__name__}: no bytes")


def test_the_interpreters_own_interval_is_as_it_was() -> None:
    before = sys.getswitchinterval()
    ask(len)
    assert sys.getswitchinterval() == before


def test_a_python_without_a_gil_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert ask(len) == NotSeen("this Python has no GIL")
