"""What the page of a race says first: the answer in one sentence, and how sure it is."""

from __future__ import annotations

from pathlib import Path

from inline_snapshot import snapshot

from support.results import make_race, steady
from whichext.model.inline import unmarked
from whichext.report import result_file
from whichext.report.page import answer_text, how_sure_text

RESULTS = Path(__file__).parents[2] / "docs" / "results"
RACE = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
SHAPES = result_file.read(RESULTS / "find_max_shapes.json")
SQUARE = result_file.read(RESULTS / "article_square.json")


def test_the_answer_of_one_case_is_the_sentence_below_its_table() -> None:
    assert unmarked(answer_text(RACE)) == snapshot(
        "cy.total is the fastest: 2.00x [2.00, 2.00] as fast as numpy."
    )


def test_the_answer_of_many_cases_counts_where_the_best_leads() -> None:
    assert unmarked(answer_text(SHAPES)) == snapshot(
        "cypy.find_max_tiled[2] is the fastest, or was not shown to be slower, in all 16 cases; it is 1.60x [1.51, 1.70] to 11.9x [10.6, 13.5] as fast as numpy."
    )


def test_the_answer_may_be_the_baseline() -> None:
    assert unmarked(answer_text(SQUARE)) == snapshot(
        "numpy is the fastest, or was not shown to be slower, in 3 of 4 cases."
    )


def test_a_result_in_which_nothing_raced_has_no_winner() -> None:
    assert answer_text(make_race({})) == snapshot("Nothing could be measured.")


def test_how_sure_it_is_counts_verdicts_and_says_the_noise() -> None:
    assert unmarked(how_sure_text(SHAPES)) == snapshot(
        "How sure: Against the baseline: 52 faster, 10 tie and 2 unresolved. Each interval covers 95%, over 16 to 25 epochs of fresh processes. Noise floor: a second copy of numpy came within 2.2% of it in every case. Dropped for stolen time: 1 of 1304 rounds."
    )
