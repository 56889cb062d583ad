"""`whichext.tools`: the commands that are no verb of a race, as functions that print nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import whichext
from support.cli import Command
from support.races import CY, NUMPY, decide, memo_of
from support.results import changed, make_selfcheck, make_view
from whichext.load.kernel import load_kernel
from whichext.model.errors import UsageError
from whichext.model.kernel import Kernel
from whichext.model.raw import Kind
from whichext.report import result_file
from whichext.report.result import Result
from whichext.system.doctor import Level, MachineNote

RACED = decide({"wide": {NUMPY: 4000, CY: 1000}})


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    """A kernel of the name that the result has."""
    folder = tmp_path / RACED.raw.kernel
    folder.mkdir()
    row_sum = Path(__file__).parents[1] / "kernels" / "row_sum"
    (folder / "kernel.py").write_text((row_sum / "kernel.py").read_text())
    return load_kernel(folder)


def test_a_memo_of_a_result_races_nothing_is_kept_and_prints_nothing(
    kernel: Kernel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raced, path = Result(RACED.raw, RACED.judged), tmp_path / "memo.json"
    found = whichext.tools.memo(raced, kernel=kernel, min_speedup=5, save=path)
    assert whichext.render(found, "markdown").splitlines()[0] == memo_of(RACED, 5).splitlines()[0]
    assert (found.kind, found.judged.decision) == (
        Kind.MEMO,
        result_file.read(path).judged.decision,
    )
    assert capsys.readouterr().out == ""


def test_a_threshold_on_which_no_answer_could_depend_is_refused(kernel: Kernel) -> None:
    with pytest.raises(UsageError, match=r"min_speedup=0\.9: .* from 1"):
        whichext.tools.memo(kernel, min_speedup=0.9)


def test_a_selfcheck_is_a_result_that_is_kept_and_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    view = changed(make_view(), kind=Kind.SELFCHECK, selfcheck=make_selfcheck())
    monkeypatch.setattr("whichext.pipeline.selfcheck", lambda *_, **__: view)
    found = whichext.tools.selfcheck(save=tmp_path / "selfcheck.json")
    assert (found.ok, found.raw) == (True, result_file.read(tmp_path / "selfcheck.json").raw)
    assert capsys.readouterr().out == ""


def test_the_doctors_notes_are_data(monkeypatch: pytest.MonkeyPatch) -> None:
    note = MachineNote("steal", "9.0%", Level.WARNING, "run at a quieter hour")
    monkeypatch.setattr("whichext.system.doctor.examine", lambda: (note,))
    assert whichext.tools.doctor() == (note,)


def test_the_schema_is_the_one_that_the_command_prints(command: Command) -> None:
    found: dict[str, Any] = whichext.tools.schema()
    assert json.loads(command("schema").out) == found
    assert "ResultFile" in found["$defs"]
