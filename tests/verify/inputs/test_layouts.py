"""A recipe: the same array wherever it is made."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings

from whichext.model.contestant import Case
from whichext.model.kernel import Kernel
from whichext.verify.drawing import recipes
from whichext.verify.inputs.layouts import Recipe, Subclass, make_arguments, make_array

Array = npt.NDArray[Any]


def kernel_of(*dtypes: str, rank: int = 2) -> Kernel:
    """A kernel of two arguments that makes arrays of one axis or more."""

    def inputs(case: Case) -> tuple[Any, ...]:
        if not case.shape:
            raise IndexError("no axis")
        return np.zeros(case.shape, case.dtype), case.shape[0]

    return Kernel(
        question="How odd?",
        reference=lambda values, _: values.shape,
        inputs=inputs,
        cases=(Case(name="big", shape=(100,) * rank, dtype=dtypes[0]),),
        dtypes=dtypes,
        bytes_moved=lambda _: 0,
    )


DTYPES = ("bool", "int8", "uint64", "float16", "float64", "complex128", "datetime64[s]")


def recipe_of(array: Array, **changes: Any) -> Recipe:
    plain = Recipe(dtype=str(array.dtype), shape=array.shape, values=array.tobytes())
    return msgspec.structs.replace(plain, **changes)


COUNT = np.arange(6, dtype=np.int32).reshape(2, 3)


@given(recipes(kernel_of(*DTYPES)))
@settings(deadline=None)
def test_whatever_its_layout_an_array_has_the_elements_of_its_recipe(recipe: Recipe) -> None:
    array = make_array(recipe)
    elements: Array = np.ndarray(recipe.shape, recipe.dtype, recipe.values or b"\0")
    if recipe.layout == "zero stride" and elements.size and elements.ndim:
        axis = -1 if recipe.swapped else 0
        elements = np.broadcast_to(elements.take([0], axis), elements.shape)
    np.testing.assert_array_equal(np.asarray(array), elements)
    assert array.dtype.newbyteorder("=") == np.dtype(recipe.dtype)


@given(recipes(kernel_of(*DTYPES)))
@settings(deadline=None)
def test_a_recipe_makes_the_same_array_after_its_encoding(recipe: Recipe) -> None:
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(recipe), type=Recipe)
    one, other = make_array(recipe), make_array(again)
    assert (one.strides, one.flags.writeable) == (other.strides, other.flags.writeable)
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("changes", "strides"),
    [
        ({}, (12, 4)),
        ({"swapped": True}, (4, 8)),
        ({"layout": "Fortran order"}, (4, 8)),
        ({"layout": "negative strides"}, (-12, -4)),
        ({"layout": "skipping strides"}, (48, 8)),
        ({"layout": "zero stride"}, (0, 4)),
        ({"layout": "packed field"}, (15, 5)),
        ({"layout": "Fortran order", "swapped": True}, (12, 4)),
        ({"layout": "negative strides", "swapped": True}, (-4, -8)),
        ({"layout": "skipping strides", "swapped": True}, (8, 32)),
        ({"layout": "packed field", "swapped": True}, (5, 10)),
        ({"layout": "read-only", "swapped": True}, (4, 8)),
    ],
)
def test_a_layout_has_its_strides(changes: dict[str, Any], strides: tuple[int, ...]) -> None:
    assert make_array(recipe_of(COUNT, **changes)).strides == strides


def test_a_recipe_may_forbid_writing_and_ask_for_a_subclass() -> None:
    array = make_array(recipe_of(COUNT, read_only=True, subclass=True))
    assert (array.flags.writeable, type(array)) == (False, Subclass)


@pytest.mark.parametrize("shape", [(), (0, 3)])
def test_an_array_without_axes_or_elements_is_made_in_any_layout(shape: tuple[int, ...]) -> None:
    array = make_array(recipe_of(np.zeros(shape), layout="negative strides"))
    assert array.shape == shape


def test_the_kernel_makes_the_other_arguments() -> None:
    arguments = make_arguments(kernel_of("int32"), recipe_of(COUNT))
    assert arguments is not None
    assert (arguments[0].tolist(), arguments[1]) == (COUNT.tolist(), 2)


def test_what_the_kernel_cannot_make_is_no_input() -> None:
    assert make_arguments(kernel_of("int32"), recipe_of(np.zeros((), np.int32))) is None
