"""The memo as a whole."""

from __future__ import annotations

import re

import pytest
from inline_snapshot import snapshot

from support.races import CY, CY2, NUMPY, RS, decide, memo_of
from support.results import SKIPPED, WRONG, changed, make_build, make_check, rejudged
from whichext.judge import judge_again
from whichext.model.errors import UsageError
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.memo import memo_document
from whichext.report.text import render_text

TIMES = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000, RS: 3000, "cy.find@debug": 9000}
WHOLE = decide({"wide": TIMES, "tiny": TIMES}, families={"tiny": "sweep"})
NOTHING = decide({"wide": {NUMPY: 1}}, absent=[CY], builds=[make_build("cy", SKIPPED)])
FAULTY = decide({"wide": {NUMPY: 1, CY: 1}}, checks=[make_check(CY, WRONG)])
ONE_EPOCH = decide({"wide": TIMES}, epochs=1)
NO_REFERENCE = decide({"wide": {CY: 1000, RS: 500}})
NOT_RACED = decide({"wide": {}}, absent=[CY])
MEMOS = [WHOLE, NOTHING, FAULTY, ONE_EPOCH, NO_REFERENCE, NOT_RACED]


def headings(memo: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", memo, re.MULTILINE)


def test_it_begins_with_the_question_and_what_to_do() -> None:
    lines = [line for line in memo_of(WHOLE).splitlines() if line]
    assert lines[0] == f"# {WHOLE.raw.question}"
    assert lines[2:4] == ["## Recommendation", "**Use `cy.find[2]`.**"]


def test_its_sections_stand_in_the_order_in_which_maintainers_ask() -> None:
    assert headings(memo_of(WHOLE))[1:] == snapshot(
        [
            "Recommendation",
            "Speed",
            "The cost of a call",
            "What it costs",
            "Why",
            "What would change this answer",
            "How it was measured",
        ]
    )


@pytest.mark.parametrize("result", MEMOS)
def test_every_result_has_a_memo_that_answers_and_says_how_it_was_measured(
    result: View,
) -> None:
    _, answer, *_, measured = headings(memo_of(result))
    assert [answer, measured] == snapshot(["Recommendation", "How it was measured"])


@pytest.mark.parametrize("result", MEMOS)
def test_every_ratio_has_its_interval(result: View) -> None:
    memo = memo_of(result).replace("at 2x, a call takes", "").replace("product of these is", "")
    bare = re.findall(r"\d+\.?\d*x(?! \[)(?=[\s,.;)])", memo.split("## Why")[0])
    assert bare == []


@pytest.mark.parametrize("result", MEMOS)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(result: View) -> None:
    for block in memo_of(result).split("\n\n"):
        if block.startswith("|"):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


@pytest.mark.parametrize("result", MEMOS)
def test_headings_lists_and_tables_have_empty_lines_around_them(result: View) -> None:
    for block in memo_of(result).strip().split("\n\n"):
        starts = {line[:1] for line in block.splitlines()}
        assert len(starts) == 1 or not starts & {"#", "-", "|"}, block


def test_a_memo_is_the_same_whatever_the_baseline_of_the_run_was() -> None:
    assert memo_of(judge_again(WHOLE, RS)) == memo_of(WHOLE)


def test_what_is_worth_it_is_for_the_reader_to_say() -> None:
    assert "**Use `numpy`.**" in memo_of(WHOLE, 5)


def test_names_that_look_like_markup_are_code() -> None:
    result = changed(WHOLE, command="whichext run 'a_b*' --case \"<x>\"")
    assert "`whichext run 'a_b*' --case \"<x>\"`" in memo_of(result)


def test_entries_that_did_not_race_are_named_where_the_answer_is_less_sure_for_them() -> None:
    result = decide({"wide": {NUMPY: 4000, RS: 1000}})
    whole = changed(result, entries=("rs.find", "cy.absent"))
    (sure,) = (line for line in memo_of(whole).splitlines() if line.startswith("Confidence:"))
    assert sure == snapshot("Confidence: **medium**: `cy.absent` did not race.")


def test_without_a_race_there_is_no_memo() -> None:
    with pytest.raises(UsageError) as caught:
        memo_document(rejudged(changed(WHOLE, kind=Kind.VERIFY)))
    assert str(caught.value) == snapshot("""\
total: there is no decision without a race
Next: make one with whichext.run("total")\
""")


def test_a_memo_is_a_document_that_can_be_text_as_well() -> None:
    text = render_text(memo_document(WHOLE))
    assert "Use cy.find[2]." in text
    assert "Another min_speedup (here 1.2)" in text
