"""What pages of checks, memos, verifications and audits say first, in full."""

from __future__ import annotations

from pathlib import Path

from inline_snapshot import snapshot

from support.races import CY2, NUMPY, RS, decide, decided, with_held
from support.results import (
    SKIPPED,
    WRONG,
    changed,
    make_check,
    make_race,
    make_view,
    steady,
)
from whichext.model.check import Check, Property
from whichext.model.inline import unmarked
from whichext.model.outcome import Crashed, Outcome, Right
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.openings import opening_of

ANSWERS = Path(__file__).parents[2] / "docs" / "results" / "find_max_answers.json"
TIMES = {"numpy": steady(1_000), "cy.total": steady(500)}
RACE = make_race(TIMES)
FASTER, FAR_FASTER = "cy.total is faster than numpy", "cy.total is 9x faster than numpy"


def memo() -> View:
    view = decided(decide({"wide": {NUMPY: 4_000, CY2: 1_000, RS: 3_000}}))
    return changed(view, kind=Kind.MEMO)


def verified(*results: tuple[str, Outcome]) -> View:
    checks = [make_check(name, result) for name, result in results]
    return changed(make_view(checks=checks, names=("numpy", "cy.total")), kind=Kind.VERIFY)


def says(view: View) -> str:
    """The answer of a page."""
    opening = opening_of(view)
    assert opening is not None
    return unmarked(opening.answer)


def test_the_answer_of_a_check_is_what_became_of_its_claim() -> None:
    assert says(with_held(RACE, FASTER)) == snapshot(
        "The claim holds: cy.total is faster than numpy. Measured: small: 2.00x [2.00, 2.00] as fast."
    )


def test_the_answer_of_many_claims_counts_them_and_names_those_refuted() -> None:
    assert says(with_held(RACE, FASTER, FAR_FASTER, FASTER)) == snapshot(
        "Of 3 claims, 2 hold and 1 is refuted. Refuted: number 2."
    )


def test_the_answer_of_a_memo_is_what_to_do() -> None:
    assert says(memo()) == snapshot("Use cy.find[2]: 4.01x [4.00, 4.02] as fast as numpy.")


def test_how_sure_a_memo_is_is_its_confidence() -> None:
    opening = opening_of(memo())
    assert opening is not None
    assert unmarked(opening.how_sure) == snapshot("How sure: high.")


def test_the_answer_of_a_verification_names_those_at_fault() -> None:
    view = verified(("numpy", Right()), ("cy.total", WRONG))
    assert says(view) == snapshot("At fault: cy.total (WRONG). Right: 1 of 2 contestants.")


def test_the_answer_of_a_verification_without_a_fault_counts_contestants() -> None:
    assert says(verified(("numpy", Right()), ("cy.total", Right()))) == snapshot(
        "All 2 contestants gave the right answer or a clean error to every call."
    )
    assert says(verified(("numpy", Right()))) == snapshot(
        "The only contestant gave the right answer or a clean error to every call."
    )
    assert says(verified(("numpy", SKIPPED))) == snapshot("Nothing could be verified.")


def test_a_fault_in_a_forked_child_is_not_passed_over() -> None:
    crashed = Check(
        contestant="cy.total",
        input="fork",
        result=Crashed("fork", "SIGSEGV", ""),
        property=Property.FORK,
    )
    view = verified(("numpy", Right()), ("cy.total", Right()))
    assert says(changed(view, checks=(*view.raw.checks, crashed))) == snapshot(
        "All 2 contestants gave the right answer or a clean error to every call. Fails in a forked child: cy.total."
    )


def test_how_sure_a_verification_is_counts_its_calls() -> None:
    opening = opening_of(changed(result_file.read(ANSWERS), kind=Kind.VERIFY))
    assert opening is not None
    assert opening.how_sure == snapshot(
        "How sure: 14,565 calls were checked, 2,375 of them on inputs that were drawn at random. What was not tried is not certified."
    )


def test_the_answer_of_an_audit_is_its_gravest_finding() -> None:
    view = changed(result_file.read(ANSWERS), kind=Kind.AUDIT)
    assert says(view) == snapshot(
        "The audit of 4 builds found this and 1 more: cypy.find_max@debug: built with -O0 (-O3 -O0: the last one counts), but cypy, rustpy with -O3."
    )
    assert says(changed(view, findings=())) == snapshot(
        "The audit of 4 builds found nothing to object to."
    )
