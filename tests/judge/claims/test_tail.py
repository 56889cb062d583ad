"""Claims about tail latencies, held against races of several callers."""

from __future__ import annotations

import pytest

from support.races import OTHER, OURS, held
from support.results import make_race, steady
from support.tails import with_tails
from whichext.model.claim import Standing
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import View

HOLDS, REFUTED, UNRESOLVED = Standing.HOLDS, Standing.REFUTED, Standing.UNRESOLVED
ALONE = make_race({OTHER: steady(2_000), OURS: steady(1_000)})
TAILS = with_tails(ALONE, {OTHER: 10_000, OURS: 30_000})
"""OURS is twice as fast, and its tail three times as long."""


def standing(text: str, view: View = TAILS) -> Standing:
    return held(f"{OURS} {text} {OTHER}", view).standing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has at most 4x the tail of", HOLDS),
        ("has at most 2x the tail of", REFUTED),
        ("has 2x the tail of", HOLDS),
        ("has about 3x the tail of", HOLDS),
        ("has at most 3x the tail of", UNRESOLVED),
        ("has half the tail of", REFUTED),
        ("has a longer tail than", HOLDS),
        ("has a shorter tail than", REFUTED),
        ("is 1.9x faster than", HOLDS),
    ],
)
def test_a_claim_about_tails_is_held_against_their_ratio(text: str, expected: Standing) -> None:
    assert standing(text) is expected


@pytest.mark.parametrize("text", ["has a longer tail than", "has at most 4x the tail of"])
def test_without_several_callers_or_enough_calls_a_claim_about_tails_is_unresolved(
    text: str,
) -> None:
    assert standing(text, ALONE) is UNRESOLVED
    few = with_tails(ALONE, {OTHER: 10_000, OURS: 30_000}, calls=3)
    assert standing(text, few) is UNRESOLVED


def test_the_answer_has_the_ratio_of_the_tails_and_their_verdict() -> None:
    (case,) = held(f"{OURS} has a shorter tail than {OTHER}", TAILS).cases
    assert isinstance(case.measured, Ratio)
    assert (case.measured.value, case.verdict) == (pytest.approx(3, rel=0.03), Verdict.SLOWER)
