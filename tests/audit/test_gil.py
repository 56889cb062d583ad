"""The share of a call in which another thread can run; shares do not depend on speed."""

from __future__ import annotations

import ctypes
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import count

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.audit import gil
from whichext.audit.gil import BUSY, Gap, Rival, free_share, kept_ns

HOLD = ctypes.PyDLL(None).usleep  # PyDLL keeps the GIL
FREE = ctypes.CDLL(None).usleep  # CDLL lets go of it
TOLERANCE = 0.15

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells of waiting threads"
)


def share(call: Callable[[], object]) -> float:
    """Measured several times: on a busy machine a measurement may go wrong, most do not."""
    found = [free_share(call) for _ in range(3)]
    return statistics.median(one for one in found if isinstance(one, float))


@pytest.mark.slow
@pytest.mark.parametrize("held", [0.0, 0.5, 1.0])
def test_the_share_is_what_a_call_leaves_free(held: float) -> None:
    def call() -> None:
        HOLD(int(10_000 * held))
        FREE(int(10_000 * (1 - held)))

    assert share(call) == pytest.approx(1 - held, abs=TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("end", [partial(FREE, 200), np.zeros(200_000).copy], ids=["sleep", "copy"])
def test_a_moment_at_the_end_of_a_long_call_is_a_moment(end: Callable[[], object]) -> None:
    def call() -> None:
        HOLD(20_000)
        end()

    assert share(call) < TOLERANCE


@pytest.mark.slow
def test_python_code_keeps_the_gil() -> None:
    def call() -> None:
        end_s = time.perf_counter() + 0.01
        while time.perf_counter() < end_s:
            pass

    assert share(call) < TOLERANCE


@pytest.mark.slow
def test_short_calls_are_taken_together() -> None:
    assert share(partial(HOLD, 100)) < TOLERANCE
    assert share(partial(FREE, 3_000)) > 1 - TOLERANCE


@pytest.mark.slow
def test_threads_of_its_own_that_take_the_processors_are_not_the_gils_fault() -> None:
    """As many as there are processors, and more: the other thread waits in a queue."""
    spin = ctypes.CDLL(None).strlen
    text = ctypes.create_string_buffer(b"0" * 4_000_000)

    def call() -> None:
        threads = [
            threading.Thread(target=lambda: [spin(text) for _ in range(50)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert share(call) > 0.5


def test_the_interpreters_own_interval_is_as_it_was() -> None:
    before = sys.getswitchinterval()
    share(partial(FREE, 1_000))
    assert sys.getswitchinterval() == before


def test_after_an_error_the_interval_and_the_threads_are_as_they_were() -> None:
    def call() -> None:
        raise ZeroDivisionError

    before = sys.getswitchinterval(), threading.active_count()
    with pytest.raises(ZeroDivisionError):
        free_share(call)
    assert (sys.getswitchinterval(), threading.active_count()) == before


def test_where_the_system_does_not_tell_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise FileNotFoundError

    monkeypatch.setattr(os, "open", refuse)
    assert free_share(lambda: None) == snapshot(
        "this system does not tell how long a thread waits for a processor"
    )


def test_on_a_machine_that_is_too_busy_a_share_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The caller seems to have waited for a processor all the time."""
    monkeypatch.setattr(gil, "_MOST_NS", 20_000_000)
    gaps = Rival.gaps

    def waiting(rival: Rival, begin: int) -> list[Gap]:
        return [gap._replace(caller_queued_ns=gap.ns) for gap in gaps(rival, begin)]

    monkeypatch.setattr(Rival, "gaps", waiting)
    assert free_share(partial(HOLD, 5_000)) == BUSY


def test_while_other_guests_have_the_processors_a_share_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gil, "_MOST_NS", 20_000_000)
    ticks = count(step=10_000_000)
    monkeypatch.setattr("whichext.system.machine.stolen_ns", lambda: next(ticks))
    assert free_share(partial(FREE, 5_000)) == BUSY


@pytest.mark.parametrize(
    ("gap", "kept"),
    [
        (Gap(10_100, queued_ns=0, caller_queued_ns=0), 10_000),
        (Gap(10_100, queued_ns=9_000, caller_queued_ns=0), 1_000),
        (Gap(10_100, queued_ns=2_000, caller_queued_ns=0), 10_000),
        (Gap(10_100, queued_ns=0, caller_queued_ns=4_000), 6_000),
        (Gap(10_100, queued_ns=5_000, caller_queued_ns=9_000), 0),
        (Gap(100, queued_ns=3_000, caller_queued_ns=0), -3_000),
    ],
    ids=["kept", "queued", "queued first", "caller queued", "both", "counted too late"],
)
def test_a_wait_for_a_processor_is_not_the_gils_fault(gap: Gap, kept: float) -> None:
    assert kept_ns(gap, usual_ns=100) == kept
