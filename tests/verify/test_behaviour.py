"""What a contestant does beyond one right answer, each fault in the one check that is for it."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from support.processes import PATIENCE_S
from whichext.model.change import Change
from whichext.model.check import Property
from whichext.model.errors import describe_error
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import Crashed, Right, TimedOut, Unsupported, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify.behaviour import BEHAVIOURS, Behave, Behaved
from whichext.verify.in_worker import REPLY, REQUEST, answer

pytestmark = [pytest.mark.slow, pytest.mark.processes]

Array = npt.NDArray[Any]
Call = Callable[[Any], Any]

STALE = "an answer from an earlier call"

OF_FUNCTIONS = [name for name, one in BEHAVIOURS.items() if one.use is None]
AFTER_AN_ERROR, TWO_ANSWERS, IN_PLACE, ELSEWHERE, AGAIN, AT_ONCE, IN_A_ROW, FORKED = OF_FUNCTIONS


def row_maxima(values: Array) -> Array:
    maxima: Array = values.max(axis=1)
    return maxima


def plain(n_rows: int) -> Prepared:
    values = np.arange(4.0 * n_rows).reshape(n_rows, 4)
    answer = row_maxima(values)
    changed = answer.copy()
    changed[0] -= 1
    change = Change(argument=0, place=(0, 3), before=3.0, after=0.0, answer=changed)
    return Prepared((values,), answer, plain_of="float64", change=change)


def found(name: str, call: Call, *, fork_s: float = 20.0, dtypes: tuple[str, ...] = ()) -> Any:
    """What a check finds of a contestant, on two plain inputs and one that must be refused."""
    inputs = {
        "large": plain(50),
        "small": plain(3),
        "empty": Prepared((np.empty((3, 0)),), refusal="there is nothing to be greatest"),
    }
    request = Behave(name, dtypes or ("float64",), fork_s)
    reply = answer(Subject(call, inputs, Tolerance()), request)
    if isinstance(reply, Behaved):
        assert reply.input in inputs
        return reply.result
    return reply


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_a_good_contestant_is_right_in_every_way(name: str) -> None:
    assert found(name, row_maxima) == Right()


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_who_must_answer_no_plain_array_is_not_judged(name: str) -> None:
    expected = Unsupported("there is no plain array that it must answer")
    assert found(name, row_maxima, dtypes=("int8",)) == expected


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_who_raises_is_wrong_in_every_way(name: str) -> None:
    def call(_: Array) -> Array:
        raise SystemExit("goodbye")

    reply = found(name, call)
    assert isinstance(reply, Wrong)
    assert "SystemExit: goodbye" in reply.got


def test_a_contestant_that_an_error_spoils_is_found() -> None:
    failed, error = [], ValueError("expected a column")

    def call(values: Array) -> Array:
        if not values.shape[1]:
            failed.append(1)
            raise error
        return row_maxima(values) + len(failed)

    reply = found(AFTER_AN_ERROR, call)
    assert isinstance(reply, Wrong)
    assert reply.got.endswith(f"after {describe_error(error)}")


def test_a_contestant_that_junk_spoils_is_found() -> None:
    failed = []

    def call(values: Any) -> Array:
        if not isinstance(values, np.ndarray):
            failed.append(1)
        return row_maxima(values) + len(failed)

    reply = found(AFTER_AN_ERROR, call)
    assert isinstance(reply, Wrong)
    assert "after AttributeError" in reply.got


def test_an_answer_that_the_next_call_writes_to_is_found() -> None:
    kept: dict[int, Array] = {}

    def call(values: Array) -> Array:
        return values.max(axis=1, out=kept.setdefault(len(values), np.empty(len(values))))

    expected = "each answer in memory of its own"
    assert found(TWO_ANSWERS, call) == Wrong(TWO_ANSWERS, expected, "the next call writes to it")


def test_an_answer_that_a_later_call_writes_to_is_found() -> None:
    ring = [np.empty(0)] * 3
    calls = itertools.count()

    def call(values: Array) -> Array:
        place = next(calls) % len(ring)
        if len(ring[place]) != len(values):
            ring[place] = np.empty(len(values))
        return values.max(axis=1, out=ring[place])

    assert isinstance(found(TWO_ANSWERS, call), Wrong)


def test_answers_that_are_views_of_the_input_are_right_where_the_references_is_one() -> None:
    values = np.arange(6.0)
    inputs = {"all": Prepared((values,), values[::2], plain_of="float64")}
    subject = Subject(lambda array: array[::2], inputs, Tolerance())
    assert answer(subject, Behave(TWO_ANSWERS, ("float64",))) == Right()


@pytest.mark.parametrize("name", [IN_PLACE, ELSEWHERE])
def test_a_contestant_that_keeps_its_answers_by_address_is_found(name: str) -> None:
    kept: dict[int, Array] = {}

    def call(values: Array) -> Array:
        return kept.setdefault(values.ctypes.data, row_maxima(values)).copy()

    reply = found(name, call)
    assert isinstance(reply, Wrong)
    assert reply.where == name
    assert STALE in reply.got


def test_without_a_change_that_tells_a_kept_answer_cannot_be_found() -> None:
    values = np.arange(6.0)
    inputs = {"all": Prepared((values,), 1.0, plain_of="float64")}
    reply = answer(Subject(lambda _: 1.0, inputs, Tolerance()), Behave(IN_PLACE, ("float64",)))
    assert isinstance(reply, Unsupported)


def test_of_lists_nothing_is_said_about_arrays_at_the_same_place() -> None:
    subject = Subject(sum, {"list": replace(plain(2), arguments=([1, 2],), answer=3)}, Tolerance())
    assert answer(subject, Behave(ELSEWHERE, ("float64",))) == Behaved(None, None)


def test_a_contestant_that_is_wrong_now_and_then_is_found() -> None:
    calls = []

    def call(values: Array) -> Array:
        calls.append(1)
        return row_maxima(values) + (len(calls) == 17)

    reply = found(AGAIN, call)
    assert isinstance(reply, Wrong)
    assert reply.expected == "3.0 at (0,)"


def test_a_global_variable_is_found_by_calling_from_several_threads() -> None:
    shared: dict[str, Array] = {}
    others = threading.Event()

    def call(values: Array) -> Array:
        shared["values"] = values
        others.wait(1e-4)
        return row_maxima(shared["values"])

    assert isinstance(found(AT_ONCE, call), Wrong)
    assert found(AGAIN, call) == Right()


def test_an_answer_that_goes_wrong_after_many_calls_is_found_before_any_fork() -> None:
    calls = 0

    def tires(values: Array) -> Array:
        nonlocal calls
        calls += 1
        return row_maxima(values) + (calls > 200)

    assert found(IN_A_ROW, tires) == Wrong(IN_A_ROW, "3.0 at (0,)", "4.0 (50 of 50 values differ)")


def in_child(act: Callable[[], object]) -> Call:
    """A contestant that is right in this process, and does something in its children."""
    parent = os.getpid()

    def call(values: Array) -> Array:
        if os.getpid() != parent:
            act()
        return row_maxima(values)

    return call


def test_a_child_that_never_answers_hangs() -> None:
    hang = in_child(lambda: time.sleep(PATIENCE_S))
    assert found(FORKED, hang, fork_s=0.1) == TimedOut(FORKED, 100_000_000, in_child=True)


def test_a_child_that_dies_crashes() -> None:
    reply = found(FORKED, in_child(lambda: os.kill(os.getpid(), signal.SIGKILL)))
    assert reply == Crashed(FORKED, "its child: killed by SIGKILL")


def test_a_child_that_answers_wrongly_is_wrong() -> None:
    def complain() -> None:
        raise RuntimeError("no threads here")

    reply = found(FORKED, in_child(complain))
    assert isinstance(reply, Wrong)
    assert reply.got == "RuntimeError: no threads here"


def test_a_child_is_not_left_behind() -> None:
    found(FORKED, in_child(lambda: time.sleep(PATIENCE_S)), fork_s=0.1)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_only_a_forked_child_bars_nobody() -> None:
    assert [name for name in BEHAVIOURS if not BEHAVIOURS[name].property.bars] == [FORKED]
    assert [p for p in Property if not p.bars] == [Property.FORK]


def test_a_request_and_its_replies_survive_their_encoding() -> None:
    request = Behave(FORKED, ("float64",), 1.5)
    assert REQUEST.decode(msgspec.msgpack.encode(request)) == request
    for reply in (Crashed(FORKED, "exit status 3"), TimedOut(FORKED, 5)):
        assert REPLY.decode(msgspec.msgpack.encode(reply)) == reply
