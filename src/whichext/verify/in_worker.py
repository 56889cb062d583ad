"""The half of verify that runs inside the contestant's process: call, compare, report."""

from __future__ import annotations

import pickle
import time
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from whichext.load.packing import unpack
from whichext.model.call import name_in
from whichext.model.check import DRAWN, Memory
from whichext.model.forms import OneCall, one_call
from whichext.model.kernel import Prepared, clean_text
from whichext.model.outcome import (
    INCOMPARABLE,
    UNSTEADY,
    Crashed,
    Outcome,
    Right,
    Unsupported,
    Wrong,
)
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.toolchains import every_toolchain
from whichext.verify import footprint
from whichext.verify.attribution import Attribute, Attributed, attribute
from whichext.verify.behaviour import BEHAVIOURS, Behave, Behaved
from whichext.verify.compare import find_lasting_difference
from whichext.verify.earlier import changed_and_back
from whichext.verify.fingerprints import find_written, fingerprints
from whichext.verify.inputs.failing import ask_reference
from whichext.verify.parts import describe
from whichext.verify.sharing import answer_bytes, arrays_in, shared_argument

_SMALL_BYTES, _HIDDEN_BYTES = 1 << 20, 1 << 13
_POISON, _POISONED_BLOCKS = 0xA5, 8


class Try(Struct, frozen=True, tag=True):
    """Call the contestant once on an input."""

    input: str
    dtypes: tuple[str, ...] = ()
    """Dtypes whose plain arrays the contestant must answer."""
    again_ns: int | None = None
    """Most that one more call may take, to see how memory grows, ns; None where memory is not
    measured."""
    of_reference: bool = False
    """Whether the contestant is the reference itself, whose answer is right by definition."""
    changes_ns: int = 0
    """Two more calls follow one that takes no longer, ns: an element is changed before the first of
    them and changed back before the second."""


class AskReference(Struct, frozen=True, tag=True):
    """Answer an input with the reference; of a process without a contestant."""

    arguments: bytes
    """The input, packed."""


class Expected(Struct, frozen=True, tag=True):
    """What the reference says to an input that was drawn."""

    answer: bytes
    """Its answer, pickled; meaningless when `refusal` is set."""
    refusal: str | None
    """Why the input must be refused; None when it may be answered."""
    is_view: bool
    """Whether the answer lies in the memory of an argument."""


class TryDrawn(Struct, frozen=True, tag=True):
    """Call the contestant once on an input that was drawn."""

    arguments: bytes
    """The input, packed."""
    expected: Expected


class NotMade(Struct, frozen=True, tag=True):
    """The reference does not know what to do with the input."""


class Tried(Struct, frozen=True, tag=True):
    """What became of a call on an input."""

    result: Outcome
    call_ns: int
    """Wall time of the call alone, ns."""
    memory: Memory | None = None
    """What the call took of the memory; None where it was not measured."""


Request = Try | AskReference | TryDrawn | Behave | Attribute

REQUEST: Decoder[Request] = Decoder(Request)
REPLY: Decoder[Outcome | Tried | Behaved] = Decoder(Outcome | Tried | Behaved)
DRAWN_REPLY: Decoder[Outcome | NotMade] = Decoder(Outcome | NotMade)
EXPECTED: Decoder[Expected | NotMade] = Decoder(Expected | NotMade)


def answer(
    subject: Subject, request: Request
) -> Outcome | Tried | Behaved | Expected | NotMade | Attributed:
    """Do what a request asks for, and check the answer."""
    match request:
        case Try(input=name):
            return _try(subject, request, subject.inputs[name])
        case AskReference(arguments=packed):
            return _expect(subject, packed)
        case TryDrawn():
            return _try_drawn(subject, request)
        case Behave(name=name):
            return BEHAVIOURS[name].act(subject, request)
        case Attribute():
            return attribute(subject, request)


def _expect(subject: Subject, packed: bytes) -> Expected | NotMade:
    """What the reference says to an input."""
    assert subject.kernel is not None
    arguments = unpack(packed)
    try:
        asked = ask_reference(subject.kernel, arguments)
        answer = pickle.dumps(asked.answer)
    except Exception:  # of a stranger's code, for an input that it may not have been meant for
        return NotMade()
    is_view = shared_argument(asked.answer, arguments) is not None
    return Expected(answer, asked.refusal, is_view)


def _try_drawn(subject: Subject, request: TryDrawn) -> Outcome:
    """The answer comes from elsewhere: the contestant may have changed how this process rounds."""
    arguments = unpack(request.arguments)
    expected = request.expected
    answer = pickle.loads(expected.answer)  # of our own process
    prepared = Prepared(arguments, answer, refusal=expected.refusal)
    return _try(subject, Try(DRAWN), prepared, is_view=expected.is_view).result


def _try(
    subject: Subject,
    request: Try,
    prepared: Prepared,
    *,
    is_view: bool | None = None,
) -> Tried:
    """Call the contestant once on the input, and check the answer.

    Args:
        subject: The contestant.
        request: How the input is called, and what else is asked.
        prepared: The input.
        is_view: Whether the reference's answer is a view; None where it can be seen.

    """
    before = prepared.prints or fingerprints(prepared.arguments)
    try:
        one = one_call(subject.call, prepared.arguments)
    except BaseException as raised:  # of a class that makes no object
        return Tried(_judge_error(subject, request, prepared, raised), 0)
    resident = _begin(subject, request, prepared)
    start_ns = time.perf_counter_ns()
    try:
        result, error = one.make(), None
    except BaseException as raised:  # SystemExit and some extensions' panics are none of Exception
        result, error = None, raised
    call_ns = (time.perf_counter_ns() - start_ns) // one.calls
    during = footprint.read() if resident is not None else None
    if error is None:
        reply = _judge_returned(subject, request, prepared, one, result, is_view)
    else:
        reply = _judge_error(subject, request, prepared, error)
    if isinstance(reply, Right):
        reply = _judge_arguments(subject, request.input, prepared, before)
    if during is None or resident is None or not isinstance(reply, Right):
        return _after_a_change(subject, request, Tried(reply, call_ns))
    new_bytes, compared = answer_bytes(result, one.arguments), footprint.read()
    result = None  # given back before what is kept is looked at
    memory = footprint.conclude(resident, during, compared, new_bytes)
    if call_ns <= (request.again_ns or 0):
        memory = _with_growth(subject, prepared, memory, call_ns)
    return _after_a_change(subject, request, Tried(reply, call_ns, memory))


def _after_a_change(subject: Subject, request: Try, tried: Tried) -> Tried:
    """The same, or what is wrong with calls after a change, where there are any."""
    if tried.call_ns > request.changes_ns or not isinstance(tried.result, Right):
        return tried
    wrong = changed_and_back(subject, request.input, subject.inputs[request.input])
    return tried if wrong is None else replace(tried, result=wrong)


def _with_growth(subject: Subject, prepared: Prepared, taken: Memory, call_ns: int) -> Memory:
    """The same with what further calls add, on this input and on a small one."""
    memory = footprint.grown(subject.call, prepared.arguments, taken, call_ns)
    if prepared.small is None:
        return memory
    return replace(memory, leak_bytes=footprint.leak(subject.call, prepared.small))


def _begin(subject: Subject, request: Try, prepared: Prepared) -> int | None:
    """Make ready for a call: memory that is resident, bytes; None where it is not measured."""
    resident = _settle(subject, prepared) if request.again_ns is not None else None
    if resident is None:
        _poison(prepared.answer, _SMALL_BYTES)
    return resident


def _settle(subject: Subject, prepared: Prepared) -> int | None:
    """Make ready to measure what a call takes of the memory; see `footprint.begin`.

    Fresh pages from the system hold no earlier answer, so that hardly anything is to be poisoned.
    """
    if prepared.small is not None:
        footprint.warm_up(subject.call, prepared.small)
    footprint.give_back()
    _poison(prepared.answer, _HIDDEN_BYTES)
    return footprint.begin()


def _poison(answer: Any, most_bytes: int) -> None:
    """Leave worthless bytes where memory for the answer is likely to be taken from.

    Memory that was just given back holds an earlier answer, often the right one, so that a place
    that is never written to would look right. Large answers get fresh zeros from the system.

    Args:
        answer: The right one.
        most_bytes: Arrays of more are left out.

    """
    sizes = [array.nbytes for array in arrays_in(answer) if array.nbytes <= most_bytes]
    blocks = [np.full(n, _POISON, np.uint8) for n in sizes for _ in range(_POISONED_BLOCKS)]
    del blocks


def _judge_error(
    subject: Subject, request: Try, prepared: Prepared, error: BaseException
) -> Outcome:
    if isinstance(error, Exception) and _is_refusal(error, subject.refuses):
        return _judge_refusal(request, prepared, error)
    if isinstance(error, ModuleNotFoundError):  # as at an import, which it only put off
        return Crashed(request.input, describe_error(error))
    clean = clean_text(subject.refuses)
    expected = clean if prepared.refusal else f"{describe(prepared.answer)}, or {clean}"
    return Wrong(request.input, expected, describe_error(error))


def _is_refusal(error: Exception, refuses: tuple[type[Exception], ...]) -> bool:
    """Whether an error says that the input is not for the entry: the kernel's, or a compiler's."""
    if isinstance(error, refuses):
        return True
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return not names.isdisjoint(name for one in every_toolchain() for name in one.refusals)


def _judge_refusal(request: Try, prepared: Prepared, error: Exception) -> Outcome:
    reason = describe_error(error)
    if prepared.refusal:
        return Right()
    if prepared.plain_of in request.dtypes:
        return Wrong(request.input, describe(prepared.answer), reason)
    return Unsupported(reason)


def _judge_arguments(
    subject: Subject, name: str, prepared: Prepared, before: tuple[object, ...]
) -> Outcome:
    """Whether the arguments are what they were, as their fingerprints before the call say."""
    after = fingerprints(prepared.arguments)
    if after == before:
        return Right()
    number, kernel = find_written(prepared.arguments, before, after), subject.kernel
    names = () if kernel is None else kernel.argument_names
    written = name_in(prepared.arguments, number - 1, names) or f"argument {number}"
    # Of a class nothing but its state may change.
    stated = "" if kernel is not None and kernel.stateful else ", which mutates does not name"
    return Wrong(name, "its arguments as they were", f"{written} changed{stated}")


def _judge_returned(
    subject: Subject,
    request: Try,
    prepared: Prepared,
    one: OneCall,
    returned: Any,
    is_view: bool | None,
) -> Outcome:
    """Judge the answer that follows from what a call returned."""
    try:
        result = one.answer(returned)
    except BaseException as error:  # of an object without the state that the kernel asks for
        return _judge_error(subject, request, prepared, error)
    return _judge_answer(subject, request, prepared, result, is_view)


def _judge_answer(
    subject: Subject, request: Try, prepared: Prepared, result: Any, is_view: bool | None
) -> Outcome:
    name = request.input
    if prepared.refusal:
        clean = clean_text(subject.refuses)
        return Wrong(name, f"{clean}, since {prepared.refusal}", describe(result))
    difference = find_lasting_difference(prepared.answer, result, subject.tolerance)
    if difference is not None:
        unsteady = request.of_reference and not difference.got.endswith(INCOMPARABLE)
        told = f"{difference.got}, {UNSTEADY}" if unsteady else difference.got
        return Wrong(name, difference.expected, told)
    shared = shared_argument(result, prepared.arguments)
    if shared is None:
        return Right()
    if is_view is None:
        is_view = shared_argument(prepared.answer, prepared.arguments) is not None
    if is_view:
        return Right()
    return Wrong(name, "an answer in memory of its own", f"a view of argument {shared + 1}")
