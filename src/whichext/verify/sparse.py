"""Answers that are sparse arrays or matrices of SciPy, compared by their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.verify.parts import Difference, describe

Agree = Callable[[npt.NDArray[Any], npt.NDArray[Any]], npt.NDArray[np.bool_]]
"""Tells which elements of two arrays agree."""

_PLACES = ("indices", "indptr", "coords", "offsets")


def compare_sparse(expected: Any, got: Any, agree: Agree) -> Difference | None:
    """The first element that differs; None where all agree.

    Class, shape and dtype must be the same. A zero that is stored equals one that is not, and where
    a place is stored several times its values are added.

    Args:
        expected: A sparse array or matrix.
        got: Any value.
        agree: Compares elements.

    """
    if type(got) is not type(expected) or (expected.shape, expected.dtype) != (
        got.shape,
        got.dtype,
    ):
        return Difference(describe(expected), describe(got))
    if _is_stored_alike(expected, got, agree):
        return None
    places, one, other = _in_common(_stored(expected), _stored(got))
    differing = np.flatnonzero(~agree(one, other))
    if not differing.size:
        return None
    first = differing[0]
    place = tuple(int(n) for n in places[:, first])
    count = f"{differing.size} of {np.prod(expected.shape, dtype=object)} values differ"
    return Difference(f"{one[first]} at {place}", f"{other[first]} ({count})")


def _is_stored_alike(expected: Any, got: Any, agree: Agree) -> bool:
    """Whether both have the same values at the same places, in the same order: the usual way."""
    if getattr(expected, "data", None) is None or expected.data.dtype.hasobject:
        return False
    names = [name for name in _PLACES if hasattr(expected, name)]
    same = all(np.array_equal(getattr(expected, n), getattr(got, n)) for n in names)
    return (
        bool(names)
        and same
        and expected.data.shape == got.data.shape
        and bool(agree(expected.data, got.data).all())
    )


def _stored(matrix: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Places of all stored values, shape (n_axes, n_values), and the values, each place once."""
    own = matrix.tocoo(copy=True)
    own.sum_duplicates()
    return np.stack(own.coords), own.data


def _in_common(
    expected: tuple[npt.NDArray[Any], npt.NDArray[Any]],
    got: tuple[npt.NDArray[Any], npt.NDArray[Any]],
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """The places of both, and the values of each there, zero where it stores none."""
    both = np.concatenate((expected[0], got[0]), axis=1)
    places, number = np.unique(both, axis=1, return_inverse=True)
    count = len(expected[1])
    one, other = (np.zeros(places.shape[1], values.dtype) for _, values in (expected, got))
    one[number.ravel()[:count]] = expected[1]
    other[number.ravel()[count:]] = got[1]
    return places, one, other
