"""What the system counts beside the clock, from synthetic readings and from real calls."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.contestants import case_of, write_contestant
from support.processes import PATIENCE_S
from whichext.build.session import Lineup
from whichext.model.kernel import Kernel
from whichext.pipeline import INPUTS
from whichext.race.epoch import run_epoch
from whichext.race.track import Entrant, Epoch, Track
from whichext.system import machine
from whichext.system.machine import count_busy
from whichext.system.workers.crew import Crew

MS = 1_000_000
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands in for the root of the system's files."""
    monkeypatch.setattr(machine, "Path", lambda path: tmp_path / path.lstrip("/"))
    (tmp_path / "proc" / "self" / "task").mkdir(parents=True)
    return tmp_path


def write_thread(system: Path, number: int, schedstat: str) -> None:
    folder = system / "proc" / "self" / "task" / str(number)
    folder.mkdir()
    (folder / "schedstat").write_text(schedstat)


# Stolen time


def allow(monkeypatch: pytest.MonkeyPatch, *processors: int) -> None:
    """Have the system let this process use these processors alone."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(processors), raising=False)


@pytest.mark.parametrize(
    ("processors", "ticks"), [((0,), 8), ((1,), 15), ((0, 1), 23), ((0, 10), 108)]
)
def test_stolen_time_is_the_eighth_figure_of_the_processors_that_it_may_use_in_ticks(
    system: Path, monkeypatch: pytest.MonkeyPatch, processors: tuple[int, ...], ticks: int
) -> None:
    allow(monkeypatch, *processors)
    (system / "proc" / "stat").write_text(
        "cpu  10 20 30 40 50 60 70 123 90 100\n"
        "cpu0 1 2 3 4 5 6 7 8 9 10\n"
        "cpu1 1 2 3 4 5 6 7 15 9 10\n"
        "cpu10 1 2 3 4 5 6 7 100 9 10\n"
        "intr 8 8 8 8 8 8 8 8 8\n"
    )
    assert machine.stolen_ns() == ticks * TICK_NS


@pytest.mark.parametrize("text", ["", "cpu0 1 2 3 4\n", "cpu0 1 2 3 4 5 6 7 much\n"])
def test_a_system_that_tells_of_no_stolen_time_has_none(
    system: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    allow(monkeypatch, 0)
    (system / "proc" / "stat").write_text(text)
    assert machine.stolen_ns() == 0


@pytest.mark.usefixtures("system")
def test_a_system_without_that_file_has_no_stolen_time() -> None:
    assert machine.stolen_ns() == 0


# Threads' times


def test_the_first_figure_of_a_thread_is_its_processor_time(system: Path) -> None:
    write_thread(system, 17, "5000 70 3\n")
    write_thread(system, 18, "0 0 0\n")
    assert machine.thread_times_ns() == {"17": 5_000, "18": 0}


@pytest.mark.parametrize("schedstat", ["", "soon 1 2\n"])
def test_a_thread_that_has_just_ended_is_left_out(system: Path, schedstat: str) -> None:
    write_thread(system, 17, "5000 70 3\n")
    write_thread(system, 18, schedstat)
    assert machine.thread_times_ns() == {"17": 5_000}


@pytest.mark.usefixtures("system")
def test_a_system_that_tells_nothing_of_threads_gives_no_times() -> None:
    assert machine.thread_times_ns() == {}


# Busy threads


def busy(*worked_ns: int, cpu_ns: int = 0, wall_ns: int = 10 * MS) -> int:
    """Busy threads, of which each worked that long."""
    before = {str(number): 7 * MS for number in range(len(worked_ns))}
    after = {str(number): 7 * MS + ns for number, ns in enumerate(worked_ns)}
    return count_busy(before, after, wall_ns, cpu_ns)


@pytest.mark.parametrize(
    ("worked_ns", "expected"),
    [
        ((), 0),
        ((0,), 0),
        ((0, 0, 0), 0),
        ((9 * MS,), 1),
        ((9 * MS, 0), 1),
        ((9 * MS, 8 * MS), 2),
        ((1, 9 * MS, 8 * MS, 7 * MS, 6 * MS), 4),
        ((10, 5), 2),
        ((10, 4), 1),
        ((1,), 1),
    ],
)
def test_threads_are_busy_that_worked_half_as_long_as_the_longest(
    worked_ns: tuple[int, ...], expected: int
) -> None:
    assert busy(*worked_ns) == expected


def test_what_a_thread_did_before_does_not_count() -> None:
    before, after = {"1": 900 * MS, "2": 0}, {"1": 901 * MS, "2": 9 * MS}
    assert count_busy(before, after, 10 * MS, 10 * MS) == 1


def test_a_thread_that_began_in_between_counts() -> None:
    assert count_busy({"1": 5 * MS}, {"1": 14 * MS, "2": 9 * MS}, 10 * MS, 0) == 2


@pytest.mark.parametrize(
    ("cpu_ns", "expected"), [(0, 0), (4 * MS, 0), (10 * MS, 1), (38 * MS, 4), (42 * MS, 4)]
)
def test_threads_that_began_and_ended_in_between_show_in_the_processor_time(
    cpu_ns: int, expected: int
) -> None:
    assert count_busy({}, {}, 10 * MS, cpu_ns) == expected


@pytest.mark.parametrize(("cpu_ns", "expected"), [(40 * MS, 4), (10 * MS, 2)])
def test_the_greater_of_the_two_counts_is_the_one(cpu_ns: int, expected: int) -> None:
    assert busy(9 * MS, 9 * MS, cpu_ns=cpu_ns) == expected


def test_no_time_at_all_is_no_error() -> None:
    assert count_busy({}, {}, 0, 0) == 0


times = st.lists(st.integers(0, 10**12), max_size=8)


@given(times, st.integers(0, 10**12), st.integers(0, 10**12))
def test_threads_that_slept_change_nothing(worked: list[int], wall_ns: int, cpu_ns: int) -> None:
    alone = busy(*worked, wall_ns=wall_ns, cpu_ns=cpu_ns)
    assert busy(*worked, 0, 0, wall_ns=wall_ns, cpu_ns=cpu_ns) == alone


# Real calls, over arrays that are too large for a cache


POOL = """
    import threading
    from concurrent.futures import ThreadPoolExecutor
    import numpy as np

    VALUES = np.arange(4_000_000)  # 32 MB
    PARTS = np.array_split(VALUES, {threads})
    POOL = ThreadPoolExecutor({threads})
    TOGETHER = threading.Barrier({threads})

    def read(part):
        TOGETHER.wait()  # so that no thread takes the other's part as well
        return int(np.bitwise_xor.reduce(part))

    def run(values):
        list(POOL.map(read, PARTS))
        return values.sum(axis=1)
"""

SERIAL = """
    import numpy as np

    VALUES = np.arange(4_000_000)

    def run(values):
        np.bitwise_xor.reduce(VALUES)
        return values.sum(axis=1)
"""


def threads_seen(kernel: Kernel, folder: Path, code: str, *, allowed: int) -> int:
    """Busy threads of a contestant in a race of its own."""
    written = write_contestant(folder, code, threads=allowed)
    track = Track("small", (Entrant(written, folder),), most_rounds=1, limit_s=PATIENCE_S)
    with Crew(kernel, INPUTS) as crew:
        crew.prepare(case_of(kernel, "small"))
        lineup = Lineup(track.names)
        run_epoch(crew, track, Epoch(0, track.entrants, random.Random(0), lineup))
    (timing,) = track.timings()
    assert timing.ended is None, timing.ended
    return timing.threads_seen


linux_alone = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(),
    reason="only Linux tells, in /proc, how long each thread worked",
)


@pytest.mark.slow
@pytest.mark.processes
@linux_alone
def test_a_real_call_of_two_threads_is_seen_to_have_at_least_two(
    row_sum: Kernel, tmp_path: Path
) -> None:
    assert threads_seen(row_sum, tmp_path, POOL.format(threads=2), allowed=2) >= 2


@pytest.mark.slow
@pytest.mark.processes
@linux_alone
def test_a_real_serial_call_is_seen_to_have_one(row_sum: Kernel, tmp_path: Path) -> None:
    assert threads_seen(row_sum, tmp_path, SERIAL, allowed=1) == 1


@pytest.mark.slow
@pytest.mark.processes
@linux_alone
def test_a_real_serial_call_is_seen_to_have_one_although_it_may_have_two(
    row_sum: Kernel, tmp_path: Path
) -> None:
    assert threads_seen(row_sum, tmp_path, SERIAL, allowed=2) == 1
