"""Whether an answer is the reference's."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from whichext.model.change import is_sparse
from whichext.model.errors import describe_error
from whichext.model.kernel import Tolerance
from whichext.model.outcome import INCOMPARABLE
from whichext.verify.parts import PLAIN, Difference, compare_texts, describe, find_part, kind_of
from whichext.verify.sparse import compare_sparse

_WORDS = {2: np.uint16, 4: np.uint32, 8: np.uint64}


CHANGED = "the answer changed after it was returned"
"""What is said of one that something still writes to."""
_SETTLE_S = 0.05
_SCALARS = (int, float, complex, np.generic)
_PANDAS = {
    "DataFrame": "assert_frame_equal",
    "Series": "assert_series_equal",
    "Index": "assert_index_equal",
}
"""What compares objects of pandas, by their kind."""


def find_difference(expected: Any, got: Any, tolerance: Tolerance) -> Difference | None:
    """Compare an answer with the reference's; None when they agree.

    Of arrays, shape and dtype must agree as well as the values, and so must the dtypes of single
    times; single numbers compare by value, whether Python's or NumPy's. NaN equals NaN, NaT equals
    NaT, and 0.0 equals -0.0. The byte order of the answer is free, since NumPy itself does not
    promise one. Lists, tuples, dicts, named tuples and data classes compare part by part, and the
    part that differs is named; a list is no tuple.
    """
    if tolerance.equal is not None:
        try:
            agree, why = bool(tolerance.equal(expected, got)), ""
        except Exception as error:  # of a stranger's function, which may not know such an answer
            agree, why = False, f", on which {tolerance.name}() raises {describe_error(error)}"
        return None if agree else Difference(describe(expected), f"{describe(got)}{why}")
    found = _find(expected, got, tolerance)
    return found.in_words() if found is not None and found.part else found


def _find(expected: Any, got: Any, tolerance: Tolerance) -> Difference | None:
    """The same, with the part apart."""
    if type(expected) is type(got) and type(expected) in PLAIN and expected == got:
        return None
    if isinstance(expected, np.ndarray):
        return _compare_arrays(expected, got, tolerance)
    if is_sparse(expected):  # before the others, since one of them is a dict
        return compare_sparse(expected, got, partial(_agree, tolerance=tolerance))
    if kind_of(expected) is not None:
        return find_part(expected, got, partial(_find, tolerance=tolerance))
    if isinstance(expected, str | bytes | bytearray):
        return compare_texts(expected, got)
    if not _same_kind(expected, got):
        return Difference(describe(expected), describe(got))
    of_one = _scalars_agree if isinstance(expected, _SCALARS) else _objects_agree
    agree = of_one(expected, got, tolerance)
    if not agree and is_incomparable(expected):
        return Difference(describe(expected), f"{describe(got)}, {INCOMPARABLE}")
    if not (agree and _same_integer(expected, got)):
        return Difference(*_apart((expected, got), (describe(expected), describe(got))))
    return None


def find_lasting_difference(expected: Any, got: Any, tolerance: Tolerance) -> Difference | None:
    """The same; where there is a difference, whether it is another one a moment later is said."""
    found = find_difference(expected, got, tolerance)
    if found is None:
        return None
    time.sleep(_SETTLE_S)
    later = find_difference(expected, got, tolerance)
    if later == found or CHANGED in found.got:
        return found
    then = "then it was right" if later is None else f"then {later.got}"
    return Difference(found.expected, f"{found.got}; {then}: {CHANGED}")


def _same_integer(expected: Any, got: Any) -> bool:
    """Whether integers are the same, which NumPy does not see: it makes both of them floats."""
    if not isinstance(expected, (int, np.integer)) or not isinstance(got, (float, np.floating)):
        return True
    return int(expected) == float(got)


def _scalars_agree(expected: Any, got: Any, tolerance: Tolerance) -> bool:
    one, other = np.asarray(expected), np.asarray(got)
    if "O" in (one.dtype.kind, other.dtype.kind):  # an integer that is too large for any dtype
        return bool(expected == got)
    return bool(_agree(one, other, tolerance).all())


def _objects_agree(expected: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two objects of one type are equal; of a table, by its values and its labels."""
    if (table := _tables_agree(expected, got, tolerance)) is not None:
        return table
    try:
        return bool(expected == got or (expected != expected and got != got))
    except Exception:  # their comparison is a table of its own, and neither true nor false
        try:
            one, other = np.asarray(expected), np.asarray(got)
            return one.ndim > 0 and _compare_arrays(one, other, tolerance) is None
        except Exception:  # of a stranger's class: what cannot be compared does not agree
            return False


def is_incomparable(value: Any) -> bool:
    """Whether an object equals nothing but itself, so that two answers never agree."""
    return getattr(type(value), "__eq__", None) is object.__eq__


def _tables_agree(expected: Any, got: Any, tolerance: Tolerance) -> bool | None:
    """Whether two of pandas' objects agree, with labels and dtypes; None of anything else."""
    kind = type(expected).__name__
    if type(expected).__module__.partition(".")[0] != "pandas" or kind not in _PANDAS:
        return None
    from pandas import testing  # it is there where its objects are

    allowed = {"rtol": tolerance.relative, "atol": tolerance.absolute}
    how = {"check_exact": True} if tolerance.is_exact else {"check_exact": False, **allowed}
    try:
        getattr(testing, _PANDAS[kind])(expected, got, **how)
    except AssertionError:
        return False
    return True


def _same_kind(expected: Any, got: Any) -> bool:
    """Whether two values that are no arrays can be the same answer."""
    time = (np.datetime64, np.timedelta64)  # the latter is one of NumPy's numbers, oddly
    if isinstance(expected, time) or isinstance(got, time):
        return type(expected) is type(got) and bool(expected.dtype == got.dtype)
    both_numbers = isinstance(expected, _SCALARS) and isinstance(got, _SCALARS)
    return type(expected) is type(got) or both_numbers


def _compare_arrays(
    expected: npt.NDArray[Any], got: Any, tolerance: Tolerance
) -> Difference | None:
    if not isinstance(got, np.ndarray):
        return Difference(describe(expected), describe(got))
    same_dtype = _native(expected.dtype) == _native(got.dtype)
    if expected.shape != got.shape or not same_dtype:
        return Difference(describe(expected), describe(got))
    agree = _masks_agree(expected, got, _agree(expected, got, tolerance))
    if agree.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~agree)[0])
    count = int(agree.size - np.count_nonzero(agree))
    place = f" at {index}" if index else ""
    values = expected[index], got[index]
    if any(map(np.ma.is_masked, values)):
        one, other = ("masked" if np.ma.is_masked(value) else f"{value}" for value in values)
        return Difference(f"{one}{place}", f"{other} ({count} of {agree.size} values differ)")
    if expected.dtype.kind in "USTO":
        return _of_elements(*values, f"{place}", f" ({count} of {agree.size} values differ)")
    if _agree(np.asarray(values[0]), np.asarray(values[1]), tolerance).all():
        # It was looked at twice, and something wrote to it meanwhile.
        return Difference(
            f"{values[0]}{place}",
            f"another value, and {values[1]} only later: {CHANGED} ({count} of {agree.size} values "
            "differed)",
        )
    one, other = _apart(values, (f"{values[0]}", f"{values[1]}"))
    return Difference(f"{one}{place}", f"{other} ({count} of {agree.size} values differ)")


def _masks_agree(
    expected: npt.NDArray[Any], got: npt.NDArray[Any], agree: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Elements that agree; masked ones do where both are."""
    if not isinstance(expected, np.ma.MaskedArray) and not isinstance(got, np.ma.MaskedArray):
        return agree
    one, other = np.ma.getmaskarray(expected), np.ma.getmaskarray(got)
    both: npt.NDArray[np.bool_] = (one == other) & (one | np.ma.getdata(agree))
    return both


def _native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype in native byte order; texts of any length have none."""
    return dtype if dtype.kind == "T" else dtype.newbyteorder("=")


def _of_elements(expected: Any, got: Any, place: str, count: str) -> Difference:
    """Elements that are texts or objects, which say no more than their kind without quotes."""
    one, other = (describe(v.item() if isinstance(v, np.generic) else v) for v in (expected, got))
    return Difference(f"{one}{place}", f"{other}{count}")


def _apart(values: tuple[Any, Any], texts: tuple[str, str]) -> tuple[str, str]:
    """The texts of two different values; with their bits where a process writes them alike.

    One that takes subnormals for zero also writes them so.
    """
    one, other = (np.asarray(value) for value in values)
    if texts[0] != texts[1] or one.dtype.kind not in "fc" or other.dtype.kind not in "fc":
        return texts
    first, second = (
        f"{text} with the bits {array.astype(array.dtype.newbyteorder('>')).tobytes().hex()}"
        for text, array in zip(texts, (one, other), strict=True)
    )
    return first, second


def _agree(
    expected: npt.NDArray[Any], got: npt.NDArray[Any], tolerance: Tolerance
) -> npt.NDArray[np.bool_]:
    if expected.dtype.kind == "O":
        pairs = zip(expected.flat, got.flat, strict=True)
        alike = [_find(one, other, tolerance) is None for one, other in pairs]
        return np.array(alike, bool).reshape(expected.shape)
    equal = _equal(np.asarray(expected), np.asarray(got))
    if expected.dtype.kind in "mM":
        equal = equal | (np.isnat(expected) & np.isnat(got))
    inexact = expected.dtype.kind in "fc" and got.dtype.kind in "iufc"
    if inexact and (tolerance.relative or tolerance.absolute):
        close = np.isclose(got, expected, rtol=tolerance.relative, atol=tolerance.absolute)
        equal = equal | close
    return np.asarray(equal)


def _equal(expected: npt.NDArray[Any], got: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Elements that are the same; zeros of both signs are, and so are all NaN.

    Floats by their bits: in a process that takes subnormals for zero, which a library that was
    built with -ffast-math makes of it, a comparison of numbers takes them for equal too.
    """
    if expected.dtype.kind == "c" == got.dtype.kind:
        equal = _equal(expected.real, got.real) & _equal(expected.imag, got.imag)
        return np.asarray(equal | (np.isnan(expected) & np.isnan(got)))
    dtype = _native(expected.dtype)
    if dtype.kind != "f" or dtype.itemsize not in _WORDS or dtype != _native(got.dtype):
        equal = np.asarray(expected == got)
        if expected.dtype.kind in "fc":
            equal = equal | (np.isnan(expected) & np.isnan(got))
        return equal
    words = _WORDS[dtype.itemsize]
    one, other = (array.astype(dtype, copy=False).view(words) for array in (expected, got))
    equal = np.asarray(one == other)
    if not equal.all():
        infinity = np.array(np.inf, dtype).view(words)
        magnitude = ~np.array(-0.0, dtype).view(words)
        one, other = one & magnitude, other & magnitude
        equal = equal | ((one | other) == 0) | ((one > infinity) & (other > infinity))
    return equal
