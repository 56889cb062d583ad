"""What is printed of the course of a ratio."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from msgspec.structs import asdict, replace

from support.cli import squeezed
from support.contestants import SMALL
from support.runs import CY, NUMPY, built_as, elsewhere, run_with
from whichext.cli.wording import SHELL
from whichext.judge import view_of
from whichext.judge.history import find_history
from whichext.model.errors import UsageError
from whichext.model.runs import Skipped, Why
from whichext.model.view import View
from whichext.report.document import Plot
from whichext.report.history import HistoryResult, history_document
from whichext.report.text import render_text


def runs(*times_us: float) -> dict[str, View]:
    """A run a day in which CY takes these times, and numpy two microseconds."""
    return {
        f"{day}.json": run_with({NUMPY: 2, CY: time}, day=day)
        for day, time in enumerate(times_us, start=1)
    }


def printed(views: dict[str, View], *unread: Skipped) -> str:
    """The report from the command line."""
    found = find_history(views, CY, unread=unread)
    return render_text(history_document(found), 100, wording=SHELL)


NOTHING = snapshot("Nothing else that is recorded differs.")
COURSE = snapshot("""\
total: cy.total over numpy, 6 runs
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB
┏━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ case  ┃ started          ┃ file   ┃           speed-up ┃ verdict   ┃             change ┃
┡━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ small │ 2025-01-01 03:04 │ 1.json │ 2.00x [2.00, 2.00] │ faster    │                    │
│       │ 2025-01-02 03:04 │ 2.json │ 2.00x [2.00, 2.00] │ faster    │                    │
│       │ 2025-01-03 03:04 │ 3.json │ 0.67x [0.67, 0.67] │ -> slower │ 0.33x [0.33, 0.33] │
│       │ 2025-01-04 03:04 │ 4.json │ 0.67x [0.67, 0.67] │ slower    │                    │
│       │ 2025-01-05 03:04 │ 5.json │ 0.80x [0.80, 0.80] │ slower    │ 1.20x [1.20, 1.20] │
└───────┴──────────────────┴────────┴────────────────────┴───────────┴────────────────────┘
small, 2025-01-03 03:04: faster -> slower, the speed-up is 0.33x [0.33, 0.33] of that of 2025-01-01
03:04. What differs: cc of cy: gcc 12 -> gcc 13; machine code of cy.
small, 2025-01-05 03:04: still slower, the speed-up is 1.20x [1.20, 1.20] of that of 2025-01-03
03:04. Nothing else that is recorded differs.

Other 3 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB
┏━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━┓
┃ case  ┃ started          ┃ file        ┃           speed-up ┃ verdict ┃ change ┃
┡━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━┩
│ small │ 2025-01-01 03:04 │ other1.json │ 2.00x [2.00, 2.00] │ faster  │        │
└───────┴──────────────────┴─────────────┴────────────────────┴─────────┴────────┘
There is one run of each case, and nothing to compare it with.

Left out
  notes.json: expected a result file
  copy.json: the same race as in 1.json
  0x.json, 1x.json, 2x.json, 3x.json and 1 more: without this ratio

speed-up: time of numpy over that of cy.total, in the same rounds, with its interval; above 1 is
faster. change: that speed-up over the one of the most certain run since the last change. It is
shown where the whole interval of the two together is over 1% and the noise away from 1. Machines
are apart, since a ratio of one says little of another.
""")


def test_a_course_with_changes_on_two_machines() -> None:
    views = runs(1, 1, 3, 3, 2.5)
    compilers = ("gcc 12", "gcc 12", "gcc 13", "gcc 13", "gcc 13")
    views = {
        name: built_as(view, compiler, compiler)
        for (name, view), compiler in zip(views.items(), compilers, strict=True)
    }
    others = {f"other{name}": elsewhere(view) for name, view in runs(1).items()}
    without = {f"{n}x.json": run_with({NUMPY: 1}, day=9 + n) for n in range(5)}
    unread = Skipped(name="notes.json", why=Why.UNREAD, detail="expected a result file")
    copy = {"copy.json": views["1.json"]}
    assert printed({**views, **others, **without, **copy}, unread) == COURSE


def test_where_no_change_is_shown_that_is_said() -> None:
    text = printed(runs(1, 1))
    assert text[text.index("No change") :].splitlines()[0] == snapshot("No change is shown.")


def test_a_change_for_which_nothing_is_recorded_says_so() -> None:
    assert squeezed(printed(runs(1, 3))).count(NOTHING) == 1


def test_cases_of_one_name_with_other_parameters_have_these_beside_their_name() -> None:
    views = runs(1, 1)
    other = replace(views["2.json"].raw, cases=(SMALL.but(shape=(7, 7)),))
    rows = [
        line.split("│")[1].strip()
        for line in printed({**views, "2.json": view_of(other)}).splitlines()
        if line.startswith("│")
    ]
    assert rows == snapshot(
        ["small (20, 30) float64, C", "order", "small (7, 7) float64, C", "order"]
    )


def test_a_history_in_python_prints_its_report_and_shows_it_in_a_notebook() -> None:
    found = HistoryResult(**asdict(find_history(runs(1, 3), CY)))
    assert str(found) == render_text(history_document(found))
    assert "<table" in found._repr_html_()
    assert len(found.courses[0].points) == 2


def test_a_page_has_the_picture_below_its_title() -> None:
    found = HistoryResult(**asdict(find_history(runs(1, 1, 3), CY)))
    assert isinstance(found.pictured().page.blocks[1], Plot)
    assert "<svg" in found._repr_html_()


def test_a_history_gives_its_picture_as_a_chart() -> None:
    result = HistoryResult(**asdict(find_history(runs(1, 1, 3), CY)))
    drawn = result.plot().to_dict()
    assert len(drawn["vconcat"]) == 1
    assert "cy.total over numpy" in " ".join(drawn["title"]["subtitle"])


def test_one_run_has_no_picture() -> None:
    result = HistoryResult(**asdict(find_history(runs(1), CY)))
    with pytest.raises(UsageError, match="two runs"):
        result.plot()
