"""The doctor's notes as a document."""

from __future__ import annotations

import pytest

from whichext.cli.words import SHELL
from whichext.model.inline import argument, unmarked
from whichext.report.doctor import doctor_document
from whichext.report.document import Table
from whichext.report.text import render_text
from whichext.system.doctor import Level, MachineNote

NOTES = (
    MachineNote("turbo", "on", Level.NOTE, "turn it off"),
    MachineNote("steal", "9.0%", Level.WARNING, "a quieter hour"),
    MachineNote("cores", "2 of 2 usable", Level.GOOD),
)


def table_of(*notes: MachineNote) -> Table:
    (table,) = doctor_document(notes).blocks
    assert isinstance(table, Table)
    return table


def printed(*notes: MachineNote, width: int = 100, colour: bool = False) -> str:
    return render_text(doctor_document(notes), width, colour=colour, wording=SHELL)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").split("│" if "│" in line else "┃")]


def test_every_note_is_a_row_in_the_order_found() -> None:
    assert [[unmarked(cell) for cell in row] for row in table_of(*NOTES).rows] == [
        ["turbo", "on", "note", "turn it off"],
        ["steal", "9.0%", "warning", "a quieter hour"],
        ["cores", "2 of 2 usable", "good", ""],
    ]


def test_the_columns_are_named() -> None:
    titles = [column.title for column in table_of().columns]
    assert titles == ["subject", "found", "level", "what to do"]


@pytest.mark.parametrize(
    ("level", "code"), [(Level.GOOD, "32"), (Level.NOTE, "33"), (Level.WARNING, "1;31")]
)
def test_a_level_is_a_word_and_colour_only_repeats_it(level: Level, code: str) -> None:
    note = MachineNote("steal", "9.0%", level, "a quieter hour")
    assert level.value in printed(note)
    assert "\x1b" not in printed(note)
    assert f"\x1b[{code}m{level}" in printed(note, colour=True)


def test_an_advice_names_arguments_as_the_reader_types_them() -> None:
    note = MachineNote("steal", "9%", Level.NOTE, f"a longer {argument('max_time_s')}")
    assert "a longer --max-time" in printed(note)


def test_what_a_compiler_says_in_square_brackets_is_shown_as_it_is() -> None:
    text = printed(MachineNote("C compiler", "cc [red]12[/red]", Level.NOTE, "[bold]see [/]"))
    assert "cc [red]12[/red]" in text
    assert "[bold]see [/]" in text


def test_no_word_of_a_long_advice_is_lost_in_a_narrow_terminal() -> None:
    path = "/sys/devices/system/cpu/intel_pstate/no_turbo"
    advice = f"the frequency depends on heat: `echo 1 | sudo tee {path}` for steadier times"
    text = printed(MachineNote("turbo", "on", Level.NOTE, advice), width=60)
    rows = [cells(line) for line in text.splitlines() if line.startswith("│")]
    assert "".join(row[3] for row in rows).replace(" ", "") == advice.replace(" ", "")


def test_a_long_version_leaves_the_advice_more_than_its_own_width() -> None:
    text = printed(MachineNote("C compiler", "v" * 80, Level.WARNING, "a " * 80))
    header = text.splitlines()[1].split("┃")
    assert len(header[4]) > len(header[2])
