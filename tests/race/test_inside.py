from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from whichext.inputs import Prepared
from whichext.kernel import Tolerance
from whichext.race.inside import REPLY, REQUEST, Refused, Turn, answer
from whichext.race.timed import Took
from whichext.worker.subject import Subject

INPUTS = {"small": Prepared(("small values", 1)), "large": Prepared(("large values", 2))}


def turn(call: Callable[..., Any], *, calls: int, warm: int = 0) -> Took | Refused:
    """What a contestant answers to a turn on the input "large"."""
    return answer(Subject(call, INPUTS, Tolerance()), Turn("large", calls, warm))


@pytest.mark.parametrize(("calls", "warm"), [(1, 0), (1, 1), (5, 1), (3, 2)])
def test_warm_and_timed_calls_are_all_made(calls: int, warm: int) -> None:
    made: list[object] = []
    turn(lambda *arguments: made.append(arguments), calls=calls, warm=warm)
    assert made == [("large values", 2)] * (calls + warm)


def test_warm_calls_are_made_before_the_timed_region(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def fake_take(call: Callable[..., Any], arguments: object, calls: int) -> Took:  # noqa: ARG001  # the signature of take
        made.append(f"take {calls}")
        return Took(7, 8)

    monkeypatch.setattr("whichext.race.inside.take", fake_take)
    assert turn(lambda *_: made.append("warm"), calls=9, warm=2) == Took(7, 8)
    assert made == ["warm", "warm", "take 9"]


@pytest.mark.parametrize("error", [ValueError("tired"), SystemExit("tired"), MemoryError("tired")])
@pytest.mark.parametrize("warm", [0, 1])
def test_an_error_in_the_race_is_an_answer(error: BaseException, warm: int) -> None:
    def call(*_: object) -> None:
        raise error

    assert turn(call, calls=1, warm=warm) == Refused(f"{type(error).__name__}: tired")


def test_a_turn_survives_its_encoding() -> None:
    assert REQUEST.decode(msgspec.msgpack.encode(Turn("small", 8, 1))) == Turn("small", 8, 1)


@pytest.mark.parametrize("reply", [Took(7, 8), Refused("ValueError: tired")])
def test_an_answer_survives_its_encoding(reply: Took | Refused) -> None:
    assert REPLY.decode(msgspec.msgpack.encode(reply)) == reply
