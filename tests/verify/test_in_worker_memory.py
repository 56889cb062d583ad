"""Memory of a call on a case, as verify measures it in the contestant's process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.kernel import Prepared, Tolerance
from whichext.system.workers.worker import Subject
from whichext.verify.in_worker import Tried, Try, answer

Array = npt.NDArray[Any]
Call = Callable[..., Any]


def row_maxima(values: Array) -> Array:
    maxima: Array = values.max(axis=1)
    return maxima


def plain() -> Prepared:
    values = np.arange(12.0).reshape(3, 4)
    return Prepared((values,), row_maxima(values))


def refusing(values: Array) -> Array:
    raise TypeError(f"no {values.dtype}")


def measured(call: Call, prepared: Prepared, again_ns: int | None = 10**9) -> Tried:
    """What becomes of a call whose memory is measured."""
    subject = Subject(call, {"case": prepared}, Tolerance())
    found = answer(subject, Try("case", again_ns=again_ns))
    assert isinstance(found, Tried)
    return found


def test_small_arguments_are_called_before_those_that_count() -> None:
    seen: list[int] = []

    def call(values: Array) -> Array:
        seen.append(len(values))
        return row_maxima(values)

    values = np.arange(12.0).reshape(3, 4)
    measured(call, Prepared((values,), row_maxima(values), small=(values[:1],)))
    assert seen[:2] == [1, 3]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells")
def test_the_memory_of_a_call_is_measured_where_that_is_asked() -> None:
    assert measured(row_maxima, plain()).memory is not None
    assert measured(row_maxima, plain(), None).memory is None


@pytest.mark.parametrize("call", [refusing, lambda _: None])
def test_of_an_answer_that_is_not_right_no_memory_is_told(call: Call) -> None:
    assert measured(call, plain()).memory is None
