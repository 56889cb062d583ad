"""Packed arguments: what another process reads is the same, also in memory."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whichext.load.packing import pack, unpack
from whichext.model.call import Call
from whichext.verify.inputs.layouts import Subclass, layouts_of
from whichext.verify.inputs.strategies import array

Array = npt.NDArray[Any]
DTYPES = ("bool", "int8", "uint64", "float16", "float64", "complex128", "datetime64[s]", "<U3")


def traits(one: Array) -> tuple[object, ...]:
    """All that packing promises to keep."""
    flags = one.flags
    return one.dtype, one.shape, one.strides, flags.aligned, flags.writeable, type(one)


@given(array(ndim=(2, 0, 1, 3), dtypes=DTYPES))
@settings(deadline=None)
def test_an_array_comes_back_with_its_layout_and_elements(one: Array) -> None:
    (again,) = unpack(pack((one,)))
    assert again.tobytes() == one.tobytes()
    if one.size:
        assert traits(again) == traits(one)


@pytest.mark.parametrize("name", layouts_of(np.dtype(np.int32)))
def test_every_layout_comes_back(name: str) -> None:
    one = layouts_of(np.dtype(np.int32))[name](np.arange(6, dtype=np.int32).reshape(2, 3))
    (again,) = unpack(pack((one,)))
    assert traits(again) == traits(one)
    np.testing.assert_array_equal(again, one)


def test_times_keep_their_byte_order_which_pickling_loses() -> None:
    (again,) = unpack(pack((np.array([1], ">M8[s]"),)))
    assert (again.dtype, again.tobytes()) == (np.dtype(">M8[s]"), bytes(7) + b"\x01")


def test_a_subclass_comes_back_as_one() -> None:
    (again,) = unpack(pack((np.arange(3).view(Subclass),)))
    assert type(again) is Subclass


def test_what_lies_between_the_elements_comes_back_too() -> None:
    (again,) = unpack(pack((np.arange(6)[::2],)))
    assert np.lib.stride_tricks.as_strided(again, (5,), (8,)).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "value",
    [
        np.array(["a", None, 3], dtype=object),
        np.array(["a", "bcd"], dtype=np.dtypes.StringDType()),
        {"a": [1, 2.5, "x", b"y", None]},
        "text",
    ],
    ids=["objects", "texts", "a dict", "a text"],
)
def test_what_is_no_array_of_numbers_comes_back(value: Any) -> None:
    (again,) = unpack(pack((value,)))
    assert type(again) is type(value)
    assert np.array_equal(again, value) if isinstance(value, np.ndarray) else again == value


def test_a_call_keeps_its_keywords() -> None:
    again = unpack(pack(Call(1, 2, window=5)))
    assert isinstance(again, Call)
    assert (tuple(again), again.keywords) == ((1, 2, 5), ("window",))


def test_a_function_of_a_kernel_comes_back_as_what_it_does() -> None:
    offset = 3

    def add(value: int) -> int:
        return value + offset

    (again,) = unpack(pack((add,)))
    assert again(4) == 7


@given(st.lists(st.integers()))
def test_equal_arguments_are_packed_alike(values: list[int]) -> None:
    assert pack((list(values),)) == pack((list(values),))


@pytest.mark.parametrize("name", ["bool", "int8", "int64", "float64", "complex128", "O"])
@pytest.mark.parametrize("where", ["array", "dtype", "within a list"])
def test_a_dtype_comes_back_as_the_one_that_numpy_has(name: str, where: str) -> None:
    # Ufuncs find their fast ways by it: np.add.at takes 40 times as long with an equal one.
    dtype = np.dtype(name)
    one = {"array": np.zeros(3, dtype), "dtype": dtype, "within a list": [np.zeros(3, dtype)]}
    (again,) = unpack(pack((one[where],)))
    found = again[0] if isinstance(again, list) else again
    assert getattr(found, "dtype", found) is dtype


def test_an_open_file_stays_where_it_is(tmp_path: Path) -> None:
    with (tmp_path / "text").open("w") as file, pytest.raises(TypeError, match="open file"):
        pack((file,))


def test_the_streams_of_the_process_may_be_named() -> None:
    assert unpack(pack((lambda: print(file=sys.stdout),)))


@functools.lru_cache
def importable(number: int) -> int:
    return number


def test_a_function_that_remembers_comes_back_without_what_it_remembers() -> None:
    @functools.lru_cache(maxsize=3, typed=True)
    def tripled(number: int) -> int:
        return 3 * number

    tripled(4)
    (again,) = unpack(pack((tripled,)))
    assert again.cache_info() == (0, 0, 3, 0)
    assert again.cache_parameters() == {"maxsize": 3, "typed": True}
    assert again(4) == 12
    assert unpack(pack((lambda number: tripled(number),)))[0](4) == 12


def test_a_function_that_remembers_its_own_answers_on_the_way_comes_back() -> None:
    @functools.cache
    def fibonacci(number: int) -> int:
        return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)

    (again,) = unpack(pack((fibonacci,)))
    assert again(60) == 1548008755920
    assert again.cache_info().misses == 61


def test_a_function_that_remembers_and_can_be_imported_is_sent_by_its_name() -> None:
    (again,) = unpack(pack((importable,)))
    assert again is importable


class Single:
    """An object that pickling finds by its name."""

    def __reduce__(self) -> str:
        return "SINGLE"


def test_what_has_a_name_in_a_script_alone_is_refused() -> None:
    one = Single()
    one.__module__ = "__main__"
    with pytest.raises(TypeError, match="this process alone"):
        pack((one,))
