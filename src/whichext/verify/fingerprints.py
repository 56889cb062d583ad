"""Fingerprints of arguments: whether a call wrote to one of them.

    array    its bytes, or sums over them where it is large
    object   what its class says is its state when it is pickled; else its attributes and slots

What an object only keeps is no part of it. So a `functools.cached_property`, and what else stands
in an object in the place of a property of its class, does not count. Tables of pandas and sparse
matrices of SciPy count by their labels and values, whatever else they keep.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from inspect import getattr_static
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.call import Arguments
from whichext.model.change import is_sparse, table_kind
from whichext.system.machine import usable_cores

Words = npt.NDArray[np.uint64]

_SMALL_BYTES, _PLACES, _CACHED_LINES = 1 << 20, 1024, 64
_NAMED = (FunctionType, BuiltinFunctionType, type, ModuleType)
_UNCHANGING = (int, float, complex, np.generic, str, bytes, type(None), *_NAMED)
"""Kinds of arguments that nothing can write to."""
_PROTOCOL = 5
_PARTS = ("format", "shape", "data", "indices", "indptr", "coords", "offsets", "rows")
"""What a sparse matrix consists of, as far as its format has that."""


def fingerprints(arguments: Arguments) -> tuple[object, ...]:
    """One for each argument of a call that can be written to, such as an array or a list."""
    written = (a for a in arguments if not isinstance(a, _UNCHANGING))
    return tuple(fingerprint(a) if isinstance(a, np.ndarray) else _digest(a) for a in written)


def find_written(
    arguments: Arguments, before: tuple[object, ...], after: tuple[object, ...]
) -> int:
    """Number, from 1, of the first argument with unlike fingerprints before and after a call."""
    written = (n for n, one in enumerate(arguments, 1) if not isinstance(one, _UNCHANGING))
    return next(n for n, one, other in zip(written, before, after, strict=True) if one != other)


def fingerprint(array: npt.NDArray[Any]) -> object:
    """Something that changes when an element does.

    Small arrays keep all their bytes. Of a large one, which a copy would double, the sum and the
    exclusive-or of every 1024th word are kept, for each of the 1024 places to begin at. One changed
    word always shows; two words that lie a multiple of 8 kB apart and change places do not.
    """
    if array.dtype.hasobject:
        return _digest(array)
    if array.nbytes <= _SMALL_BYTES:
        return array.tobytes()
    raw = array.ravel(order="K").view(np.uint8)
    whole = raw.size - raw.size % (8 * _PLACES)
    # Long lines that are added up, where every other word would take twice as long.
    lines = raw[:whole].view(np.uint64).reshape(-1, _PLACES)
    pieces = [lines[n : n + _CACHED_LINES] for n in range(0, len(lines), _CACHED_LINES)]
    threads = usable_cores()
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(_add_up, (pieces[n::threads] for n in range(threads))))
    total = np.add.reduce([total for total, _ in parts])
    parity = np.bitwise_xor.reduce([parity for _, parity in parts])
    return (total.tobytes(), parity.tobytes(), raw[whole:].tobytes())


def _digest(value: Any) -> bytes | None:
    """Something that changes when a list, a dict or an object does.

    Of a collection of Dask, its tasks count: it keeps some of what it was asked. None of what
    cannot be looked at.
    """
    try:
        if callable(graph := getattr(value, "__dask_graph__", None)):
            value = dict(graph())
        file = io.BytesIO()
        _Printer(file, _PROTOCOL).dump(value)
        return hashlib.blake2b(file.getbuffer()).digest()
    except Exception:  # whatever an object of a stranger's class raises
        return None


class _Printer(pickle.Pickler):
    """Pickles what counts of a value; it is never read, so classes need not be found again."""

    def reducer_override(self, obj: Any) -> Any:
        """What counts of an object.

        Functions count by their names: what a callback keeps is its own affair. So does what cannot
        be pickled, such as a lock, by its class.
        """
        if obj is str or isinstance(obj, np.generic):
            return NotImplemented  # as usual
        if isinstance(obj, _NAMED):
            return _as(obj, ())
        if isinstance(obj, np.ndarray):
            if type(obj) is not np.ndarray or obj.dtype.hasobject:
                return NotImplemented
            return _as(np.ndarray, (obj.shape, obj.dtype.str, fingerprint(obj)))
        if table_kind(obj) is not None:
            return _as(type(obj), _parts_of_table(obj))
        if is_sparse(obj):
            return _as(type(obj), _parts_of_sparse(obj))
        try:
            reduce = copyreg.dispatch_table.get(type(obj))
            told: Any = obj.__reduce_ex__(_PROTOCOL) if reduce is None else reduce(obj)
        except Exception:  # whatever a stranger's class raises
            return _as(type(obj), ())
        if isinstance(told, str):
            return _as(type(obj), (told,))
        return (*told[:2], _without_kept(type(obj), told[2]), *told[3:]) if len(told) > 2 else told


def _as(kind: Any, parts: Any) -> tuple[Any, ...]:
    """How something is pickled: by a name and its parts."""
    name = getattr(kind, "__qualname__", None) or kind.__name__
    return str, (f"{getattr(kind, '__module__', '')}.{name}", parts)


def _parts_of_table(table: Any) -> tuple[Any, ...]:
    """Labels and columns, one by one: pandas may put them together whenever it likes."""
    columns = [table] if table_kind(table) == "Series" else [one for _, one in table.items()]
    labels = (table.index, table.name) if table_kind(table) == "Series" else table.axes
    values = [c.to_numpy() if isinstance(c.dtype, np.dtype) else c.array for c in columns]
    return (*labels, *values, table.attrs)


def _parts_of_sparse(matrix: Any) -> tuple[Any, ...]:
    own = [(name, getattr(matrix, name)) for name in _PARTS if hasattr(matrix, name)]
    return (*own, list(matrix.items()) if matrix.format == "dok" else ())


def _without_kept(kind: type, state: Any) -> Any:
    """The attributes of an object without those that stand in the place of a property."""
    if isinstance(state, tuple) and len(state) == 2:  # of attributes and of slots
        return tuple(_without_kept(kind, one) for one in state)
    if not isinstance(state, dict):
        return state
    return {
        name: one
        for name, one in state.items()
        if not isinstance(name, str) or not _is_kept(kind, name)
    }


@cache
def _is_kept(kind: type, name: str) -> bool:
    """Whether a class computes an attribute when it is first asked for, as a cached property."""
    found = getattr_static(kind, name, None)
    computes = hasattr(type(found), "__get__") and not isinstance(found, FunctionType)
    return computes and not hasattr(type(found), "__set__")


def _add_up(pieces: Sequence[Words]) -> tuple[Words, Words]:
    """Sum and exclusive-or of the lines of all pieces."""
    total, parity = np.zeros(_PLACES, np.uint64), np.zeros(_PLACES, np.uint64)
    # Piece by piece, so that the second of the two finds in the cache what the first has read.
    for piece in pieces:
        total += np.add.reduce(piece, axis=0)
        parity ^= np.bitwise_xor.reduce(piece, axis=0)
    return total, parity
