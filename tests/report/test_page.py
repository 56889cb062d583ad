"""What a page of a race consists of, from the first screen to the numbers."""

from __future__ import annotations

from pathlib import Path

from support.results import make_race, steady
from whichext.model.inline import unmarked
from whichext.model.outcome import ToolchainAbsent, Wrong
from whichext.report import page_of, result_file
from whichext.report.document import Details, Heading, Paragraph, Plot
from whichext.report.page import answer_text

TOOLCHAINS = Path(__file__).parents[2] / "docs" / "results" / "toolchains.json"
RACE = make_race({"numpy": steady(1_000), "cy.total": steady(500)})


def test_a_page_begins_with_question_answer_how_sure_machine_and_picture() -> None:
    first = page_of(RACE).blocks[:5]
    assert [type(block) for block in first] == [Heading, Paragraph, Paragraph, Paragraph, Plot]


def test_contestants_without_a_time_are_named_on_the_first_screen() -> None:
    wrong, slow = Wrong("small", "1", "2"), ToolchainAbsent("cargo", "install it")
    view = make_race({"numpy": steady(1_000)}, {"cy.total": wrong, "rs.total": slow})
    (lost,) = (
        block.text
        for block in page_of(view).blocks
        if isinstance(block, Paragraph) and "cy.total" in block.text
    )
    assert "WRONG" in lost
    assert "rs.total" not in lost  # its toolchain is not here: nothing failed


def test_everything_in_numbers_is_on_the_page_of_a_race() -> None:
    (details,) = (block for block in page_of(RACE).blocks if isinstance(block, Details))
    assert details.blocks


def test_a_case_in_which_another_contestant_leads_is_named_in_the_answer() -> None:
    shown = unmarked(answer_text(result_file.read(TOOLCHAINS)))
    assert "numbapy.find_max" in shown
    assert "0.97x" not in shown  # of two that lead as often, the one that is never slower
