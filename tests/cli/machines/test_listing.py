"""The exit status of a run on machines, and what is said of each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from support.results import make_race, steady
from whichext.cli.machines import Entrant, OnMachines
from whichext.cli.machines.listing import exit_code
from whichext.model.outcome import Wrong
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View

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


def test_only_what_came_to_its_end_is_a_result() -> None:
    found = OnMachines(Path("out"), (whole("a"), LOST, HALF), interrupted=False)
    assert found.views == (RACE,)
