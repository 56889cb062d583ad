from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import pytest

from whichext.model.kernel import Prepared, Tolerance
from whichext.race.in_worker import REPLY, REQUEST, Refused, Turn, Turned, answer
from whichext.race.timed import Took
from whichext.system import machine
from whichext.system.workers.worker import Subject

INPUTS = {"small": Prepared(("small values", 1)), "large": Prepared(("large values", 2))}


def turn(
    call: Callable[..., Any], *, calls: int, warm: int = 0, census: bool = False
) -> Turned | Refused:
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

    def fake_take(call: Callable[..., Any], arguments: object, calls: int) -> Took:  # noqa: ARG001  # the signature of take
        noted.append(f"take {calls}")
        return Took(7, 8)

    def counter(name: str, readings: Iterator[Any]) -> Callable[[], Any]:
        def read() -> Any:
            noted.append(name)
            return next(readings)

        return read

    monkeypatch.setattr("whichext.race.in_worker.take", fake_take)
    threads: tuple[Mapping[str, int], ...] = ({"1": 10}, {"1": 15, "2": 4})
    for name, readings in {
        "stolen_ns": (100, 130),
        "thread_times_ns": threads,
    }.items():
        monkeypatch.setattr(machine, name, counter(name, iter(readings)))
    return noted


def test_warm_calls_are_made_before_the_timed_region(log: list[str]) -> None:
    turn(lambda *_: log.append("warm"), calls=9, warm=2)
    assert [what for what in log if what in ("warm", "take 9")] == ["warm", "warm", "take 9"]


def test_counters_are_read_right_around_the_timed_region(log: list[str]) -> None:
    turn(lambda *_: log.append("warm"), calls=9, warm=1)
    assert log == ["warm", "stolen_ns", "take 9", "stolen_ns"]


@pytest.mark.usefixtures("log")
def test_a_turn_tells_what_the_counters_moved_on_by() -> None:
    assert turn(nothing, calls=9) == Turned(Took(7, 8), stolen_ns=30, threads=None)


@pytest.mark.usefixtures("log")
def test_a_census_counts_the_threads_that_were_busy_meanwhile() -> None:
    assert turn(nothing, calls=9, census=True) == Turned(Took(7, 8), 30, threads=2)


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
    asked = Turn("small", 8, 1, census=True)
    assert REQUEST.decode(msgspec.msgpack.encode(asked)) == asked


@pytest.mark.parametrize("reply", [Turned(Took(7, 8), 30, 2), Refused("ValueError: tired")])
def test_an_answer_survives_its_encoding(reply: Turned | Refused) -> None:
    assert REPLY.decode(msgspec.msgpack.encode(reply)) == reply


def test_garbage_is_collected_before_the_clock_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda: log.append("collect"))
    turn(lambda *_: log.append("call"), calls=2)
    assert log == ["collect", "call", "call"]
