"""The half of verify that runs inside the contestant's process: call, compare, report."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.model.kernel import Prepared, Tolerance
from whichext.model.outcome import Outcome, Right, Unsupported, Wrong
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject
from whichext.verify.behaviour import BEHAVIOURS, Behave, arrays_in, shared_argument
from whichext.verify.compare import describe, find_difference, fingerprints
from whichext.verify.inputs.layouts import Recipe, make_arguments
from whichext.verify.inputs.nasty import ask_reference

REFUSALS = (TypeError, ValueError, NotImplementedError, BufferError)
"""Errors by which a contestant may say that an input is not for it."""

_SMALL_BYTES = 1 << 20
_POISON, _POISONED_BLOCKS = 0xA5, 8


class Try(Struct, frozen=True, tag=True):
    """Call the contestant once on an input."""

    input: str
    dtypes: tuple[str, ...] = ()
    """Dtypes whose plain arrays the contestant must answer."""


class TryDrawn(Struct, frozen=True, tag=True):
    """Make an input, ask the reference, and call the contestant once on it."""

    recipe: Recipe


class NotMade(Struct, frozen=True, tag=True):
    """The kernel makes no such input, or its reference does not know what to do with it."""


class Tried(Struct, frozen=True, tag=True):
    """What became of a call on an input."""

    result: Outcome
    call_ns: int
    """Wall time of the call alone, ns."""


REQUEST: Decoder[Try | TryDrawn | Behave] = Decoder(Try | TryDrawn | Behave)
REPLY: Decoder[Outcome | Tried] = Decoder(Outcome | Tried)
DRAWN_REPLY: Decoder[Outcome | NotMade] = Decoder(Outcome | NotMade)

DRAWN = "drawn inputs"
"""Name of all inputs that were drawn."""


def answer(subject: Subject, request: Try | TryDrawn | Behave) -> Outcome | Tried | NotMade:
    """Do what a request asks for, and check the answer."""
    match request:
        case Try(input=name, dtypes=dtypes):
            return _try(subject, name, subject.inputs[name], dtypes)
        case TryDrawn(recipe=recipe):
            return _try_drawn(subject, recipe)
        case Behave(name=name):
            return BEHAVIOURS[name].act(subject, request)


def _try_drawn(subject: Subject, recipe: Recipe) -> Outcome | NotMade:
    """The reference is asked here: the host makes inputs before the fork, not one by one."""
    assert subject.kernel is not None
    arguments = make_arguments(subject.kernel, recipe)
    if arguments is None:
        return NotMade()
    try:
        prepared = ask_reference(subject.kernel, arguments)
    except Exception:
        return NotMade()
    return _try(subject, DRAWN, prepared, ()).result


def _try(subject: Subject, name: str, prepared: Prepared, dtypes: tuple[str, ...]) -> Tried:
    """Call the contestant once on the input, and check the answer."""
    before = prepared.prints or fingerprints(prepared.arguments)
    _poison(prepared.answer)
    start_ns = time.perf_counter_ns()
    try:
        result, error = subject.call(*prepared.arguments), None
    except BaseException as raised:  # SystemExit and some extensions' panics are none of Exception
        result, error = None, raised
    call_ns = time.perf_counter_ns() - start_ns
    if error is None:
        reply = _judge_answer(name, prepared, result, subject.tolerance)
    elif isinstance(error, REFUSALS):
        reply = _judge_refusal(name, prepared, dtypes, error)
    else:
        reply = _judge_unclean(name, prepared, error)
    if isinstance(reply, Right) and fingerprints(prepared.arguments) != before:
        reply = Wrong(name, "its arguments as they were", "it wrote to its arguments")
    return Tried(reply, call_ns)


def _poison(answer: Any) -> None:
    """Leave worthless bytes where memory for the answer is likely to be taken from.

    Memory that was just given back holds an earlier answer, often the right one, so that a place
    that is never written to would look right. Large answers get fresh zeros from the system.
    """
    sizes = [array.nbytes for array in arrays_in(answer) if array.nbytes <= _SMALL_BYTES]
    blocks = [np.full(n, _POISON, np.uint8) for n in sizes for _ in range(_POISONED_BLOCKS)]
    del blocks


def _judge_refusal(
    name: str, prepared: Prepared, dtypes: tuple[str, ...], error: Exception
) -> Outcome:
    reason = describe_error(error)
    if prepared.refusal:
        return Right()
    if prepared.plain_of in dtypes:
        return Wrong(name, describe(prepared.answer), reason)
    return Unsupported(reason)


def _judge_unclean(name: str, prepared: Prepared, error: BaseException) -> Outcome:
    clean = "a TypeError or ValueError"
    expected = clean if prepared.refusal else f"{describe(prepared.answer)}, or {clean}"
    return Wrong(name, expected, describe_error(error))


def _judge_answer(name: str, prepared: Prepared, result: Any, tolerance: Tolerance) -> Outcome:
    if prepared.refusal:
        return Wrong(name, f"a TypeError or ValueError, since {prepared.refusal}", describe(result))
    difference = find_difference(prepared.answer, result, tolerance)
    if difference is not None:
        return Wrong(name, difference.expected, difference.got)
    shared = shared_argument(result, prepared.arguments)
    if shared is not None and shared_argument(prepared.answer, prepared.arguments) is None:
        return Wrong(name, "an answer in memory of its own", f"a view of argument {shared + 1}")
    return Right()
