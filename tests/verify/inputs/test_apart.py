"""The reference's answers from a forked child: the same as in this process, and no threads here."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whichext.model.change import Change
from whichext.model.errors import describe_error
from whichext.model.kernel import Tolerance
from whichext.verify.inputs.apart import Asked, ToldError, ask_each_apart
from whichext.verify.sharing import shared_argument


def ask(reference: Callable[..., Any], *arguments: Any) -> Asked:
    """What the reference says to one input, asked apart."""
    (asked,) = ask_each_apart(
        [lambda given: Asked(reference(*given))], [arguments], Tolerance(), describe_error
    )
    assert asked is not None
    return asked


class Own:
    """A class whose objects equal no other."""


@pytest.mark.parametrize(
    "answer",
    [
        1.5,
        None,
        "text",
        np.float32(2),
        [1, 2.0, "three"],
        {"a": (np.arange(3), 1)},
        np.arange(12.0).reshape(3, 4),
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(5, dtype=">i4")[::2],
        np.array(["a", None], object),
    ],
    ids=repr,
)
def test_answers_are_those_of_this_process(answer: Any) -> None:
    got = ask(lambda: answer).answer
    np.testing.assert_equal(got, answer)
    assert type(got) is type(answer)
    if isinstance(answer, np.ndarray):
        assert (got.dtype, got.strides) == (answer.dtype, answer.strides)


def test_the_reference_is_called_in_another_process() -> None:
    assert ask(os.getpid).answer != os.getpid()


def test_a_thread_that_the_reference_starts_is_not_in_this_process() -> None:
    def reference() -> int:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        return threading.active_count()

    before = threading.active_count()
    assert ask(reference).answer == 2  # and the one that was forked
    assert threading.active_count() == before


def test_a_view_of_an_argument_stays_one() -> None:
    argument = np.arange(6.0)
    asked = ask(lambda values: values[::2], argument)
    assert shared_argument(asked.answer, (argument,)) == 0


def test_what_equals_itself_alone_stays_the_very_same() -> None:
    one = Own()
    assert ask(lambda given: given[0], [one]).answer is one


def test_elements_of_a_change_that_equal_themselves_alone_stay_the_very_same() -> None:
    one, other = Own(), Own()
    change = Change(0, (0,), [one], [other], 1)
    (asked,) = ask_each_apart(
        [lambda _: Asked(0, change=change)], [([one, other],)], Tolerance(), describe_error
    )
    assert asked is not None
    assert asked.change is change


def test_what_cannot_be_pickled_is_made_here(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w", encoding="utf-8") as file:
        assert ask(lambda: file).answer is file


def test_an_answer_may_be_written_to() -> None:
    answer = ask(lambda: np.zeros(4)).answer
    answer[0] = 1
    assert answer.tolist() == [1, 0, 0, 0]


def test_a_large_answer_is_not_copied_once_more() -> None:
    answer = ask(lambda: np.ones(1_000_000)).answer
    assert not answer.flags.owndata  # it lies in what the child wrote
    assert answer.ctypes.data % 64 == 0


def test_arguments_are_what_they_were_although_the_child_changed_them() -> None:
    argument = np.arange(3)
    assert ask(lambda values: int(np.add(values, 1, out=values).sum()), argument).answer == 6
    assert argument.tolist() == [0, 1, 2]


def test_an_error_is_told_in_words() -> None:
    def reference() -> None:
        raise IndexError("too far")

    with pytest.raises(ToldError, match="IndexError: too far"):
        ask(reference)


def test_too_little_memory_is_told_as_such() -> None:
    def reference() -> None:
        raise MemoryError("80 TiB")

    with pytest.raises(MemoryError, match="80 TiB"):
        ask(reference)
