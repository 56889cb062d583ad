"""What the objects of a class share: state that outlives one, reaches another, or is a thread's.

Each check uses one stream whose answers are known, and lets the class answer it in another way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from whichext.model.call import Arguments, called
from whichext.model.forms import Items, OnStream, Replayed
from whichext.model.kernel import Prepared
from whichext.model.outcome import ELSEWHERE, OUTLIVES, SHARED, Outcome, Right, Wrong
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.verify.compare import find_difference
from whichext.verify.parts import describe

_SEVERAL, _SEVERAL_S = 20, 0.1
"""Objects that are made one after the other, and the time after which no further one is, s."""
_ALIKE = 3
"""Objects of which one that has other answers tells that they share something."""


def second_object(subject: Subject, where: str, prepared: Prepared) -> Outcome | None:
    """The right answers of objects that are made after another one had seen the stream.

    None where the first one is wrong by itself, which another question finds; so do the others. It
    is not by itself where the next one has other answers to the same stream.
    """
    found = _if_right(subject, where, prepared, OUTLIVES, _replay_several)
    return unsteady(subject, where, prepared.arguments) if found is None else found


def two_at_once(subject: Subject, where: str, prepared: Prepared) -> Outcome | None:
    """The right answers of two objects whose methods are called in turn."""
    return _if_right(subject, where, prepared, SHARED, _replay_two)


def of_another_thread(subject: Subject, where: str, prepared: Prepared) -> Outcome | None:
    """The right answers of an object that is called from another thread than made it."""
    return _if_right(subject, where, prepared, ELSEWHERE, _replay_elsewhere)


def unsteady(subject: Subject, where: str, arguments: Arguments) -> Wrong | None:
    """What is wrong with a class of which two new objects answer the same stream differently."""
    form = subject.call
    if not isinstance(form, OnStream):
        return None
    try:
        first, *others = (called(form, arguments) for _ in range(_ALIKE))
    except BaseException:  # SystemExit and some extensions' panics are none of Exception
        return None
    for other in others:
        found = find_difference(first, other, subject.tolerance)
        if found is not None:
            return Wrong(where, found.expected, f"{found.got}, {OUTLIVES}")
    return None


def _if_right(
    subject: Subject,
    where: str,
    prepared: Prepared,
    how: str,
    replay: Callable[[OnStream, Prepared], Sequence[Replayed]],
) -> Outcome | None:
    """What is wrong with a class that is right when a single object answers.

    Args:
        subject: The class.
        where: What is being done, for the outcome.
        prepared: The stream, and what an object is made from.
        how: What is said of a wrong answer.
        replay: Gives the answers that must be right.

    """
    form = subject.call
    assert isinstance(form, OnStream), "these are questions about classes"
    try:
        (alone,) = _replay_new(form, prepared)
    except BaseException:  # SystemExit and some extensions' panics are none of Exception
        return None
    if find_difference(prepared.answer, alone, subject.tolerance) is not None:
        return None
    try:
        answers = replay(form, prepared)
    except BaseException as error:
        return Wrong(where, describe(prepared.answer), f"{describe_error(error)}, {how}")
    for got in answers:
        found = find_difference(prepared.answer, got, subject.tolerance)
        if found is not None:
            return Wrong(where, found.expected, f"{found.got}, {how}")
    return Right()


def _replay_new(form: OnStream, prepared: Prepared) -> Sequence[Replayed]:
    return [_replay(form, form.new(prepared.arguments), prepared)]


def _replay_several(form: OnStream, prepared: Prepared) -> Sequence[Replayed]:
    """The answers of one object after the other, for a while: what they count may be large."""
    end, answers = time.monotonic() + _SEVERAL_S, list(_replay_new(form, prepared))
    while len(answers) < _SEVERAL and time.monotonic() < end:
        answers += _replay_new(form, prepared)
    return answers


def _replay_two(form: OnStream, prepared: Prepared) -> Sequence[Replayed]:
    items = Items.of(prepared.arguments[0])
    both = [form.new(prepared.arguments) for _ in range(2)]
    answers = list(zip(*(form.calls(made, items) for made in both), strict=True))
    return [
        Replayed([pair[n] for pair in answers], form.state_of(made)) for n, made in enumerate(both)
    ]


def _replay_elsewhere(form: OnStream, prepared: Prepared) -> Sequence[Replayed]:
    """The answers in another thread; raises what was raised there."""
    made = form.new(prepared.arguments)
    got: list[Replayed] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            got.append(_replay(form, made, prepared))
        except BaseException as error:
            raised.append(error)

    # A daemon: a call that never comes back must not keep the process when it is given up.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return got


def _replay(form: OnStream, made: Any, prepared: Prepared) -> Replayed:
    answers = list(form.calls(made, Items.of(prepared.arguments[0])))
    return Replayed(answers, form.state_of(made))
