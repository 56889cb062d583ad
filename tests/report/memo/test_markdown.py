"""Markdown as GitHub shows it."""

from __future__ import annotations

import pytest

from whichext.report.memo.markdown import (
    bullets,
    capital,
    code,
    codes,
    listed,
    plain,
    section,
    table,
    worth_text,
)


def test_a_table_has_a_rule_that_says_how_columns_are_aligned() -> None:
    assert table(("who", "time"), [("a", "1 ms")], numbers=1).splitlines() == [
        "| who | time |",
        "| --- | ---: |",
        "| a | 1 ms |",
    ]


def test_a_bar_in_a_cell_ends_no_cell() -> None:
    assert table(("x",), [("`a|b`",)]).splitlines()[-1] == r"| `a\|b` |"


def test_a_section_is_a_heading_and_its_blocks_and_nothing_without_any() -> None:
    assert section("Speed", ["a"], ["b"]) == ["## Speed", "a", "b"]
    assert section("Speed", []) == []


def test_a_list_is_one_block_and_none_without_a_line() -> None:
    assert bullets(["a", "b"]) == ["- a\n- b"]
    assert bullets([]) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cy.find[2]", "`cy.find[2]`"),
        ("an error:\n  <b>*bold*</b>", "`an error: <b>*bold*</b>`"),
        ("a ` in it", "`` a ` in it ``"),
    ],
)
def test_foreign_text_becomes_no_markup_and_stays_on_its_line(text: str, shown: str) -> None:
    assert code(text) == shown


def test_a_foreign_sentence_becomes_no_markup() -> None:
    assert plain("*a*  __b__ [c](d) <e> `f` #1") == r"\*a\* \_\_b\_\_ \[c\](d) \<e> \`f\` \#1"
    assert plain("Xeon(R) 2.5 GHz, no markup.") == "Xeon(R) 2.5 GHz, no markup."


def test_words_are_listed_as_in_a_sentence() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert codes(["a", "b", "c"]) == "`a`, `b` and `c`"
    assert codes(["a", "b"], "or") == "`a` or `b`"


def test_a_sentence_begins_with_a_large_letter_and_keeps_its_names() -> None:
    assert capital("in `Wide` or `C`") == "In `Wide` or `C`"


def test_what_is_worth_it_stands_as_it_was_typed() -> None:
    assert [worth_text(worth) for worth in (1.2, 2.0, 1.05)] == ["1.2", "2", "1.05"]
