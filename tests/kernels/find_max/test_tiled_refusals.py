"""How find_max_tiled refuses, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
FindMax = Callable[..., Array]


@pytest.fixture
def cypy_max(modules: dict[str, ModuleType]) -> FindMax:
    found: FindMax = modules["cypy"].find_max_tiled
    return found


@pytest.fixture
def rustpy_max(modules: dict[str, ModuleType]) -> FindMax:
    found: FindMax = modules["rustpy"].find_max_tiled
    return found


def _read_only() -> Array:
    out = np.zeros(3)
    out.flags.writeable = False
    return out


REFUSED_OUT: tuple[tuple[Any, type[Exception], str], ...] = (
    ([0, 0, 0], TypeError, "out must be a plain NumPy array, got list"),
    (np.ma.zeros(3), TypeError, "out must be a plain NumPy array, got MaskedArray"),
    (np.zeros(4), ValueError, "out must have the shape (3,), got (4,)"),
    (np.zeros((1, 3)), ValueError, "out must have the shape (3,), got (1, 3)"),
    (np.zeros(3, "f4"), TypeError, "out must have the dtype of the values, float64, got float32"),
    (np.zeros(3, ">f8"), TypeError, "out must have the dtype of the values, float64, got >f8"),
    (_read_only(), ValueError, "out must be writeable, got a read-only array"),
)


@pytest.mark.parametrize(("out", "kind", "text"), REFUSED_OUT, ids=lambda part: str(part)[-40:])
def test_an_out_that_does_not_fit_is_refused(
    cypy_max: FindMax, out: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind) as caught:
        cypy_max(np.ones((2, 3)), out=out)

    assert str(caught.value) == text


def test_an_out_of_another_unit_of_time_is_refused(cypy_max: FindMax) -> None:
    with pytest.raises(TypeError, match=r"datetime64\[s\], got datetime64\[ms\]"):
        cypy_max(np.zeros((2, 3), "M8[s]"), out=np.zeros(3, "M8[ms]"))


UNSUPPORTED = (
    "find_max_tiled supports bool, integers, float16 to float64, datetime64 and timedelta64 "
    "in native byte order, got {}"
)
REFUSED: tuple[tuple[Any, type[Exception], str], ...] = (
    ([[1]], TypeError, "find_max_tiled expects a NumPy array, got list"),
    (
        np.ma.masked_array([[1]]),
        TypeError,
        "find_max_tiled expects a plain NumPy array, got the subclass MaskedArray: "
        "pass numpy.asarray(values)",
    ),
    (np.arange(3), ValueError, "find_max_tiled expects a 2-D array, got 1-D with shape (3,)"),
    (
        np.zeros((0, 5)),
        ValueError,
        "find_max_tiled needs at least one row, got shape (0, 5)",
    ),
    *(
        (np.zeros((2, 2), dtype), TypeError, UNSUPPORTED.format(np.dtype(dtype)))
        for dtype in (">i8", ">M8[s]", "complex128", "object", "longdouble", "U3", "S3", "V8")
    ),
    (np.zeros((2, 2), "T"), TypeError, UNSUPPORTED.format("StringDType()")),
)


@pytest.mark.parametrize(
    ("values", "kind", "text"), REFUSED, ids=[text.split("got ")[1] for *_, text in REFUSED]
)
def test_values_that_it_does_not_take_are_refused_with_both_sides(
    cypy_max: FindMax, values: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind) as caught:
        cypy_max(values)

    assert str(caught.value) == text


def test_an_empty_reduced_axis_is_refused_and_an_empty_result_is_not(cypy_max: FindMax) -> None:
    empty = np.zeros((5, 0))

    assert cypy_max(empty).shape == (0,)
    with pytest.raises(ValueError, match=r"got shape \(5, 0\)"):
        cypy_max(empty, axis=1)


@pytest.mark.parametrize("axis", [2, -3, 10**30])
def test_an_axis_that_is_not_there_is_numpys_own_error(cypy_max: FindMax, axis: int) -> None:
    with pytest.raises(np.exceptions.AxisError, match=r"axis .* 0 or 1"):
        cypy_max(np.ones((2, 2)), axis=axis)


def test_an_axis_that_is_no_int_is_refused(cypy_max: FindMax) -> None:
    with pytest.raises(TypeError, match=r"^axis .* int, got NoneType$"):
        cypy_max(np.ones((2, 2)), axis=None)


@pytest.mark.parametrize(
    ("threads", "kind", "text"),
    [
        (0, ValueError, "threads must be at least 1, got 0"),
        (1025, ValueError, "threads must be at most 1024, got 1025"),
        (1.5, TypeError, "threads must be an int or None, got float"),
    ],
)
def test_a_thread_count_out_of_range_is_refused_for_small_arrays_too(
    cypy_max: FindMax, threads: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind) as caught:
        cypy_max(np.ones((2, 2)), threads=threads)

    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("options", "kind", "text"),
    [
        ({"axis": 2}, ValueError, r"^find_max_tiled: axis must be 0 or 1 \(or -2 or -1\), got 2$"),
        ({"threads": 0}, ValueError, "^threads must be at least 1, got 0$"),
        ({"out": [0, 0]}, TypeError, "^find_max_tiled: out must be a NumPy array, got list$"),
        ({"out": np.zeros(3)}, ValueError, r"out must have the shape \(2,\), got \(3,\)$"),
        ({"out": np.zeros(2, "f4")}, TypeError, "of the values, float64, got float32$"),
        ({"out": _read_only()[:2]}, ValueError, "^find_max_tiled: out is read-only$"),
    ],
)
def test_rust_refuses_options_that_do_not_fit(
    rustpy_max: FindMax, options: dict[str, Any], kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=text):
        rustpy_max(np.ones((2, 2)), **options)


@pytest.mark.parametrize(
    ("values", "kind"), [(values, kind) for values, kind, _ in REFUSED], ids=range(len(REFUSED))
)
def test_rust_refuses_the_same_values(
    rustpy_max: FindMax, values: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=r"^find_max_tiled "):
        rustpy_max(values)
