from __future__ import annotations

import sys
from io import StringIO
from typing import Any

import pytest
from inline_snapshot import snapshot
from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.progress import ProgressColumn

from whichext.cli.wording import SHELL
from whichext.model.inline import PYTHON, Wording, argument
from whichext.system.progress import (
    KeptNotes,
    PlainProgress,
    Progress,
    SilentProgress,
    TerminalProgress,
    progress_for,
)


class Terminal(StringIO):
    """A file that says that it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def work(progress: Progress) -> None:
    """Two steps of four, of which the second counts for three."""
    with progress.stage("build", 4) as stage:
        stage.begin("cypy@native")
        stage.end("from the cache")
        stage.begin("rustpy[2]")
        stage.end("built in 31 s", 3)


def plain_lines(total: float, *amounts: float) -> list[str]:
    """What plain progress prints of a stage of that total."""
    output = StringIO()
    with PlainProgress(output).stage("race x[2]", total) as stage:
        stage.begin("epoch")
        for amount in amounts:
            stage.end("done", amount)
    return output.getvalue().splitlines()


def drawn() -> tuple[TerminalProgress, StringIO]:
    """Progress on a terminal that is a text."""
    output = StringIO()
    console = Console(file=output, force_terminal=True, width=120, color_system=None)
    return TerminalProgress(console), output


def test_plain_progress_is_a_line_for_every_finished_step() -> None:
    output = StringIO()
    work(PlainProgress(output))
    assert output.getvalue() == snapshot(
        "build  25%  cypy@native: from the cache\nbuild 100%  rustpy[2]: built in 31 s\n"
    )


def test_a_step_that_has_only_begun_is_no_line() -> None:
    assert plain_lines(4) == []


def test_amounts_add_up_to_the_share() -> None:
    assert plain_lines(4, 1, 0.5, 1.5) == [
        "race x[2]  25%  epoch: done",
        "race x[2]  38%  epoch: done",
        "race x[2]  75%  epoch: done",
    ]


def test_more_than_all_is_all() -> None:
    assert plain_lines(2, 3, 3) == ["race x[2] 100%  epoch: done"] * 2


def test_a_stage_with_nothing_to_do_is_complete() -> None:
    assert plain_lines(0, 0) == ["race x[2] 100%  epoch: done"]


def test_plain_progress_goes_to_standard_error_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    work(PlainProgress())
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("build  25%")


def test_a_note_is_a_line_of_its_own() -> None:
    output = StringIO()
    PlainProgress(output).note("race: about 7 s")
    assert output.getvalue() == "race: about 7 s\n"


def test_a_note_stays_on_a_terminal_unharmed() -> None:
    progress, output = drawn()
    progress.note("race [bold]: x[2] [/] about 7 s")
    assert output.getvalue() == "race [bold]: x[2] [/] about 7 s\n"


@pytest.mark.parametrize("kind", [StringIO, Terminal])
@pytest.mark.parametrize(
    ("wording", "said"),
    [(PYTHON, "max_time_s=7"), (SHELL, "--max-time 7")],
    ids=["python", "shell"],
)
def test_a_note_names_arguments_as_its_reader_types_them(
    kind: type[StringIO], wording: Wording, said: str
) -> None:
    output = kind()
    progress_for(output, wording).note(f"race: until {argument('max_time_s', 7)}")
    assert output.getvalue() == f"race: until {said}\n"


def test_silent_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    work(SilentProgress())
    SilentProgress().note("race: about 7 s")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["race x[2]", "race [bold]", "race a b"])
def test_a_terminal_shows_the_name_of_a_stage_unharmed(name: str) -> None:
    progress, output = drawn()
    with progress.stage(name, 1):
        pass
    assert name in output.getvalue()


@pytest.mark.parametrize("what", ["rustpy.sum[2] on [red]", "x[/]", "cypy@native"])
def test_a_terminal_shows_what_is_done_unharmed(what: str) -> None:
    progress, output = drawn()
    with progress.stage("verify", 1) as stage:
        stage.begin(what)
    assert what in output.getvalue()


def test_a_terminal_shows_a_result_unharmed() -> None:
    progress, output = drawn()
    with progress.stage("verify", 1) as stage:
        stage.begin("cypy")
        stage.end("wrong on [NaN]")
    assert "wrong on [NaN]" in output.getvalue()


def test_an_error_in_a_stage_passes_through_a_terminals_bar() -> None:
    progress, _ = drawn()
    with pytest.raises(ZeroDivisionError), progress.stage("verify", 1):
        raise ZeroDivisionError


def test_a_terminals_bar_is_drawn_once_a_second_since_it_runs_beside_what_is_timed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, Any]] = []

    def bars(*columns: ProgressColumn, **more: Any) -> RichProgress:
        asked.append(more)
        return RichProgress(*columns, **more)

    monkeypatch.setattr("whichext.system.progress.RichProgress", bars)
    with drawn()[0].stage("race", 1):
        pass
    assert [more["refresh_per_second"] for more in asked] == [1]


def test_a_terminal_gets_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert isinstance(progress_for(sys.stderr), TerminalProgress)


def test_a_file_gets_plain_lines_in_that_file() -> None:
    output = StringIO()
    work(progress_for(output))
    assert len(output.getvalue().splitlines()) == 2


def test_bars_go_to_standard_error_and_not_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    work(TerminalProgress())
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "build" in captured.err


def test_notes_of_ours_are_kept_once_and_said_as_often_as_they_are() -> None:
    output = StringIO()
    progress = KeptNotes(PlainProgress(output))
    for text in ("whichext: old", "meanwhile", "whichext: old"):
        progress.note(text)
    with progress.stage("build", 1) as stage:
        stage.begin("cy")
        stage.end("built")
    assert progress.notes == ["old"]
    assert output.getvalue().splitlines() == [
        "whichext: old",
        "meanwhile",
        "whichext: old",
        "build 100%  cy: built",
    ]
