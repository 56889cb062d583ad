"""The same call gets the same from both languages, and what NumPy gives where NumPy gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
FindMax = Callable[..., Any]
Make = Callable[[], Any]


class Index:
    """An integer for whatever asks by `__index__`."""

    def __index__(self) -> int:
        """One."""
        return 1


class Broken:
    """Fails in its own way when it is asked for an integer."""

    def __index__(self) -> int:
        """Raise what is neither about types nor about sizes."""
        raise LookupError("no number today")


class Quantity(np.ndarray[Any, Any]):
    """A subclass of ndarray that means something by itself."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call; made anew for each language and for NumPy, since `out` is written."""

    values: Make = lambda: np.array([[1.0, 5.0, 3.0], [4.0, 2.0, 6.0]])
    """The array, shape (2, 3) unless the call is about it."""
    options: Callable[[], dict[str, Any]] = dict
    """Keywords."""
    refusal: tuple[type[BaseException], str] | None = None
    """What both languages raise, and its whole text; None where they answer as NumPy does."""
    numpy_answers: str = ""
    """Why a call is refused that NumPy answers; empty where NumPy raises that exception as well."""
    ours_alone: bool = False
    """Whether NumPy knows no such keyword."""


def axis(value: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"axis": value}


def out(make: Make) -> Callable[[], dict[str, Any]]:
    return lambda: {"axis": 0, "out": make()}


def threads(value: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"threads": value}


def read_only() -> Array:
    array = np.zeros(3)
    array.flags.writeable = False
    return array


def matrix(rows: Any) -> Array:
    """A np.matrix, without the warning that everybody gets who makes one."""
    return np.asarray(rows).view(np.matrix)


NO_INT = "axis must be an int, got {}"
ONE_AXIS = "axis must name one axis, got {}"
NO_AXIS = "find_max_tiled: axis {} is out of bounds for array of dimension 2"
PLAIN = (
    "find_max_tiled expects a plain NumPy array, got the subclass {}: pass numpy.asarray(values)"
)
DIMENSIONS = "find_max_tiled expects a 2-D array, got {}-D with shape {}"
UNSUPPORTED = (
    "find_max_tiled supports bool, integers, float16 to float64, datetime64 and timedelta64 "
    "in native byte order, got {}"
)
EMPTY = "find_max_tiled needs at least one {}, got shape {}"
PLAIN_OUT = "out must be a plain NumPy array, got {}"
OUT_SHAPE = "out must have the shape (3,), got {}"
OUT_DTYPE = "out must have the dtype of the values, float64, got {}"
READ_ONLY = "out must be writeable, got a read-only array"

ALL = "the maximum of a whole array is none of columns or rows"
DROPPED = "what a subclass means would be dropped without a word"
FOREIGN = "it would be a conversion, whose cost nobody sees"

ANSWERED: dict[str, Call] = {
    "no axis at all": Call(),
    **{
        f"axis={value!r}": Call(options=axis(value))
        for value in (0, 1, -1, -2, (0,), (1,), (-1,), np.int64(1), np.uint8(0))
    },
    "axis=array(1)": Call(options=axis(np.array(1))),
    "axis with __index__": Call(options=axis(Index())),
    "axis=(an object with __index__,)": Call(options=axis((Index(),))),
    "out": Call(options=out(lambda: np.zeros(3))),
    "out of every second place": Call(options=out(lambda: np.zeros(6)[::2])),
    "out backwards": Call(options=out(lambda: np.zeros(3)[::-1])),
    "out a row of another array": Call(options=out(lambda: np.zeros((2, 3))[1])),
    "out=None": Call(options=lambda: {"axis": 1, "out": None}),
    "no columns": Call(values=lambda: np.zeros((5, 0))),
    "no rows along axis 1": Call(values=lambda: np.zeros((0, 5)), options=axis(1)),
    "no columns, with out": Call(values=lambda: np.zeros((5, 0)), options=out(lambda: np.zeros(0))),
    "a view of a masked array": Call(values=lambda: np.ma.ones((2, 3)).view(np.ndarray)),
    "threads=True": Call(options=threads(True), ours_alone=True),
    "threads with __index__": Call(options=threads(Index()), ours_alone=True),
    "threads=None": Call(options=threads(None), ours_alone=True),
    "threads=1024": Call(options=threads(1024), ours_alone=True),
}


def refused_axis(value: Any, kind: type[BaseException], text: str, numpy: str = "") -> Call:
    return Call(options=axis(value), refusal=(kind, text), numpy_answers=numpy)


def refused_out(make: Make, kind: type[BaseException], text: str, numpy: str = "") -> Call:
    return Call(options=out(make), refusal=(kind, text), numpy_answers=numpy)


def refused(make: Make, kind: type[BaseException], text: str, numpy: str = "") -> Call:
    return Call(values=make, options=axis(0), refusal=(kind, text), numpy_answers=numpy)


def refused_threads(value: Any, kind: type[BaseException], text: str) -> Call:
    return Call(options=threads(value), refusal=(kind, text), ours_alone=True)


AxisError = np.exceptions.AxisError

REFUSED: dict[str, Call] = {
    # axis
    "axis=None": refused_axis(None, TypeError, NO_INT.format("NoneType"), ALL),
    "axis=True": refused_axis(True, TypeError, NO_INT.format("bool")),
    "axis=np.True_": refused_axis(np.True_, TypeError, NO_INT.format("bool")),
    "axis=(True,)": refused_axis((True,), TypeError, NO_INT.format("bool")),
    "axis=1.0": refused_axis(1.0, TypeError, NO_INT.format("float")),
    "axis='0'": refused_axis("0", TypeError, NO_INT.format("str")),
    "axis=[0]": refused_axis([0], TypeError, NO_INT.format("list")),
    "axis=array([0])": refused_axis(np.array([0]), TypeError, NO_INT.format("ndarray")),
    "axis=(None,)": refused_axis((None,), TypeError, NO_INT.format("NoneType")),
    "axis=((0,),)": refused_axis(((0,),), TypeError, NO_INT.format("tuple")),
    "axis=(0, 1)": refused_axis((0, 1), ValueError, ONE_AXIS.format((0, 1)), ALL),
    "axis=()": refused_axis((), ValueError, ONE_AXIS.format(()), ALL),
    "axis=(0, 0)": refused_axis((0, 0), ValueError, ONE_AXIS.format((0, 0))),
    **{
        f"axis={value}": refused_axis(value, AxisError, NO_AXIS.format(value))
        for value in (2, -3, 2**31 - 1)
    },
    "axis=(2,)": refused_axis((2,), AxisError, NO_AXIS.format(2)),
    **{
        f"axis={value}": refused_axis(
            value, OverflowError, f"axis must fit a C integer, got {value}"
        )
        for value in (10**30, -(10**30))
    },
    "axis that fails by itself": refused_axis(Broken(), LookupError, "no number today"),
    # values
    "a list": refused(
        lambda: [[1, 2]], TypeError, "find_max_tiled expects a NumPy array, got list", FOREIGN
    ),
    "None": refused(
        lambda: None, TypeError, "find_max_tiled expects a NumPy array, got NoneType", FOREIGN
    ),
    "a NumPy scalar": refused(
        lambda: np.float64(1),
        TypeError,
        "find_max_tiled expects a NumPy array, got float64",
        FOREIGN,
    ),
    "a masked array": refused(
        lambda: np.ma.masked_array([[1, 2]], mask=[[0, 1]]),
        TypeError,
        PLAIN.format("MaskedArray"),
        DROPPED,
    ),
    "a matrix": refused(lambda: matrix([[1, 2]]), TypeError, PLAIN.format("matrix"), DROPPED),
    "a record array": refused(
        lambda: np.zeros((2, 3)).view(np.recarray), TypeError, PLAIN.format("recarray"), DROPPED
    ),
    "another subclass": refused(
        lambda: np.zeros((2, 3)).view(Quantity), TypeError, PLAIN.format("Quantity"), DROPPED
    ),
    "0-d": refused(lambda: np.array(1.0), ValueError, DIMENSIONS.format(0, "()"), FOREIGN),
    "1-d": refused(lambda: np.zeros(3), ValueError, DIMENSIONS.format(1, "(3,)"), FOREIGN),
    "3-d": refused(
        lambda: np.zeros((2, 3, 4)), ValueError, DIMENSIONS.format(3, "(2, 3, 4)"), FOREIGN
    ),
    "no rows": refused(lambda: np.zeros((0, 5)), ValueError, EMPTY.format("row", "(0, 5)")),
    "nothing at all": refused(lambda: np.zeros((0, 0)), ValueError, EMPTY.format("row", "(0, 0)")),
    "no columns along axis 1": Call(
        values=lambda: np.zeros((5, 0)),
        options=axis(1),
        refusal=(ValueError, EMPTY.format("column", "(5, 0)")),
    ),
    **{
        f"values of {dtype}": refused(
            lambda dtype=dtype: np.zeros((2, 2), dtype),
            TypeError,
            UNSUPPORTED.format(np.dtype(dtype)),
            numpy,
        )
        for dtype, numpy in (
            *((dtype, "") for dtype in ("U3", "S3", "V8")),
            *(
                (dtype, FOREIGN)
                for dtype in (">i8", ">M8[s]", "complex128", "object", "longdouble")
            ),
        )
    },
    "values of StringDType": refused(
        lambda: np.zeros((2, 2), "T"), TypeError, UNSUPPORTED.format("StringDType()"), FOREIGN
    ),
    # out
    "out a list": refused_out(lambda: [0, 0, 0], TypeError, PLAIN_OUT.format("list")),
    "out a number": refused_out(lambda: 1.0, TypeError, PLAIN_OUT.format("float")),
    "out a tuple": refused_out(lambda: (np.zeros(3),), TypeError, PLAIN_OUT.format("tuple")),
    "out masked": refused_out(
        lambda: np.ma.zeros(3), TypeError, PLAIN_OUT.format("MaskedArray"), DROPPED
    ),
    "out a matrix": refused_out(
        lambda: matrix([0.0, 0.0, 0.0]), ValueError, OUT_SHAPE.format("(1, 3)")
    ),
    "out a subclass": refused_out(
        lambda: np.zeros(3).view(Quantity), TypeError, PLAIN_OUT.format("Quantity"), DROPPED
    ),
    "out too long": refused_out(lambda: np.zeros(4), ValueError, OUT_SHAPE.format("(4,)")),
    "out 0-d": refused_out(lambda: np.zeros(()), ValueError, OUT_SHAPE.format("()")),
    "out 2-d": refused_out(lambda: np.zeros((1, 3)), ValueError, OUT_SHAPE.format("(1, 3)")),
    **{
        f"out of {dtype}": refused_out(
            lambda dtype=dtype: np.zeros(3, dtype), TypeError, OUT_DTYPE.format(dtype), FOREIGN
        )
        for dtype in ("float32", "int64", ">f8", "complex128")
    },
    "out read-only": refused_out(read_only, ValueError, READ_ONLY),
    "out of another unit of time": Call(
        values=lambda: np.zeros((2, 3), "M8[s]"),
        options=out(lambda: np.zeros(3, "M8[ms]")),
        refusal=(
            TypeError,
            "out must have the dtype of the values, datetime64[s], got datetime64[ms]",
        ),
        numpy_answers=FOREIGN,
    ),
    # threads
    "threads=0": refused_threads(0, ValueError, "threads must be at least 1, got 0"),
    "threads=-1": refused_threads(-1, ValueError, "threads must be at least 1, got -1"),
    "threads=1025": refused_threads(1025, ValueError, "threads must be at most 1024, got 1025"),
    "threads=10**30": refused_threads(
        10**30, ValueError, f"threads must be at most 1024, got {10**30}"
    ),
    "threads=-10**30": refused_threads(
        -(10**30), ValueError, f"threads must be at least 1, got {-(10**30)}"
    ),
    "threads=1.5": refused_threads(1.5, TypeError, "threads must be an int or None, got float"),
    "threads='2'": refused_threads("2", TypeError, "threads must be an int or None, got str"),
    "threads that fail by themselves": refused_threads(Broken(), LookupError, "no number today"),
    # of two faults the first argument's is told
    "a list with no threads": Call(
        values=lambda: [[1]],
        options=threads(0),
        refusal=(TypeError, "find_max_tiled expects a NumPy array, got list"),
        ours_alone=True,
    ),
    "an axis that is not there with no threads": Call(
        options=lambda: {"axis": 2, "threads": 0},
        refusal=(AxisError, NO_AXIS.format(2)),
        ours_alone=True,
    ),
    "no threads with an out that does not fit": Call(
        options=lambda: {"out": np.zeros(9), "threads": 0},
        refusal=(ValueError, "threads must be at least 1, got 0"),
        ours_alone=True,
    ),
    "an out of another shape and dtype": refused_out(
        lambda: np.zeros(4, "f4"), ValueError, OUT_SHAPE.format("(4,)")
    ),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_what_is_answered_is_answered_as_numpy_does(find_max: FindMax, name: str) -> None:
    call = ANSWERED[name]
    options = call.options()
    known = {} if call.ours_alone else call.options()

    result = find_max(call.values(), **options)

    expected = np.max(call.values(), **{"axis": 0, **known})
    np.testing.assert_array_equal(result, expected)
    assert (type(result), result.dtype, result.shape) == (
        np.ndarray,
        expected.dtype,
        expected.shape,
    )
    assert options.get("out") is None or result is options["out"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_in_the_same_words(find_max: FindMax, name: str) -> None:
    call = REFUSED[name]
    assert call.refusal is not None
    kind, text = call.refusal

    with pytest.raises(kind) as caught:
        find_max(call.values(), **call.options())

    assert (type(caught.value), str(caught.value)) == (kind, text)


@pytest.mark.parametrize("name", [name for name, call in REFUSED.items() if not call.ours_alone])
def test_numpy_raises_the_same_kind_of_exception_where_it_does_not_answer(name: str) -> None:
    call = REFUSED[name]
    assert call.refusal is not None
    if call.numpy_answers:
        np.max(call.values(), **call.options())
    else:
        with pytest.raises(call.refusal[0]):
            np.max(call.values(), **call.options())


def test_an_axis_error_carries_the_axis_and_the_dimensions(find_max: FindMax) -> None:
    with pytest.raises(AxisError) as caught:
        find_max(np.ones((2, 2)), axis=5)

    assert (caught.value.axis, caught.value.ndim) == (5, 2)


def test_a_refused_out_is_left_as_it_was(find_max: FindMax) -> None:
    array = np.arange(4.0)

    with pytest.raises(ValueError, match=r"^out .* shape"):
        find_max(np.ones((2, 3)), out=array)

    np.testing.assert_array_equal(array, np.arange(4.0))
