"""Layouts: the same elements, elsewhere in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.verify.inputs.layouts import Subclass, as_subclass, layouts_of

COUNT: npt.NDArray[Any] = np.arange(6, dtype=np.int32).reshape(2, 3)


@pytest.mark.parametrize(
    ("name", "strides"),
    [
        ("plain", (12, 4)),
        ("Fortran order", (4, 8)),
        ("negative strides", (-12, -4)),
        ("Fortran order and negative strides", (-4, -8)),
        ("skipping strides", (48, 8)),
        ("zero stride", (0, 4)),
        ("packed field", (15, 5)),
        ("read-only", (12, 4)),
        ("big-endian", (12, 4)),
        ("misaligned", (12, 4)),
    ],
)
def test_a_layout_has_its_strides(name: str, strides: tuple[int, ...]) -> None:
    assert layouts_of(COUNT.dtype)[name](COUNT).strides == strides


@pytest.mark.parametrize("name", sorted({*layouts_of(COUNT.dtype)} - {"zero stride"}))
def test_a_layout_keeps_the_elements(name: str) -> None:
    np.testing.assert_array_equal(layouts_of(COUNT.dtype)[name](COUNT), COUNT)


@pytest.mark.parametrize("dtype", ["object", "<U3", np.dtypes.StringDType()])
def test_texts_and_objects_have_layouts_too(dtype: Any) -> None:
    array = np.array([["a", "bc"], ["d", ""]], dtype)
    for change in layouts_of(array.dtype).values():
        assert change(array).shape == (2, 2)


@pytest.mark.parametrize("dtype", ["int8", "bool"])
def test_a_single_byte_has_no_order_and_is_always_aligned(dtype: str) -> None:
    assert not {"big-endian", "misaligned"} & set(layouts_of(np.dtype(dtype)))


def test_a_subclass_has_the_same_memory() -> None:
    assert type(as_subclass(COUNT)) is Subclass
    assert np.shares_memory(as_subclass(COUNT), COUNT)
