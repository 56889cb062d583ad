"""The half of verify that runs inside the contestant's process: call once, compare, report."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.inputs import Prepared
from whichext.kernel import Arguments, Tolerance
from whichext.outcomes import Right, Unsupported, Wrong
from whichext.verify.compare import describe, find_difference
from whichext.worker.messages import describe_error
from whichext.worker.subject import Subject

REFUSALS = (TypeError, ValueError, NotImplementedError, BufferError)
"""Errors by which a contestant may say that an input is not for it."""

_SMALL_BYTES = 1 << 20
_SUM, _XOR = np.add.reduce, np.bitwise_xor.reduce


class Try(Struct, frozen=True, tag=True):
    """Call the contestant once on an input."""

    input: str
    dtypes: tuple[str, ...] = ()
    """Dtypes whose plain arrays the contestant must answer."""


Reply = Right | Unsupported | Wrong

REQUEST = Decoder(Try)
REPLY: Decoder[Reply] = Decoder(Reply)


def answer(subject: Subject, request: Try) -> Reply:
    """Call the contestant once on the input and judge what comes of it."""
    prepared = subject.inputs[request.input]
    before = _fingerprints(prepared.arguments)
    try:
        result = subject.call(*prepared.arguments)
    except REFUSALS as error:
        reply = _judge_refusal(request, prepared, error)
    except BaseException as error:  # SystemExit and Rust's PanicException are none of Exception
        reply = _judge_unclean(request.input, prepared, error)
    else:
        reply = _judge_answer(request.input, prepared, result, subject.tolerance)
    if isinstance(reply, Right) and _fingerprints(prepared.arguments) != before:
        return Wrong(request.input, "its arguments as they were", "it wrote to its arguments")
    return reply


def _judge_refusal(request: Try, prepared: Prepared, error: Exception) -> Reply:
    reason = describe_error(error)
    if prepared.refusal:
        return Right()
    if prepared.plain_of in request.dtypes:
        return Wrong(request.input, describe(prepared.answer), reason)
    return Unsupported(reason)


def _judge_unclean(name: str, prepared: Prepared, error: BaseException) -> Reply:
    clean = "a TypeError or ValueError"
    expected = clean if prepared.refusal else f"{describe(prepared.answer)}, or {clean}"
    return Wrong(name, expected, describe_error(error))


def _judge_answer(name: str, prepared: Prepared, result: Any, tolerance: Tolerance) -> Reply:
    if prepared.refusal:
        return Wrong(name, f"a TypeError or ValueError, since {prepared.refusal}", describe(result))
    difference = find_difference(prepared.answer, result, tolerance)
    return Right() if difference is None else Wrong(name, difference.expected, difference.got)


def _fingerprints(arguments: Arguments) -> list[object]:
    return [_fingerprint(a) for a in arguments if isinstance(a, np.ndarray)]


def _fingerprint(array: npt.NDArray[Any]) -> object:
    """Something that changes when an element does.

    Small arrays keep all their bytes. Of a large one, which a copy would double, the sums and the
    exclusive-ors of its even and of its odd words are kept. One changed word, and one changed
    element of up to two words, always shows; two words of one kind that change places do not.
    """
    if array.nbytes <= _SMALL_BYTES or array.dtype.hasobject:
        return array.tobytes()
    raw = array.ravel(order="K").view(np.uint8)
    whole = raw.size - raw.size % 16
    words = raw[:whole].view(np.uint64)
    kept = [int(reduce(words[part::2])) for part in (0, 1) for reduce in (_SUM, _XOR)]
    return (*kept, raw[whole:].tobytes())
