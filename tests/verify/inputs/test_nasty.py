"""Nasty inputs: each is what its name says, and nothing else about it is changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.errors import KernelError
from whichext.model.kernel import Kernel, Prepared, Tolerance
from whichext.verify.inputs.nasty import nasty_inputs

Array = npt.NDArray[Any]

ROUNDS = Tolerance(relative=1e-12, reason="sums may be added in any order")
SHAPES = {1: (7,), 2: (7, 5), 3: (7, 5, 3), 4: (7, 5, 3, 2)}
SAME_ELEMENTS = (
    *("Fortran order", "negative strides", "skipping strides", "packed field"),
    *("read-only", "big-endian", "misaligned", "subclass"),
)
ORDERS = ("Fortran order", "Fortran order and negative strides")

DTYPES = ("int16", "int64", "uint32", "float32", "float64", "complex64")


def of_any_array(test: Callable[..., None]) -> Callable[..., None]:
    """Try it with every rank and dtype, which takes its time."""
    of_rank: Callable[..., Callable[..., None]] = pytest.mark.parametrize("rank", SHAPES)
    return pytest.mark.slow(pytest.mark.parametrize("dtype", DTYPES)(of_rank(test)))


def of_any_layout(*names: str) -> Callable[..., Callable[..., None]]:
    """Try it with each of these layouts, every rank that has it, and every dtype."""
    layouts = [(name, rank) for rank in SHAPES for name in names if rank > 1 or name not in ORDERS]

    def tried(test: Callable[..., None]) -> Callable[..., None]:
        of_layout: Callable[..., Callable[..., None]] = pytest.mark.parametrize(
            ("name", "rank"), layouts
        )
        return pytest.mark.slow(pytest.mark.parametrize("dtype", DTYPES)(of_layout(test)))

    return tried


def kernel_of(
    rank: int = 2,
    *dtypes: str,
    reference: Callable[..., Any] = lambda values: values.size,
    **changes: Any,
) -> Kernel:
    """A kernel whose first argument has that rank; float64 unless told otherwise.

    Its answers are short: they are compared for each input, and no test but one looks at them.
    """
    dtypes = dtypes or ("float64",)
    return Kernel(
        question="How nasty?",
        reference=reference,
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=(Case(name="big", shape=(1000,) * rank, dtype=dtypes[0]),),
        dtypes=dtypes,
        bytes_moved=lambda _: 0,
        **changes,
    )


def find(name: str, rank: int = 2, dtype: str = "float64", **changes: Any) -> Prepared:
    plain = not changes
    inputs = usual_inputs(rank, dtype) if plain else nasty_inputs(kernel_of(rank, dtype, **changes))
    return inputs[f"{dtype} {name}"]


@cache
def usual_inputs(rank: int, dtype: str) -> dict[str, Prepared]:
    """The nasty inputs of the kernel as it is; no test writes into them."""
    return nasty_inputs(kernel_of(rank, dtype))


def array_of(name: str, rank: int = 2, dtype: str = "float64", **changes: Any) -> Array:
    """The one array of a nasty input."""
    (array,) = find(name, rank, dtype, **changes).arguments
    assert isinstance(array, np.ndarray)
    return array


def small(rank: int = 2, dtype: str = "float64") -> Array:
    return array_of("plain", rank, dtype)


def names(kernel: Kernel) -> set[str]:
    return set(nasty_inputs(kernel))


# Layouts


@of_any_layout("plain", *SAME_ELEMENTS)
def test_another_layout_holds_the_same_elements(name: str, rank: int, dtype: str) -> None:
    np.testing.assert_array_equal(array_of(name, rank, dtype), small(rank, dtype))


@of_any_layout("plain", *SAME_ELEMENTS, "zero stride")
def test_a_layout_keeps_the_dtype_but_for_its_byte_order(name: str, rank: int, dtype: str) -> None:
    assert array_of(name, rank, dtype).dtype.newbyteorder("=") == np.dtype(dtype)


@of_any_array
def test_only_the_first_part_of_a_zero_stride_array_is_real(rank: int, dtype: str) -> None:
    array = array_of("zero stride", rank, dtype)
    expected = np.broadcast_to(small(rank, dtype)[:1], SHAPES[rank])
    assert (array.strides[0], np.array_equal(array, expected)) == (0, True)


@of_any_array
def test_plain_is_an_array_as_numpy_makes_it(rank: int, dtype: str) -> None:
    flags = array_of("plain", rank, dtype).flags
    assert (flags.c_contiguous, flags.aligned, flags.writeable) == (True, True, True)


@of_any_layout("Fortran order")
def test_fortran_order_is_contiguous_from_the_first_axis_on(
    name: str, rank: int, dtype: str
) -> None:
    flags = array_of(name, rank, dtype).flags
    assert (flags.f_contiguous, flags.c_contiguous) == (True, False)


def test_a_single_axis_has_no_fortran_order() -> None:
    assert [name for name in usual_inputs(1, "float64") if "Fortran" in name] == []


@of_any_array
def test_negative_strides_are_negative_on_every_axis(rank: int, dtype: str) -> None:
    assert max(array_of("negative strides", rank, dtype).strides) < 0


@of_any_array
def test_skipping_strides_leave_out_every_second_element(rank: int, dtype: str) -> None:
    array = array_of("skipping strides", rank, dtype)
    assert array.strides[-1] == 2 * array.itemsize


@pytest.mark.parametrize(("dtype", "greatest"), [("int16", 32_767), ("uint32", 2**32 - 1)])
def test_elements_that_are_skipped_would_win_any_comparison(dtype: str, greatest: int) -> None:
    array = array_of("skipping strides", 1, dtype)
    assert array.base is not None
    assert np.asarray(array.base)[1::2].tolist() == [greatest] * 7


@of_any_array
def test_a_read_only_array_cannot_be_written(rank: int, dtype: str) -> None:
    assert array_of("read-only", rank, dtype).flags.writeable is False


@of_any_array
def test_a_big_endian_array_has_its_greatest_byte_first(rank: int, dtype: str) -> None:
    assert array_of("big-endian", rank, dtype).dtype == np.dtype(dtype).newbyteorder(">")


@of_any_array
def test_a_misaligned_array_is_contiguous_and_not_aligned(rank: int, dtype: str) -> None:
    flags = array_of("misaligned", rank, dtype).flags
    assert (flags.c_contiguous, flags.aligned) == (True, False)


@of_any_array
def test_the_stride_of_a_packed_field_is_no_multiple_of_the_item(rank: int, dtype: str) -> None:
    array = array_of("packed field", rank, dtype)
    assert array.strides[-1] == array.itemsize + 1


# Shapes


@pytest.mark.parametrize(("rank", "shape"), [(1, (67,)), (2, (67, 131)), (3, (67, 131, 3))])
def test_the_odd_shape_is_no_multiple_of_a_vector(rank: int, shape: tuple[int, ...]) -> None:
    assert array_of("odd shape", rank).shape == shape


@pytest.mark.parametrize(
    ("axis", "length", "shape"), [(0, 0, (0, 5)), (0, 1, (1, 5)), (1, 0, (7, 0)), (1, 1, (7, 1))]
)
def test_each_axis_is_once_empty_and_once_of_length_one(
    axis: int, length: int, shape: tuple[int, ...]
) -> None:
    assert array_of(f"axis {axis} of length {length}").shape == shape


@pytest.mark.parametrize("rank", SHAPES)
def test_short_axes_are_tried_on_every_axis_that_there_is(rank: int) -> None:
    found = {name for name in names(kernel_of(rank)) if "of length" in name}
    expected = {f"float64 axis {axis} of length {n}" for axis in range(rank) for n in (0, 1)}
    assert found == expected


# Values


def value_names(*dtypes: str, **changes: Any) -> set[str]:
    named = {"all negative", "extremes", "NaN", "NaT", "infinities and -0.0", "subnormals"}
    return {name.split(" ", 1)[1] for name in names(kernel_of(2, *dtypes, **changes))} & named


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("float32", {"all negative", "extremes", "NaN", "infinities and -0.0", "subnormals"}),
        ("int64", {"all negative", "extremes"}),
        ("uint8", {"extremes"}),
        ("complex128", set()),
        ("bool", set()),
        ("datetime64[ns]", {"all negative", "extremes", "NaT"}),
        ("timedelta64[D]", {"all negative", "extremes", "NaT"}),
    ],
)
def test_values_are_changed_only_to_what_the_dtype_can_hold(dtype: str, expected: set[str]) -> None:
    assert value_names(dtype) == expected


@pytest.mark.parametrize("tolerance", [ROUNDS, Tolerance(absolute=0.1, reason="a tenth")])
def test_a_kernel_that_rounds_is_spared_the_extremes(tolerance: Tolerance) -> None:
    assert value_names(tolerance=tolerance) == {"all negative", "NaN", "infinities and -0.0"}


@pytest.mark.parametrize("dtype", ["int16", "float64"])
@pytest.mark.parametrize("rank", SHAPES)
def test_all_negative_leaves_not_even_a_zero(rank: int, dtype: str) -> None:
    assert array_of("all negative", rank, dtype).max() < 0


@pytest.mark.parametrize(("dtype", "least"), [("int16", -32_768), ("uint8", 0)])
def test_extremes_are_the_least_all_along_one_index_and_the_greatest_once(
    dtype: str, least: int
) -> None:
    array = array_of("extremes", 3, dtype)
    greatest = int(np.iinfo(dtype).max)
    assert (np.unique(array[..., 0]).tolist(), int(array[-1, -1, -1])) == ([least], greatest)


def test_extremes_of_a_float_are_its_greatest_finite_values() -> None:
    array, limits = array_of("extremes", 2, "float32"), np.finfo("float32")
    assert (array[0, 0], array[-1, -1]) == (limits.min, limits.max)


@pytest.mark.parametrize("rank", SHAPES)
def test_nan_is_first_last_in_the_middle_and_all_along_one_index(rank: int) -> None:
    nan = np.isnan(array_of("NaN", rank))
    found = [nan.flat[0], nan.flat[nan.size // 2], nan.flat[-1], nan[..., -1].all(), nan.all()]
    assert list(map(bool, found)) == [True, True, True, True, False]


@pytest.mark.parametrize("rank", SHAPES)
def test_infinities_come_in_both_signs_with_a_negative_zero(rank: int) -> None:
    array = array_of("infinities and -0.0", rank)
    found = {str(value) for value in array[~np.isfinite(array) | (array == 0)]}
    assert found - {"0.0"} == {"inf", "-inf", "-0.0"}


def test_the_values_of_a_plain_array_differ_from_each_other() -> None:
    assert len(np.unique(small())) == small().size


# Answers and refusals


def test_an_input_carries_the_references_answer_to_it() -> None:
    found = find("negative strides", reference=lambda values: values.tolist())
    assert found.answer == small().tolist()


def test_only_the_plain_and_the_odd_shape_must_be_answered_by_who_declares_their_dtype() -> None:
    prepared = nasty_inputs(kernel_of(2, "int16", "int32"))
    found = {name: one.plain_of for name, one in prepared.items() if one.plain_of}
    plain = ("plain", "odd shape")
    assert found == {f"{dtype} {name}": dtype for dtype in ("int16", "int32") for name in plain}


def test_every_dtype_gets_the_same_layouts() -> None:
    found = names(kernel_of(2, "int16", "float64"))
    layouts = {"plain", "zero stride", *SAME_ELEMENTS}
    assert {f"{dtype} {name}" for dtype in ("int16", "float64") for name in layouts} <= found


@pytest.mark.parametrize("kind", [ValueError, TypeError])
def test_what_the_reference_refuses_must_be_refused_with_its_reason(kind: type[Exception]) -> None:
    def reference(values: Array) -> None:
        if not values.size:
            raise kind("no rows")

    reason = f"the reference raises {kind.__name__}: no rows"
    prepared = nasty_inputs(kernel_of(reference=reference))
    assert {name: one.refusal for name, one in prepared.items() if one.refusal} == {
        "float64 axis 0 of length 0": reason,
        "float64 axis 1 of length 0": reason,
    }


def test_an_error_of_the_reference_that_is_no_refusal_is_not_taken_for_one() -> None:
    def reference(values: Array) -> float:
        return 1 / values.size

    with pytest.raises(KernelError, match="ZeroDivisionError"):
        nasty_inputs(kernel_of(reference=reference))


def test_what_the_kernel_lists_as_refused_must_be_refused_whatever_the_reference_says() -> None:
    prepared = nasty_inputs(kernel_of(refused={"a list": lambda: ([1, 2],)}))["a list"]
    listed = "the kernel lists it as refused"
    assert prepared == Prepared(([1, 2],), refusal=listed, property=Property.REFUSALS)
