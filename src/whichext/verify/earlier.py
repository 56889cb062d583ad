"""Whether an answer is one from an earlier call: what is remembered must not outlive its input.

An entry that keeps its answers by the address, identity, shape or some of the elements of its
argument is right as long as that is not written to. So one element gets another
value between two calls; which value, and what is right then, the host has found out before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whichext.model.call import Arguments, called, copied
from whichext.model.forms import OnStream
from whichext.model.kernel import Prepared
from whichext.model.outcome import EARLIER, OUTLIVES, SAID_AFTER, Outcome, Right, Wrong
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.verify.compare import find_difference
from whichext.verify.objects import unsteady
from whichext.verify.parts import describe

_PLACES = 32


def changed_in_place(subject: Subject, where: str, prepared: Prepared) -> Outcome | None:
    """Right answers before one element of an array gets another value, after it, and back.

    Args:
        subject: The contestant that is called.
        where: What is being done, for the outcome.
        prepared: The arguments; they are copied.

    Returns:
        None where the input has no such change.

    """
    change = prepared.change
    if change is None:
        return None
    own = copied(prepared.arguments)
    wrong = _call(subject, where, own, prepared.answer)
    return wrong or changed_and_back(subject, where, replace(prepared, arguments=own)) or Right()


def changed_and_back(subject: Subject, where: str, prepared: Prepared) -> Wrong | None:
    """What is wrong after one element of an array gets another value, or after it gets its own.

    Args:
        subject: The contestant, which has been called with these arguments.
        where: What is being done, for the outcome.
        prepared: The arguments; they are changed meanwhile, in this process alone.

    Returns:
        None where nothing is wrong, or where the input has no such change.

    """
    change, arguments = prepared.change, prepared.arguments
    if change is None:
        return None
    change.make(arguments)
    wrong = _call(subject, where, arguments, change.answer, prepared.answer)
    change.undo(arguments)
    back = None
    if wrong is None or isinstance(subject.call, OnStream):
        back = _call(subject, where, arguments, prepared.answer, change.answer)
    if back is not None and isinstance(subject.call, OnStream):
        # A new object is wrong on what another one was right on.
        wrong = _outliving(wrong or back)
    return wrong or back


def _outliving(wrong: Wrong) -> Wrong:
    """The same, said to come of earlier objects, unless something else is said of it."""
    known = wrong.got.endswith(SAID_AFTER)
    return wrong if known else Wrong(wrong.where, wrong.expected, f"{wrong.got}, {OUTLIVES}")


def at_the_same_place(subject: Subject, where: str, prepared: Prepared) -> Outcome | None:
    """The right answer for an array that lies where another one of its kind has been.

    Args:
        subject: The contestant that is called.
        where: What is being done, for the outcome.
        prepared: The arguments; they are copied.

    Returns:
        None where the input has no change of an array, or no array came to lie there.

    """
    change = prepared.change
    # All else is known by its identity alone, and so by what a change in place tells.
    if change is None or not isinstance(prepared.arguments[change.argument], np.ndarray):
        return None
    first = copied(prepared.arguments)
    place = first[change.argument].ctypes.data
    wrong = _call(subject, where, first, prepared.answer)
    if wrong is not None:
        return wrong
    del first
    others = []  # kept, so that the allocator goes on to other places
    for _ in range(_PLACES):
        others.append(copied(prepared.arguments))
        if others[-1][change.argument].ctypes.data == place:
            change.make(others[-1])
            return _call(subject, where, others[-1], change.answer, prepared.answer) or Right()
    return None


def _call(
    subject: Subject, where: str, arguments: Arguments, expected: Any, *earlier: Any
) -> Wrong | None:
    """What is wrong with the answer to a call; None where it is right.

    Args:
        subject: The contestant that is called.
        where: What is being done.
        arguments: Of the call.
        expected: The right answer.
        earlier: What was right before.

    """
    try:
        got = called(subject.call, arguments)
    except BaseException as error:  # SystemExit and some extensions' panics are none of Exception
        return Wrong(where, describe(expected), describe_error(error))
    difference = find_difference(expected, got, subject.tolerance)
    if difference is None:
        return None
    stale = any(find_difference(one, got, subject.tolerance) is None for one in earlier)
    told = f"{difference.got}, {EARLIER}" if stale else difference.got
    wrong = Wrong(where, difference.expected, told)
    return _outliving(wrong) if unsteady(subject, where, arguments) else wrong
