"""Speed-ups on many machines as a picture."""

from __future__ import annotations

from typing import Any

from support.runs import CY, NUMPY, RUST, elsewhere, run_with
from whichext.judge.fleet import find_fleet
from whichext.model.fleet import Fleet
from whichext.report.document import Plot
from whichext.report.plots.canvas import MOST_PANELS
from whichext.report.plots.forest import plot

TIMES = {"up": 1.0, "via": 1.2, "wit": 3.0}
NAMES = tuple(TIMES)


def fleet(*names: str, **others: float) -> Fleet:
    """Machines of these names, each with its time of one contestant, and others like them."""
    views = {
        name: elsewhere(run_with({NUMPY: 2, CY: TIMES[name], **others}), label=name)
        for name in names
    }
    return find_fleet(views)


def drawn(found: Fleet, *names: str) -> Plot:
    made = plot(found, names)
    assert made is not None
    return made


def rows(chart: Any) -> list[dict[str, Any]]:
    """The rows of a panel that are machines or their mean."""
    every = chart.to_dict()["datasets"].values()
    return [row for rows in every for row in rows if "machine" in row]


def test_each_machine_has_a_row_and_below_them_are_the_mean_and_a_further_one() -> None:
    (chart,) = drawn(fleet(*NAMES), *NAMES).draw()
    found = {row["machine"]: row for row in rows(chart)}
    assert [*found] == [*NAMES, "mean of machines", "a further machine"]
    assert {name: found[name]["verdict"] for name in NAMES} == {
        "up": "faster",
        "via": "faster",
        "wit": "slower",
    }
    wide, narrow = (found[name] for name in ("a further machine", "mean of machines"))
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]


def test_two_machines_have_no_mean() -> None:
    (chart,) = drawn(fleet("up", "wit"), "up", "wit").draw()
    assert {row["machine"] for row in rows(chart)} == {"up", "wit"}


def test_one_machine_is_no_picture() -> None:
    assert plot(fleet("up"), ("up",)) is None


def test_the_numbers_behind_it_are_those_of_all_panels() -> None:
    made = drawn(fleet(*NAMES, **{RUST: 1.0}), *NAMES)
    assert len(made.draw()) == 2
    assert len(made.table.rows) == 2 * (len(NAMES) + 2)


def test_many_contestants_are_drawn_up_to_some_and_the_caption_says_so() -> None:
    others = {f"rust.f{number}": 1.0 for number in range(8)}
    made = drawn(fleet("up", "via", **others), "up", "via")
    assert len(made.draw()) == MOST_PANELS
    assert f"the first {MOST_PANELS} of 9" in made.caption
