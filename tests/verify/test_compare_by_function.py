"""Answers that a function of the kernel's compares."""

from __future__ import annotations

import numpy as np

from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference
from whichext.verify.parts import describe

CLOSE = Tolerance(equal=np.allclose)
MAXIMA = np.array([3.0, 7.0, 5.0])


def test_the_function_alone_decides() -> None:
    assert find_difference(MAXIMA, MAXIMA + 1e-12, CLOSE) is None
    assert find_difference(MAXIMA, MAXIMA.tolist(), CLOSE) is None
    found = find_difference(MAXIMA, MAXIMA + 1, CLOSE)
    assert found is not None
    assert (found.expected, found.got) == (describe(MAXIMA), describe(MAXIMA))


def test_an_answer_on_which_it_fails_is_another_one_with_the_reason() -> None:
    found = find_difference(MAXIMA, MAXIMA[:2], CLOSE)
    assert found is not None
    assert found.expected == describe(MAXIMA)
    assert found.got.startswith(f"{describe(MAXIMA[:2])}, on which allclose() raises ValueError: ")
