"""What pages of checks, memos, verifications and audits say first."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.races import CY2, NUMPY, RS, decide, decided, with_held
from support.results import (
    changed,
    make_race,
    make_selfcheck,
    steady,
)
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import page_of, result_file
from whichext.report.document import Heading, Paragraph
from whichext.report.openings import opening_of

ANSWERS = Path(__file__).parents[2] / "docs" / "results" / "find_max_answers.json"
TIMES = {"numpy": steady(1_000), "cy.total": steady(500)}
RACE = make_race(TIMES)
FASTER, FAR_FASTER = "cy.total is faster than numpy", "cy.total is 9x faster than numpy"


def memo() -> View:
    view = decided(decide({"wide": {NUMPY: 4_000, CY2: 1_000, RS: 3_000}}))
    return changed(view, kind=Kind.MEMO)


@pytest.mark.parametrize(
    "view",
    [
        with_held(RACE, FASTER),
        with_held(RACE, FASTER, FAR_FASTER),
        memo(),
        changed(result_file.read(ANSWERS), kind=Kind.VERIFY),
        changed(result_file.read(ANSWERS), kind=Kind.AUDIT),
    ],
)
def test_a_page_begins_with_question_answer_how_sure_and_machine(view: View) -> None:
    title, answer, how_sure, machine = page_of(view).blocks[:4]
    assert isinstance(title, Heading)
    assert isinstance(answer, Paragraph)
    assert isinstance(how_sure, Paragraph)
    assert isinstance(machine, Paragraph)
    assert title.text.endswith(view.raw.question)
    assert how_sure.text.startswith("How sure: ")
    assert machine.text.startswith(view.raw.machine.cpu)
    assert sum(view.raw.machine.cpu in str(block) for block in page_of(view).blocks[:8]) == 1


def test_a_race_and_a_self_check_begin_with_their_own_words() -> None:
    assert opening_of(RACE) is None
    assert opening_of(changed(RACE, selfcheck=make_selfcheck())) is None
