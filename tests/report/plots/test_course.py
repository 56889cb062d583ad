"""The picture of a history: every run with its interval, the noise, and where it changed."""

from __future__ import annotations

from typing import Any

import pytest

from support.runs import CY, NUMPY, elsewhere, run_with
from whichext.judge.history import find_history
from whichext.model.view import View
from whichext.report.document import Plot
from whichext.report.plots.canvas import MOST_PANELS, inline_svg
from whichext.report.plots.course import plot

CHANGED = [
    run_with({NUMPY: 2, CY: time}, day=day, twin=1.03)
    for day, time in enumerate((1.0, 1.0, 3.0, 2.6), start=1)
]


def drawn(*views: View) -> Plot:
    """The picture of the course over these runs."""
    found = plot(find_history({f"{n}.json": view for n, view in enumerate(views)}, CY))
    assert found is not None
    return found


def layers(chart: Any) -> list[dict[str, Any]]:
    return list(chart.to_dict()["layer"])


def rows(chart: Any) -> list[dict[str, Any]]:
    """Its points, the earliest first."""
    return list(chart.layer[0].data.values)


def test_each_run_is_a_point_with_its_interval_and_its_verdict() -> None:
    (chart,) = drawn(*CHANGED).draw()
    ratios = [view.cases["small"].measured[CY].ratio for view in CHANGED]
    found = [(row["speed_up"], row["low"], row["high"], row["verdict"]) for row in rows(chart)]
    assert found == [
        (speed_up.value, speed_up.low, speed_up.high, ratio.verdict)
        for ratio in ratios
        for speed_up in (ratio.inverse,)
    ]


def test_the_band_is_as_wide_as_the_noise_of_each_run() -> None:
    (chart,) = drawn(*CHANGED).draw()
    noise = [view.cases["small"].measured[CY].ratio.noise for view in CHANGED]
    assert [row["noise_high"] - 1 for row in rows(chart)] == pytest.approx(noise)
    assert noise[0] == pytest.approx(0.03, rel=0.2)


def test_a_run_in_which_a_change_is_shown_is_marked_with_what_changed() -> None:
    (chart,) = drawn(*CHANGED).draw()
    assert [row["change"] for row in rows(chart)] == ["", "", "faster to slower", "still slower"]
    texts = [one for one in layers(chart) if one["mark"].get("type") == "text"]
    assert len(texts) == 2


def test_a_course_has_its_numbers_as_a_table() -> None:
    found = drawn(*CHANGED)
    assert [row[1] for row in found.table.rows] == [f"2025-01-0{day} 03:04" for day in range(1, 5)]


def test_machines_are_apart_and_named_where_a_case_was_raced_on_several() -> None:
    twice = [*CHANGED[:2], *map(elsewhere, CHANGED[:2])]
    titles = [chart.to_dict()["title"] for chart in drawn(*twice).draw()]
    assert {title["text"] for title in titles} == {"small, Testium 9000", "small, Other 3"}
    assert {title["subtitle"] for title in titles} == {f"{CY} over {NUMPY}"}


def test_runs_of_one_minute_are_told_apart_by_their_files() -> None:
    again = run_with({NUMPY: 2, CY: 1.5}, day=1)
    (chart,) = drawn(CHANGED[0], again).draw()
    assert len({row["run"] for row in rows(chart)}) == 2


def test_one_run_alone_is_no_course() -> None:
    assert plot(find_history({"one.json": CHANGED[0]}, CY)) is None


def test_a_course_of_one_run_beside_others_is_counted_in_the_caption() -> None:
    found = drawn(*CHANGED[:2], elsewhere(CHANGED[0]))
    assert len(found.draw()) == 1
    assert found.caption.endswith(": 1 of 2.")
    assert not drawn(*CHANGED[:2]).caption.endswith("of 2.")


def test_many_courses_are_drawn_up_to_some_and_the_caption_says_so() -> None:
    machines = [elsewhere(view, cpu=f"CPU {n}") for n in range(8) for view in CHANGED[:2]]
    found = drawn(*machines)
    assert len(found.draw()) == MOST_PANELS
    assert "8 courses" in found.caption


def test_a_course_can_be_drawn_where_a_run_has_no_interval() -> None:
    one_epoch = run_with({NUMPY: 2, CY: 1.0}, day=5, epochs=1)
    (chart,) = drawn(*CHANGED, one_epoch).draw()
    assert "NaN" not in inline_svg(chart, "a course", "course")
