"""How much a toolchain would have to be worth for another answer."""

from __future__ import annotations

import pytest

from decisions import CY, NUMPY, RS, decide
from whichext.judge.borders import MOST_WORTH, stretches
from whichext.judge.candidates import find_field
from whichext.judge.recommendation import Answer, recommend
from whichext.model.scorecard import Scorecard


def answers(result: Scorecard) -> list[tuple[float, Answer]]:
    return [(one.worth, one.choice.answer) for one in stretches(find_field(result))]


def test_from_as_much_as_it_is_faster_on_it_is_not_worth_it() -> None:
    (start, first), *_, (end, last) = answers(decide({"wide": {NUMPY: 3000, CY: 1000}}))
    assert (start, first, last) == (1, Answer.USE, Answer.USE_REFERENCE)
    assert end == pytest.approx(3, rel=0.03)


def test_between_the_two_lies_what_the_interval_cannot_tell() -> None:
    found = answers(decide({"wide": {NUMPY: 3000, CY: 1000}}, spread=0.1))
    assert [answer for _, answer in found] == [
        Answer.USE,
        Answer.UNRESOLVED,
        Answer.USE_REFERENCE,
    ]


def test_a_small_difference_matters_to_whom_little_is_worth_a_toolchain() -> None:
    (_, first), (border, second), *_ = answers(decide({"wide": {NUMPY: 4000, CY: 1100, RS: 1000}}))
    assert (first, second) == (Answer.USE, Answer.NO_DIFFERENCE)
    assert border == pytest.approx(1.1, rel=0.03)


def test_what_is_never_in_question_has_one_answer() -> None:
    assert answers(decide({"wide": {NUMPY: 1000, CY: 3000}})) == [(1, Answer.USE_REFERENCE)]


def test_each_answer_is_the_recommendation_for_what_it_is_worth() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1100, RS: 1000}}, spread=0.03)
    for one in stretches(find_field(result)):
        assert recommend(result, one.worth).overall == one.choice
    assert all(1 <= one.worth <= MOST_WORTH for one in stretches(find_field(result)))
