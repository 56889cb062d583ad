"""The doctor's findings as a table."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from whichext.report.diagnosis_table import render_findings
from whichext.system.doctor import Finding, Level

FINDINGS = (
    Finding("turbo", "on", Level.NOTE, "turn it off"),
    Finding("steal", "9.0%", Level.WARNING, "a quieter hour"),
    Finding("cores", "2 of 2 usable", Level.GOOD),
)


def printed(*findings: Finding, width: int = 100, colour: bool = False) -> str:
    output = StringIO()
    # The kind of terminal is given, so that NO_COLOR and TERM of whoever tests do not matter.
    console = Console(
        file=output,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
    )
    console.print(render_findings(findings))
    return output.getvalue()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").split("│" if "│" in line else "┃")]


def test_every_finding_is_a_row_in_the_order_found() -> None:
    rows = [cells(line) for line in printed(*FINDINGS).splitlines() if line.startswith("│")]
    assert rows == [
        ["turbo", "on", "note", "turn it off"],
        ["steal", "9.0%", "warning", "a quieter hour"],
        ["cores", "2 of 2 usable", "good", ""],
    ]


def test_the_columns_are_named() -> None:
    assert cells(printed().splitlines()[1]) == ["subject", "found", "level", "what to do"]


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_a_word_also_without_colour(level: Level) -> None:
    text = printed(Finding("steal", "9.0%", level, "a quieter hour"))
    assert level.value in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("level", "code"), [(Level.GOOD, "32"), (Level.NOTE, "33"), (Level.WARNING, "1;31")]
)
def test_a_level_has_its_colour_where_there_is_colour(level: Level, code: str) -> None:
    text = printed(Finding("steal", "9.0%", level), colour=True)
    assert f"\x1b[{code}m{level}" in text


def test_what_a_compiler_says_in_square_brackets_is_shown_as_it_is() -> None:
    text = printed(Finding("C compiler", "cc [red]12[/red]", Level.NOTE, "[bold]see [/]"))
    assert "cc [red]12[/red]" in text
    assert "[bold]see [/]" in text


def test_no_word_of_a_long_advice_is_lost_in_a_narrow_terminal() -> None:
    path = "/sys/devices/system/cpu/intel_pstate/no_turbo"
    advice = f"the frequency depends on heat: `echo 1 | sudo tee {path}` for steadier times"
    text = printed(Finding("turbo", "on", Level.NOTE, advice), width=60)
    rows = [cells(line) for line in text.splitlines() if line.startswith("│")]
    assert "".join(row[3] for row in rows).replace(" ", "") == advice.replace(" ", "")


def test_a_long_version_leaves_the_advice_more_than_its_own_width() -> None:
    text = printed(Finding("C compiler", "v" * 80, Level.WARNING, "a " * 80))
    header = text.splitlines()[1].split("┃")
    assert len(header[4]) > len(header[2])
