"""What is said of an answer that something still writes to after the call has returned."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference, find_lasting_difference
from whichext.verify.parts import Difference

EXACT = Tolerance()
MAXIMA = np.array([3.0, 7.0, 5.0])


class Written(np.ndarray[Any, np.dtype[Any]]):
    """An array of which every element is right when it is looked at by itself."""

    def __getitem__(self, key: Any) -> Any:
        return MAXIMA[key]


def test_an_answer_that_is_right_when_it_is_looked_at_again_changed_meanwhile() -> None:
    found = find_difference(MAXIMA, np.zeros(3).view(Written), EXACT)
    assert found == Difference(
        "3.0 at (0,)",
        "another value, and 3.0 only later: the answer changed after it was returned (3 of 3 "
        "values differed)",
    )


def test_a_difference_that_lasts_is_the_same() -> None:
    wrong = MAXIMA + 1
    assert find_lasting_difference(MAXIMA, MAXIMA.copy(), EXACT) is None
    assert find_lasting_difference(MAXIMA, wrong, EXACT) == find_difference(MAXIMA, wrong, EXACT)


@pytest.mark.parametrize(
    ("then", "said"), [(0.0, "then it was right"), (2.0, "then 5.0 (3 of 3 values differ)")]
)
def test_of_a_difference_that_does_not_last_what_came_of_it_is_said(
    monkeypatch: pytest.MonkeyPatch, then: float, said: str
) -> None:
    answer = MAXIMA + 1

    def write(_: float) -> None:
        answer[:] = MAXIMA + then

    monkeypatch.setattr(time, "sleep", write)
    assert find_lasting_difference(MAXIMA, answer, EXACT) == Difference(
        "3.0 at (0,)",
        f"4.0 (3 of 3 values differ); {said}: the answer changed after it was returned",
    )
