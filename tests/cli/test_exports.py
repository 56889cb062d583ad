"""Exports on the command line: to standard output, to a file, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import Command
from support.exports import race
from support.pages import ROOT
from whichext.report import FORMS, result_file
from whichext.report.exports import EXPORTS


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A result file."""
    path = tmp_path / "result.json"
    result_file.write(race(), path)
    return str(path)


@pytest.mark.parametrize("to", [one for one in EXPORTS if not one.startswith("parquet")])
def test_show_prints_every_export_that_is_text(command: Command, file: str, to: str) -> None:
    ended = command("show", file, "--to", to)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("\n")


def test_show_writes_an_export_to_a_file(command: Command, file: str, tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    assert command("show", file, str(path), "--to", "pytest-benchmark").code == 0
    assert len(json.loads(path.read_text())["benchmarks"]) == 3


def test_show_writes_bytes_to_a_file_alone(command: Command, file: str, tmp_path: Path) -> None:
    assert command("show", file, str(tmp_path / "rows.parquet"), "--to", "parquet:rows").code == 0
    assert (tmp_path / "rows.parquet").read_bytes()[:4] == b"PAR1"
    ended = command("show", file, "--to", "parquet:rows")
    assert (ended.code, ended.err) == (
        2,
        snapshot("""\
whichext: --to parquet:rows: expected a form that is text, got bytes
Next: write it to a file: whichext show FILE PATH with --to parquet:rows
"""),
    )


def test_ratios_of_an_export_refer_to_the_baseline_that_is_asked_for(
    command: Command, file: str
) -> None:
    ended = command("show", file, "--to", "github:smaller", "--baseline", "cy.total[2]")
    assert {one["unit"][-11:] for one in json.loads(ended.out)} == {"cy.total[2]"}


@pytest.mark.parametrize("page", ["docs/howto/export_a_result.md", "docs/reference/commands.md"])
def test_every_form_is_on_the_page_of_exports_and_in_the_help(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert [form for form in FORMS if form not in text] == []
