"""What counts as the reference's answer."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from whichext.model.kernel import Tolerance
from whichext.model.outcome import INCOMPARABLE
from whichext.verify.compare import find_difference
from whichext.verify.parts import Difference, describe

EXACT = Tolerance()
MAXIMA = np.array([3.0, 7.0, 5.0])

ARRAYS = hnp.arrays(
    dtype=st.sampled_from(
        ["int8", "int64", "uint16", "float32", "float64", "complex128", "bool", "M8[ns]"]
    ),
    shape=hnp.array_shapes(max_dims=3, max_side=5),
)


def difference(expected: Any, got: Any, tolerance: Tolerance = EXACT) -> Difference:
    """The difference that there must be."""
    found = find_difference(expected, got, tolerance)
    assert found is not None, "expected a difference, got none"
    return found


def assert_agree(expected: Any, got: Any, tolerance: Tolerance = EXACT) -> None:
    assert find_difference(expected, got, tolerance) is None


@given(ARRAYS)
def test_an_array_agrees_with_its_copy(array: npt.NDArray[Any]) -> None:
    assert_agree(array, array.copy())


@given(ARRAYS)
def test_an_array_agrees_with_itself_in_the_other_byte_order(array: npt.NDArray[Any]) -> None:
    assert_agree(array, array.astype(array.dtype.newbyteorder()))


@given(ARRAYS)
def test_an_array_agrees_with_itself_in_the_other_memory_order(array: npt.NDArray[Any]) -> None:
    assert_agree(array, np.asfortranarray(array))


@given(st.data())
def test_one_changed_element_is_always_found_and_its_index_named(data: st.DataObject) -> None:
    array = data.draw(hnp.arrays(dtype=st.sampled_from(["int8", "uint64"]), shape=(3, 4, 2)))
    index = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)))
    changed = array.copy()
    changed[index] ^= data.draw(st.integers(1, 127))
    assert difference(array, changed) == Difference(
        f"{array[index]} at {index}", f"{changed[index]} (1 of 24 values differ)"
    )


def test_the_first_of_several_differences_is_named_and_all_are_counted() -> None:
    got = np.array([3.0, 8.0, 9.0])
    assert difference(MAXIMA, got) == Difference("7.0 at (1,)", "8.0 (2 of 3 values differ)")


def test_an_answer_off_by_one_in_its_last_column_differs_there() -> None:
    expected = np.arange(12).reshape(3, 4)
    got = expected + np.array([0, 0, 0, 1])
    assert difference(expected, got) == Difference("3 at (0, 3)", "4 (3 of 12 values differ)")


def test_nan_equals_nan() -> None:
    assert_agree(np.array([1.0, math.nan]), np.array([1.0, math.nan]))


def test_nan_in_the_place_of_a_number_differs() -> None:
    found = difference(np.array([1.0]), np.array([math.nan]))
    assert found == Difference("1.0 at (0,)", "nan (1 of 1 values differ)")


def test_a_number_in_the_place_of_nan_differs() -> None:
    found = difference(np.array([math.nan]), np.array([1.0]))
    assert found == Difference("nan at (0,)", "1.0 (1 of 1 values differ)")


def test_a_nan_that_is_not_an_array_equals_nan() -> None:
    assert_agree(math.nan, np.float64("nan"))


@pytest.mark.parametrize("dtype", ["datetime64[ns]", "timedelta64[s]"])
def test_nat_equals_nat(dtype: str) -> None:
    assert_agree(np.array(["NaT", 3], dtype), np.array(["NaT", 3], dtype))


def test_nat_in_the_place_of_a_time_differs() -> None:
    expected, got = np.array([5], "timedelta64[s]"), np.array(["NaT"], "timedelta64[s]")
    assert difference(expected, got) == Difference(
        "5 seconds at (0,)", "NaT (1 of 1 values differ)"
    )


def test_a_time_in_the_place_of_nat_differs() -> None:
    expected, got = np.array(["NaT"], "timedelta64[s]"), np.array([5], "timedelta64[s]")
    assert difference(expected, got).expected == "NaT at (0,)"


def test_the_same_times_in_another_unit_differ() -> None:
    expected, got = np.array([1], "datetime64[s]"), np.array([1_000], "datetime64[ms]")
    assert difference(expected, got) == Difference(
        "an array of shape (1,) and dtype datetime64[s]",
        "an array of shape (1,) and dtype datetime64[ms]",
    )


def test_the_bare_integers_of_times_differ_from_them() -> None:
    expected = np.array([1], "datetime64[s]")
    assert difference(expected, expected.view("int64")).got.endswith("dtype int64")


@pytest.mark.parametrize(
    "got", [np.timedelta64(1_000, "ms"), np.int64(1), 1, np.datetime64(1, "s"), None]
)
def test_a_single_time_differs_from_another_unit_or_kind_of_the_same_value(got: object) -> None:
    expected = np.timedelta64(1, "s")
    assert difference(expected, got) == Difference(describe(expected), describe(got))


@pytest.mark.parametrize("time", [np.timedelta64(1, "s"), np.datetime64("NaT", "ns")])
def test_a_single_time_agrees_with_itself(time: object) -> None:
    assert_agree(time, time)


def test_zero_equals_negative_zero() -> None:
    assert_agree(np.array([0.0]), np.array([-0.0]))


def test_infinities_of_different_sign_differ() -> None:
    difference(np.array([math.inf]), np.array([-math.inf]), Tolerance(relative=0.5))


def test_without_a_tolerance_the_last_bit_counts() -> None:
    difference(MAXIMA, np.nextafter(MAXIMA, math.inf))


@pytest.mark.parametrize(("off_by", "agrees"), [(0.9e-6, True), (1.1e-6, False)])
def test_a_relative_tolerance_is_a_share_of_the_references_value(
    off_by: float, agrees: bool
) -> None:
    found = find_difference(MAXIMA, MAXIMA * (1 + off_by), Tolerance(relative=1e-6))
    assert agrees == (found is None)


@pytest.mark.parametrize(("off_by", "agrees"), [(0.09, True), (0.11, False)])
def test_an_absolute_tolerance_is_in_the_answers_unit(off_by: float, agrees: bool) -> None:
    found = find_difference(MAXIMA, MAXIMA + off_by, Tolerance(absolute=0.1))
    assert agrees == (found is None)


def test_a_tolerance_counts_only_the_values_outside_it() -> None:
    got = MAXIMA + np.array([0.01, 0.01, 1.0])
    found = difference(MAXIMA, got, Tolerance(absolute=0.1))
    assert found == Difference("5.0 at (2,)", "6.0 (1 of 3 values differ)")


def test_nan_equals_nan_under_a_tolerance_too() -> None:
    assert_agree(np.array([math.nan]), np.array([math.nan]), Tolerance(relative=1e-6))


def test_another_dtype_differs() -> None:
    assert difference(MAXIMA, MAXIMA.astype("float32")) == Difference(
        "an array of shape (3,) and dtype float64", "an array of shape (3,) and dtype float32"
    )


def test_another_shape_differs_even_if_it_would_broadcast() -> None:
    assert difference(MAXIMA, MAXIMA.reshape(3, 1)) == Difference(
        "an array of shape (3,) and dtype float64", "an array of shape (3, 1) and dtype float64"
    )


def test_a_list_in_the_place_of_an_array_differs() -> None:
    assert difference(MAXIMA, [3.0, 7.0, 5.0]) == Difference(
        "an array of shape (3,) and dtype float64", "list [3.0, 7.0, 5.0]"
    )


def test_nothing_in_the_place_of_an_array_differs() -> None:
    assert difference(MAXIMA, None).got == "nothing (None)"


def test_an_array_in_the_place_of_nothing_differs() -> None:
    assert difference(None, MAXIMA).expected == "nothing (None)"


def test_nothing_agrees_with_nothing() -> None:
    assert_agree(None, None)


def test_empty_arrays_of_one_shape_agree() -> None:
    assert_agree(np.empty((0, 3)), np.empty((0, 3)))


def test_empty_arrays_of_different_shapes_differ() -> None:
    difference(np.empty((0, 3)), np.empty((3, 0)))


def test_arrays_without_dimensions_compare_without_an_index() -> None:
    found = difference(np.array(3), np.array(4))
    assert found == Difference("3", "4 (1 of 1 values differ)")


@pytest.mark.parametrize(
    ("expected", "got"),
    [(3.0, 3.0), (np.float64(3.0), 3.0), (3, np.int64(3)), ("a", "a"), (True, True), (b"", b"")],
)
def test_scalars_of_the_same_value_agree(expected: object, got: object) -> None:
    assert_agree(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"), [(3.0, 4.0), (3, "3"), ("a", "b"), (True, False), (1.0, None)]
)
def test_scalars_of_another_value_or_kind_differ(expected: object, got: object) -> None:
    assert difference(expected, got) == Difference(describe(expected), describe(got))


def test_a_scalar_keeps_to_the_tolerance() -> None:
    assert_agree(3.0, 3.05, Tolerance(absolute=0.1))


def test_tuples_compare_element_by_element() -> None:
    found = difference((MAXIMA, 1), (MAXIMA, 2))
    assert found == Difference("int 1 in part [1]", "int 2")


def test_the_first_difference_of_a_tuple_is_the_one_that_is_told() -> None:
    assert difference((1, 2), (3, 4)) == Difference("int 1 in part [0]", "int 3")


def test_tuples_of_different_lengths_differ() -> None:
    assert difference((1, 2), (1, 2, 3)) == Difference("2 results", "3 results")


def test_a_list_is_no_tuple() -> None:
    assert difference((7, 1), [7, 1]) == Difference("tuple (7, 1)", "list [7, 1]")


def test_a_tuple_does_not_agree_with_the_bare_result() -> None:
    assert difference((MAXIMA,), MAXIMA).got == describe(MAXIMA)


def test_a_tuple_in_a_tuple_is_looked_into() -> None:
    assert difference((1, (2, 3)), (1, (2, 4))) == Difference("int 3 in part [1][1]", "int 4")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing (None)"),
        (np.zeros((2, 3), "int8"), "an array of shape (2, 3) and dtype int8"),
        (3.5, "float 3.5"),
        ("word", "str 'word'"),
    ],
)
def test_a_value_is_described_in_a_few_words(value: object, words: str) -> None:
    assert describe(value) == words


def test_a_long_value_is_cut() -> None:
    assert describe("x" * 100) == f"str '{'x' * 76}..."


def test_a_dict_of_arrays_compares_entry_by_entry() -> None:
    expected = {"least": MAXIMA - 9, "greatest": MAXIMA}
    assert_agree(expected, {"greatest": MAXIMA.copy(), "least": MAXIMA - 9})
    changed = {"least": MAXIMA - 9, "greatest": MAXIMA + 1}
    assert difference(expected, changed).expected == "3.0 at (0,) in part ['greatest']"


def test_dicts_must_have_the_same_keys() -> None:
    found = difference({"least": MAXIMA}, {"most": MAXIMA})
    assert found == Difference("the keys ['least']", "the keys ['most']")


def test_an_integer_is_not_the_nearest_float() -> None:
    assert difference(np.int64(2**53 + 1), float(2**53)).expected == f"int64 np.int64({2**53 + 1})"
    assert_agree(np.int64(7), 7.0)


class OfIdentity:
    """Equals nothing but itself."""


@pytest.mark.parametrize(
    "make",
    [
        OfIdentity,
        lambda: re.match("a", "a"),
        lambda: (n for n in ()),
        lambda: map(abs, [1]),
        lambda: [OfIdentity()],
    ],
)
def test_what_equals_nothing_but_itself_is_said_to_be_no_answer_to_compare(make: Any) -> None:
    found = find_difference(make(), make(), EXACT)
    assert found is not None
    assert found.got.endswith(f", {INCOMPARABLE}")


def test_a_member_of_an_enum_agrees_with_itself() -> None:
    assert find_difference(re.IGNORECASE, re.IGNORECASE, EXACT) is None
    assert find_difference(len, len, EXACT) is None
