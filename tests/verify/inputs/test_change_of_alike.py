"""Changes of inputs whose elements are all alike, and of what is neither an array nor a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from support.contestants import make_kernel
from whichext.model.case import Case
from whichext.model.kernel import Kernel
from whichext.verify.inputs import strategies
from whichext.verify.inputs.change import find_change


@pytest.mark.parametrize(
    "values",
    [
        np.ones(1000),
        np.zeros((3, 4)),
        np.full((3, 4), 7, order="F"),
        np.array(2.0),
        np.zeros(3, "uint8"),
        np.ones(3, bool),
        np.full(5, np.nan),
        np.ones(3, complex),
        np.zeros(3, "M8[D]"),
        np.array(["ab", "ab"]),
        np.array([1, 1], dtype=object),
        [1.0] * 1000,
        [0],
        ["word"] * 3,
        [(1, "x")] * 2,
        bytearray(b"aa"),
        {"a": 1.0, "b": 1.0},
        {"a": np.ones(3), "b": np.ones(3)},
        {"deep": [[1.0], [1.0]]},
        (np.ones(3), np.ones(3)),
    ],
    ids=str,
)
def test_where_all_elements_are_alike_one_gets_another_value(values: Any) -> None:
    before = repr(values)
    found = find_change(freely(content), (values,), content(values))
    assert found is not None
    assert repr(values) == before
    found.make((values,))
    assert content(values) == found.answer != before
    found.undo((values,))
    assert repr(values) == before


def test_a_table_and_a_sparse_matrix_are_changed_in_their_place() -> None:
    table = pd.DataFrame({"a": np.ones(3), "b": ["x", "y", "y"]})
    for values in (table, table["b"], table[["b"]], sparse.csr_array(np.eye(3))):
        before = content(values)
        found = find_change(freely(content), (values,), before)
        assert found is not None
        found.make((values,))
        assert content(values) == found.answer != before
        found.undo((values,))
        assert content(values) == before


def test_a_number_of_a_dict_is_no_value_for_a_text_in_it() -> None:
    values = {"name": "x", "n": 3, "most": 5}
    found = find_change(freely(lambda one: one["n"]), (values,), 3)
    assert found is not None
    assert (found.place, found.after) == (("n",), [5])


def test_the_last_of_many_alike_is_changed_too() -> None:
    values = np.ones(10_000)
    found = find_change(freely(lambda one: one[-1]), (values,), values[-1])
    assert found is not None
    assert found.place == (9_999,)


def test_another_value_stays_within_what_the_kernel_says() -> None:
    labels = {
        "labels": strategies.array(dtypes="int64", min_value=0, max_value=0),
        "n": strategies.just(1),
    }
    count = freely(lambda labels, n: np.bincount(labels, minlength=n), arguments=labels)
    values = (np.zeros(5, np.int64), 1)
    assert find_change(count, values, np.array([5])) is None


def freely(reference: Callable[..., Any], **changes: Any) -> Kernel:
    """A kernel with that reference that does not say what its arguments may be."""
    return replace(make_kernel(Case(name="any")), reference=reference, **changes)


def content(values: Any) -> str:
    """All that lies in an input, as a text."""
    if isinstance(values, dict):
        return str({key: content(one) for key, one in values.items()})
    if isinstance(values, list | tuple):
        return str(list(map(content, values)))
    dense: Any = getattr(values, "toarray", lambda: values)()
    return repr(np.asarray(dense).tolist())
