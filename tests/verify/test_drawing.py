"""Drawn inputs: the same ones every time, of every kind, and the least that shows a fault."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.load.packing import pack, unpack
from whichext.model.case import Case
from whichext.model.kernel import Kernel, Tolerance
from whichext.model.outcome import Crashed, Outcome, Right, TimedOut, Unsupported, Wrong
from whichext.system.workers.worker import Subject
from whichext.verify.drawing import EXAMPLES, Drawn, draw_all
from whichext.verify.in_worker import AskReference, Expected, NotMade, Tried, TryDrawn, answer

pytestmark = [pytest.mark.slow, pytest.mark.processes]

Array = npt.NDArray[Any]
ROUNDS = Tolerance(relative=1e-12, reason="sums may be added in any order")


def row_maxima(values: Array) -> Array:
    maxima: Array = values.max(axis=1)
    return maxima


def kernel_of(*dtypes: str, **changes: Any) -> Kernel:
    return Kernel(
        question="Which row is greatest?",
        reference=row_maxima,
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=(Case(name="big", shape=(100, 100), dtype=dtypes[0]),),
        dtypes=dtypes,
        bytes_moved=lambda _: 0,
        **changes,
    )


def drawn_by(kernel: Kernel, reply: Outcome | NotMade, examples: int = EXAMPLES) -> list[Array]:
    """What a contestant is tried on that gives that reply to everything."""
    seen: list[Array] = []

    def ask(packed: bytes) -> Outcome | NotMade:
        seen.append(unpack(packed)[0])
        return reply

    draw_all(kernel, ask, examples)
    return seen


def drawn_for(call: Callable[..., Any], kernel: Kernel) -> Drawn:
    """What comes of a contestant in this process."""
    subject = Subject(call, {}, kernel.agreement, kernel)
    drawn = draw_all(kernel, lambda packed: tried(subject, packed))
    assert drawn is not None
    return drawn


def tried(subject: Subject, packed: bytes) -> Outcome | NotMade:
    """What becomes of a contestant on one input, whose answer the reference gives first."""
    expected = answer(subject, AskReference(packed))
    if isinstance(expected, NotMade):
        return expected
    assert isinstance(expected, Expected)
    found = answer(subject, TryDrawn(packed, expected))
    assert not isinstance(found, Tried | Expected)
    return found


FLOATS = kernel_of("float64")


def traits(array: Array) -> tuple[object, ...]:
    """All that makes an array what it is in memory, and its elements."""
    flags = array.flags
    return array.dtype, array.shape, array.strides, flags.writeable, type(array), array.tobytes()


def test_the_same_inputs_are_drawn_every_time() -> None:
    one, other = (list(map(traits, drawn_by(FLOATS, Right()))) for _ in range(2))
    assert one == other


def test_a_contestant_that_is_always_right_is_tried_on_all_of_them() -> None:
    drawn = drawn_for(row_maxima, FLOATS)
    assert (drawn.right, drawn.refused, drawn.fault) == (EXAMPLES, 0, None)


def test_every_dtype_layout_and_rank_is_drawn() -> None:
    seen = drawn_by(kernel_of("float64", "int32", "bool"), Right(), 3000)
    assert {array.dtype.newbyteorder("=").name for array in seen} == {"float64", "int32", "bool"}
    assert {array.ndim for array in seen} == {0, 1, 2, 3}
    layouts: dict[str, Callable[[Array], object]] = {
        "C order": lambda array: array.flags.c_contiguous,
        "Fortran order": lambda array: array.flags.f_contiguous,
        "negative strides": lambda array: max(array.strides, default=0) < 0,
        "skipping strides": lambda array: min(array.strides, default=0) > array.itemsize,
        "zero stride": lambda array: 0 in array.strides,
        "big-endian": lambda array: not array.dtype.isnative,
        "misaligned": lambda array: not array.flags.aligned and array.flags.c_contiguous,
        "packed field": lambda array: any(stride % array.itemsize for stride in array.strides),
        "read-only": lambda array: not array.flags.writeable,
        "subclass": lambda array: type(array) is not np.ndarray,
    }
    several = [array for array in seen if array.ndim > 1 and min(array.shape) > 1]
    assert [name for name, has in layouts.items() if not any(map(has, several))] == []


def values_of(*dtypes: str, **changes: Any) -> Array:
    """All elements that are drawn."""
    seen = drawn_by(kernel_of(*dtypes, **changes), Right(), 1000)
    return np.concatenate([array.reshape(-1) for array in seen])


def test_nan_infinities_and_minus_zero_are_drawn() -> None:
    values = values_of("float64")
    assert np.isnan(values).any()
    assert {np.inf, -np.inf} <= set(values[np.isinf(values)].tolist())
    assert (np.signbit(values) & (values == 0)).any()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_least_subnormals_are_drawn(dtype: str) -> None:
    values = values_of(dtype)
    least = np.finfo(dtype).smallest_subnormal
    assert {least, -least} <= set(values[values != 0].tolist())


def test_the_extremes_of_an_integer_are_drawn() -> None:
    values = values_of("int32")
    assert (values.min(), values.max()) == (-(2**31), 2**31 - 1)


def test_nat_is_drawn() -> None:
    assert np.isnat(values_of("datetime64[ns]")).any()


def test_a_kernel_that_rounds_gets_no_extremes() -> None:
    values = values_of("float64", tolerance=ROUNDS)
    assert np.nanmax(np.abs(values[np.isfinite(values)])) <= 50
    assert np.abs(values_of("int32", tolerance=ROUNDS)).max() <= 50


def shrunk(call: Callable[..., Any], kernel: Kernel = FLOATS) -> Array:
    """The smallest array on which a contestant is at fault."""
    drawn = drawn_for(call, kernel)
    assert drawn.arguments is not None
    array: Array = unpack(drawn.arguments)[0]
    return array


def test_a_column_that_is_missed_is_shown_on_one_row_of_two_values() -> None:
    def call(values: Array) -> Array:
        return row_maxima(values[:, :-1] if values.shape[1:2] > (1,) else values)

    array = shrunk(call)
    assert array.shape == (1, 2)
    assert array.flags.c_contiguous
    assert array[0, 0] < array[0, 1]


def test_a_stride_that_is_misread_is_shown_on_the_layout_that_has_it() -> None:
    def call(values: Array) -> Array:
        whole = tuple(stride // 8 * 8 for stride in values.strides)
        return row_maxima(np.lib.stride_tricks.as_strided(values, strides=whole))

    array = shrunk(call)
    assert [stride % 8 != 0 for stride in array.strides].count(True) >= 1
    assert array.size <= 4


def test_a_fault_has_both_sides() -> None:
    drawn = drawn_for(lambda values: np.fmax.reduce(values, axis=1, initial=-np.inf), FLOATS)
    assert isinstance(drawn.fault, Wrong)
    assert drawn.fault.where == "drawn inputs"


def test_a_crash_is_shrunk_as_well() -> None:
    crash = Crashed("drawn inputs", "killed by SIGSEGV")

    def ask(packed: bytes) -> Outcome:
        return crash if max(unpack(packed)[0].shape, default=0) > 2 else Right()

    drawn = draw_all(FLOATS, ask)
    assert drawn is not None
    assert drawn.fault == crash
    assert drawn.arguments is not None
    assert max(unpack(drawn.arguments)[0].shape) == 3


def test_a_hang_is_not_tried_again() -> None:
    seen = drawn_by(FLOATS, TimedOut("drawn inputs", 5))
    assert len(seen) == 1


def test_refusals_are_counted_with_the_first_reason() -> None:
    def call(values: Array) -> Array:
        if not values.flags.c_contiguous:
            raise ValueError("expected C order")
        return row_maxima(values)

    drawn = drawn_for(call, FLOATS)
    assert drawn.right + drawn.refused == EXAMPLES
    assert min(drawn.right, drawn.refused) > 0
    assert drawn.reason == "ValueError: expected C order"


@pytest.mark.parametrize("reply", [Right(), Unsupported("TypeError: no"), NotMade()])
def test_without_a_fault_there_are_no_arguments(reply: Outcome | NotMade) -> None:
    drawn = draw_all(FLOATS, lambda _: reply, 5)
    assert drawn is not None
    assert (drawn.arguments, drawn.fault) == (None, None)


def test_what_the_reference_cannot_do_is_not_asked() -> None:
    def reference(_: Array) -> Array:
        raise IndexError("too far")

    kernel = kernel_of("float64")
    broken = Kernel(
        question=kernel.question,
        reference=reference,
        inputs=kernel.inputs,
        cases=kernel.cases,
        dtypes=kernel.dtypes,
        bytes_moved=kernel.bytes_moved,
    )
    packed = pack((np.zeros((1, 1)),))
    assert tried(Subject(row_maxima, {}, Tolerance(), broken), packed) == NotMade()


def test_most_arrays_that_are_drawn_have_elements_to_be_wrong_on() -> None:
    drawn = drawn_by(kernel_of("float64"), Right())
    assert sum(0 in array.shape for array in drawn) < len(drawn) / 4
    assert sum(min(array.shape, default=0) > 1 for array in drawn) > len(drawn) / 3


def test_fortran_order_with_negative_strides_is_drawn() -> None:
    def dislikes_them(values: Array) -> Array:
        odd = values.ndim == 2 and values.size and 0 > values.strides[0] > values.strides[1]
        return row_maxima(values) + bool(odd)

    drawn = drawn_for(dislikes_them, kernel_of("float64", tolerance=ROUNDS))
    assert drawn.arguments is not None
    down, across = unpack(drawn.arguments)[0].strides
    assert 0 > down > across


@pytest.mark.parametrize("of", [8, 16, 32, 64])
def test_some_axes_are_longer_than_a_body_of_vectors(of: int) -> None:
    seen = drawn_by(FLOATS, Right())
    for axis in (0, 1):
        assert any(array.shape[axis] > of for array in seen if array.ndim == 2)


def test_most_arrays_that_are_drawn_are_small() -> None:
    sizes = sorted(array.size for array in drawn_by(FLOATS, Right()))
    assert sizes[len(sizes) // 2] <= 36
    assert sizes[-1] <= 70 * 70


def test_a_long_array_holds_numbers_that_differ_and_odd_ones() -> None:
    long = [a for a in drawn_by(FLOATS, Right(), 300) if max(a.shape, default=0) > 6]
    assert any(np.isnan(values).any() and not np.isnan(values).all() for values in long)
    assert all(len(np.unique(values)) > 1 for values in long if values.strides[0])


def test_nan_that_is_lost_where_many_rows_are_taken_at_a_time_is_found() -> None:
    def call(values: Array) -> Array:
        maxima = row_maxima(values)
        body = len(values) // 32 * 32
        maxima[:body] = np.fmax.reduce(values[:body], axis=1)
        return maxima

    array = shrunk(call)
    assert len(array) >= 32
    assert np.isnan(array).any()


def test_an_answer_that_is_a_view_is_right_where_the_references_is_one() -> None:
    def firsts(values: Array) -> Array:
        first: Array = values[:, :1]
        return first

    kernel = dataclasses.replace(FLOATS, reference=firsts)
    assert drawn_for(firsts, kernel).fault is None
    assert isinstance(drawn_for(lambda values: values[:, :1].reshape(-1), kernel).fault, Wrong)


def test_an_answer_that_cannot_be_sent_is_not_asked_for() -> None:
    kernel = dataclasses.replace(FLOATS, reference=lambda values: (row for row in values))
    packed = pack((np.zeros((1, 1)),))
    assert tried(Subject(kernel.reference, {}, Tolerance(), kernel), packed) == NotMade()
