"""A result whose verdict is not what its samples give is found out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from inline_snapshot import snapshot

from support.contestants import make_contestant
from support.results import changed, make_race, measured_of, steady
from whichext.judge import judge_again
from whichext.judge.again import judged_again
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import Trial, parse_claim
from whichext.model.claim import Missing, Standing
from whichext.model.contestant import Contestant
from whichext.model.errors import ClaimError
from whichext.model.ratio import Verdict
from whichext.model.view import Altered, View


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
    found = judged_again(View(*parts)).altered
    return None if found is None else found.what


def test_a_result_is_what_its_samples_give(race: View) -> None:
    assert judged_again(race).altered is None


def test_a_result_with_another_threshold_is_judged_with_it(race: View) -> None:
    assert judged_again(judge_again(race, "numpy", 1.7)).altered is None


def test_a_number_that_was_rounded_otherwise_is_the_same(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        judged["rows"][1]["outcome"]["ratio"]["low"] *= 1 + 1e-9

    assert altered(race, change) is None


def test_a_verdict_that_was_changed_by_hand_is_named(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        judged["rows"][1]["outcome"]["ratio"]["verdict"] = str(Verdict.FASTER)

    assert altered(race, change) == snapshot(
        "cy.total in small: its samples give slower, it says faster"
    )


def test_samples_that_were_changed_by_hand_change_what_follows(race: View) -> None:
    def change(raw: Any, _: Any) -> None:
        for sample in raw["timings"][1]["samples"][:3]:
            sample[4] //= 4

    found = altered(race, change)
    assert found is not None
    assert found.startswith("cy.total in small")


def test_a_row_that_was_taken_away_is_missed(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        del judged["rows"][1]

    assert altered(race, change) == snapshot(
        "cy.total in small: its samples give slower, it says nothing"
    )


def test_a_claim_is_tested_again(race: View) -> None:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    view = claimed(race, "cy.total is slower than numpy", cython, numpy)
    assert view.judged.claims[0].standing is Standing.HOLDS
    assert judged_again(view).altered is None

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0]["text"] = "cy.total is 5x slower than numpy"

    assert altered(view, change) is not None


def test_a_claim_of_what_did_not_race_stays_open(race: View) -> None:
    numpy, absent = make_contestant("numpy"), make_contestant("rust.total@native[2]")
    view = claimed(race, "rust.total@native[2] is faster than numpy", absent, numpy)
    assert view.judged.claims[0].cases[0].missing == (Missing("rust.total@native[2]"),)
    assert judged_again(view).altered is None

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0]["standing"] = str(Standing.HOLDS)

    assert altered(view, change) is not None


def test_what_is_no_claim_or_is_about_others_is_refused(race: View) -> None:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    view = claimed(race, "cy.total is slower than numpy", cython, numpy)
    for text in ("trust me", "numpy is slower than cy.total", "numpy uses 1 thread"):

        def change(_: Any, judged: Any, text: str = text) -> None:
            judged["claims"][0]["text"] = text

        with pytest.raises(ClaimError):
            altered(view, change)


def test_a_claim_holds_in_all_cases_that_it_names_whatever_its_file_lists(race: View) -> None:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    view = claimed(race, "cy.total is faster than numpy", cython, numpy)

    def change(_: Any, judged: Any) -> None:
        judged["claims"][0] |= {"cases": [], "standing": str(Standing.HOLDS)}

    assert altered(view, change) == snapshot(
        "'cy.total is faster than numpy': its samples give refuted, it says holds"
    )


def test_a_leader_that_was_renamed_by_hand_is_named(race: View) -> None:
    def change(_: Any, judged: Any) -> None:
        judged["cases"][0]["leaders"]["leader"] = "cy.total"

    assert altered(race, change) == snapshot(
        "the fastest in small: its samples give numpy, it says cy.total"
    )


def test_a_number_that_was_changed_by_hand_is_named_and_is_no_verdict(race: View) -> None:
    judged = msgspec.to_builtins(race.judged)
    judged["rows"][1]["outcome"]["ratio"]["value"] = 20.0
    found = judged_again(View(race.raw, msgspec.convert(judged, type(race.judged)))).altered
    assert found == snapshot(
        Altered(
            what="rows[1].outcome.ratio.value: its samples give 2, it says 20", is_of_verdict=False
        )
    )


def test_judging_again_corrects_what_was_changed(race: View) -> None:
    rows = race.judged.rows
    wrong = changed(race, rows=(rows[0], msgspec.structs.replace(rows[1], outcome=rows[0].outcome)))
    assert measured_of(judged_again(wrong), "cy.total").ratio.verdict is Verdict.SLOWER
