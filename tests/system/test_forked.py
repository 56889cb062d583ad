"""What a forked child does and what is said of one that says nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import pytest
from msgspec import Struct

from support.processes import PATIENCE_S
from whichext.model.change import Change
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.race.in_worker import REPLY, Refused, Reply, Turn, Turned, answer
from whichext.system.forked import ask_child
from whichext.system.workers.worker import Subject

pytestmark = pytest.mark.processes


def of_child(act: Callable[[], Struct], limit_s: float = PATIENCE_S) -> Reply:
    """What comes of it."""
    return ask_child(act, REPLY, "small", limit_s)


def test_what_the_child_says_comes_back() -> None:
    assert of_child(lambda: Refused("tired")) == Refused("tired")


def test_the_child_is_another_process() -> None:
    assert of_child(lambda: Refused(str(os.getpid()))) != Refused(str(os.getpid()))


def test_a_child_that_hangs_is_killed_when_its_time_is_over() -> None:
    def hang() -> NoReturn:
        threading.Event().wait()
        raise AssertionError

    assert of_child(hang, limit_s=0.1) == TimedOut("small", 100_000_000, in_child=True)


def test_a_child_that_crashes_is_told_with_its_signal() -> None:
    found = of_child(lambda: os.kill(os.getpid(), signal.SIGKILL))  # type: ignore[arg-type,return-value]
    assert found == Crashed("small", "its child: killed by SIGKILL")


def turn(call: Callable[..., Any], **how: Any) -> Reply:
    """A turn on an input whose sum is 6, or 5 with the other value of its last element."""
    prepared = Prepared((np.array([1.0, 2.0, 3.0]),), 6.0, change=Change(0, (2,), 3.0, 2.0, 5.0))
    subject = Subject(call, {"sum": prepared}, Tolerance())
    return answer(subject, Turn("sum", 4, compared="sum, epoch 1", **how))


def test_a_turn_in_a_child_is_timed_there() -> None:
    made: list[object] = []

    def call(values: Any) -> float:
        made.append(values)
        return float(values.sum())

    assert isinstance(turn(call, forked_s=PATIENCE_S, changed=True), Turned)
    assert made == []


def test_a_wrong_answer_in_a_child_is_wrong() -> None:
    found = turn(lambda _: 7.0, forked_s=PATIENCE_S)
    assert isinstance(found, Wrong)
    assert found.where.startswith("sum, epoch 1")
    assert "unsafe fork" in found.where
    assert (found.expected, found.got) == ("float 6.0", "float 7.0")


def test_a_child_of_another_answer_than_its_parent_is_wrong_there_alone() -> None:
    parent = os.getpid()

    def call(_: Any) -> float:
        return 6.0 if os.getpid() == parent else 0.0

    assert isinstance(turn(call), Turned)
    found = turn(call, forked_s=PATIENCE_S)
    assert isinstance(found, Wrong)
    assert "unsafe fork" in found.where


def test_an_error_of_the_child_alone_is_an_unsafe_fork() -> None:
    def call(_: Any) -> NoReturn:
        raise OSError("no pool")

    found = turn(call, forked_s=PATIENCE_S)
    assert isinstance(found, Crashed)
    assert "unsafe fork" in found.where
    assert found.how == "raised OSError: no pool"
    assert turn(call) == Refused("OSError: no pool")


def test_an_answer_that_is_wrong_only_from_several_threads_says_so() -> None:
    def call(_: Any) -> float:
        return 6.0 if threading.current_thread() is threading.main_thread() else 7.0

    assert isinstance(turn(call), Turned)
    found = turn(call, callers=2)
    assert isinstance(found, Wrong)
    assert found.where.startswith("sum, epoch 1")
    assert "2 threads" in found.where


def test_an_error_from_several_threads_says_so() -> None:
    def call(_: Any) -> float:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("busy")
        return 6.0

    found = turn(call, callers=2)
    assert isinstance(found, Crashed)
    assert "2 threads" in found.where
    assert found.how == "raised RuntimeError: busy"


@pytest.mark.parametrize("answer_there", [6.0, 7.0])
def test_several_threads_of_a_child_may_call(answer_there: float) -> None:
    found = turn(lambda _: answer_there, callers=2, forked_s=PATIENCE_S)
    if answer_there == 6.0:
        assert isinstance(found, Turned)
        assert found.latencies is not None
        assert sum(found.latencies.calls) == 4
    else:
        assert isinstance(found, Wrong)
        assert "2 threads" in found.where
        assert "unsafe fork" in found.where


def test_a_turn_whose_child_hangs_names_the_fork() -> None:
    found = turn(lambda _: threading.Event().wait(), forked_s=0.1)
    assert isinstance(found, TimedOut)
    assert "unsafe fork" in found.where


def test_a_turn_of_several_callers_has_a_tail_and_the_answers_of_all() -> None:
    found = turn(lambda values: float(values.sum()), callers=2)
    assert isinstance(found, Turned)
    assert found.latencies is not None
    numbers = iter([6.0, 6.0, 6.0, 9.0])
    assert isinstance(turn(lambda _: next(numbers), callers=2), Wrong)


def test_a_turn_of_one_caller_has_no_tail() -> None:
    found = turn(lambda values: float(values.sum()))
    assert isinstance(found, Turned)
    assert found.latencies is None
