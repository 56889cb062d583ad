"""What a contestant does beyond one right answer to one call; runs inside its process.

Every check is a value of `BEHAVIOURS`. Each uses plain arrays that the contestant must answer, so
that a refusal is no excuse, and compares every answer with the reference's.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.msgpack import Decoder
from numpy import ndarray

from whichext.model.call import Arguments, called, like
from whichext.model.check import Property
from whichext.model.forms import OnStream, Use
from whichext.model.kernel import Prepared
from whichext.model.outcome import (
    OF_ANOTHER_THREAD,
    Outcome,
    Right,
    Unsupported,
    Wrong,
)
from whichext.model.sizes import size_bytes
from whichext.system.forked import ask_child
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.verify.compare import find_difference
from whichext.verify.earlier import at_the_same_place, changed_in_place
from whichext.verify.objects import of_another_thread, second_object, two_at_once
from whichext.verify.parts import Difference, describe
from whichext.verify.sharing import arrays_in, share, shared_argument

FORK_S = 2.0
"""Time that a forked child has for calls of microseconds."""

_REPEATS, _HELD = 20, 4
_PYTHON_THREADS, _THREAD_CALLS = 4, 50
_SWITCH_S = 1e-5
_LONGEST_S = 2.0
"""Time after which no further call is begun, s."""
_MANY_S = 0.3
_MOST_CALLS = 3_000
_NO_STREAM = "it answers no stream rightly"


class Behave(Struct, frozen=True, tag=True):
    """Do one of `BEHAVIOURS` with the contestant."""

    name: str
    dtypes: tuple[str, ...] = ()
    """Dtypes whose plain arrays the contestant must answer."""
    fork_s: float = FORK_S
    """Time that a forked child has, s."""


class Behaved(Struct, frozen=True, tag=True):
    """What became of a behaviour, and on which input."""

    result: Outcome | None
    """Its outcome; None where it has no meaning for any of the inputs."""
    input: str | None
    """Name of the input on which it was; None where it was not on a single one."""


_FOUND: Decoder[Outcome] = Decoder(Outcome)


@dataclass(frozen=True)
class Behaviour:
    """A named check and what does it."""

    property: Property
    """What it looks at."""
    act: Callable[[Subject, Behave], Outcome | Behaved]
    """Does it."""
    quick: bool
    """Whether it takes so little time that it is done before every race."""
    use: Use | None = None
    """How it uses the objects of a class; None where it makes sense for a function as well."""


def _plain(subject: Subject, request: Behave) -> list[str]:
    """Names of the inputs that the contestant must answer, the largest last."""
    names = [n for n, prepared in subject.inputs.items() if prepared.plain_of in request.dtypes]
    return sorted(names, key=lambda name: _size(subject.inputs[name].arguments))


def _size(arguments: Arguments) -> int:
    return sum(map(size_bytes, arguments))


def _differs(subject: Subject, name: str, result: Any = None) -> Difference | None:
    """How the answer to one more call, unless it is given, differs from the reference's."""
    prepared = subject.inputs[name]
    try:
        got = called(subject.call, prepared.arguments) if result is None else result
    except BaseException as error:
        return Difference(describe(prepared.answer), describe_error(error))
    return find_difference(prepared.answer, got, subject.tolerance)


def _judge(request: Behave, difference: Difference | None) -> Outcome:
    return Right() if difference is None else _wrong(request, difference.expected, difference.got)


def _wrong(request: Behave, expected: str, got: str) -> Wrong:
    return Wrong(request.name, expected, got)


Told = TypeVar("Told")


def _needs_plain(
    act: Callable[[Subject, Behave, list[str]], Told],
) -> Callable[[Subject, Behave], Told | Outcome]:
    def checked(subject: Subject, request: Behave) -> Told | Outcome:
        names = _plain(subject, request)
        if not names:
            return Unsupported("there is no plain array that it must answer")
        return act(subject, request, names)

    return checked


@_needs_plain
def _after_errors(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """Right answers after each provoked error: from refused inputs, and from junk."""
    refused = [p.arguments for p in subject.inputs.values() if p.refusal]
    junk = _junk(subject, subject.inputs[names[0]].arguments)
    for arguments in (*refused, junk):
        for name in names:
            try:
                called(subject.call, arguments)
            except BaseException as error:
                after = describe_error(error)
            else:
                break  # not refused: another check has said so
            difference = _differs(subject, name)
            if difference is not None:
                return _wrong(request, difference.expected, f"{difference.got}, after {after}")
    return Right()


def _junk(subject: Subject, arguments: Arguments) -> Arguments:
    """Arguments that an entry must refuse; of a class, a stream of one item that it must."""
    if isinstance(subject.call, OnStream):
        return like(arguments, ([object()], *arguments[1:]))
    return like(arguments, (object() for _ in arguments))


@_needs_plain
def _keeps_earlier_answers(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """Answers that exist at the same time do not share memory: one of a ring comes again."""
    prepared = subject.inputs[names[-1]]
    if shared_argument(prepared.answer, prepared.arguments) is not None:
        return Right()  # the question asks for a view
    try:
        held = [called(subject.call, prepared.arguments) for _ in range(_HELD)]
    except BaseException as error:
        return _wrong(request, describe(prepared.answer), describe_error(error))
    both = (pair for pair in combinations(map(list, map(arrays_in, held)), 2))
    if any(share(one, other) for first, second in both for one in first for other in second):
        return _wrong(request, "each answer in memory of its own", "the next call writes to it")
    return Right()


def _until_one_is_wrong(
    act: Callable[[Subject, str, Prepared], Outcome | None],
    untried: str,
    *,
    of_arrays: bool = False,
) -> Callable[[Subject, Behave], Outcome | Behaved]:
    """Do something with each plain input; `untried` is said where none of them was fit for it.

    Where it is about arrays, nothing is said of inputs without any.
    """

    @_needs_plain
    def each(subject: Subject, request: Behave, names: list[str]) -> Outcome | Behaved:
        found: Outcome = Unsupported(untried)
        each_argument = (one for name in names for one in subject.inputs[name].arguments)
        if of_arrays and not any(isinstance(one, ndarray) for one in each_argument):
            return Behaved(None, None)
        for name in names:
            told = act(subject, request.name, subject.inputs[name])
            if told is not None:
                found = told
            if not isinstance(found, Right | Unsupported):
                return Behaved(found, name)
        return found

    return each


@_needs_plain
def _again_and_again(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """The same right answer every time, which races between its own threads would break."""
    end = time.monotonic() + _LONGEST_S
    for name in names * _REPEATS:
        if time.monotonic() > end:  # where calls are long, fewer of them must do
            break
        difference = _differs(subject, name)
        if difference is not None:
            return _judge(request, difference)
    return Right()


@_needs_plain
def _from_python_threads(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """Right answers when several Python threads call at once, each beginning with another input."""
    found: list[Difference] = []
    barrier = threading.Barrier(_PYTHON_THREADS)

    def work(first: int) -> None:
        barrier.wait()
        end = time.monotonic() + _LONGEST_S
        for number in range(_THREAD_CALLS):
            if number and time.monotonic() > end:
                return
            difference = _differs(subject, names[(first + number) % len(names)])
            if difference is not None:
                found.append(difference)
                return

    # Daemons: a call that never comes back must not keep the process when it is given up.
    threads = [
        threading.Thread(target=work, args=(n,), daemon=True) for n in range(_PYTHON_THREADS)
    ]
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual_s)
    return _judge(request, found[0] if found else None)


@_needs_plain
def _many_in_a_row(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """The right answer after many calls."""
    arguments = subject.inputs[names[-1]].arguments
    end, calls, last = time.monotonic() + _MANY_S, 0, None
    try:
        while calls < _MOST_CALLS and (not calls or time.monotonic() < end):
            last = called(subject.call, arguments)
            calls += 1
    except BaseException as error:
        return _wrong(request, "an answer to every call", describe_error(error))
    return _judge(
        request, find_difference(subject.inputs[names[-1]].answer, last, subject.tolerance)
    )


@_needs_plain
def _in_forked_child(subject: Subject, request: Behave, names: list[str]) -> Outcome:
    """The right answer in a forked child: threads of the parent's pools are not there any more."""
    name = names[-1]
    difference = _differs(subject, name)
    if difference is not None:
        return _judge(request, difference)
    return ask_child(
        lambda: _judge(request, _differs(subject, name)), _FOUND, request.name, request.fork_s
    )


AGAIN = "again and again"
"""The one that is made with other thread counts as well."""
IN_PLACE, AT_THE_SAME_PLACE = "changed in place", "another array at the same place"
REPEATING = (IN_PLACE, AT_THE_SAME_PLACE, AGAIN)
"""Those in which a function with random answers is wrong."""

BEHAVIOURS: Mapping[str, Behaviour] = {
    "a second object": Behaviour(
        Property.STATE, _until_one_is_wrong(second_object, _NO_STREAM), quick=True, use=Use.AGAIN
    ),
    "two objects at once": Behaviour(
        Property.STATE, _until_one_is_wrong(two_at_once, _NO_STREAM), quick=True, use=Use.TOGETHER
    ),
    OF_ANOTHER_THREAD: Behaviour(
        Property.THREADS,
        _until_one_is_wrong(of_another_thread, _NO_STREAM),
        quick=True,
        use=Use.ELSEWHERE,
    ),
    "after an error": Behaviour(Property.STATE, _after_errors, quick=True),
    "two answers at once": Behaviour(Property.STATE, _keeps_earlier_answers, quick=True),
    IN_PLACE: Behaviour(
        Property.STATE,
        _until_one_is_wrong(changed_in_place, "no change of an element changes the answer"),
        quick=True,
    ),
    AT_THE_SAME_PLACE: Behaviour(
        Property.STATE,
        _until_one_is_wrong(
            at_the_same_place, "no array came to lie where one had been", of_arrays=True
        ),
        quick=True,
    ),
    AGAIN: Behaviour(Property.THREADS, _again_and_again, quick=True),
    f"{_PYTHON_THREADS} Python threads at once": Behaviour(
        Property.THREADS, _from_python_threads, quick=True
    ),
    "many calls in a row": Behaviour(Property.STATE, _many_in_a_row, quick=False),
    "in a forked child": Behaviour(Property.FORK, _in_forked_child, quick=False),
}
"""All checks by name, in the order in which they are made: what may leave damage comes last. Those
of objects are made before any other call, which could leave something behind."""
