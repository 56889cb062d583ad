"""How much a toolchain would have to be worth for another answer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from support.races import CY, CY2, NUMPY, RS, RS2, decide, decided, decision_of
from whichext.judge import decision
from whichext.model.decision import GREATEST_MIN_SPEEDUP, Answer
from whichext.model.view import View

USE_REFERENCE = Answer.USE_REFERENCE


def answers(result: View) -> list[tuple[float, Answer]]:
    return [(one.min_speedup, one.answer) for one in decision_of(result).thresholds]


def test_from_as_much_as_it_is_faster_on_it_is_not_worth_it() -> None:
    (start, first), *_, (end, last) = answers(decide({"wide": {NUMPY: 3000, CY: 1000}}))
    assert (start, first, last) == (1, Answer.USE, USE_REFERENCE)
    assert end == pytest.approx(3, rel=0.03)


def test_between_the_two_lies_what_the_interval_cannot_tell() -> None:
    found = answers(decide({"wide": {NUMPY: 3000, CY: 1000}}, spread=0.1))
    assert [answer for _, answer in found] == [
        Answer.USE,
        Answer.UNRESOLVED,
        USE_REFERENCE,
    ]


def test_a_small_difference_matters_to_whom_little_is_worth_a_toolchain() -> None:
    (_, first), (border, second), *_ = answers(decide({"wide": {NUMPY: 4000, CY: 1100, RS: 1000}}))
    assert (first, second) == (Answer.USE, Answer.NO_DIFFERENCE)
    assert border == pytest.approx(1.1, rel=0.03)


def test_what_is_never_in_question_has_one_answer() -> None:
    assert answers(decide({"wide": {NUMPY: 1000, CY: 3000}})) == [(1, USE_REFERENCE)]


def test_each_answer_is_the_recommendation_for_what_it_is_worth() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1100, RS: 1000}}, spread=0.03)
    for one in decision_of(result).thresholds:
        assert 1 <= one.min_speedup <= GREATEST_MIN_SPEEDUP
        choice = decision_of(result, one.min_speedup).overall
        assert choice.answer is one.answer
        assert one.contestants == (choice.equals or (NUMPY,) * (choice.answer is USE_REFERENCE))


@pytest.mark.parametrize("seed", range(5))
def test_between_two_of_them_the_answer_stays_as_it_is(seed: int) -> None:
    times = {NUMPY: 4000, CY: 1100, RS: 1000, CY2: 700}
    result = decide({"wide": times, "tall": times}, spread=0.03, seed=seed)
    found = decision_of(result).thresholds
    for one, after in pairwise(found):
        middle = (one.min_speedup * after.min_speedup) ** 0.5
        asked = decision_of(result, middle)
        # An answer that holds for less than 1 % stands among them only where it is asked for.
        there = next(o for o in reversed(asked.thresholds) if o.min_speedup <= middle)
        assert there.answer is asked.overall.answer


def test_an_answer_that_holds_for_hardly_any_threshold_is_left_out_unless_it_is_asked_for() -> None:
    result = decide({"wide": {NUMPY: 3000, CY: 1000}}, spread=0.001)
    assert [answer for _, answer in answers(result)] == [Answer.USE, USE_REFERENCE]
    edge = decision_of(result).candidate(CY).mean.inverse
    assert edge.high is not None
    asked = decision_of(result, edge.value)
    assert asked.overall.answer is Answer.UNRESOLVED
    assert Answer.UNRESOLVED in [one.answer for one in asked.thresholds]


def test_few_thresholds_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {NUMPY: 4000, CY: 1010, RS: 1000, CY2: 700, RS2: 690}
    result = decide({"wide": times, "tall": times})
    asked: list[float] = []
    pick = decision._pick
    monkeypatch.setattr(
        decision,
        "_pick",
        lambda contest, least: (asked.append(least.value), pick(contest, least))[1],
    )
    decided(result)
    pairs = 4 * 3 // 2
    assert len(asked) <= 2 * (4 + pairs)
