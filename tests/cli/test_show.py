"""Forms that `show` gives a result: plots, and files whose ending says what is in them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import Command
from support.results import make_race
from whichext.report import result_file
from whichext.report.plots import KINDS


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A result in a file."""
    path = tmp_path / "result.json"
    result_file.write(make_race({"numpy": [2_000] * 5, "cy.total": [1_000] * 5}), path)
    return path


def test_a_plot_that_there_is_not_ends_with_2_and_those_that_there_are(
    command: Command, kept: Path
) -> None:
    ended = command("show", str(kept), "--to", "svg:ratios")
    assert ended.code == 2
    assert ended.err.startswith("whichext: --to svg:ratios")
    assert all(f"svg:{kind}" in ended.err for kind in KINDS)


def test_pixels_need_a_file(command: Command, kept: Path, tmp_path: Path) -> None:
    ended = command("show", str(kept), "--to", "png:speedup")
    assert (ended.code, ended.err) == (
        2,
        snapshot("""\
whichext: --to png:speedup: expected a form that is text, got bytes
Next: write it to a file: whichext show FILE PATH with --to png:speedup
"""),
    )
    plot = tmp_path / "plot.png"
    assert command("show", str(kept), str(plot), "--to", "png:speedup").code == 0
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_the_form_of_a_file_follows_from_its_ending(
    command: Command, kept: Path, tmp_path: Path
) -> None:
    page, plot = tmp_path / "page.html", tmp_path / "plot.png"
    assert command("show", str(kept), str(page)).code == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
    ended = command("show", str(kept), str(plot), "--to", "svg:speedup")
    assert (ended.code, plot.exists()) == (2, False)
    assert "--to png:speedup" in ended.err


def test_a_file_whose_ending_is_that_of_no_form_is_not_written(
    command: Command, kept: Path
) -> None:
    for name in ("x.pdf", "x.svg"):
        path = kept.with_name(name)
        ended = command("show", str(kept), str(path))
        assert (ended.code, path.exists(), name in ended.err) == (2, False, True)
    for words in (["x.log", "--to", "text"], ["x"]):
        path = kept.with_name(words[0])
        assert command("show", str(kept), str(path), *words[1:]).code == 0
        assert "cy.total" in path.read_text()


def test_a_plot_is_printed_as_svg(command: Command, kept: Path) -> None:
    ended = command("show", str(kept), "--to", "svg:speedup")
    assert (ended.code, ended.out[:5]) == (0, "<svg ")


def test_escapes_in_names_reach_a_file_and_no_terminal(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"
    result_file.write(make_race({"numpy": [2_000] * 5, "cy.\x1b]8;;x\x07": [1_000] * 5}), path)
    assert "\x1b]8" in command("show", str(path), "--to", "csv:rows").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = command("show", str(path), "--to", "csv:rows").out
    assert "\x1b" not in shown
    assert "cy.\N{REPLACEMENT CHARACTER}]8" in shown
