"""Calls in place and classes, as verify tries them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.contestants import make_kernel
from whichext.model.case import Case
from whichext.model.forms import InPlace, OnStream, Stateful
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import Crashed, Outcome, Right, Unsupported, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify.in_worker import Tried, Try, answer
from whichext.verify.inputs.failing import ask_reference


def double(values: Any) -> None:
    """Multiply in place."""
    values *= 2


class Total:
    """Adds up what it is given."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, value: int) -> int:
        """The total so far."""
        self.total += value
        return self.total


MEGABYTE = 1 << 20
told = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells")
ADD = Stateful(method="add", state=lambda made: made.total)


def in_place(function: Callable[..., Any], *names: str) -> InPlace:
    return InPlace(function, names or ("values",), ("values", "other"))


def tried(form: InPlace | OnStream, right: InPlace | OnStream, *arguments: Any) -> Tried:
    prepared = Prepared(arguments, right(*arguments))
    asked = Try("input", again_ns=10**9 if isinstance(form, InPlace) else None)
    found = answer(Subject(form, {"input": prepared}, Tolerance()), asked)
    assert isinstance(found, Tried)
    return found


def result(form: InPlace | OnStream, right: InPlace | OnStream, *arguments: Any) -> Outcome:
    return tried(form, right, *arguments).result


def test_what_a_call_leaves_behind_is_the_answer() -> None:
    values = np.arange(3.0)
    assert result(in_place(double), in_place(double), values) == Right()
    assert values.tolist() == [0, 1, 2]


@pytest.mark.parametrize("function", [lambda _: None, lambda values: values.fill(0)])
def test_doing_nothing_or_something_else_in_place_is_wrong(function: Callable[..., Any]) -> None:
    found = result(in_place(function), in_place(double), np.arange(3.0))
    assert isinstance(found, Wrong)
    assert "part .after['values']" in found.expected


def test_an_argument_that_was_written_to_has_its_name_where_python_knows_it() -> None:
    def labelled(values: Any, labels: Any) -> None:  # noqa: ARG001  # it has a name
        labels.fill(0)

    kernel = replace(make_kernel(), reference=labelled)
    prepared = Prepared((np.arange(3.0), np.arange(3)))
    found = answer(Subject(labelled, {"input": prepared}, Tolerance(), kernel), Try("input"))
    assert isinstance(found, Tried)
    assert isinstance(found.result, Wrong)
    assert "labels changed, which" in found.result.got


def test_a_call_in_place_that_also_returns_something_is_wrong() -> None:
    found = result(in_place(lambda v: v.__imul__(2)), in_place(double), np.arange(3.0))
    assert isinstance(found, Wrong)
    assert "part .returned" in found.expected


def test_an_argument_that_was_not_stated_may_not_be_changed() -> None:
    def both(values: Any, other: Any) -> None:
        double(values)
        other[0] = 7

    right = in_place(lambda values, _: double(values))
    found = result(in_place(both), right, np.ones(2), np.ones(2))
    assert isinstance(found, Wrong)
    assert "argument 2" in found.got


@told
def test_the_fresh_copy_is_no_memory_that_the_call_takes() -> None:
    values = np.ones(32 * MEGABYTE // 8)
    memory = tried(in_place(double), in_place(double), values).memory
    assert memory is not None
    assert memory.peak_bytes < 16 * MEGABYTE


@told
def test_memory_that_a_call_in_place_does_take_is_measured() -> None:
    def wasteful(values: Any) -> None:
        values[...] = values * 2

    values = np.ones(32 * MEGABYTE // 8)
    memory = tried(in_place(wasteful), in_place(double), values).memory
    assert memory is not None
    assert memory.peak_bytes > 16 * MEGABYTE


def test_all_answers_of_an_object_and_its_state_are_right() -> None:
    assert result(OnStream(Total, ADD), OnStream(Total, ADD), [1, 2, 3]) == Right()


class Late(Total):
    """Is wrong at the second call alone."""

    def add(self, value: int) -> int:
        """The total so far, or nearly."""
        return super().add(value) + (self.total == 3)


class Lacking(Total):
    """Imports something when an object is made."""

    def __init__(self) -> None:
        import not_there  # noqa: F401


class LackingLater(Total):
    """Imports something when its method is called."""

    def add(self, value: int) -> int:  # noqa: ARG002  # as the others
        """Nothing."""
        import not_there

        return int(not_there.VALUE)


@pytest.mark.parametrize("made", [Lacking, LackingLater])
def test_a_module_that_is_missing_later_than_at_the_import_is_no_wrong_answer(made: type) -> None:
    found = result(OnStream(made, ADD), OnStream(Total, ADD), [1, 2, 3])
    assert found == Crashed("input", "ModuleNotFoundError: No module named 'not_there'")


class Bare:
    """Has no state to look at."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, value: int) -> int:
        """The total so far."""
        self._sum += value
        return self._sum


@pytest.mark.parametrize(
    ("made", "expected", "got"),
    [
        (Late, "part .answers[1]", "int 4"),
        (Bare, "int 6 as its state", "AttributeError: 'Bare' object has no attribute 'total'"),
    ],
)
def test_where_an_object_goes_wrong_is_said(made: type, expected: str, got: str) -> None:
    found = result(OnStream(made, ADD), OnStream(Total, ADD), [1, 2, 3])
    assert isinstance(found, Wrong)
    assert expected in found.expected
    assert got in found.got


def test_a_state_that_differs_is_wrong_though_all_answers_are_right() -> None:
    class Reset(Total):
        def add(self, value: int) -> int:
            found = super().add(value)
            if found == 6:
                self.total = 0
            return found

    found = result(OnStream(Reset, ADD), OnStream(Total, ADD), [1, 2, 3])
    assert found == Wrong("input", "int 6 in part .state", "int 0")


def test_a_class_that_makes_no_object_for_an_input_has_refused_it() -> None:
    class Refusing(Total):
        def __init__(self) -> None:
            raise ValueError("not for me")

    found = result(OnStream(Refusing, ADD), OnStream(Total, ADD), [1])
    assert found == Unsupported("ValueError: not for me")


def test_the_time_is_that_of_one_call_of_the_method(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([0, 3_000])
    monkeypatch.setattr("time.perf_counter_ns", lambda: next(readings))
    assert tried(OnStream(Total, ADD), OnStream(Total, ADD), [1, 2, 3]).call_ns == 1_000


class Roots:
    """Answers with square roots, and refuses what has none."""

    def push(self, value: float) -> float:
        """The root of a value."""
        if value < 0:
            raise ValueError("no root")
        return float(value**0.5)


class Early(Roots):
    """Refuses all that is below 1."""

    def push(self, value: float) -> float:
        """The root of a value from 1 on."""
        return super().push(value if value >= 1 else -1)


class Lenient(Roots):
    """Answers where there is no root."""

    def push(self, value: float) -> float:
        """The root of a value, or 0."""
        return super().push(max(value, 0))


class Odd(Roots):
    """Raises another error where there is no root."""

    def push(self, value: float) -> float:
        """The root of a value."""
        if value < 0:
            raise ZeroDivisionError("no root")
        return super().push(value)


@pytest.mark.parametrize(
    ("made", "stream", "expected"),
    [
        (Roots, [4.0, -1.0, 9.0], Right),
        (Early, [4.0, -1.0, 9.0], Right),
        (Early, [4.0, 0.5, -1.0], Right),
        (Early, [4.0, 0.5, 9.0], Unsupported),
        (Lenient, [4.0, -1.0, 9.0], Wrong),
        (Odd, [4.0, -1.0, 9.0], Wrong),
    ],
)
def test_a_stream_is_refused_as_a_whole_wherever_its_method_raises(
    made: type, stream: list[float], expected: type
) -> None:
    push = Stateful(method="push")
    kernel = replace(make_kernel(Case(name="one", n=3)), reference=Roots, stateful=push)
    asked = ask_reference(kernel, (stream,))
    found = answer(Subject(OnStream(made, push), {"input": asked}, Tolerance()), Try("input"))
    assert isinstance(found, Tried)
    assert isinstance(found.result, expected)
