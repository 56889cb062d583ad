"""Whether arrays are what they were: something small that changes when an element does."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.kernel import Arguments

_SMALL_BYTES, _PLACES = 1 << 20, 1024
_SUM, _XOR = np.add.reduce, np.bitwise_xor.reduce


def fingerprints(arguments: Arguments) -> tuple[object, ...]:
    """One for each array among the arguments of a call."""
    return tuple(fingerprint(a) for a in arguments if isinstance(a, np.ndarray))


def fingerprint(array: npt.NDArray[Any]) -> object:
    """Something that changes when an element does.

    Small arrays keep all their bytes. Of a large one, which a copy would double, the sum and the
    exclusive-or of every 1024th word are kept, for each of the 1024 places to begin at. One changed
    word always shows; two words that lie a multiple of 8 kB apart and change places do not.
    """
    if array.nbytes <= _SMALL_BYTES or array.dtype.hasobject:
        return array.tobytes()
    raw = array.ravel(order="K").view(np.uint8)
    whole = raw.size - raw.size % (8 * _PLACES)
    # Long lines that are added up, where every other word would take twice as long.
    lines = raw[:whole].view(np.uint64).reshape(-1, _PLACES)
    kept = [reduce(lines, axis=0).tobytes() for reduce in (_SUM, _XOR)]
    return (*kept, raw[whole:].tobytes())
