"""Work after a call has returned, and what an idle pool spins."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from whichext.audit import aftermath
from whichext.audit.aftermath import quick_turns, work_after, work_after_each, work_while
from whichext.system.machine import thread_times_ns

MS = 1_000_000
MAIN, POOL, NEW = str(threading.main_thread().native_id), "70001", "70002"


@dataclass
class Process:
    """A process whose threads work for so long after a call, one beside the other; time is told."""

    after_ms: Mapping[str, int]
    told: bool = True
    prefix: str = "libgomp"
    past_ms: int = 0
    """What each has worked before."""
    pool_ends_ms: float = math.inf
    """When the pool's thread is no more."""
    now_ns: int = field(default=0, init=False)
    found_ns: int = field(default=0, init=False)

    def worked_ns(self, name: str) -> int:
        """How long a thread has worked so far."""
        return self.past_ms * MS + min(self.now_ns, self.after_ms[name] * MS)

    def process_time_ns(self) -> int:
        """What all of them have worked."""
        return sum(map(self.worked_ns, self.after_ms))

    def times(self) -> dict[str, int]:
        """The same by thread, as the system tells it."""
        if not self.told:
            return {}
        ended = {POOL} if self.now_ns >= self.pool_ends_ms * MS else set()
        there = (name for name in self.after_ms if name not in ended)
        return {MAIN: 0, **{name: self.worked_ns(name) for name in there}}

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ns += round(seconds * 1e9)


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Ask for the work of a process of which these threads were there before the calls."""

    def ask(process: Process, before: Iterable[str] = (MAIN, POOL)) -> int:
        clock = SimpleNamespace(
            sleep=process.sleep,
            perf_counter_ns=lambda: process.now_ns,
            process_time_ns=process.process_time_ns,
            thread_time_ns=lambda: 0,
        )
        monkeypatch.setattr(aftermath, "time", clock)
        monkeypatch.setattr(aftermath, "thread_times_ns", process.times)
        pools = [{"prefix": process.prefix}, {"internal_api": "unknown"}]
        monkeypatch.setattr(aftermath.threadpoolctl, "threadpool_info", lambda: pools)
        return work_after(before)

    return ask


def test_an_idle_process_does_no_work(after: Callable[..., int]) -> None:
    assert after(Process({})) == 0


@pytest.mark.parametrize("spun_ms", [1, 14, 33, 55])
def test_a_pool_that_spins_before_it_sleeps_does_no_work(
    after: Callable[..., int], spun_ms: int
) -> None:
    assert after(Process({POOL: spun_ms})) == 0


def test_what_a_thread_of_a_pool_did_before_is_no_work_when_it_ends(
    after: Callable[..., int],
) -> None:
    assert after(Process({POOL: 3}, past_ms=900, pool_ends_ms=8)) == 0


def test_a_pool_that_works_longer_than_any_spins_works(after: Callable[..., int]) -> None:
    assert after(Process({POOL: 120})) >= 50 * MS


@pytest.mark.parametrize("prefix", ["libomp", "libiomp"])
def test_some_pools_spin_for_200_ms(after: Callable[..., int], prefix: str) -> None:
    assert after(Process({POOL: 200}, prefix=prefix)) == 0
    assert after(Process({POOL: 350}, prefix=prefix)) >= 50 * MS


@pytest.mark.parametrize("worked_ms", [5, 20, 100])
def test_a_thread_that_the_call_began_is_no_pool(after: Callable[..., int], worked_ms: int) -> None:
    assert after(Process({POOL: 14, NEW: worked_ms})) == worked_ms * MS


def test_next_to_nothing_is_nothing(after: Callable[..., int]) -> None:
    assert after(Process({NEW: 1})) == 0


def test_work_without_an_end_is_not_waited_for(after: Callable[..., int]) -> None:
    process = Process({NEW: 10_000})
    assert after(process) > 100 * MS
    assert process.now_ns < 400 * MS


def test_where_the_system_tells_of_no_threads_all_are_taken_for_a_pool(
    after: Callable[..., int],
) -> None:
    assert after(Process({NEW: 50}, told=False), before=()) == 0
    assert after(Process({NEW: 120}, told=False), before=()) >= 50 * MS


@dataclass
class Calls(Process):
    """The same, whose threads work after each call, for microseconds; a new one is there then."""

    delay_us: int = 0
    always_us: int = 0
    """In 50 ms, whatever is called."""
    calls: list[int] = field(default_factory=list)

    def call(self) -> None:
        """Begin the work of a call."""
        self.calls.append(self.now_ns)

    def worked_ns(self, name: str) -> int:
        """How long a thread has worked so far, after all calls."""
        began = [at_ns + self.delay_us * 1_000 for at_ns in self.calls]
        work_ns = self.after_ms[name] * 1_000  # given as us
        by_calls = sum(min(max(0, self.now_ns - at_ns), work_ns) for at_ns in began)
        return by_calls + self.now_ns * self.always_us // 50_000

    def times(self) -> dict[str, int]:
        """By thread; the new one is not there before the calls."""
        found = super().times()
        return found if self.calls else {name: ns for name, ns in found.items() if name != NEW}


@pytest.fixture
def after_each(monkeypatch: pytest.MonkeyPatch) -> Callable[[Calls], int]:
    """Ask for the work after single calls."""

    def ask(process: Calls) -> int:
        clock = SimpleNamespace(
            sleep=process.sleep,
            perf_counter_ns=lambda: process.now_ns,
            process_time_ns=process.process_time_ns,
            thread_time_ns=lambda: 0,
        )
        monkeypatch.setattr(aftermath, "time", clock)
        monkeypatch.setattr(aftermath, "thread_times_ns", process.times)
        return work_after_each(process.call)

    return ask


@pytest.mark.parametrize("delay_us", [0, 20_000])
@pytest.mark.parametrize("worked_us", [300, 2_900])
def test_little_work_and_late_work_are_seen_after_single_calls(
    after_each: Callable[[Calls], int], worked_us: int, delay_us: int
) -> None:
    process = Calls({NEW: worked_us}, delay_us=delay_us)
    assert after_each(process) == worked_us * 1_000


def test_below_a_tenth_of_a_millisecond_nothing_is_said(
    after_each: Callable[[Calls], int],
) -> None:
    process = Calls({NEW: 90})
    assert after_each(process) == 0
    assert len(process.calls) == 3


def test_what_an_idle_process_spends_is_not_the_calls(
    after_each: Callable[[Calls], int],
) -> None:
    assert after_each(Calls({NEW: 0}, always_us=2_000)) == 0


def test_a_pool_that_spins_after_each_call_does_no_work(
    after_each: Callable[[Calls], int],
) -> None:
    assert after_each(Calls({POOL: 14_000})) == 0


def test_single_calls_say_nothing_where_the_system_tells_of_no_threads(
    after_each: Callable[[Calls], int],
) -> None:
    assert after_each(Calls({NEW: 14_000}, told=False)) == 0


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None, Mapping[str, int]], Process]:
    """Wait for threads that end at a time, or never."""

    def ask(at_ms: int | None, after_ms: Mapping[str, int]) -> Process:
        process = Process(after_ms)
        clock = SimpleNamespace(
            sleep=process.sleep,
            perf_counter_ns=lambda: process.now_ns,
            process_time_ns=process.process_time_ns,
            thread_time_ns=lambda: 0,
        )
        monkeypatch.setattr(aftermath, "time", clock)
        process.found_ns = work_while(lambda: at_ms is None or process.now_ns < at_ms * MS)
        return process

    return ask


def test_threads_that_end_are_waited_for(
    ends: Callable[[int | None, Mapping[str, int]], Process],
) -> None:
    process = ends(330, {NEW: 30})
    assert (process.found_ns, process.now_ns) == (30 * MS, 330 * MS)


def test_without_threads_left_nothing_is_waited_for(
    ends: Callable[[int | None, Mapping[str, int]], Process],
) -> None:
    assert ends(0, {NEW: 30}).now_ns == 0


def test_idle_threads_that_stay_are_waited_for_half_a_second(
    ends: Callable[[int | None, Mapping[str, int]], Process],
) -> None:
    assert 500 * MS <= ends(None, {NEW: 0}).now_ns <= 520 * MS


def test_threads_that_work_for_ever_are_waited_for_three_seconds(
    ends: Callable[[int | None, Mapping[str, int]], Process],
) -> None:
    assert ends(None, {NEW: 60_000}).now_ns <= 3_020 * MS


def in_a_thread(work: Callable[[], object]) -> int:
    """Work of a thread that was there before, since it waited to be called."""
    go = threading.Event()

    def wait_and_work() -> None:
        go.wait()
        work()

    thread = threading.Thread(target=wait_and_work)
    thread.start()
    before = thread_times_ns()
    go.set()
    with quick_turns():
        found_ns = work_after(before)
    thread.join()
    return found_ns


def busy(step: Callable[[], object]) -> Callable[[], object]:
    def work() -> None:
        end_ns = time.thread_time_ns() + 60 * MS
        while time.thread_time_ns() < end_ns:
            step()

    return work


def test_a_thread_of_pythons_is_no_pool_although_it_was_there() -> None:
    assert in_a_thread(busy(lambda: None)) >= 10 * MS


def test_nor_is_one_without_the_gil() -> None:
    many = np.arange(100_000.0)
    assert in_a_thread(busy(lambda: np.sqrt(many))) >= 10 * MS


def test_a_thread_that_waits_does_no_work() -> None:
    called = threading.Event()
    thread = threading.Thread(target=called.wait)
    thread.start()
    assert work_after(thread_times_ns()) == 0
    called.set()
    thread.join()


def test_after_quick_turns_the_interpreters_interval_is_as_it_was() -> None:
    usual_s = sys.getswitchinterval()
    with quick_turns():
        assert sys.getswitchinterval() < usual_s
    assert sys.getswitchinterval() == usual_s
