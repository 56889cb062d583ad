"""How closely answers must agree, in words."""

from __future__ import annotations

import pytest

from whichext.model.kernel import Tolerance

ALIKE = "0.0 and -0.0 count as equal, and so do all NaN."


@pytest.mark.parametrize(
    ("tolerance", "sentence"),
    [
        (Tolerance(), f"Answers must be exactly the reference's. {ALIKE}"),
        (
            Tolerance(relative=1e-12, reason="sums may be added in any order"),
            "Answers may differ from the reference's by 1e-12 of the value: "
            f"sums may be added in any order. {ALIKE}",
        ),
        (
            Tolerance(relative=0.01, absolute=2.5, reason="it is drawn by lot"),
            "Answers may differ from the reference's by 0.01 of the value and 2.5: "
            f"it is drawn by lot. {ALIKE}",
        ),
    ],
)
def test_a_tolerance_says_in_a_sentence_how_answers_compare(
    tolerance: Tolerance, sentence: str
) -> None:
    assert tolerance.sentence == sentence
