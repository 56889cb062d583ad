"""What shows that arguments were changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

import dask.array
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from whichext.verify.fingerprints import fingerprint, fingerprints

LARGE = 1 << 18
"""Elements of eight bytes that are more than are kept whole."""


@pytest.mark.parametrize("size", [3, LARGE, LARGE + 5])
@pytest.mark.parametrize("place", [0, -1])
def test_one_changed_element_changes_it(size: int, place: int) -> None:
    values = np.arange(size)
    before = fingerprint(values)
    assert fingerprint(values) == before
    values[place] += 1
    assert fingerprint(values) != before


def test_neighbours_that_change_places_change_it() -> None:
    values = np.arange(LARGE)
    before = fingerprint(values)
    values[[6, 7]] = values[[7, 6]]
    assert fingerprint(values) != before


def test_it_is_small_for_a_large_array() -> None:
    kept = fingerprint(np.arange(4 * LARGE + 5))
    assert isinstance(kept, tuple)
    assert sum(len(part) for part in kept) < 30_000


def test_of_arguments_only_what_can_be_written_to_has_one() -> None:
    values = np.arange(3)
    assert fingerprints((values, "axis", 1, b"", None, len)) == (fingerprint(values),)


@pytest.mark.parametrize(
    ("argument", "write"),
    [
        (["a", "b"], list.pop),
        ({"a": [1]}, lambda table: table["a"].append(2)),
        ({1, 2}, set.pop),
        (bytearray(b"ab"), bytearray.reverse),
        (np.array([[1], [2]], object), lambda values: values[1].fill(3)),
        (np.array(["a" * 40, "b"], "T"), lambda texts: texts.__setitem__(0, "c" * 40)),
        ([np.arange(3)], lambda arrays: arrays[0].fill(7)),
    ],
)
def test_a_written_argument_of_any_kind_shows(argument: Any, write: Callable[[Any], Any]) -> None:
    before = fingerprints((argument,))
    assert fingerprints((argument,)) == before
    write(argument)
    assert fingerprints((argument,)) != before


def test_what_cannot_be_looked_at_counts_by_its_class() -> None:
    for one in ((n for n in [1]), threading.Lock()):
        before = fingerprints((one, [lambda: 1, one]))
        assert None not in before
        assert fingerprints((one, [lambda: 1, one])) == before


def local_class() -> Any:
    """A class that no other process could import, with slots and an attribute that is kept."""

    class Sloted:
        __slots__ = ("inner",)

    class Local(Sloted):
        def __init__(self) -> None:
            self.inner = [1]
            self.values = np.arange(3)
            self.lock = threading.Lock()
            self.call = lambda: 1

        @cached_property
        def total(self) -> int:
            return int(self.values.sum())

        def __hash__(self) -> int:
            return 1

    return Local()


@pytest.mark.parametrize(
    "write",
    [
        lambda one: setattr(one, "more", 1),
        lambda one: setattr(one, "_private", 1),
        lambda one: setattr(one, "inner", [2]),
        lambda one: one.inner.append(2),
        lambda one: one.values.fill(7),
        lambda one: delattr(one, "values"),
    ],
)
def test_attributes_and_slots_count_also_of_a_class_of_a_script(
    write: Callable[[Any], Any],
) -> None:
    for wrapped in (lambda one: (one,), lambda one: ({"a": [one]},)):
        one = local_class()
        arguments = wrapped(one)
        before = fingerprints(arguments)
        assert fingerprints(arguments) == before
        write(one)
        assert fingerprints(arguments) != before


def test_a_cached_property_does_not_count() -> None:
    one = local_class()
    before = fingerprints((one,))
    assert one.total == 3
    assert "total" in vars(one)
    assert fingerprints((one,)) == before


def matrices() -> list[Any]:
    """A sparse matrix of each format, in which nothing was looked up yet."""
    formats = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")
    one: Any = sparse.csr_array(np.eye(3))
    return [one.asformat(other) for other in formats] + [sparse.csr_matrix(np.eye(3))]


@pytest.mark.parametrize("matrix", matrices(), ids=lambda one: type(one).__name__)
def test_what_a_sparse_matrix_keeps_is_no_change_and_another_value_is(matrix: Any) -> None:
    before = fingerprints((matrix,))
    matrix.sum(axis=0)
    matrix.tocsr()
    assert hasattr(matrix, "has_canonical_format") == (matrix.format not in ("dia", "lil", "dok"))
    assert fingerprints((matrix,)) == before
    matrix *= 2
    assert fingerprints((matrix,)) != before


@pytest.mark.parametrize(
    "write",
    [
        lambda table: table.iloc.__setitem__((0, 0), 7),
        lambda table: table.insert(0, "more", 1),
        lambda table: setattr(table, "columns", ["a", "b"]),
        lambda table: table.pop("a"),
    ],
)
def test_what_a_table_keeps_is_no_change_and_another_value_or_label_is(
    write: Callable[[Any], Any],
) -> None:
    table = pd.DataFrame({"a": [1, 2, 3]})
    table["c"] = [4, 5, 6]  # in a block of its own, until pandas puts them together
    before = fingerprints((table,))
    table._mgr.consolidate()  # as its own methods do
    table._consolidate_inplace()
    assert table["a"].is_unique
    assert table.index.is_monotonic_increasing
    assert fingerprints((table,)) == before
    write(table)
    assert fingerprints((table,)) != before


def test_a_column_counts_with_its_name() -> None:
    column = pd.Series(["x", "y"], name="a")
    before = fingerprints((column,))
    assert column.str.len().sum() == 2
    assert fingerprints((column,)) == before
    column.name = "b"
    assert fingerprints((column,)) != before


def test_what_a_dask_array_keeps_of_its_use_is_no_change_and_other_values_are() -> None:
    values = np.arange(12).reshape(4, 3)
    array = dask.array.from_array(values, chunks=(2, 3), name=False)
    before = fingerprints((array,))
    array.max(axis=0).compute(scheduler="synchronous")
    assert fingerprints((array,)) == before
    other = dask.array.from_array(values + 1, chunks=(2, 3), name=array.name)
    assert fingerprints((other,)) != before
