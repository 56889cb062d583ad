from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.processes import ticking
from whichext.race.calls import repeated
from whichext.race.timed import Clock, Took, drop
from whichext.race.timed import take as take_calls


@pytest.fixture(autouse=True)
def _collector_as_it_was() -> Iterator[None]:
    collecting = gc.isenabled()
    yield
    (gc.enable if collecting else gc.disable)()


def take(
    call: Callable[..., Any], arguments: tuple[Any, ...], calls: int, **clocks: Clock
) -> tuple[Took, list[Any]]:
    """Time so many calls with the same arguments."""
    ready = repeated(call, arguments, calls)
    return take_calls(ready.others, ready.last, **clocks)


def nothing() -> None:
    """A call that does nothing."""


def test_the_wall_time_is_what_passed_on_the_clock() -> None:
    took, _ = take(nothing, (), 1, clock=ticking(1_000, 1_250), cpu_clock=ticking(0, 0))
    assert took.wall_ns == 250


def test_the_processor_time_is_what_passed_on_its_own_clock() -> None:
    took, _ = take(nothing, (), 1, clock=ticking(0, 0), cpu_clock=ticking(70, 900))
    assert took.cpu_ns == 830


def test_the_time_is_that_of_all_calls_together() -> None:
    took, _ = take(nothing, (), 1_000, clock=ticking(5, 10_005), cpu_clock=ticking(0, 20_000))
    assert took == Took(wall_ns=10_000, cpu_ns=20_000)


@pytest.mark.parametrize("calls", [0, 1, 2, 1_000])
def test_exactly_as_many_calls_are_made_as_asked_for(calls: int) -> None:
    made: list[None] = []
    take(lambda: made.append(None), (), calls)
    assert len(made) == calls


def test_every_call_gets_all_arguments() -> None:
    made: list[tuple[object, ...]] = []
    take(lambda *arguments: made.append(arguments), ("values", 2), 3)
    assert made == [("values", 2)] * 3


def test_the_wall_clock_is_read_right_before_the_first_and_right_after_the_last_call() -> None:
    log: list[str] = []

    def wall() -> int:
        log.append("wall")
        return 0

    def cpu() -> int:
        log.append("cpu")
        return 0

    take(lambda: log.append("call"), (), 2, clock=wall, cpu_clock=cpu)
    assert log == ["cpu", "wall", "call", "call", "wall", "cpu"]


def test_a_result_is_dropped_before_the_next_call() -> None:
    alive: list[int] = []

    class Result:
        count = 0

        def __init__(self) -> None:
            alive.append(Result.count)
            Result.count += 1

        def __del__(self) -> None:
            Result.count -= 1

    _, answers = take(Result, (), 3)
    assert (alive, Result.count, len(answers)) == ([0, 0, 0], 1, 1)


def test_the_answer_of_the_last_call_is_given_beside_the_times() -> None:
    numbers = iter(range(10))
    _, answers = take(lambda: next(numbers), (), 3)
    assert answers == [2]


def test_without_a_call_there_is_no_answer() -> None:
    _, answers = take(nothing, (), 0)
    assert answers == []


def test_dropping_an_answer_takes_the_time_of_giving_back_its_memory() -> None:
    took = drop([object()], clock=ticking(5, 12), cpu_clock=ticking(1, 3))
    assert took == Took(wall_ns=7, cpu_ns=2)


def test_an_answer_is_gone_before_the_clock_that_times_its_drop_is_read_again() -> None:
    log: list[str] = []

    class Answer:
        def __del__(self) -> None:
            log.append("gone")

    def wall() -> int:
        log.append("wall")
        return 0

    answers: list[object] = [Answer()]
    drop(answers, clock=wall)
    assert (log, answers) == (["wall", "gone", "wall"], [])


def test_garbage_is_not_collected_while_the_clock_runs() -> None:
    seen: list[bool] = []
    take(lambda: seen.append(gc.isenabled()), (), 2)
    assert seen == [False, False]


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was_found(collecting: bool) -> None:
    (gc.enable if collecting else gc.disable)()
    take(nothing, (), 1)
    assert collecting == gc.isenabled()


def fail() -> None:
    raise ZeroDivisionError


def test_the_collector_comes_back_when_a_call_raises() -> None:
    gc.enable()
    with pytest.raises(ZeroDivisionError):
        take(fail, (), 1)
    assert gc.isenabled()


def test_an_error_of_a_call_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        take(fail, (), 5)


def test_the_ordinary_clocks_never_run_backwards() -> None:
    took, _ = take(nothing, (), 10)
    assert took.wall_ns >= 0
    assert took.cpu_ns >= 0
