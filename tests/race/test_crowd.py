"""Timed calls from several threads at once, mostly by clocks that tests make up."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from whichext.race.crowd import count_latencies, take_at_once
from whichext.race.timed import Took

CALLERS = 4


def bin_of(latency_ns: int) -> int:
    """The bin of a single call."""
    (found,) = count_latencies([latency_ns]).bins
    return found


@pytest.fixture(autouse=True)
def _collector_as_it_was() -> Iterator[None]:
    collecting = gc.isenabled()
    yield
    (gc.enable if collecting else gc.disable)()


class Clocks:
    """A clock of each thread, which goes on with the work that the thread does and waits for."""

    def __init__(self) -> None:
        self._of = threading.local()

    def now(self) -> int:
        """Time of this thread."""
        return int(getattr(self._of, "now_ns", 0))

    def work(self, ns: int) -> None:
        """Take so long in this thread."""
        self._of.now_ns = self.now() + ns

    def wait_until(self, ns: int) -> None:
        """Wait for another thread that was busy until then."""
        self._of.now_ns = max(self.now(), ns)


class Locked:
    """A call of 100 ns that only one thread at a time can make."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks, self.lock, self.free_at = clocks, threading.Lock(), 0

    def __call__(self) -> None:
        """Wait for the lock, and work."""
        with self.lock:
            self.clocks.wait_until(self.free_at)
            self.clocks.work(100)
            self.free_at = self.clocks.now()


def taken(call: Callable[[], object], clock: Callable[[], int], calls: int = 40) -> tuple[int, int]:
    """Wall time of all calls, and the bin of their greatest latency."""
    found, _ = take_at_once(call, (), calls, CALLERS, clock=clock, cpu_clock=lambda: 0)
    return found.took.wall_ns, found.latencies.bins[-1]


def test_callers_that_do_not_wait_for_each_other_are_through_in_the_time_of_one() -> None:
    clocks = Clocks()
    assert taken(lambda: clocks.work(100), clocks.now) == (1_000, bin_of(100))


def test_callers_that_share_a_lock_get_no_more_done_than_one() -> None:
    clocks = Clocks()
    wall_ns, _ = taken(Locked(clocks), clocks.now)
    assert wall_ns == 40 * 100


def test_a_caller_that_waits_for_a_lock_shows_in_the_tail() -> None:
    """Each holds the lock until all others wait for it, as with a fair one."""
    clocks, turns = Clocks(), threading.Barrier(CALLERS)
    call = Locked(clocks)

    def fair() -> None:
        turns.wait()
        call()

    wall_ns, slowest = taken(fair, clocks.now)
    assert wall_ns == 40 * 100
    assert slowest >= bin_of(2 * 100)


@pytest.mark.parametrize("calls", [4, 8, 400])
def test_exactly_as_many_calls_are_made_as_asked_for_by_all_callers_alike(calls: int) -> None:
    made: list[int] = []
    take_at_once(lambda: made.append(threading.get_ident()), (), calls, CALLERS)
    assert len(made) == calls
    assert len(set(made)) <= CALLERS


def test_all_callers_are_there_before_the_first_call() -> None:
    alive: list[int] = []
    take_at_once(lambda: alive.append(threading.active_count()), (), CALLERS, CALLERS)
    assert alive[0] >= 2


def test_every_call_gets_all_arguments() -> None:
    made: list[tuple[object, ...]] = []
    take_at_once(lambda *arguments: made.append(arguments), ("values", 2), CALLERS, CALLERS)
    assert made == [("values", 2)] * CALLERS


def test_the_last_answer_of_each_caller_is_given() -> None:
    numbers = iter(range(100))
    _, answers = take_at_once(lambda: next(numbers), (), 8, 2)
    assert len(answers) == 2
    assert max(answers) == 7


def test_the_processor_time_is_that_of_all_threads_together() -> None:
    readings = iter([100, 900])
    found, _ = take_at_once(
        lambda: None, (), CALLERS, CALLERS, clock=lambda: 5, cpu_clock=lambda: next(readings)
    )
    assert found.took == Took(wall_ns=0, cpu_ns=800)


def test_an_error_of_one_caller_is_raised_and_the_collector_comes_back() -> None:
    numbers = iter(range(3))
    gc.enable()

    def tired() -> Any:
        return next(numbers)

    with pytest.raises(StopIteration):
        take_at_once(tired, (), 8, 2)
    assert gc.isenabled()


def test_garbage_is_not_collected_while_the_clock_runs() -> None:
    seen: list[bool] = []
    take_at_once(lambda: seen.append(gc.isenabled()), (), CALLERS, CALLERS)
    assert set(seen) == {False}


def test_latencies_are_counted_in_bins_that_get_wider() -> None:
    found = count_latencies([1, 2, 2, 1024, 1024 * 1024])
    assert found.bins == (0, 32, 320, 640)
    assert found.calls == (1, 2, 1, 1)


@pytest.mark.parametrize("latency_ns", [100, 1_234, 98_765_432])
def test_a_bin_is_so_narrow_that_its_ends_differ_by_about_2_per_cent(latency_ns: int) -> None:
    low, high = (2 ** ((bin_of(latency_ns) + end) / 32) for end in (0, 1))
    assert low <= latency_ns < high
    assert high / low == pytest.approx(1.022, abs=0.001)


def test_a_call_that_takes_no_time_by_the_clock_is_counted_all_the_same() -> None:
    assert count_latencies([0, 0]).calls == (2,)


def test_every_call_of_a_turn_is_in_its_latencies() -> None:
    found, _ = take_at_once(lambda: None, (), 400, CALLERS)
    assert sum(found.latencies.calls) == 400
