from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import UNSTEADY, Outcome, Right, Unsupported, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify import in_worker
from whichext.verify.fingerprints import fingerprints
from whichext.verify.in_worker import REPLY, REQUEST, Tried, Try, answer

Array = npt.NDArray[Any]
Call = Callable[..., Any]

EXACT = Tolerance()

LARGE = 1 << 18
"""Values of 8 bytes: 2 MiB, too many for all their bytes to be kept."""


def row_maxima(values: Array) -> Array:
    maxima: Array = values.max(axis=1)
    return maxima


def plain(of: str = "float64") -> Prepared:
    """A table that whoever declares that dtype must answer."""
    values = np.arange(12.0).reshape(3, 4)
    return Prepared((values,), row_maxima(values), plain_of=of)


def to_be_refused() -> Prepared:
    """A table without columns, in which nothing is greatest."""
    return Prepared((np.empty((3, 0)),), refusal="there is nothing to be greatest")


def verdict(call: Call, prepared: Prepared, tolerance: Tolerance = EXACT) -> Outcome:
    """What verify says of one call of a contestant that declares two dtypes."""
    return tried(call, prepared, tolerance).result


def tried(call: Call, prepared: Prepared, tolerance: Tolerance = EXACT) -> Tried:
    """The same with the time of the call."""
    request = Try("plain", dtypes=("int64", "float64"))
    return asked(Subject(call, {"plain": prepared}, tolerance), request)


def asked(subject: Subject, request: Try) -> Tried:
    """What becomes of a call on a prepared input."""
    found = answer(subject, request)
    assert isinstance(found, Tried)
    return found


def raising(error: BaseException) -> Call:
    """A contestant that raises."""

    def call(*_: object) -> None:
        raise error

    return call


class PanicException(BaseException):  # named as PyO3 names it
    """What a panic in Rust becomes."""


def test_the_references_answer_is_right() -> None:
    assert verdict(row_maxima, plain()) == Right()


def test_the_contestant_gets_the_arguments_as_they_are() -> None:
    prepared = Prepared((np.ones(3), 2, "axis"), answer=None)
    seen: list[object] = []
    verdict(lambda *arguments: seen.extend(arguments), prepared)
    assert seen[0] is prepared.arguments[0]
    assert seen[1:] == [2, "axis"]


def test_the_contestant_is_called_once() -> None:
    calls: list[Array] = []
    verdict(calls.append, plain())
    assert len(calls) == 1


@pytest.mark.parametrize("call", [row_maxima, raising(TypeError("no")), raising(SystemExit())])
def test_the_time_is_that_of_the_call_alone(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    now_ns = itertools.count(step=1_000)
    clock = SimpleNamespace(perf_counter_ns=now_ns.__next__)
    monkeypatch.setattr(in_worker, "time", clock)
    monkeypatch.setattr(in_worker, "fingerprints", lambda _: (next(now_ns),))

    def slow(values: Array) -> Array:
        next(now_ns)
        result: Array = call(values)
        return result

    assert tried(slow, plain()).call_ns == 2_000


def test_a_wrong_value_is_wrong_at_its_first_place() -> None:
    reply = verdict(lambda values: row_maxima(values[:, :-1]), plain())
    assert reply == Wrong("plain", "3.0 at (0,)", "2.0 (3 of 3 values differ)")


def test_another_answer_of_the_reference_itself_is_said_to_be_one() -> None:
    subject = Subject(lambda _: -1.0, {"one": Prepared((1,), 2.0)}, EXACT)
    found = [
        answer(subject, Try("one", of_reference=of_reference)) for of_reference in (True, False)
    ]
    told = [
        one.result.got for one in found if isinstance(one, Tried) and isinstance(one.result, Wrong)
    ]
    assert told == [f"float -1.0, {UNSTEADY}", "float -1.0"]


def test_an_answer_within_the_tolerance_is_right() -> None:
    reply = verdict(lambda v: row_maxima(v) + 1e-9, plain(), Tolerance(absolute=1e-8))
    assert reply == Right()


def test_no_answer_is_wrong() -> None:
    reply = verdict(lambda _: None, plain())
    shape = "an array of shape (3,) and dtype float64"
    assert reply == Wrong("plain", shape, "nothing (None)")


@pytest.mark.parametrize("error", [TypeError, ValueError, NotImplementedError, BufferError])
def test_a_clean_error_is_a_refusal_where_one_is_allowed(error: type[Exception]) -> None:
    reply = verdict(raising(error("C order only")), plain(of=""))
    assert reply == Unsupported(f"{error.__name__}: C order only")


@pytest.mark.parametrize("name", ["TypingError", "LoweringError", "UnsupportedError"])
def test_what_numba_cannot_compile_is_a_refusal_too(name: str) -> None:
    base = type("NumbaError", (Exception,), {"__module__": "numba.core.errors"})
    error = type(name, (base,), {"__module__": "numba.core.errors"})
    reply = verdict(raising(error("no list of lists")), plain(of=""))
    assert reply == Unsupported(f"{name}: no list of lists")
    must_answer = verdict(raising(error("no float64")), plain(of="float64"))
    assert isinstance(must_answer, Wrong)
    other = type("NumbaError", (Exception,), {"__module__": "own"})
    assert isinstance(verdict(raising(other("no")), plain(of="")), Wrong)


def test_a_plain_array_of_a_dtype_that_was_not_declared_may_be_refused() -> None:
    reply = verdict(raising(TypeError("no float32")), plain(of="float32"))
    assert reply == Unsupported("TypeError: no float32")


def test_a_contestant_that_declares_nothing_may_refuse_even_plain_arrays() -> None:
    subject = Subject(raising(TypeError("no")), {"plain": plain()}, EXACT)
    assert asked(subject, Try("plain")).result == Unsupported("TypeError: no")


def test_a_wrong_answer_is_wrong_also_where_the_dtype_was_not_declared() -> None:
    assert isinstance(verdict(lambda _: None, plain(of="float32")), Wrong)


def test_a_refusal_where_an_answer_is_due_is_wrong() -> None:
    reply = verdict(raising(TypeError("no")), plain())
    shape = "an array of shape (3,) and dtype float64"
    assert reply == Wrong("plain", shape, "TypeError: no")


@pytest.mark.parametrize("error", [TypeError, ValueError])
def test_refusing_what_the_reference_refuses_is_right(error: type[Exception]) -> None:
    assert verdict(raising(error("empty")), to_be_refused()) == Right()


def test_answering_what_the_reference_refuses_is_wrong() -> None:
    reply = verdict(lambda values: np.zeros(len(values)), to_be_refused())
    assert reply == Wrong(
        "plain",
        "a TypeError or ValueError, since there is nothing to be greatest",
        "an array of shape (3,) and dtype float64",
    )


@pytest.mark.parametrize(
    "error", [IndexError("out"), SystemExit("bye"), PanicException("panicked"), MemoryError("all")]
)
def test_any_other_error_is_wrong_where_an_answer_is_due(error: BaseException) -> None:
    assert verdict(raising(error), plain(of="")) == Wrong(
        "plain",
        "an array of shape (3,) and dtype float64, or a TypeError or ValueError",
        f"{type(error).__name__}: {error}",
    )


@pytest.mark.parametrize("error", [IndexError("out"), PanicException("panicked")])
def test_any_other_error_is_wrong_where_a_refusal_is_due(error: BaseException) -> None:
    reply = verdict(raising(error), to_be_refused())
    got = f"{type(error).__name__}: {error}"
    assert reply == Wrong("plain", "a TypeError or ValueError", got)


def wrote_to(number: int) -> Wrong:
    got = f"argument {number} changed, which mutates does not name"
    return Wrong("plain", "its arguments as they were", got)


WROTE = wrote_to(1)


def test_a_right_answer_from_a_contestant_that_wrote_to_its_input_is_wrong() -> None:
    def sorting(values: Array) -> Array:
        maxima = row_maxima(values)
        values[0] = values[0, ::-1].copy()
        return maxima

    assert verdict(sorting, plain()) == WROTE


def test_a_contestant_that_writes_and_then_refuses_what_it_must_is_wrong() -> None:
    values = np.arange(3.0)

    def call(array: Array) -> None:
        array[0] = 7.0
        raise ValueError

    assert verdict(call, Prepared((values,), refusal="no reason")) == WROTE


def test_a_second_argument_that_was_written_to_is_noticed() -> None:
    prepared = Prepared((np.arange(3.0), np.arange(3)), answer=None)
    assert verdict(lambda _, labels: labels.sort(), prepared) == Right()
    assert verdict(lambda _, labels: labels.fill(0), prepared) == wrote_to(2)


def test_a_wrong_answer_is_told_before_a_written_input() -> None:
    def call(values: Array) -> Array:
        values[:] = 0.0
        return row_maxima(values)

    reply = verdict(call, plain())
    assert isinstance(reply, Wrong)
    assert reply.expected == "3.0 at (0,)"


def writes(index: int, value: float) -> Call:
    """A contestant that answers None and writes one value."""

    def call(values: Array) -> None:
        values.reshape(-1)[index] = value

    return call


def test_a_large_array_that_is_left_alone_is_right() -> None:
    assert verdict(lambda _: None, Prepared((np.arange(float(LARGE)),))) == Right()


@settings(max_examples=30)  # each is an array of 2 MiB
@given(st.integers(0, LARGE - 1), st.floats(allow_nan=False).filter(bool))
def test_one_changed_value_of_a_large_array_is_noticed(index: int, value: float) -> None:
    assert verdict(writes(index, value), Prepared((np.zeros(LARGE),))) == WROTE


def test_the_same_change_made_to_two_values_of_a_large_array_is_noticed() -> None:
    def call(values: Array) -> None:
        values[[3, LARGE // 2]] = 1.5

    assert verdict(call, Prepared((np.zeros(LARGE),))) == WROTE


@pytest.mark.parametrize("index", [0, LARGE // 2, LARGE])
def test_one_changed_value_is_noticed_where_the_bytes_fill_no_whole_words(index: int) -> None:
    values = np.zeros(2 * LARGE + 1, dtype=np.float32)
    assert verdict(writes(index, 1.5), Prepared((values,))) == WROTE


@pytest.mark.parametrize(
    "change",
    [
        np.asfortranarray,
        lambda values: values[::-1],
        lambda values: values[:, ::2],
        lambda values: values.astype(">f8"),
    ],
    ids=["Fortran order", "negative stride", "skipping stride", "big-endian"],
)
def test_one_changed_value_is_noticed_in_a_large_array_of_any_layout(
    change: Callable[[Array], Array],
) -> None:
    values = change(np.zeros((512, 1024)))

    def call(values: Array) -> None:
        values[5, 7] = 1.5

    assert verdict(call, Prepared((values,))) == WROTE


def test_a_fingerprint_that_was_taken_before_is_what_the_argument_is_held_to() -> None:
    values = np.arange(3.0)
    taken = Prepared((values,), prints=fingerprints((np.zeros(3),)))
    assert verdict(lambda _: None, taken) == WROTE


def test_a_fingerprint_leaves_the_array_as_it_is() -> None:
    values = np.arange(float(LARGE))
    verdict(lambda _: None, Prepared((values,)))
    assert np.array_equal(values, np.arange(float(LARGE)))


def test_a_request_survives_its_encoding() -> None:
    request = Try("float64 NaN", dtypes=("float64",))
    assert REQUEST.decode(msgspec.msgpack.encode(request)) == request


@pytest.mark.parametrize("reply", [Right(), WROTE, Tried(Unsupported("TypeError: no"), 7)])
def test_a_reply_survives_its_encoding(reply: Outcome | Tried) -> None:
    assert REPLY.decode(msgspec.msgpack.encode(reply)) == reply


def test_only_the_named_input_is_tried() -> None:
    inputs = {"one": plain(), "other": replace(plain(), answer=np.zeros(3))}
    subject = Subject(row_maxima, inputs, Tolerance())
    assert asked(subject, Try("one")).result == Right()
    assert isinstance(asked(subject, Try("other")).result, Wrong)
