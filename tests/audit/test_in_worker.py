"""What a contestant's process tells of its import and its calls."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.audit import aftermath, counts, gil, in_worker
from whichext.audit.behaviour import judge_probes
from whichext.audit.gil import BUSY
from whichext.audit.in_worker import Watch, answer, before_import
from whichext.model.evidence import Probe
from whichext.model.finding import WorksOn
from whichext.model.forms import OnStream, Stateful
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.process import Moment, Output, Processes, Shared
from whichext.system.workers.worker import Subject

BYTES = b"0" * 4_000_000


def ask(call: Callable[..., Any], before: object = None) -> Probe:
    """What is seen where neither the GIL nor work after a call is looked at for long."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aftermath, "_LINGER_NS", 1_000_000)
        patched.setattr(aftermath, "_PAUSE_NS", 50_000_000)
        patched.setattr(gil, "_TURN_NS", 2_000_000)
        return ask_in_full(call, before)


def ask_in_full(call: Callable[..., Any], before: object = None) -> Probe:
    """What is seen where everything is looked at as long as in a run."""
    subject = Subject(call, {"long": Prepared((BYTES,))}, Tolerance(), before=before)
    return answer(subject, Watch("long", "cy.a"))


def works_on(seen: Probe) -> bool:
    """Whether it is a finding; pytest's own threads work a little too."""
    return any(isinstance(finding, WorksOn) for finding in judge_probes((seen,)))


@pytest.mark.slow
def test_a_call_that_releases_the_gil_lets_others_run() -> None:
    seen = ask_in_full(zlib.crc32)
    assert seen.contestant == "cy.a"
    assert (seen.gil_free or 0) > 0.5
    assert (seen.threads, seen.unseen) == (1, None)


def test_a_call_that_keeps_it_does_not() -> None:
    seen = ask_in_full(lambda data: data.count(b"01"))
    assert seen.gil_free is not None
    assert seen.gil_free < 0.1


def test_threads_of_a_calls_own_are_counted() -> None:
    def in_two_threads(data: bytes) -> None:
        threads = [threading.Thread(target=zlib.crc32, args=(data * 4,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # They begin and end within the call, and may have had to share one processor.
    seen = ask_in_full(in_two_threads)
    assert ((seen.threads or 0) >= 1, seen.threads_a_call, works_on(seen)) == (True, 0, False)


def test_where_the_system_does_not_count_threads_none_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_worker, "thread_times_ns", dict)
    assert ask(zlib.crc32).threads is None


def test_where_the_system_does_not_list_threads_and_files_none_are_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(counts, "_TASKS", tmp_path / "absent")
    monkeypatch.setattr(counts, "_FILES", tmp_path / "absent")
    seen = ask(zlib.crc32, before_import(None))
    assert (seen.threads_left, seen.threads_a_call, seen.files_a_call) == (None, None, None)


def test_why_a_share_of_the_gil_is_not_known_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_worker, "free_share", lambda _: BUSY)
    seen = ask(zlib.crc32)
    assert (seen.gil_free, seen.unseen) == (None, BUSY)


def test_a_call_that_is_over_too_soon_says_nothing_of_the_gil() -> None:
    seen = ask_in_full(len)
    assert seen.gil_free is None
    assert re.sub(r"[\d.]+ [nu]s", "TIME", seen.unseen or "") == snapshot(
        "its calls are too short to tell: TIME"
    )
    assert seen.cpu_ns is not None


def test_short_calls_that_let_go_of_the_gil_for_a_moment_say_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_worker, "free_share", lambda _: 1.0)
    short, long = ask(lambda data: data[:10_000].count(b"01")), ask(zlib.crc32)
    assert (short.gil_free, long.gil_free) == (None, 1.0)
    assert short.unseen


@pytest.mark.parametrize("error", [TypeError("no bytes"), SystemExit("no bytes")])
def test_a_call_that_fails_says_nothing_but_what_it_changed(error: BaseException) -> None:
    def call(_: bytes) -> None:
        np.seterr(divide="raise")
        raise error

    with np.errstate():
        seen = ask(call)
    assert (seen.unseen or "").endswith(f"{type(error).__name__}: no bytes")
    assert (seen.cpu_ns, seen.gil_free) == (None, None)
    assert [(one.state, one.moment) for one in seen.changes] == [(Shared.NUMPY_ERRORS, Moment.CALL)]


def test_the_interpreters_own_interval_is_as_it_was() -> None:
    before = sys.getswitchinterval()
    ask(len)
    assert sys.getswitchinterval() == before


def test_a_python_without_a_gil_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    seen = ask(zlib.crc32)
    assert seen.unseen == snapshot("this Python has no GIL")
    assert (seen.gil_free, seen.threads) == (None, 1)


def test_what_an_import_changes_is_told_apart_from_what_a_call_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROWS_AT_IMPORT", "0")
    before = before_import(None)
    monkeypatch.setenv("ROWS_AT_IMPORT", "1")
    seen = ask(lambda _: monkeypatch.setenv("ROWS_IN_CALL", "1"), before)
    assert [(one.moment, one.what) for one in seen.changes] == [
        (Moment.IMPORT, "ROWS_AT_IMPORT changed"),
        (Moment.CALL, "ROWS_IN_CALL added"),
    ]


def test_a_call_without_side_effects_has_none() -> None:
    seen = ask_in_full(zlib.crc32, before_import(None))
    assert (seen.changes, seen.output, seen.threads_left) == ((), None, 0)
    assert (seen.files_a_call, seen.processes, works_on(seen)) == (0, None, False)


def test_threads_that_calls_leave_are_counted_by_call() -> None:
    ended = threading.Event()

    def call(data: bytes) -> None:
        zlib.crc32(data)
        threads.append(threading.Thread(target=ended.wait))
        threads[-1].start()

    threads: list[threading.Thread] = []
    seen = ask(call, before_import(None))
    ended.set()
    for thread in threads:
        thread.join()
    assert seen.threads_a_call == 1
    assert (seen.threads_left or 0) > 3


@pytest.mark.slow
def test_a_thread_that_works_on_is_seen() -> None:
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            zlib.crc32(BYTES)

    def call(_: bytes) -> None:
        if not thread.is_alive():
            thread.start()

    thread = threading.Thread(target=work)
    seen = ask_in_full(call)
    ended.set()
    thread.join()
    assert (seen.after_ns or 0) > 0
    assert seen.unseen == snapshot("its threads work on after a call")


@pytest.mark.usefixtures("capfd")
def test_what_calls_write_is_measured_by_call() -> None:
    library = ctypes.CDLL(None)
    seen = ask(lambda _: library.puts(b"a row is read"))
    assert seen.output is not None
    assert (seen.output.first_bytes, seen.output.later_bytes) == (14, 14)


def test_files_that_calls_leave_open_are_counted_by_call() -> None:
    def call(data: bytes) -> None:
        zlib.crc32(data)
        opened.append(os.open(os.devnull, os.O_RDONLY))

    opened: list[int] = []
    seen = ask(call)
    for descriptor in opened:
        os.close(descriptor)
    assert seen.files_a_call == 1


def test_files_that_the_first_call_opened_and_kept_are_counted() -> None:
    def call(data: bytes) -> None:
        zlib.crc32(data)
        while len(opened) < 70:
            opened.append(os.open(os.devnull, os.O_RDONLY))

    opened: list[int] = []
    seen = ask(call)
    for descriptor in opened:
        os.close(descriptor)
    assert (seen.files_kept, seen.files_a_call) == (70, 0)


@pytest.mark.slow
def test_threads_that_sleep_and_work_before_they_end_work_after_the_call() -> None:
    def work() -> None:
        time.sleep(0.3)
        end_ns = time.thread_time_ns() + 2_000_000
        while time.thread_time_ns() < end_ns:
            zlib.crc32(BYTES)

    def call(data: bytes) -> None:
        zlib.crc32(data)
        threading.Thread(target=work).start()

    seen = ask_in_full(call, before_import(None))
    assert (seen.threads_a_call or 0) < 0.5
    assert (seen.after_ns or 0) > 100_000


def test_processes_of_a_call_are_seen_though_they_end_in_it() -> None:
    seen = ask(lambda _: subprocess.run(["true"], check=True))
    assert seen.processes == Processes(left=0, ended=True)


def test_a_process_that_stays_is_counted() -> None:
    def call(_: bytes) -> None:
        if not started:
            started.append(subprocess.Popen(["cat"], stdin=subprocess.PIPE))

    started: list[subprocess.Popen[bytes]] = []
    seen = ask(call, before_import(None))
    started[0].communicate()
    assert seen.processes == Processes(left=1, ended=False)


def test_a_variable_that_an_import_sets_to_what_whichext_had_set_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("ROWS_AT_IMPORT", "1")
    before = before_import(None)
    os.environ["OMP_NUM_THREADS"] = os.environ["ROWS_AT_IMPORT"] = "1"
    seen = ask(zlib.crc32, before)
    assert [(one.moment, one.what) for one in seen.changes] == [
        (Moment.IMPORT, "OMP_NUM_THREADS added")
    ]


def test_what_an_import_writes_is_told_apart_from_what_calls_write(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+b") as file:
        saved = os.dup(1)
        os.dup2(file.fileno(), 1)
        try:
            before = before_import(None)
            os.write(1, b"hello\n")
            seen = ask(zlib.crc32, before)
        finally:
            os.dup2(saved, 1)
            os.close(saved)
    assert seen.output == Output(first_bytes=0, later_bytes=0, line="hello", import_bytes=6)


class Total:
    """Adds up what it is given."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, value: bytes) -> int:
        """The total so far."""
        self.total += len(value)
        return self.total


class Sums(Total):
    """Lets others run while it adds up."""

    def add(self, value: bytes) -> int:
        """The sum of one item."""
        return zlib.crc32(value)


class Leaving(Total):
    """Leaves a thread behind with each object."""

    def __init__(self) -> None:
        super().__init__()
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def ask_class(made: type, item: bytes, items: int) -> Probe:
    form = OnStream(made, Stateful(method="add"))
    prepared = Prepared(([item] * items,))
    return answer(Subject(form, {"long": prepared}, Tolerance()), Watch("long", "cy.A"))


def test_calls_of_a_method_are_too_short_one_by_one_however_long_their_stream_is() -> None:
    seen = ask_class(Total, b"0", 20_000)
    assert (seen.gil_free, seen.of_objects) == (None, True)
    assert re.sub(r"[\d.]+ [nu]s", "TIME", seen.unseen or "") == snapshot(
        "its calls are too short to tell: TIME"
    )


@pytest.mark.slow
def test_a_method_that_takes_long_and_releases_the_gil_lets_others_run() -> None:
    seen = ask_class(Sums, BYTES * 2, 3)
    assert (seen.gil_free or 0) > 0.5


def test_what_an_object_leaves_is_counted_for_each_object_and_not_for_each_call() -> None:
    seen = ask_class(Leaving, b"0", 20_000)
    assert seen.threads_a_call == 1
    assert seen.of_objects
