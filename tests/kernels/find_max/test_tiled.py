"""What find_max_tiled promises, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
FindMax = Callable[..., Array]

DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "datetime64[ns]", "timedelta64[D]"),
    *("longlong", "ulonglong"),  # a second number for what is one type elsewhere
)
SIZES = (1, 2, 7, 8, 9, 15, 16, 17, 20, 511, 512, 513, 1023, 1024, 1025, 9000, 70_000)
LARGE = 300_000  # elements, too few for a second thread: test_tiled_threads.py has larger ones
LONG_COLUMN_BYTES = 512 << 10

each_dtype = pytest.mark.parametrize("dtype", DTYPES)
any_example = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _values(shape: tuple[int, ...], dtype: npt.DTypeLike, seed: int = 0) -> Array:
    """Values all over the dtype's range, without NaN and NaT."""
    dtype = np.dtype(dtype)
    random = np.random.default_rng(seed)
    if dtype.kind == "b":
        return random.random(shape) < 0.2
    if dtype.kind == "f":
        return (random.standard_normal(shape) * 1000).astype(dtype)
    low = np.iinfo(np.int64).min + 1 if dtype.kind in "mM" else np.iinfo(dtype).min
    high = np.iinfo(np.int64).max if dtype.kind in "mM" else np.iinfo(dtype).max
    integer = np.int64 if dtype.kind in "mM" else dtype.type
    return random.integers(low, high, shape, integer, endpoint=True).astype(dtype)


def _same(result: Array, expected: Array) -> None:
    assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(result, expected)


def _c_order(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values(shape, dtype)


def _f_order(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values(shape[::-1], dtype).T


def _gaps_after_rows(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values((shape[0], shape[1] + 3), dtype)[:, 1:-2]


def _gaps_after_columns(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values((shape[1], shape[0] + 3), dtype)[:, 1:-2].T


def _backwards(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values(shape, dtype)[::-1, ::-1]


def _every_second(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return _values((shape[0] * 2, shape[1] * 3), dtype)[::-2, ::3]


def _one_row_repeated(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return np.broadcast_to(_values((1, shape[1]), dtype), shape)


def _one_column_repeated(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    return np.broadcast_to(_values((shape[0], 1), dtype), shape)


def _packed(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    records = np.zeros(shape, [("odd", "u1"), ("value", dtype)])
    records["value"] = _values(shape, dtype)
    return records["value"]


def _misaligned(shape: tuple[int, int], dtype: npt.DTypeLike) -> Array:
    dtype = np.dtype(dtype)
    buffer = np.zeros(shape[0] * shape[1] * dtype.itemsize + 1, np.uint8)
    values: Array = buffer[1:].view(dtype).reshape(shape)
    values[...] = _values(shape, dtype)
    return values


LAYOUTS = (
    *(_c_order, _f_order, _gaps_after_rows, _gaps_after_columns, _backwards),
    *(_every_second, _one_row_repeated, _one_column_repeated, _packed, _misaligned),
)


@any_example
@given(
    layout=st.sampled_from(LAYOUTS),
    dtype=st.sampled_from(DTYPES),
    shape=st.tuples(st.sampled_from(SIZES), st.sampled_from((0, *SIZES))).filter(
        lambda shape: shape[0] * shape[1] <= LARGE
    ),
    axis=st.sampled_from([0, -2]),
    threads=st.sampled_from([None, 1, 2, 3, 8]),
)
def test_every_layout_dtype_and_size_gets_the_answer_of_numpy(
    find_max: FindMax,
    layout: Callable[..., Array],
    dtype: str,
    shape: tuple[int, int],
    axis: int,
    threads: int | None,
) -> None:
    values = layout(shape, dtype)

    _same(find_max(values, axis=axis, threads=threads), values.max(axis=0))
    _same(find_max(values.T, axis=axis + 1, threads=threads), values.max(axis=0))


@each_dtype
@pytest.mark.parametrize("more", [-1, 0, 9])
def test_columns_about_as_long_as_those_that_are_read_in_parts_get_the_answer_of_numpy(
    find_max: FindMax, dtype: str, more: int
) -> None:
    n_rows = LONG_COLUMN_BYTES // np.dtype(dtype).itemsize + more
    values = _f_order((n_rows, 9), dtype)

    _same(find_max(values), values.max(axis=0))


@each_dtype
@pytest.mark.parametrize("n_rows", range(1, 21))
def test_no_row_and_no_column_is_left_out(find_max: FindMax, dtype: str, n_rows: int) -> None:
    low, high = np.sort(_values((2,), "bool" if dtype == "bool" else dtype, 3))
    if dtype == "bool":
        low, high = np.False_, np.True_
    for n_columns in (1, 7, 8, 9, 16):
        for row in range(n_rows):
            for order in ("C", "F"):
                values = np.full((n_rows, n_columns), low, dtype, order)
                column = (row * 5) % n_columns
                values[row, column] = high

                expected = np.full(n_columns, low, dtype)
                expected[column] = high
                _same(find_max(values), expected)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "datetime64[s]", "m8[ms]"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(1, 9), (3, 20), (20, 3), (40, 17), (9, 1025), (5000, 9)])
def test_a_nan_or_nat_anywhere_is_its_columns_result(
    find_max: FindMax, dtype: str, order: str, shape: tuple[int, int]
) -> None:
    nothing = np.array("nan" if dtype.startswith("f") else "NaT", dtype)
    n_rows, n_columns = shape
    for row in {0, 1 % n_rows, n_rows // 2, n_rows - 1}:
        values = np.array(_values(shape, dtype), order=order)
        values[row, n_columns // 2] = nothing
        values[row, -1] = np.copysign(nothing, -1) if dtype.startswith("f") else nothing

        result = find_max(values)

        _same(result, values.max(axis=0))
        assert np.isnan(result[[n_columns // 2, n_columns - 1]]).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_infinities_and_zeros_compare_as_numbers(find_max: FindMax, dtype: str, order: str) -> None:
    tiny = np.finfo(dtype).smallest_subnormal
    columns = [[-np.inf, -np.inf], [-np.inf, -1], [np.inf, 1], [-0.0, -tiny], [-0.0, tiny]] * 4
    values = np.array(columns, dtype).T.copy(order)

    _same(find_max(values), values.max(axis=0))


def test_the_result_has_the_dtype_object_of_the_values(find_max: FindMax) -> None:
    dtype = np.dtype("f8", metadata={"unit": "m"})

    assert find_max(np.ones((2, 3), dtype)).dtype is dtype


@each_dtype
@pytest.mark.parametrize("layout", [_c_order, _f_order, _backwards])
def test_out_gets_the_result_and_is_returned(
    find_max: FindMax, dtype: str, layout: Callable[..., Array]
) -> None:
    values = layout((9, 33), dtype)
    for out in (np.zeros(33, dtype), np.zeros(66, dtype)[::-2], _misaligned((1, 33), dtype)[0]):
        assert find_max(values, out=out) is out
        _same(out, values.max(axis=0))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("row", [0, 5, -1])
def test_out_may_be_a_part_of_the_values(find_max: FindMax, row: int, threads: int) -> None:
    for values in (_values((12, 50_000), "int64"), _values((50_000, 12), "int64").T):
        expected = values.max(axis=0)

        result = find_max(values, threads=threads, out=values[row])

        _same(result, expected)
        assert np.shares_memory(result, values)
