"""What the objects of a class share, in classes that are wrong on purpose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from whichext.model.forms import OnStream, Stateful
from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import OUTLIVES, Outcome, Right, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify.objects import of_another_thread, second_object, two_at_once

STATEFUL = Stateful(method="add", state=lambda made: made.total)
STREAM = [1, 2, 3]

Act = Callable[[Subject, str, Prepared], Outcome | None]
ACTS = (second_object, two_at_once, of_another_thread)


class Total:
    """Adds up what it is given."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, value: int) -> int:
        """The total so far."""
        self.total += value
        return self.total


def outliving() -> type:
    """Keeps its total where the next object finds it."""

    class Outliving(Total):
        kept: ClassVar = [0]

        def __init__(self) -> None:
            self.total = self.kept[0]

        def add(self, value: int) -> int:
            self.kept[0] = super().add(value)
            return self.kept[0]

    return Outliving


def counting(often: int) -> Callable[[], type]:
    """Counts the calls of all objects, and is wrong on every so many of them."""

    def make() -> type:
        class Counting(Total):
            calls: ClassVar = [0]

            def add(self, value: int) -> int:
                self.calls[0] += 1
                return super().add(value) + (self.calls[0] % often == 0)

        return Counting

    return make


def sharing() -> type:
    """Begins anew with each object, and all objects that are there go on with one total."""

    class Sharing(Total):
        kept: ClassVar = [0]

        def __init__(self) -> None:
            self.kept[0] = 0

        @property
        def total(self) -> int:
            return self.kept[0]

        @total.setter
        def total(self, value: int) -> None:
            self.kept[0] = value

    return Sharing


def unsendable() -> type:
    """May only be used in the thread that made it."""

    class Unsendable(Total):
        def __init__(self) -> None:
            super().__init__()
            self.thread = threading.get_ident()

        def add(self, value: int) -> int:
            if threading.get_ident() != self.thread:
                raise RuntimeError("it is unsendable")
            return super().add(value)

    return Unsendable


def mistaken() -> type:
    """Is wrong by itself."""

    class Mistaken(Total):
        def add(self, value: int) -> int:
            return super().add(value + 1)

    return Mistaken


def failing() -> type:
    """Makes no object."""

    class Failing(Total):
        def __init__(self) -> None:
            raise SystemExit("not here")

    return Failing


def told(act: Act, made: type) -> Outcome | None:
    prepared = Prepared((STREAM,), OnStream(Total, STATEFUL)(STREAM))
    return act(Subject(OnStream(made, STATEFUL), {}, Tolerance()), "here", prepared)


@pytest.mark.parametrize("act", ACTS)
def test_a_class_whose_objects_share_nothing_is_right(act: Act) -> None:
    assert told(act, Total) == Right()


@pytest.mark.parametrize(
    ("act", "make", "got"),
    [
        (second_object, outliving, "int 7, state outlives the first one"),
        (second_object, counting(2), f", {OUTLIVES}"),
        (second_object, counting(50), f", {OUTLIVES}"),
        (two_at_once, sharing, "int 4, they share state"),
        (
            of_another_thread,
            unsendable,
            "RuntimeError: it is unsendable, in a thread that did not ",
        ),
    ],
)
def test_what_is_shared_is_named(act: Act, make: Callable[[], type], got: str) -> None:
    found = told(act, make())
    assert isinstance(found, Wrong)
    assert got in found.got


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("make", [mistaken, failing])
def test_what_is_wrong_by_itself_is_left_to_another_question(
    act: Act, make: Callable[[], Any]
) -> None:
    assert told(act, make()) is None
