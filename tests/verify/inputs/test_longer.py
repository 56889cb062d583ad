"""Nasty inputs that are longer than what code takes at a time."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.kernel import Kernel, Prepared, Tolerance
from whichext.verify.inputs.layouts import layouts_of
from whichext.verify.inputs.nasty import nasty_inputs

SHAPES = {1: ("11", "27", "61", "123"), 2: ("11 x 123", "27 x 61", "61 x 27", "123 x 11")}
BODIES = (8, 16, 32, 64)
EXACT = Tolerance()
ROUNDS = Tolerance(relative=1e-12, reason="sums may be added in any order")


@cache
def nasty(rank: int = 2, *dtypes: str, tolerance: Tolerance = EXACT) -> dict[str, Prepared]:
    """The nasty inputs of a kernel with float64 and maybe other dtypes."""
    kernel = Kernel(
        question="How long?",
        reference=lambda values: values.shape,
        inputs=lambda case: (np.ones(case.shape, case.dtype),),
        cases=(Case(name="big", shape=(100,) * rank, dtype="float64"),),
        dtypes=dtypes or ("float64",),
        bytes_moved=lambda _: 0,
        tolerance=tolerance,
    )
    return nasty_inputs(kernel)


def array_of(name: str, rank: int = 2) -> npt.NDArray[np.float64]:
    (array,) = nasty(rank)[f"float64 {name}"].arguments
    assert isinstance(array, np.ndarray)
    return array


@pytest.mark.parametrize("rank", SHAPES)
def test_each_body_of_vectors_fits_into_an_axis_that_is_not_twice_as_long(rank: int) -> None:
    lengths = {length for name in SHAPES[rank] for length in map(int, name.split(" x "))}
    for body in BODIES:
        assert any(body < length < 2 * body for length in lengths)
    assert all(length % 8 for length in lengths)


@pytest.mark.parametrize("rank", SHAPES)
@pytest.mark.parametrize(
    "name", ["all negative", "extremes", "NaN", "infinities and -0.0", "subnormals"]
)
def test_odd_values_are_tried_in_each_of_the_longer_shapes(name: str, rank: int) -> None:
    for shape in SHAPES[rank]:
        prepared = nasty(rank)[f"float64 {name} ({shape})"]
        assert prepared.property is Property.VALUES
        assert " x ".join(map(str, prepared.arguments[0].shape)) == shape


def test_every_layout_of_the_kernels_dtypes_is_tried_in_each_of_them() -> None:
    found = {name for name, one in nasty().items() if one.property is Property.LAYOUTS}
    layouts = set(layouts_of(np.dtype("float64"))) - {"plain"}
    assert {f"float64 {name} ({shape})" for name in layouts for shape in SHAPES[2]} <= found


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("axis", [0, 1])
def test_nan_along_the_diagonal_is_alone_in_every_body_of_some_shape(body: int, axis: int) -> None:
    """A maximum along the axis that loses NaN in that body alone is wrong somewhere."""
    found = Counter[str]()
    for shape in SHAPES[2]:
        array = np.moveaxis(array_of(f"NaN along the diagonal ({shape})"), axis, 0)
        first = len(array) // (2 * body) * 2 * body
        if len(array) - first >= body:
            others = np.delete(array, slice(first, first + body), axis=0)
            lost = np.isnan(array).any(axis=0) & ~np.isnan(others).any(axis=0)
            found[shape] += int(lost.sum())
    assert sum(found.values()) > 0


@pytest.mark.parametrize("shape", SHAPES[1])
def test_of_a_single_axis_one_element_in_the_middle_is_missing(shape: str) -> None:
    (place,) = np.flatnonzero(np.isnan(array_of(f"NaN along the diagonal ({shape})", 1)))
    assert place == int(shape) // 2


@pytest.mark.parametrize("shape", ["", *(f" ({shape})" for shape in SHAPES[2])])
def test_every_row_and_column_of_subnormals_has_more_than_one_value(shape: str) -> None:
    array = array_of(f"subnormals{shape}")
    assert set(np.unique(np.abs(array)).tolist()) == {0.0, 5e-324}
    for axis in (0, 1):
        assert (array.max(axis=axis) > 0).all()
        assert (array.min(axis=axis) < 0).all()


def test_a_kernel_that_rounds_gets_no_subnormals() -> None:
    assert not [name for name in nasty(tolerance=ROUNDS) if "subnormals" in name]


def test_times_have_nat_along_the_diagonal() -> None:
    (array,) = nasty(2, "datetime64[s]")["datetime64[s] NaT along the diagonal (27 x 61)"].arguments
    assert np.isnat(array).any(axis=0).all()
    assert np.isnat(array).any(axis=1).all()
