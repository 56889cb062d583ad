"""The exit status of a run on machines, and what is said of each of them."""

from __future__ import annotations

import errno
from dataclasses import replace as replace_in
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.cli import squeezed
from support.results import make_race, steady
from whichext.cli.machines import Entrant, OnMachines, _keeping, _sweep
from whichext.cli.machines.folder import Folder
from whichext.cli.machines.listing import exit_code, machines_document
from whichext.cli.wording import SHELL
from whichext.model.errors import ResultNotWrittenError
from whichext.model.outcome import Wrong
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View
from whichext.report.race import race_document
from whichext.report.text import render_text

RACE = make_race({"numpy": steady(1_000), "mine.f": steady(500)})


def wrong() -> View:
    """A race in which an entry was wrong."""
    (row, *others) = RACE.judged.rows
    found = replace(row, outcome=Wrong(where="small", expected="1", got="2"))
    return View(RACE.raw, replace(RACE.judged, rows=(found, *others)))


def whole(name: str, view: View = RACE) -> Entrant:
    return Entrant(name, view.raw.machine, Path(f"out/{name}.json"), view, "")


LOST = Entrant("b", RACE.raw.machine, None, None, "the machine was lost")
HALF = Entrant("b", RACE.raw.machine, Path("out/b.json"), RACE, INTERRUPTED)


@pytest.mark.parametrize(
    ("entrants", "interrupted", "code"),
    [
        ((whole("a"), whole("b")), False, 0),
        ((whole("a"), LOST), False, 1),
        ((whole("a"), HALF), True, 1),
        ((whole("a"), whole("b", wrong())), False, 1),
        ((whole("a", wrong()), whole("b", wrong())), False, 1),
        ((), False, 1),
    ],
)
def test_the_status_is_that_of_all_results_unless_one_is_missing_or_differs(
    entrants: tuple[Entrant, ...], interrupted: bool, code: int
) -> None:
    assert exit_code(OnMachines(Path("out"), entrants, interrupted)) == code


def test_a_full_disk_here_is_said_as_each_reader_types_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(ResultNotWrittenError) as caught:
        _keeping(Folder(tmp_path, "k"), "it")("a", RACE)
    assert f"-o {tmp_path}" in caught.value.text(SHELL)
    assert f'save="{tmp_path}"' in caught.value.next_step
    lost = replace_in(LOST, problem=caught.value.marked_next_step)
    document = machines_document(OnMachines(tmp_path, (lost,), interrupted=False))
    assert f"-o {tmp_path}" in squeezed(render_text(document, 200, colour=False, wording=SHELL))


def test_only_what_came_to_its_end_is_a_result() -> None:
    found = OnMachines(Path("out"), (whole("a"), LOST, HALF), interrupted=False)
    assert found.views == (RACE,)


def test_a_sweep_is_the_result_of_its_parts_with_the_report_of_a_race() -> None:
    sweep = Entrant("sweep", RACE.raw.machine, Path("out/sweep.json"), RACE, "")
    found = OnMachines(Path("out"), (whole("part-1"), whole("part-2")), False, sweep)
    text = render_text(machines_document(found), 100, wording=SHELL)
    assert found.views == (RACE,)
    assert render_text(race_document(RACE), 100, wording=SHELL) in text
    assert text.splitlines()[-1] == snapshot("Next: whichext show out/sweep.json shows it again.")


@pytest.mark.parametrize("last", [whole("part-2"), LOST])
def test_parts_are_one_result_only_if_all_are_whole(tmp_path: Path, last: Entrant) -> None:
    kept = Folder(tmp_path, "", has_parts=True)
    found = _sweep(kept, (whole("part-1"), last))
    assert (found is not None) == kept.sweep.exists() == (last is not LOST)
