"""The change of one element that comes with a nasty input that must be answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from whichext.model.case import Case
from whichext.model.kernel import Kernel, Prepared
from whichext.verify.inputs.nasty import nasty_inputs


def nasty(reference: Callable[..., Any]) -> dict[str, Prepared]:
    """The nasty inputs of a kernel whose values all differ."""
    kernel = Kernel(
        question="What changes?",
        reference=reference,
        inputs=lambda case: (np.arange(np.prod(case.shape), dtype=case.dtype).reshape(case.shape),),
        cases=(Case(name="big", shape=(100, 100), dtype="float64"),),
        dtypes=("float64",),
        bytes_moved=lambda _: 0,
    )
    return nasty_inputs(kernel)


def test_the_arrays_that_must_be_answered_have_a_change_and_no_others() -> None:
    found = {name for name, one in nasty(lambda v: v.tolist()).items() if one.change is not None}
    assert found == {"float64 plain", "float64 odd shape"}


def test_a_change_has_the_references_answer_to_it() -> None:
    prepared = nasty(lambda values: values.max(axis=1, initial=-np.inf))["float64 odd shape"]
    assert prepared.change is not None
    (values,) = prepared.arguments
    changed = values.copy()
    prepared.change.make((changed,))
    np.testing.assert_array_equal(prepared.change.answer, changed.max(axis=1))
    assert (changed != values).sum() == 1
    assert not np.array_equal(prepared.change.answer, prepared.answer)


def test_an_answer_that_is_a_view_changes_by_itself() -> None:
    prepared = nasty(lambda values: (values[:1], values.sum()))["float64 plain"]
    assert prepared.change is None
