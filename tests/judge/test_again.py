"""A result whose verdict is not what its samples give is found out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from inline_snapshot import snapshot

from support.contestants import make_contestant
from support.results import changed, make_race, measured_of, steady
from whichext.judge import judge_again
from whichext.judge.again import find_altered, judged_again
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import Trial, parse_claim
from whichext.model.claim import Missing, Standing
from whichext.model.contestant import Contestant
from whichext.model.ratio import Verdict
from whichext.model.view import View


@pytest.fixture
def race() -> View:
    return judged_again(make_race({"numpy": steady(1_000), "cy.total": steady(2_000)}))


def claimed(view: View, text: str, one: Contestant, other: Contestant) -> View:
    trial = Trial(claim=parse_claim(text), one=one, other=other, cases=("small",))
    return with_claims(view, [trial])


def altered(view: View, change: Any) -> str | None:
    """What is found of a result that was changed in its file."""
    encoded = (msgspec.json.encode(part) for part in (view.raw, view.judged))
    raw, judged = map(msgspec.json.decode, encoded)
    change(raw, judged)
    parts = (msgspec.convert(raw, type(view.raw)), msgspec.convert(judged, type(view.judged)))
    return find_altered(View(*parts))


def test_a_result_is_what_its_samples_give(race: View) -> None:
    assert find_altered(race) is None


def test_a_result_with_another_threshold_is_judged_with_it(race: View) -> None:
    assert find_altered(judge_again(race, "numpy", 1.7)) is None


def test_a_number_that_was_rounded_otherwise_is_the_same(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        judged["rows"][1]["outcome"]["ratio"]["low"] *= 1 + 1e-9

    assert altered(race, change) is None


def test_a_verdict_that_was_changed_by_hand_is_named(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        judged["rows"][1]["outcome"]["ratio"]["verdict"] = str(Verdict.FASTER)

    assert altered(race, change) == snapshot(
        "rows[1].outcome.ratio.verdict: its samples give 'slower', it says 'faster'"
    )


def test_samples_that_were_changed_by_hand_change_what_follows(race: View) -> None:
    def change(raw: Any, _: Any) -> None:
        for sample in raw["timings"][1]["samples"][:3]:
            sample[4] //= 4

    found = altered(race, change)
    assert found is not None
    assert found.startswith("rows[1].outcome")


def test_a_row_that_was_taken_away_is_missed(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        del judged["rows"][1]

    assert altered(race, change) == snapshot("rows: its samples give 2 of them, it says 1 of them")


def test_a_claim_is_tested_again(race: View) -> None:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    view = claimed(race, "cy.total is slower than numpy", cython, numpy)
    assert view.judged.claims[0].standing is Standing.HOLDS
    assert find_altered(view) is None

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0]["text"] = "cy.total is 5x slower than numpy"

    assert altered(view, change) is not None


def test_a_claim_of_what_did_not_race_stays_open(race: View) -> None:
    numpy, absent = make_contestant("numpy"), make_contestant("rust.total@native[2]")
    view = claimed(race, "rust.total@native[2] is faster than numpy", absent, numpy)
    assert view.judged.claims[0].cases[0].missing == (Missing("rust.total@native[2]"),)
    assert find_altered(view) is None

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0]["standing"] = str(Standing.HOLDS)

    assert altered(view, change) is not None


def test_what_is_no_claim_is_named(race: View) -> None:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    view = claimed(race, "cy.total is slower than numpy", cython, numpy)

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0]["text"] = "trust me"

    found = altered(view, change)
    assert found is not None
    assert found.startswith("claims:")


def test_samples_of_which_nothing_can_be_judged_are_no_fault_of_this_program(race: View) -> None:
    def change(raw: Any, _: Any) -> None:
        raw["sizes"] = []

    found = altered(race, change)
    assert found == snapshot("its samples cannot be judged: KeyError: 'small'")


def test_judging_again_corrects_what_was_changed(race: View) -> None:
    rows = race.judged.rows
    wrong = changed(race, rows=(rows[0], msgspec.structs.replace(rows[1], outcome=rows[0].outcome)))
    assert measured_of(judged_again(wrong), "cy.total").ratio.verdict is Verdict.SLOWER
