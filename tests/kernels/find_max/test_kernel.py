"""The question of find_max: its cases, and the inputs that it makes for them."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.load.kernel import load_kernel
from whichext.model.case import Case, Layout

Array = npt.NDArray[Any]

KERNEL = load_kernel("find_max")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
OTHERS = ("bool", "float16", "float32", "float64", "datetime64[ns]", "timedelta64[ns]")


def made(dtype: str, shape: tuple[int, int] = (30, 50), **more: Any) -> Array:
    """The array of a small case."""
    (values,) = KERNEL.inputs(Case(name="small", shape=shape, dtype=dtype, **more))
    assert isinstance(values, np.ndarray)
    return values


def family(name: str | None) -> list[Case]:
    return [case for case in KERNEL.cases if case.family == name]


# Inputs


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("dtype", INTEGERS + OTHERS)
def test_an_input_has_the_shape_dtype_and_order_of_its_case(dtype: str, layout: Layout) -> None:
    values = made(dtype, layout=layout)
    contiguous = values.flags.f_contiguous if layout is Layout.F else values.flags.c_contiguous
    assert (values.shape, str(values.dtype), contiguous) == ((30, 50), dtype, True)


@pytest.mark.parametrize("dtype", INTEGERS + OTHERS)
def test_inputs_are_the_same_each_time(dtype: str) -> None:
    np.testing.assert_array_equal(made(dtype), made(dtype))


def test_values_are_those_of_the_article() -> None:
    expected = np.random.RandomState(42).randint(100_000, size=(30, 50))
    np.testing.assert_array_equal(made("int64"), expected)


def test_cases_of_as_many_values_share_their_memory() -> None:
    wide, tall = made("int64", (30, 50)), made("int64", (50, 30))
    transposed = made("int64", (50, 30), layout=Layout.F)
    assert np.shares_memory(wide, tall)
    assert np.shares_memory(wide, transposed)


@pytest.mark.parametrize("dtype", ["bool", "int8", "float16", "float64"])
def test_an_input_of_another_dtype_has_memory_of_its_own(dtype: str) -> None:
    values = made("int64")
    assert not np.shares_memory(values, made(dtype))


def test_values_are_let_go_with_the_last_input_that_has_them() -> None:
    values = made("int64", (7, 11))
    drawn = weakref.ref(values.base)
    del values
    assert drawn() is None


@pytest.mark.parametrize("dtype", INTEGERS)
def test_values_wrap_where_an_integer_cannot_hold_them(dtype: str) -> None:
    np.testing.assert_array_equal(made(dtype), made("int64").astype(dtype))


def test_there_are_true_and_false_ones() -> None:
    assert 0.4 < made("bool").mean() < 0.6


def test_the_narrowest_float_holds_whole_finite_numbers() -> None:
    values = made("float16")
    assert (np.isfinite(values).all(), np.array_equal(values, values.round())) == (True, True)


@pytest.mark.parametrize("layout", Layout)
def test_the_variant_with_nan_has_one_in_the_middle_of_every_tenth_column(layout: Layout) -> None:
    nan = np.isnan(made("float64", layout=layout, variant="nan"))
    assert np.argwhere(nan).tolist() == [[15, column] for column in range(0, 50, 10)]


def test_the_variant_with_nan_is_otherwise_the_same() -> None:
    values, usual = made("float64", variant="nan"), made("float64")
    np.testing.assert_array_equal(values[~np.isnan(values)], usual[~np.isnan(values)])


@pytest.mark.parametrize("case", family("small") + family("sweep")[:3], ids=lambda case: case.name)
def test_a_call_moves_its_input_and_its_output(case: Case) -> None:
    arguments = KERNEL.inputs(case)
    answer = KERNEL.reference(*arguments)
    assert KERNEL.bytes_moved(case) == arguments[0].nbytes + answer.nbytes


# Cases


def test_the_cases_that_race_unless_told_otherwise_are_those_of_the_article() -> None:
    assert [case.name for case in family(None)] == ["wide", "transposed", "tall"]


def test_every_dtype_is_raced_in_both_layouts_and_doubles_with_nan_too() -> None:
    kinds = ("int8", "int32", "int64", "float32", "float64", "float64-nan")
    expected = [f"{layout}-{kind}" for layout in ("wide", "transposed") for kind in kinds]
    assert [case.name for case in family("dtypes")] == expected


def test_the_family_of_dtypes_differs_from_the_articles_arrays_in_dtype_and_values_alone() -> None:
    usual = {case.name: case for case in family(None)}
    for case in family("dtypes"):
        original = usual[case.name.split("-")[0]]
        same = original.but(layout=original.layout, dtype=case.dtype, variant=case.variant)
        names = {"name": case.name, "family": case.family, "summary": case.summary}
        assert same.but(**names) == case


def test_the_family_of_shapes_has_ten_million_values_from_one_row_to_one_column() -> None:
    for layout in Layout:
        shapes = [case.shape for case in family("shapes") if case.layout is layout]
        assert {n_rows * n_cols for n_rows, n_cols in shapes} == {10_000_000}
        assert [n_cols for _, n_cols in shapes] == [10**power for power in range(8)]


def test_small_calls_go_from_one_value_to_what_the_second_cache_holds() -> None:
    shapes = [(1, 1), (10, 10), (100, 100), (1_000, 100)]
    assert [(case.shape, case.dtype) for case in family("small")] == [(s, "int64") for s in shapes]
