"""Which plots a result has, what they hold, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as with_fields

import whichext
from support.results import changed, make_build, make_built, make_race, steady
from whichext.model.errors import UsageError
from whichext.model.inline import code
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import draw, render, result_file
from whichext.report.document import Plot
from whichext.report.plots import KINDS, plot_of, plots_of

RESULTS = Path(__file__).parents[3] / "docs" / "results"
RACE = make_race({"numpy": steady(1_000), "cy.total": steady(500)})


def kept(name: str) -> View:
    """A result that the documentation shows."""
    return result_file.read(RESULTS / f"{name}.json")


FULL, SHAPES = kept("find_max"), kept("find_max_shapes")


def found(view: View, kind: str) -> Plot:
    """The plot of that kind, which the result must have."""
    plot = KINDS[kind](view)
    assert plot is not None
    return plot


def values(spec: Any) -> Iterator[dict[str, Any]]:
    """All rows of data in a chart."""
    if isinstance(spec, dict):
        for key, inner in spec.items():
            if key == "datasets":
                for rows in inner.values():
                    yield from rows
            elif key == "values" and isinstance(inner, list):
                yield from (row for row in inner if isinstance(row, dict))
            else:
                yield from values(inner)
    elif isinstance(spec, list):
        for inner in spec:
            yield from values(inner)


def rows(plot: Plot) -> list[dict[str, Any]]:
    """What the chart of a plot draws."""
    return [*values([panel.to_dict() for panel in plot.draw()])]


def test_a_full_result_has_every_plot_but_those_over_sizes() -> None:
    assert [plot.kind for plot in plots_of(FULL)] == [k for k in KINDS if k != "crossover"]
    assert found(SHAPES, "crossover")


@pytest.mark.parametrize("kind", KINDS)
def test_every_plot_says_what_it_shows_and_has_its_numbers(kind: str) -> None:
    plot = found(SHAPES if kind == "crossover" else FULL, kind)
    assert plot.kind == kind
    assert plot.title
    assert plot.caption.endswith(".")
    assert plot.table.rows
    assert all(len(row) == len(plot.table.columns) for row in plot.table.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_every_plot_can_be_drawn_as_svg(kind: str) -> None:
    drawn = render(SHAPES if kind == "crossover" else FULL, f"svg:{kind}")
    assert drawn.startswith("<svg ")
    assert "NaN" not in drawn


def test_a_plot_can_be_drawn_as_pixels() -> None:
    assert draw(RACE, "png", "speedup").startswith(b"\x89PNG")


def test_points_of_speed_ups_are_the_ratios_of_the_result() -> None:
    points = {
        row["contestant"]: row
        for row in rows(found(RACE, "speedup"))
        if "says" in row and "contestant" in row
    }
    (case,) = RACE.cases.values()
    ratio = case.measured["cy.total"].ratio.inverse
    assert points["cy.total"]["speed_up"] == ratio.value == pytest.approx(2)
    assert (points["cy.total"]["low"], points["cy.total"]["high"]) == (ratio.low, ratio.high)
    assert points["cy.total"]["verdict"] == "faster"
    assert points["numpy"]["verdict"] == "baseline"


def test_the_band_of_speed_ups_is_as_wide_as_the_noise_of_the_case() -> None:
    bands = [row for row in rows(found(FULL, "speedup")) if "from" in row]
    assert [band["to"] - 1 for band in bands] == pytest.approx(
        [case.noise for case in FULL.cases.values()]
    )


def test_the_bars_of_a_ladder_begin_where_the_one_before_ends() -> None:
    steps = [row for row in rows(found(FULL, "ladder")) if "text" in row]
    first = steps[: next(n for n, row in enumerate(steps) if row["from"] == 1.0 and n)]
    assert first[0]["from"] == 1.0
    assert [row["from"] for row in first[1:]] == [row["to"] for row in first[:-1]]


def test_the_lines_of_code_of_a_project_are_drawn_once_for_all_its_profiles() -> None:
    built = with_fields(make_built(), code_lines=1_234)
    builds = (make_build("cy", built), make_build("cy", built, "debug"), make_build("other", built))
    plot = found(changed(RACE, builds=builds), "cost")
    assert [row["text"] for row in rows(plot) if row["what"] == "code"] == ["1,234"]
    assert ("code", "1,234") in {(row[0], row[2]) for row in plot.table.rows}


def test_what_a_project_needs_is_counted_and_named_in_the_numbers() -> None:
    plot = found(FULL, "cost")
    decision = FULL.judged.decision
    assert decision is not None
    needs = {row["of"]: row["value"] for row in rows(plot) if row["what"] == "needs"}
    assert set(needs) == {FULL.contestants[name].project for name in decision.shown} - {None}
    (named,) = (row[2] for row in plot.table.rows if row[:2] == ("needs", code("cypy")))
    assert named.startswith(f"{needs['cypy']}, ")
    assert "Cython" in named or "cython" in named


def test_a_call_in_a_small_case_is_a_cost_and_one_in_a_large_case_is_none() -> None:
    bars = {row["what"] for row in rows(found(kept("find_max_small"), "cost"))}
    assert "call" in bars
    assert "call" not in {row["what"] for row in rows(found(FULL, "cost"))}


def test_a_result_from_before_lines_were_counted_has_no_bars_of_them() -> None:
    without = found(FULL, "cost")
    assert "code" not in {row[0] for row in without.table.rows}
    assert "lines of code" not in without.caption


def test_dots_of_a_case_stand_beside_each_other_in_a_roofline() -> None:
    (panel,) = found(FULL, "roofline").draw()
    assert "xOffset" in str(panel.to_dict())
    limits = {row["name"] for row in rows(found(FULL, "roofline")) if "name" in row}
    assert limits == {"limit[1]", "limit[2]"}


def test_a_dot_marks_leaders_alone() -> None:
    cells = rows(found(SHAPES, "wins"))
    leads = {(row["case"], row["contestant"]) for row in cells if row.get("leads")}
    said = {
        (case.case.name, name)
        for case in SHAPES.cases.values()
        if case.judged.leaders
        for name in case.judged.leaders.names
    }
    assert leads == said


def test_many_cases_are_one_panel_of_speed_ups() -> None:
    assert len(found(FULL, "speedup").draw()) == len(FULL.cases)
    assert len(found(SHAPES, "speedup").draw()) == 1


def test_of_many_cases_a_bar_spans_all_intervals_of_a_contestant() -> None:
    drawn = rows(found(SHAPES, "speedup"))
    spans = {row["contestant"]: row for row in drawn if set(row) == {"contestant", "low", "high"}}
    points = [row for row in drawn if "verdict" in row and row["low"] is not None]
    assert {point["contestant"] for point in points} <= set(spans)
    assert all(spans[point["contestant"]]["low"] <= point["low"] for point in points)
    assert all(point["high"] <= spans[point["contestant"]]["high"] for point in points)


def test_of_very_many_turns_some_are_drawn_and_the_caption_says_so() -> None:
    view = make_race({"numpy": [1000.0 + n % 7 for n in range(900)], "cy.f": [500.0] * 900})
    plot = found(view, "samples")
    turns = [row["contestant"] for row in rows(plot) if "counted" in row]
    assert 200 <= turns.count("cy.f") <= 400
    assert "400" in plot.caption
    assert "400" not in found(RACE, "samples").caption


def test_turns_of_dropped_rounds_are_drawn_as_dropped() -> None:
    dropped = sum(len(case.judged.dropped) for case in FULL.cases.values())
    assert dropped
    turns = [row for row in rows(found(FULL, "samples")) if "counted" in row]
    assert {row["counted"] for row in turns} == {True, False}


@pytest.mark.parametrize("kind", [Kind.VERIFY, Kind.AUDIT])
def test_a_result_without_a_race_has_no_plots(kind: Kind) -> None:
    view = changed(kept("find_max_answers"), kind=kind)
    assert [*plots_of(view)] == []


def test_a_plot_for_which_a_result_has_nothing_says_which_there_are() -> None:
    with pytest.raises(UsageError, match=r"at least three.*\n.*speedup"):
        plot_of(RACE, "crossover")


def test_a_kind_that_there_is_not_is_refused_with_all_kinds() -> None:
    with pytest.raises(UsageError, match=r"svg:pie.*svg:speedup"):
        render(RACE, "svg:pie")
    with pytest.raises(UsageError, match=r"pie.*speedup"):
        whichext.Result(RACE.raw, RACE.judged).plot("pie")


def test_a_kind_without_its_form_names_the_form() -> None:
    with pytest.raises(UsageError, match="svg:speedup"):
        render(RACE, "speedup")


def test_the_picture_of_the_readme_is_that_of_the_result_beside_it() -> None:
    shown = (RESULTS.parent / "find_max.svg").read_text("utf-8")
    points = [row["says"] for row in rows(found(FULL, "speedup")) if "verdict" in row]
    assert [point for point in points if f'aria-label="{point}"' not in shown] == []


def test_a_result_gives_its_plot_as_a_chart() -> None:
    chart = whichext.Result(FULL.raw, FULL.judged).plot("speedup")
    assert len(chart.to_dict()["vconcat"]) == len(FULL.cases)
