"""What calls take of the memory: a column, a sentence, and a section of a verification."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from support.memory import MB, race_taking, took
from support.races import CY, NUMPY, RS, markdown_of
from whichext.cli.wording import SHELL
from whichext.model.check import Memory
from whichext.model.inline import unmarked
from whichext.model.memory import MemoryNote
from whichext.model.view import View
from whichext.report.memory import memory_sentence, note_texts, peak_text, shows_memory, taken_texts
from whichext.report.race import case_blocks, race_document
from whichext.report.text import render_text
from whichext.report.verification import verification_document

TIMES = {NUMPY: 4000, CY: 1000, RS: 1000}
COPY, LITTLE = took(100 * MB), took(MB // 2)


def sentence(**taken: Memory) -> str:
    names = {"cy": CY, "rs": RS, "numpy": NUMPY}
    view = race_taking(TIMES, {names[name]: memory for name, memory in taken.items()})
    return unmarked(memory_sentence(view.cases["big"]), SHELL)


def printed(view: View) -> str:
    return render_text(race_document(view), wording=SHELL)


@pytest.mark.parametrize(
    ("memory", "expected"), [(None, "-"), (LITTLE, "< 1 MB"), (COPY, "100 MB")]
)
def test_a_cell_has_the_peak(memory: Memory | None, expected: str) -> None:
    assert peak_text(memory) == expected


def test_the_column_is_there_where_some_contestant_took_what_can_be_seen() -> None:
    view = race_taking(TIMES, {NUMPY: LITTLE, CY: COPY})
    table = markdown_of(case_blocks(view, view.cases["big"])).partition("\n\n")[2]
    assert table.partition("\n\n")[0] == snapshot("""\
| contestant | time | time / `numpy` | verdict | of limit | rate | memory |
| --- | ---: | ---: | --- | ---: | ---: | ---: |
| `cy.find` | 999 ns | 0.25   [0.25, 0.25] | faster | - | 4.80 GB/s | 100 MB |
| `rs.find` | 1.00 us | 0.25   [0.25, 0.25] | faster | - | 4.80 GB/s | - |
| `numpy` | 4.00 us | 1.00 | baseline | - | 1.20 GB/s | \\< 1 MB |\
""")


def test_without_such_a_contestant_a_table_has_no_column_and_the_legend_says_nothing() -> None:
    view = race_taking(TIMES, {NUMPY: LITTLE, CY: LITTLE})
    assert not shows_memory(view.cases["big"])
    assert "memory:" not in printed(view)


def test_a_table_with_memory_is_not_wider_than_a_terminal() -> None:
    text = printed(race_taking(TIMES, {NUMPY: LITTLE, CY: COPY}))
    assert "memory:" in text
    assert max(map(len, text.splitlines())) <= 100


def test_where_nothing_is_worth_a_note_nothing_is_said() -> None:
    assert sentence(cy=took(10 * MB)) == ""


@pytest.mark.parametrize(
    ("like", "said"),
    [
        ((), "takes memory beyond its inputs and answer"),
        (((2,),), "takes as much memory beyond its inputs and answer as a copy of argument 2"),
        (
            ((1, 1), (2,)),
            "takes as much memory beyond its inputs and answer as 2 copies of argument 1 or a copy "
            "of argument 2",
        ),
        (
            ((1, 2),),
            "takes as much memory beyond its inputs and answer as copies of arguments 1 and 2",
        ),
        (
            ((1,), (2,), (3,), (4,)),
            "takes as much memory beyond its inputs and answer as a copy of one of several "
            "arguments",
        ),
    ],
)
def test_a_copy_is_said_to_be_of_the_argument_that_is_as_large(
    like: tuple[tuple[int, ...], ...], said: str
) -> None:
    notes = [MemoryNote(contestant=CY, copied_bytes=150 * MB, like=like)]
    assert [unmarked(text, SHELL) for text in note_texts(notes)] == [f"cy.find (150 MB) {said}"]


def test_the_column_has_what_each_call_adds() -> None:
    assert peak_text(took(leak_bytes=4_100)) == "< 1 MB, +4.10 kB"


def test_a_verification_has_what_each_call_adds_in_its_table() -> None:
    view = race_taking(TIMES, {CY: took(leak_bytes=4_100), RS: took()})
    text = render_text(verification_document(view), wording=SHELL)
    rows = [line.split(maxsplit=2)[2].strip() for line in text.splitlines() if ".find  " in line]
    assert rows == ["+4.10 kB a call", "steady"]
    assert "memory: what" in text


def test_a_verification_names_what_is_seen_though_it_is_less_than_an_argument() -> None:
    taken = {CY: took(50 * MB), RS: took(MB // 2), NUMPY: took(3 * MB)}
    case = race_taking(TIMES, taken, argument_bytes=(100 * MB,)).cases["big"]
    assert [unmarked(text) for text in taken_texts(case)] == snapshot(
        ["cy.find (50.0 MB) and numpy (3.00 MB) take memory beyond their inputs and answer"]
    )


def test_a_verification_names_copies_case_by_case() -> None:
    document = verification_document(race_taking(TIMES, {CY: COPY}, argument_bytes=(100 * MB,)))
    text = render_text(document, wording=SHELL)
    assert text.partition("Memory\n")[2].partition("\n\n")[0] == snapshot(
        "  In big, cy.find (100 MB) takes as much memory beyond its inputs and answer as a copy of "
        "argument 1"
    )
