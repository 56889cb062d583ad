"""Nasty inputs of odd kernels: any rank, odd dtypes, second arguments of odd shapes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.case import Case
from whichext.model.kernel import Kernel, Prepared
from whichext.verify.inputs.nasty import nasty_inputs

Array = npt.NDArray[Any]


def nasty(
    rank: int = 2,
    dtype: str = "float64",
    *,
    reference: Callable[..., Any] = lambda values: values.shape,
) -> dict[str, Prepared]:
    """The nasty inputs of a kernel by name, without the dtype in front."""
    kernel = Kernel(
        question="How odd?",
        reference=reference,
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=(Case(name="big", shape=(100,) * rank, dtype=dtype),),
        dtypes=(dtype,),
        bytes_moved=lambda _: 0,
    )
    return {name.removeprefix(f"{dtype} "): one for name, one in nasty_inputs(kernel).items()}


@cache
def of_rank(rank: int) -> dict[str, Prepared]:
    """The same of float64, made once; no test writes into them."""
    return nasty(rank)


def ranks(*these: int) -> pytest.MarkDecorator:
    """Ranks to try; inputs of many axes take their time and memory."""
    return pytest.mark.parametrize(
        "rank", [pytest.param(r, marks=[pytest.mark.slow] * (r > 6)) for r in these]
    )


LAYOUTS = {
    *(
        "plain",
        "Fortran order",
        "negative strides",
        "Fortran order and negative strides",
        "skipping strides",
        "zero stride",
    ),
    *("read-only", "big-endian", "misaligned", "packed field", "subclass"),
}


# Warnings


@pytest.mark.parametrize("error", [TypeError, ValueError])
def test_a_reference_that_numpy_would_warn_of_is_asked_in_peace(error: type[Exception]) -> None:
    def reference(values: Array) -> Array:
        if not values.size:
            raise error("nothing there")
        logarithms: Array = np.log(-values) + (values / 0).astype("int8")
        return logarithms

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = nasty(reference=reference)
    answered = {name for name, one in found.items() if not one.refusal}
    assert {*LAYOUTS, "NaN", "infinities and -0.0"} <= answered


def test_the_way_in_which_numpy_warns_is_left_as_it_was() -> None:
    with np.errstate(divide="raise", invalid="call", over="ignore"):
        before = np.geterr()
        nasty()
        assert before == np.geterr()


# Any rank


@ranks(*range(1, 9))
def test_a_kernel_of_any_rank_has_inputs_of_that_rank(rank: int) -> None:
    assert {one.arguments[0].ndim for one in of_rank(rank).values()} == {rank}


@ranks(5, 8)
def test_axes_beyond_the_third_are_two_long_and_are_tried_short_as_well(rank: int) -> None:
    found = of_rank(rank)
    rest = (2,) * (rank - 4)
    assert found["plain"].arguments[0].shape == (7, 5, 3, 2, *rest)
    assert found["odd shape"].arguments[0].shape == (67, 131, 3, 2, *rest)
    assert found[f"axis {rank - 1} of length 0"].arguments[0].shape[-1] == 0


# Odd dtypes


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_a_dtype_without_limits_has_all_layouts_and_shapes_and_no_odd_values(dtype: str) -> None:
    shapes = {"odd shape", *(f"axis {axis} of length {n}" for axis in (0, 1) for n in (0, 1))}
    longer = {
        f"{layout} ({shape})"
        for layout in LAYOUTS - {"plain"}
        for shape in ("11 x 123", "27 x 61", "61 x 27", "123 x 11")
    }
    assert set(nasty(dtype=dtype)) == LAYOUTS | shapes | longer


def test_the_dates_that_are_skipped_are_the_latest_there_are() -> None:
    (array,) = nasty(1, "datetime64[D]")["skipping strides"].arguments
    assert np.asarray(array.base).view("int64")[1::2].tolist() == [2**63 - 1] * 7
    assert str(array.dtype) == "datetime64[D]"


@pytest.mark.parametrize("name", sorted(LAYOUTS - {"zero stride"}))
def test_dates_are_the_same_in_every_layout(name: str) -> None:
    found = nasty(dtype="datetime64[s]")
    (array,), (expected,) = found[name].arguments, found["plain"].arguments
    np.testing.assert_array_equal(array, expected)
