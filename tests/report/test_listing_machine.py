"""The doctor's notes and the self-check as documents."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from support.results import make_selfcheck
from whichext.cli.wording import SHELL
from whichext.model.inline import argument, unmarked
from whichext.model.judged import SelfCheck
from whichext.report.document import Table
from whichext.report.listing import doctor_document, selfcheck_document
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
    note = MachineNote("turbo", "on", Level.NOTE, advice)
    rows = [cells(line) for line in printed(note, width=60).splitlines() if line.startswith("│")]
    assert "".join(row[3] for row in rows).replace(" ", "") == note.advice.replace(" ", "")


def test_a_long_version_leaves_the_advice_more_than_its_own_width() -> None:
    text = printed(MachineNote("C compiler", "v" * 80, Level.WARNING, "a " * 80))
    header = text.splitlines()[1].split("┃")
    assert len(header[4]) > len(header[2])


# The self-check


def printed_check(check: SelfCheck, *, colour: bool = False) -> str:
    """What a very wide terminal shows."""
    return render_text(selfcheck_document(check), 1_000, colour=colour, wording=SHELL).rstrip("\n")


def test_the_outcome_is_told_with_its_counts() -> None:
    assert printed_check(make_selfcheck()).splitlines() == snapshot(
        [
            "100 pairs of identical code were raced, with a median interval of ±0.8%.",
            (
                "5 intervals exclude 1 (5.0%; 95 % intervals may at 5 %, and up to 8% pass); 0 "
                "pairs were called faster or slower."
            ),
            (
                "Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). Dropped "
                "for stolen time: 7 of 400 rounds."
            ),
            "passed: a verdict of a race on this machine may be believed.",
        ]
    )


def test_a_failed_check_says_what_to_do() -> None:
    *_, outcome = printed_check(make_selfcheck(excluded=20)).splitlines()
    assert outcome == snapshot(
        "FAILED: more than 8% of the intervals exclude 1, or more than 5% of the pairs were called "
        "faster or slower. Do not act on verdicts from this machine now. Next: whichext doctor "
        "tells what disturbs it."
    )


def test_a_check_that_was_stopped_is_told_as_inconclusive_with_both_counts() -> None:
    stopped = make_selfcheck(cells=28, excluded=0, stopped="it was interrupted")
    *_, outcome = printed_check(stopped).splitlines()
    assert outcome == snapshot(
        "inconclusive: the check ended after 28 of 100 pairs: it was interrupted. Next: whichext "
        "selfcheck, and let it finish."
    )


def test_a_check_of_few_pairs_is_told_as_inconclusive_with_how_many_it_takes() -> None:
    *_, outcome = printed_check(make_selfcheck(asked=12, cells=12, excluded=0)).splitlines()
    assert outcome == snapshot(
        "inconclusive: expected at least 25 pairs, got 12, of which chance alone may make one look "
        "different. Next: whichext selfcheck --cells 100."
    )


def test_a_check_without_a_pair_has_no_share_no_interval_and_no_noise() -> None:
    check = make_selfcheck(cells=0, excluded=0, noise_floor=None, half_width=None)
    *found, outcome = printed_check(check).splitlines()
    assert found == snapshot(
        [
            "0 pairs of identical code were raced, and none of their intervals is known.",
            (
                "0 intervals exclude 1 (95 % intervals may at 5 %, and up to 8% pass); 0 pairs "
                "were called faster or slower."
            ),
            "Dropped for stolen time: 7 of 400 rounds.",
        ]
    )
    assert outcome.startswith("inconclusive: ")


def test_the_outcome_has_a_colour_where_there_is_colour() -> None:
    assert "\x1b[1;32mpassed" in printed_check(make_selfcheck(), colour=True)
    assert "\x1b[1;31mFAILED" in printed_check(make_selfcheck(excluded=20), colour=True)
