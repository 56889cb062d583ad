"""Claims as a result keeps them."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from support.races import DEBUG, OTHER, OURS, held, trial_of, with_common_factors, with_held
from support.results import CRASHED, make_race
from whichext.judge import judge_again
from whichext.judge.claims.hold import hold
from whichext.model.claim import ClaimResult
from whichext.report import result_file

TWICE = make_race({OTHER: [2_000] * 5, OURS: [1_000] * 5})
"""OURS is exactly twice as fast as OTHER, in every epoch."""


def test_a_claim_is_kept_with_its_names_and_what_its_author_told() -> None:
    trial = replace(trial_of(f"{OURS} is 2x faster than {OTHER}"), source="a talk", note="old")
    found = hold(trial, TWICE)
    assert (found.text, found.names) == (trial.claim.text, (OURS, OTHER))
    assert (found.source, found.published, found.note) == ("a talk", None, "old")
    assert found.statement.words == "2x"


def test_a_result_has_the_claims_in_their_order() -> None:
    texts = [f"{OURS} is {number}x faster than {OTHER}" for number in (3, 1.5)]
    view = with_held(TWICE, *texts)
    assert [claim.text for claim in view.judged.claims] == texts
    assert view.judged.rows == TWICE.judged.rows


def test_claims_stay_where_ratios_refer_to_another_baseline() -> None:
    view = with_held(TWICE, f"{OURS} is 1.5x faster than {OTHER}")
    assert judge_again(view, OURS).judged.claims == view.judged.claims


@pytest.mark.parametrize(
    "text",
    [
        f"{OURS} is 2x faster than {DEBUG}",
        f"{OURS} is at most 1.95x faster than {OTHER} on small and tall",
        f"{OURS} is as fast as zig.total",
        f"{OURS} reaches 0.9 of the limit",
        f"{OURS} uses 1 thread",
    ],
)
def test_a_claim_comes_back_from_json_as_it_was(text: str) -> None:
    times = {DEBUG: [4_000] * 5, OTHER: [1_900, 2_100, 1_950, 2_050, 2_000], OURS: [1_000] * 5}
    found = held(
        text, with_common_factors(make_race(times, {"zig.total": CRASHED}), optimisation="O3")
    )
    assert msgspec.json.decode(msgspec.json.encode(found), type=ClaimResult) == found


def test_a_result_file_holds_the_claims() -> None:
    view = with_held(
        TWICE, f"{OURS} is 1.5x faster than {OTHER}", f"{OURS} is faster than go.total"
    )
    assert result_file.parse(result_file.encode(view), "r.json").judged.claims == view.judged.claims
