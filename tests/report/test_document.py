"""Documents, as text and as Markdown."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.model.inline import Style, argument, code, mark, strong
from whichext.report.document import (
    Block,
    Code,
    Column,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Rules,
    Table,
    columns,
    listed,
    section,
)
from whichext.report.markdown import render_markdown
from whichext.report.text import render_text

TABLE = Table(columns("name", "time", right=["time"]), (("a|b", "1 ms"), (code("c|d"), "22 ms")))


def text(*blocks: Block, width: int = 100) -> str:
    return render_text(Document(blocks), width)


def markdown(*blocks: Block) -> str:
    return render_markdown(Document(blocks))


def test_an_empty_line_parts_two_paragraphs() -> None:
    assert text(Paragraph("one"), Paragraph("two")) == "one\n\ntwo\n"
    assert markdown(Paragraph("one"), Paragraph("two")) == "one\n\ntwo\n"


def test_what_a_heading_is_of_follows_it_at_once() -> None:
    assert text(Heading("Builds"), Lines(("first", "second"), listed=True)) == (
        "Builds\n  first\n  second\n"
    )


def test_remarks_stand_right_below_their_table() -> None:
    lines = text(TABLE, Lines(("remark",))).splitlines()
    assert lines[-2].startswith("└")
    assert lines[-1] == "remark"


def test_a_long_line_is_wrapped_in_text_and_not_in_markdown() -> None:
    words = "word " * 30
    assert len(text(Paragraph(words), width=40).splitlines()) > 3
    assert len(markdown(Paragraph(words)).splitlines()) == 1


def test_a_line_that_begins_with_spaces_is_wrapped_below_its_first_word() -> None:
    lines = text(Lines((f"first\n  {'word ' * 10}",), listed=True), width=30).splitlines()
    assert lines[0] == "  first"
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} == {4}


def test_a_table_with_a_rule_under_its_head_alone_has_one_empty_line_around_it() -> None:
    table = Table(TABLE.columns, TABLE.rows, rules=Rules.HEAD)
    lines = text(Heading("Title"), table, Lines(("remark",))).splitlines()
    assert (lines[1], lines[2].split()) == ("", ["name", "time"])
    assert lines[-3:] == [" c|d   22 ms", "", "remark"]


def test_code_keeps_its_lines_however_long() -> None:
    long = "x" * 150
    assert text(Code(f"{long}\nsecond")) == f"{long}\nsecond\n"
    assert markdown(Code("first\nsecond")) == "```\nfirst\nsecond\n```\n"


def test_code_with_a_fence_in_it_gets_a_longer_fence() -> None:
    assert markdown(Code("```")).startswith("````\n")


def test_names_are_plain_in_text_and_code_in_markdown() -> None:
    assert text(Paragraph(f"use {code('a_b')}")) == "use a_b\n"
    assert markdown(Paragraph(f"use {code('a_b')}")) == "use `a_b`\n"


def test_what_is_strong_is_bold_in_markdown_and_a_style_in_a_terminal() -> None:
    assert markdown(Paragraph(strong("no"))) == "**no**\n"
    assert text(Paragraph(strong("no"))) == "no\n"
    assert "\x1b[1m" in render_text(Document((Paragraph(strong("no")),)), colour=True)


def test_a_strangers_markup_stays_text() -> None:
    assert markdown(Paragraph("<b> *x* [y](z)")) == "\\<b> \\*x\\* [y\\](z)\n"
    assert markdown(Lines(("[x] done", "[y]: z"))) == "- \\[x] done\n- \\[y\\]: z\n"
    assert text(Paragraph("[bold]x[/bold]")) == "[bold]x[/bold]\n"


def test_an_interval_stays_legible_in_markdown() -> None:
    assert markdown(Paragraph("1.26x [1.08, 1.47]")) == "1.26x [1.08, 1.47]\n"


def test_a_strong_sentence_may_have_names_in_it() -> None:
    assert (
        markdown(Paragraph(strong(f"Use {code('a')} or {code('b')}."))) == "**Use `a` or `b`.**\n"
    )


def test_what_a_reader_may_skip_is_set_apart() -> None:
    assert markdown(Paragraph(mark(Style.DIM, "High: sure."))) == "_High: sure._\n"


def test_a_bar_does_not_end_a_cell_of_a_markdown_table() -> None:
    assert markdown(TABLE) == snapshot("""\
| name | time |
| --- | ---: |
| a\\|b | 1 ms |
| `c\\|d` | 22 ms |
""")


def test_a_table_of_a_terminal_has_the_rules_that_it_asks_for() -> None:
    bare = Table(TABLE.columns, TABLE.rows, rules=Rules.NONE)
    assert text(bare).splitlines() == ["name   time", "a|b    1 ms", "c|d   22 ms"]


def test_rows_that_sum_up_are_set_apart() -> None:
    table = Table(TABLE.columns, TABLE.rows, rules=Rules.HEAD, summary_rows=1)
    assert text(table).count("─────") == 2


def test_a_table_with_cells_that_must_not_break_may_be_wider_than_the_terminal() -> None:
    table = Table(columns("name", whole=["name"]), (("n" * 60,),))
    assert "n" * 60 in text(table, width=40)


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("float32_precision.row_max", 28, ["float32_precision.row_max"]),
        ("float32_precision.row_max", 27, ["float32_precision.row_", "max"]),
        ("float32_precision.row_max", 16, ["float32_", "precision.", "row_max"]),
        ("cy.find_max@isa=native[2]", 19, ["cy.find_max@", "isa=native[2]"]),
        ("a.find_rows (A/A twin)", 13, ["a.find_", "rows (A/A", "twin)"]),
    ],
)
def test_a_name_is_broken_after_its_parts_alone(name: str, width: int, lines: list[str]) -> None:
    table = Table(columns("name", "n", whole=["n"]), ((code(name), "1"),), rules=Rules.NONE)
    shown = text(table, width=width).splitlines()[1:]
    assert [line.removesuffix("1").rstrip() for line in shown] == lines


def test_the_parts_of_a_name_are_never_broken_however_narrow_the_terminal_is() -> None:
    table = Table(columns("name", "n", whole=["n"]), ((code("cy.find_maximum[2]"), "1" * 30),))
    assert "cy.find_maximum[2]" in text(table, width=20)


def test_the_space_around_cells_shrinks_before_a_table_is_wider_than_the_terminal() -> None:
    table = Table(columns("name", "n", whole=["n"]), ((code("cy.find"), "1" * 9),))
    shown = {width: text(table, width=width).splitlines() for width in (23, 20, 18, 17)}
    assert {width: max(map(len, lines)) for width, lines in shown.items()} == {
        23: 23,
        20: 20,
        18: 18,
        17: 23,  # too narrow anyway
    }
    assert any(line.startswith("│ cy.") for line in shown[20])
    assert any(line.startswith("│cy.") for line in shown[18])


def folding(machines: int, name: str = "cy.find") -> Table:
    """A table with a number for each machine, which takes 12 columns with its line."""
    cells = tuple(f"[0.0{n:03}]" for n in range(machines))
    shape = (Column("who"), *(Column(f"m{n}", whole=True) for n in range(machines)))
    return Table(shape, ((code(name), *cells),), folds=True)


@pytest.mark.parametrize(
    ("width", "beside"),
    [(100, [7]), (78, [4, 3]), (50, [3, 3, 1]), (35, [2, 2, 2, 1]), (24, [1] * 7)],
)
def test_a_table_that_folds_has_as_few_parts_as_have_room_each_with_the_names(
    width: int, beside: list[int]
) -> None:
    parts = text(folding(7), width=width).split("\n\n")
    assert [part.count("[0.0") for part in parts] == beside
    assert all("cy.find" in part and "who" in part for part in parts)


def test_no_part_of_a_table_that_folds_is_wider_than_the_terminal_where_cells_have_room() -> None:
    long = "rust.the_maximum_of_every_column[2]"
    for width in range(40, 140):
        assert max(map(len, text(folding(9, long), width=width).splitlines())) <= width


def test_a_table_that_does_not_fold_is_one_and_one_without_rows_folds_its_head() -> None:
    table = folding(7)
    once = text(Table(table.columns, table.rows), width=50)
    assert once.count("cy.find") == 1
    assert markdown(table).count("cy.find") == 1
    bare = Table((Column("who"),), (("cy",),))
    assert text(Table(bare.columns, bare.rows, folds=True)) == text(bare)
    assert text(Table(table.columns, (), folds=True), width=24).count("who") == 3


def test_a_column_with_a_limit_leaves_the_room_to_others() -> None:
    table = Table((Column("name", widest=4), Column("why")), (("n" * 6, "w"),), rules=Rules.NONE)
    assert text(table).splitlines() == ["name  why", "nnnn  w", "nn"]


def test_a_cell_that_must_not_break_is_whole_though_it_has_several_words() -> None:
    table = Table(columns("what", "name", whole=["name"]), (("word " * 9, "several words here"),))
    assert "several words here" in text(table, width=30)


def test_details_are_folded_in_markdown_and_shown_in_text() -> None:
    details = Details("more", (Paragraph("inner"),))
    assert markdown(details) == "<details><summary>more</summary>\n\ninner\n\n</details>\n"
    assert text(details) == "more\ninner\n"


def test_items_are_a_list_in_markdown() -> None:
    assert markdown(Lines(("one", "two"))) == "- one\n- two\n"


def test_an_argument_is_said_to_whoever_reads_it() -> None:
    assert text(Paragraph(f"allow {argument('max_time_s', 9)}")) == "allow max_time_s=9\n"


def test_a_section_without_blocks_has_no_heading() -> None:
    assert section("Why", []) == ()
    assert section("Why", [Paragraph("x")])[0] == Heading("Why")


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_words_are_listed_as_in_a_sentence(words: list[str], expected: str) -> None:
    assert listed(words) == expected
