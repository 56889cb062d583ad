"""The reference's answers, made in a forked child of the process that all contestants come from.

A reference may start a pool of threads, with OpenMP, Numba or a library of its own. In the process
that is forked, that would let every contestant hang that uses the same pool. Arguments stay where
they are, since a fork shares them; answers come back in memory that is mapped and not copied.

An answer that is a view of an argument, or whose objects would not be the same in another process,
is asked for once more in this process.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from whichext.load.packing import Packer
from whichext.model.call import Arguments
from whichext.model.change import Change
from whichext.model.errors import WhichextError
from whichext.model.kernel import Tolerance
from whichext.system.apart import written_apart
from whichext.verify.compare import find_difference
from whichext.verify.sharing import shared_argument

_ALIGNMENT = 64  # of an array's first byte, as NumPy itself takes care of
_LENGTH_BYTES = 8
_SIMPLE = (type(None), bool, int, float, complex, str, bytes)


@dataclass(frozen=True)
class Asked:
    """What the reference says to an input."""

    answer: Any = None
    """Its answer; meaningless where `refusal` is set."""
    refusal: str | None = None
    """Why it refuses the input; None where it answers."""
    change: Change | None = None
    """A change of the input that changes the answer; None where none was looked for or found."""


Ask = Callable[[Arguments], Asked | None]
"""Asks the reference; None where it has nothing to say."""


class ToldError(Exception):
    """What went wrong in the child, in words."""


def ask_each(asks: Sequence[Ask], inputs: Sequence[Arguments]) -> list[Asked | None]:
    """What the reference says to each input, in this process."""
    return [ask(arguments) for ask, arguments in zip(asks, inputs, strict=True)]


def ask_each_apart(
    asks: Sequence[Ask],
    inputs: Sequence[Arguments],
    tolerance: Tolerance,
    told: Callable[[Exception], str],
) -> list[Asked | None]:
    """The same from a forked child.

    Args:
        asks: What asks the reference about each of the inputs.
        inputs: Arguments of calls.
        tolerance: Says whether an answer is still the same after it was sent.
        told: An error in words.

    Raises:
        ToldError: One of them raised something else than a refusal.
        MemoryError: There was too little memory.
        WhichextError: One of them raised that.
        ChildLostError: The child crashed.

    """

    def write(file: BinaryIO) -> None:
        parts = []
        try:
            for ask, arguments in zip(asks, inputs, strict=True):
                parts.append(_put(file, ask(arguments), arguments, tolerance))
            end: Any = parts
        except (MemoryError, WhichextError) as error:
            end = error
        except Exception as error:
            end = ToldError(told(error))
        index = pickle.dumps(end)
        file.write(index)
        file.write(len(index).to_bytes(_LENGTH_BYTES, "little"))

    content = written_apart(write)
    length = int.from_bytes(content[-_LENGTH_BYTES:], "little")
    end = pickle.loads(content[-_LENGTH_BYTES - length : -_LENGTH_BYTES])  # of our own child
    if isinstance(end, Exception):
        raise end
    return [
        ask(arguments) if part is None else _get(content, part)
        for ask, arguments, part in zip(asks, inputs, end, strict=True)
    ]


Part = list[tuple[int, int]]
"""Where the bytes of a pickled value begin and end, and those of each array in it."""


def _put(
    file: BinaryIO, asked: Asked | None, arguments: Arguments, tolerance: Tolerance
) -> Part | None:
    """Write what the reference said; None where it would not be the same in another process."""
    if asked is not None and shared_argument(asked.answer, arguments) is not None:
        return None
    try:
        head, buffers = io.BytesIO(), list[pickle.PickleBuffer]()
        Packer(head, pickle.HIGHEST_PROTOCOL, buffers.append).dump(asked)
        raws: list[memoryview] = [buffer.raw() for buffer in buffers]
        if not (_is_simple(asked) or _comes_back(asked, head.getvalue(), raws, tolerance)):
            return None
    except Exception:  # whatever a stranger's class raises when it is pickled
        return None
    part = []
    for raw in (head.getbuffer(), *raws):
        file.write(bytes(-file.tell() % _ALIGNMENT))
        begin = file.tell()
        file.write(raw)
        part.append((begin, file.tell()))
    return part


def _get(content: memoryview, part: Part) -> Asked | None:
    head, *buffers = (content[begin:end] for begin, end in part)
    asked: Asked | None = pickle.loads(head, buffers=buffers)
    return asked


def _comes_back(
    asked: Asked | None, head: bytes, buffers: Sequence[Any], tolerance: Tolerance
) -> bool:
    """Whether an answer counts as equal to what another process gets of it.

    Elements of a change are put back into the argument, and have to be the very same.
    """
    again: Asked | None = pickle.loads(head, buffers=buffers)  # our own
    if asked is None or again is None or asked.change is not None:
        return asked is again
    return find_difference(asked.answer, again.answer, tolerance) is None


def _is_simple(value: Any) -> bool:
    """Whether it consists of arrays of numbers, of numbers and of texts alone."""
    kind = type(value)
    if kind is Asked:
        return _is_simple(value.answer) and _is_simple(value.change)
    if kind is Change:
        parts = (value.place, value.before, value.after, value.answer)
        return all(map(_is_simple, parts))
    if kind in (tuple, list):
        return all(map(_is_simple, value))
    if kind is dict:
        return all(map(_is_simple, value)) and all(map(_is_simple, value.values()))
    if kind is np.ndarray:
        return not value.dtype.hasobject
    return kind in _SIMPLE or isinstance(value, np.generic)
