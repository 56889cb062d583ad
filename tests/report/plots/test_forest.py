"""Speed-ups on many machines as a picture."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.runs import CY, NUMPY, RUST, elsewhere, run_with
from whichext.judge import view_of
from whichext.judge.fleet import find_fleet
from whichext.model.fleet import Fleet
from whichext.model.inline import unmarked
from whichext.model.ratio import Ratio
from whichext.report.document import Plot
from whichext.report.plots.canvas import MOST_PANELS, inline_svg
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


def sentences(made: Plot) -> list[str]:
    """Those of the caption, after what is so in every picture of machines."""
    return unmarked(made.caption).split(". ")[3:]


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


def test_a_machine_that_is_labelled_as_the_mean_is_not_taken_for_it() -> None:
    (chart,) = drawn(fleet(*NAMES), "mean of machines", "via", "wit").draw()
    found = {row["machine"]: row["shape"] for row in rows(chart)}
    assert sorted(found.values()).count("circle") == len(NAMES)
    assert found["mean of machines"] == "diamond"


def test_two_machines_have_no_mean() -> None:
    (chart,) = drawn(fleet("up", "wit"), "up", "wit").draw()
    assert {row["machine"] for row in rows(chart)} == {"up", "wit"}


def test_one_machine_is_no_picture() -> None:
    assert plot(fleet("up"), ("up",)) is None


def test_the_numbers_behind_it_are_those_of_all_panels() -> None:
    made = drawn(fleet(*NAMES, **{RUST: 1.0}), *NAMES)
    assert len(made.draw()) == 2
    assert len(made.table.rows) == 2 * (len(NAMES) + 2)


def test_many_contestants_are_drawn_up_to_some_and_the_caption_says_how_many_are_not() -> None:
    others = {f"rust.f{number}": 1.0 for number in range(8)}
    made = drawn(fleet("up", "via", **others), "up", "via")
    assert len(made.draw()) == MOST_PANELS
    assert sentences(made) == snapshot(
        ["Drawn are 6 of 9 contestants in cases", "3 more are not drawn; the report has all."]
    )
    assert len(made.table.rows) == 9 * 2


def test_contestants_on_which_machines_disagree_are_drawn_before_others() -> None:
    views = {
        name: elsewhere(
            run_with(
                {NUMPY: 2, **{f"rust.f{number}": 1.0 for number in range(8)}, CY: TIMES[name]},
                cases=("small", "tall"),
            ),
            label=name,
        )
        for name in NAMES
    }
    made = drawn(find_fleet(views), *NAMES)
    titles = [panel.to_dict()["title"]["text"] for panel in made.draw()]
    assert titles[:3] == [f"small: {CY}", f"tall: {CY}", "small: rust.f0"]
    assert sentences(made) == snapshot(
        [
            "Drawn are 6 of 18 contestants in cases, first those on which machines disagree",
            "12 more are not drawn; the report has all.",
        ]
    )


def test_two_cases_of_one_name_are_two_panels() -> None:
    views = {}
    for day, shape in enumerate(((3, 4), (5, 6)), start=1):
        for name in ("up", "via"):
            view = run_with({NUMPY: 2, CY: 1}, day=day)
            cases = tuple(one.but(shape=shape) for one in view.raw.cases)
            views[f"{name}{day}"] = elsewhere(view_of(replace(view.raw, cases=cases)), label=name)
    titles = [
        panel.to_dict()["title"]["text"] for panel in drawn(find_fleet(views), "up", "via").draw()
    ]
    assert titles == [
        f"small (3, 4) float64, C order: {CY}",
        f"small (5, 6) float64, C order: {CY}",
    ]


def test_the_caption_names_the_baseline_and_what_letters_stand_for() -> None:
    made = plot(fleet(*NAMES), ("A", "B", "C"), "A to C: Zen 4.")
    assert made is not None
    assert NUMPY in unmarked(made.caption)
    assert sentences(made) == snapshot(["A to C: Zen 4."])


def test_a_further_machine_has_a_mark_of_some_height_though_its_interval_has_no_width() -> None:
    views = {name: elsewhere(run_with({NUMPY: 2, CY: 1}), label=name) for name in NAMES}
    found = find_fleet(views)
    ((_, cell),) = found.cells
    alike = replace(cell, further=Ratio.of(-0.7, 0.0, 9, None))
    (case,) = found.cases
    made = drawn(replace(found, cases=(replace(case, cells=(alike,)),)), *NAMES)
    (panel,) = made.draw()
    marks = [
        one.get("d", "")
        for one in ElementTree.fromstring(inline_svg(panel, "", "here")).iter("path")
        if any("a further machine" in (inner.text or "") for inner in one)
    ]
    assert any(size_of(mark) > 2 for mark in marks)


def size_of(path: str) -> float:
    """The lesser of width and height of an outline, px; its points are x,y in turn."""
    numbers = [float(one) for one in re.findall(r"-?[0-9.]+", path)]
    return min(max(side) - min(side) for side in (numbers[::2], numbers[1::2]))
