from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
import pytest

from whichext.model.change import Change
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import EARLIER, Wrong
from whichext.race.in_worker import REPLY, REQUEST, Refused, Reply, Turn, Turned, answer
from whichext.race.timed import Took
from whichext.system import machine
from whichext.system.workers.worker import Subject

INPUTS = {"small": Prepared(("small values", 1)), "large": Prepared(("large values", 2))}


def turn(call: Callable[..., Any], *, calls: int, warm: int = 0, census: bool = False) -> Reply:
    """What a contestant answers to a turn on the input "large"."""
    return answer(Subject(call, INPUTS, Tolerance()), Turn("large", calls, warm, census))


def nothing(*_: object) -> None:
    """A call that does nothing."""


@pytest.mark.parametrize(("calls", "warm"), [(1, 0), (1, 1), (5, 1), (3, 2)])
def test_warm_and_timed_calls_are_all_made(calls: int, warm: int) -> None:
    made: list[object] = []
    turn(lambda *arguments: made.append(arguments), calls=calls, warm=warm)
    assert made == [("large values", 2)] * (calls + warm)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens in a turn, in order: the timed region and the counters are noted."""
    noted: list[str] = []

    def fake_take(others: object, last: object) -> tuple[Took, list[Any]]:  # noqa: ARG001  # of take
        noted.append("take")
        return Took(7, 8), [None]

    def fake_drop(answers: list[Any]) -> Took:  # noqa: ARG001  # the signature of drop
        noted.append("drop")
        return Took(100, 200)

    def counter(name: str, readings: Iterator[Any]) -> Callable[[], Any]:
        def read() -> Any:
            noted.append(name)
            return next(readings)

        return read

    monkeypatch.setattr("whichext.race.in_worker.take", fake_take)
    monkeypatch.setattr("whichext.race.in_worker.drop", fake_drop)
    threads: tuple[Mapping[str, int], ...] = ({"1": 10}, {"1": 15, "2": 4})
    for name, readings in {
        "stolen_ns": (100, 130),
        "thread_times_ns": threads,
    }.items():
        monkeypatch.setattr(machine, name, counter(name, iter(readings)))
    return noted


def test_warm_calls_are_made_before_the_timed_region(log: list[str]) -> None:
    turn(lambda *_: log.append("warm"), calls=9, warm=2)
    assert [what for what in log if what in ("warm", "take")] == ["warm", "warm", "take"]


def test_counters_are_read_right_around_the_timed_region(log: list[str]) -> None:
    turn(lambda *_: log.append("warm"), calls=9, warm=1)
    assert log == ["warm", "stolen_ns", "take", "stolen_ns", "drop"]


@pytest.mark.usefixtures("log")
def test_a_turn_tells_the_times_of_calls_and_drop_and_what_the_counters_moved_on_by() -> None:
    assert turn(nothing, calls=9) == Turned(Took(107, 208), stolen_ns=30, threads=None)


@pytest.mark.usefixtures("log")
def test_a_census_counts_the_threads_that_were_busy_meanwhile() -> None:
    assert turn(nothing, calls=9, census=True) == Turned(Took(107, 208), 30, threads=2)


def test_garbage_that_is_collected_before_the_clock_starts_counts_for_no_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log: list[str] = []

    def look() -> dict[str, int]:
        log.append("look")
        return {}

    monkeypatch.setattr(machine, "thread_times_ns", look)
    monkeypatch.setattr(gc, "collect", lambda: log.append("collect"))
    turn(lambda *_: log.append("call"), calls=1, census=True)
    assert log[-3:] == ["look", "call", "look"]


def test_threads_are_looked_at_only_when_a_census_is_asked_for(log: list[str]) -> None:
    turn(nothing, calls=1)
    assert "thread_times_ns" not in log


@pytest.mark.parametrize("error", [ValueError("tired"), SystemExit("tired"), MemoryError("tired")])
@pytest.mark.parametrize("warm", [0, 1])
def test_an_error_in_the_race_is_an_answer(error: BaseException, warm: int) -> None:
    def call(*_: object) -> None:
        raise error

    assert turn(call, calls=1, warm=warm) == Refused(f"{type(error).__name__}: tired")


def test_a_turn_survives_its_encoding() -> None:
    asked = Turn("small", 8, 1, census=True, changed=True, compared="small, epoch 1")
    assert REQUEST.decode(msgspec.msgpack.encode(asked)) == asked


@pytest.mark.parametrize(
    "reply",
    [Turned(Took(7, 8), 30, 2), Refused("ValueError: tired"), Wrong("small, epoch 1", "1", "2")],
)
def test_an_answer_survives_its_encoding(reply: Reply) -> None:
    assert REPLY.decode(msgspec.msgpack.encode(reply)) == reply


def test_garbage_is_collected_before_the_clock_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda: log.append("collect"))
    turn(lambda *_: log.append("call"), calls=2)
    assert log == ["collect", "call", "call"]


# What is timed is compared

EXACT = Tolerance()


def summed(values: np.ndarray[Any, Any]) -> float:
    """The right answer."""
    return float(values.sum())


def changeable() -> Prepared:
    """An input whose sum is 6, or 5 with the other value of its last element."""
    return Prepared((np.array([1.0, 2.0, 3.0]),), 6.0, change=Change(0, (2,), 3.0, 2.0, 5.0))


def compared(
    call: Callable[..., Any],
    prepared: Prepared,
    *,
    changed: bool = False,
    calls: int = 3,
    tolerance: Tolerance = EXACT,
) -> Reply:
    """What comes of a turn whose last answer is compared."""
    asked = Turn("sum", calls, changed=changed, compared="sum, epoch 3")
    return answer(Subject(call, {"sum": prepared}, tolerance), asked)


@pytest.mark.parametrize("changed", [False, True])
def test_a_right_answer_is_timed_whatever_the_element_is(changed: bool) -> None:
    assert isinstance(compared(summed, changeable(), changed=changed), Turned)


def test_the_element_is_set_before_the_first_call_and_set_back_by_a_later_turn() -> None:
    seen, prepared = [], changeable()

    def call(values: np.ndarray[Any, Any]) -> None:
        seen.append(values[2])

    for changed in (False, True, True, False):
        turn = Turn("sum", 1, warm=1, changed=changed)
        answer(Subject(call, {"sum": prepared}, Tolerance()), turn)
    assert seen == [3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(("changed", "expected"), [(False, "float 6.0"), (True, "float 5.0")])
def test_a_wrong_answer_is_told_with_both_sides_and_its_place(changed: bool, expected: str) -> None:
    found = compared(lambda _: 7.0, changeable(), changed=changed)
    assert found == Wrong("sum, epoch 3", expected, "float 7.0")


@pytest.mark.parametrize("changed", [False, True])
def test_an_answer_that_was_right_before_the_change_is_one_from_an_earlier_call(
    changed: bool,
) -> None:
    earlier = 6.0 if changed else 5.0
    found = compared(lambda _: earlier, changeable(), changed=changed)
    assert isinstance(found, Wrong)
    assert found.got == f"{EARLIER}, float {earlier}"


def test_where_no_change_is_known_the_answer_is_compared_with_the_only_one() -> None:
    prepared = Prepared((np.ones(3),), 3.0)
    assert isinstance(compared(summed, prepared, changed=True), Turned)
    assert compared(lambda _: 4.0, prepared, changed=True) == Wrong(
        "sum, epoch 3", "float 3.0", "float 4.0"
    )


def test_the_answer_of_the_last_call_is_the_one_that_counts() -> None:
    answers = iter([6.0, 6.0, 9.0])
    assert isinstance(compared(lambda _: next(answers), changeable()), Wrong)


def test_a_turn_that_is_not_compared_may_answer_anything() -> None:
    subject = Subject(nothing, {"sum": changeable()}, Tolerance())
    assert isinstance(answer(subject, Turn("sum", 3)), Turned)


def test_answers_are_compared_with_the_tolerance_of_the_kernel() -> None:
    near = Tolerance(relative=1e-6, reason="sums round")
    assert isinstance(compared(lambda _: 6.0 + 1e-9, changeable(), tolerance=near), Turned)
    assert isinstance(compared(lambda _: 6.0 + 1e-9, changeable()), Wrong)


def test_the_answer_is_compared_when_the_clock_has_stopped_and_then_dropped(
    log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichext.race.in_worker.find_difference", lambda *_: log.append("compare"))
    compared(summed, changeable())
    assert log == ["stolen_ns", "take", "stolen_ns", "compare", "drop"]
