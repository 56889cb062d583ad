"""How much memory values take: exact where that is known, and near it elsewhere."""

from __future__ import annotations

import sys
from collections import deque
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from whichext.model.sizes import own_bytes, size_bytes

NUMBER = 32  # 28 in memory that is taken in steps of 16


def in_steps(*values: object) -> int:
    """Bytes of objects that lie in a list."""
    return sum(-(-sys.getsizeof(one) // 16) * 16 for one in values)


def numbers(count: int) -> list[int]:
    """Numbers that are objects of their own."""
    return list(range(10**6, 10**6 + count))


@pytest.mark.parametrize(
    "value",
    ["a" * 1000, "\N{GREEK SMALL LETTER PI}" * 1000, b"a" * 1000, bytearray(1000), 10**100, None],
)
def test_texts_bytes_and_numbers_have_the_size_that_python_tells(value: object) -> None:
    assert size_bytes(value) == sys.getsizeof(value)


@pytest.mark.parametrize("dtype", ["float64", "int8", "<U6", "datetime64[ns]"])
def test_an_array_has_its_bytes(dtype: str) -> None:
    assert size_bytes(np.zeros((30, 40), dtype)) == np.zeros((30, 40), dtype).nbytes


def test_a_view_of_another_librarys_memory_has_the_bytes_that_it_states() -> None:
    assert size_bytes(memoryview(bytes(5000))) == 5000


@pytest.mark.parametrize("count", [0, 3, 1000])
def test_a_short_list_is_its_references_and_its_elements(count: int) -> None:
    values = numbers(count)
    assert size_bytes(values) == sys.getsizeof(values) + count * NUMBER


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, deque])
def test_of_a_long_one_some_elements_stand_for_all(kind: type) -> None:
    values = kind(numbers(100_000))
    assert size_bytes(values) == sys.getsizeof(values) + 100_000 * NUMBER


def test_elements_all_over_a_list_are_looked_at() -> None:
    values: list[object] = [*numbers(50_000), *("text" * 500 + str(n) for n in range(50_000))]
    expected = sys.getsizeof(values) + in_steps(*values)
    assert size_bytes(values) == pytest.approx(expected, rel=0.02)


def test_keys_and_values_of_a_dict_both_count() -> None:
    by_name = {str(n): n for n in numbers(50_000)}
    assert size_bytes(by_name) == sys.getsizeof(by_name) + in_steps(*by_name, *by_name.values())


def test_lists_in_lists_count_to_the_last_level() -> None:
    rows = [numbers(200) for _ in range(300)]
    expected = sys.getsizeof(rows) + 300 * (sys.getsizeof(rows[0]) + 200 * NUMBER)
    assert size_bytes(rows) == pytest.approx(expected, rel=0.01)


def test_what_is_there_a_thousand_times_counts_once() -> None:
    text = "word" * 100
    values = [text] * 100_000
    assert size_bytes(values) == sys.getsizeof(values) + in_steps(text)


def test_arrays_in_a_list_and_in_an_object_count() -> None:
    array = np.zeros(100_000)
    assert size_bytes([array, array.copy()]) == pytest.approx(2 * array.nbytes, rel=0.01)
    assert size_bytes(SimpleNamespace(values=array)) == pytest.approx(array.nbytes, rel=0.01)


def test_of_many_records_not_only_the_first_attribute_counts() -> None:
    records = [{"name": str(n), "values": numbers(100)} for n in range(5000)]
    objects = [SimpleNamespace(**record) for record in records]
    of_values = 5000 * (sys.getsizeof(records[0]["values"]) + 100 * NUMBER)
    assert size_bytes(records) == pytest.approx(of_values, rel=0.15)
    assert size_bytes(objects) == pytest.approx(of_values, rel=0.15)


def test_objects_in_an_array_count_beside_their_references() -> None:
    values = np.array(numbers(5000), object)
    assert size_bytes(values) == 5000 * (8 + NUMBER)


@pytest.mark.parametrize(("length", "outside"), [(10, 0), (100, 100)])
def test_long_texts_of_an_array_lie_beside_it(length: int, outside: int) -> None:
    texts = np.array(["a" * length] * 5000, np.dtypes.StringDType())
    assert size_bytes(texts) == texts.nbytes + 5000 * outside


def test_a_list_that_lies_in_itself_counts_once() -> None:
    values: list[Any] = []
    values.append(values)
    assert size_bytes(values) == sys.getsizeof(values)


def test_lists_that_lie_a_thousand_deep_end() -> None:
    values: list[Any] = []
    for _ in range(2000):
        values = [values]
    assert size_bytes(values) > sys.getsizeof(values)


def test_an_object_that_does_not_know_its_size_counts_as_nothing() -> None:
    class Odd:
        __slots__ = ()

        def __sizeof__(self) -> int:
            raise RuntimeError("who knows")

    assert size_bytes(Odd()) == 0


def test_a_function_has_the_size_of_its_object_alone() -> None:
    assert size_bytes(len) == sys.getsizeof(len)
    assert size_bytes(np) == sys.getsizeof(np)


# What is given back when an answer is dropped


def test_the_elements_of_a_new_list_are_its_own() -> None:
    values = numbers(5000)
    assert own_bytes(values) == size_bytes(values)
    rows = [numbers(20) for _ in range(100)]
    assert own_bytes(rows) == size_bytes(rows)


def test_the_elements_of_another_list_are_not() -> None:
    values = numbers(5000)
    again = sorted(values, reverse=True)
    assert own_bytes(again) == sys.getsizeof(again)
    assert own_bytes({"a": values}) < 1000


def test_keys_and_values_of_a_new_dict_are_its_own() -> None:
    values = {f"key {n}": n for n in numbers(3000)}
    assert own_bytes(values) == size_bytes(values)


def test_arrays_are_left_to_those_who_know_what_they_share() -> None:
    assert own_bytes(np.zeros(10_000)) == 0
    assert own_bytes([np.zeros(10_000)]) < 1000
