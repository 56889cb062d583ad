"""Which memory an answer lies in: its own, an argument's, or another answer's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.call import Arguments
from whichext.model.sizes import own_bytes

_ATOMS = 10_000_000
"""Work after which NumPy's search for a shared byte gives up."""


def arrays_in(value: Any) -> Iterator[npt.NDArray[Any]]:
    """The arrays of an answer, also those of a tuple, list or dict."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        yield from arrays_in(list(value.values()))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from arrays_in(part)


def shared_argument(result: Any, arguments: Arguments) -> int | None:
    """Number, from 0, of the first argument with whose memory an answer shares some."""
    for number, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            for array in arrays_in(result):
                if share(array, argument):
                    return number
    return None


def share(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    """Whether two arrays have a byte in common."""
    try:
        return np.shares_memory(one, other, max_work=_ATOMS)  # type: ignore[arg-type]  # any count
    except np.exceptions.TooHardError:
        return True  # their extents overlap, which two arrays of their own never do


def answer_bytes(result: Any, arguments: Arguments) -> int:
    """Bytes of an answer that are not an argument's: of arrays, and about those of all else."""
    if any(result is one for one in arguments):
        return 0
    own = (a for a in arrays_in(result) if shared_argument(a, arguments) is None)
    return sum(array.nbytes for array in own) + own_bytes(result)
