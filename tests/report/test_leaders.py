"""What is said of those that lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from inline_snapshot import snapshot

from support.results import make_race
from whichext.model.inline import unmarked
from whichext.model.view import CaseView
from whichext.report import result_file
from whichext.report.leaders import leaders_text, order_text

BASELINE = "numpy"
RESULTS = Path(__file__).parents[2] / "docs" / "results"


def said_of(close_ns: Sequence[float], baseline_ns: float = 1_000) -> str:
    """What is said where one contestant is close to the baseline, and twenty are far from both."""
    swings = np.random.default_rng(1).normal(0, 0.01, (20, 5))
    others = {f"p{n}.total": list(2_000 * np.exp(its)) for n, its in enumerate(swings)}
    race = make_race({BASELINE: [baseline_ns] * 5, "cy.total": close_ns, **others})
    case = race.cases["small"]
    assert case.judged.leaders is not None
    return unmarked(leaders_text(case, case.judged.leaders, BASELINE))


def test_a_leader_that_ties_in_its_row_does_not_beat_the_baseline() -> None:
    assert said_of([1_000, 1_022, 988, 1_012, 995]) == snapshot(
        "numpy and cy.total lead and cannot be told apart: nothing beats numpy here."
    )


def test_a_leader_that_is_faster_in_its_row_has_a_reservation() -> None:
    assert said_of([1_080.0, 1_120.0, 1_040.0, 1_100.0, 1_060.0], 1_160) == snapshot(
        "cy.total and numpy lead and cannot be told apart; cy.total is 1.07x "
        "[1.03, 1.12] as fast as numpy. cy.total is faster than numpy where the two alone are "
        "compared; 21 comparisons at once do not show it."
    )


def test_whether_an_unresolved_row_beats_the_baseline_is_unresolved() -> None:
    assert said_of([1_000, 1_122, 988, 1_112, 995]) == snapshot(
        "numpy and cy.total lead and cannot be told apart; whether anything beats numpy is "
        "unresolved."
    )


def test_a_leader_that_is_slower_in_its_row_has_a_reservation() -> None:
    assert said_of([1_080.0, 1_120.0, 1_040.0, 1_100.0, 1_060.0]) == snapshot(
        "numpy and cy.total lead and cannot be told apart: nothing beats numpy here. "
        "cy.total is slower than numpy where the two alone are compared; 21 comparisons at once do "
        "not show it."
    )


def case_of(cy_ns: Sequence[float], rs_ns: Sequence[float]) -> CaseView:
    """A case in which two toolchains race."""
    race = make_race({BASELINE: [1_000] * 5, "cy.total": cy_ns, "rs.total": rs_ns})
    return race.cases["small"]


def test_a_direct_ratio_against_the_order_of_the_rows_is_explained() -> None:
    wide = result_file.read(RESULTS / "find_max.json").cases["wide"]
    (pair,) = wide.judged.between
    rows = [*wide.measured]
    assert rows.index(pair.contestant) < rows.index(pair.other)
    assert pair.ratio.value > 1
    assert unmarked(order_text(wide)) == snapshot(
        "rustpy.find_max_tiled[2] stands above cypy.find_max_tiled[2], though the direct "
        "ratio is below 1: rows are in the order of the ratios to the baseline. Each ratio is of "
        "the paired turns of its two, so it is not the quotient of two others. Of a pair, its "
        "direct ratio says more."
    )


def test_where_direct_ratios_agree_with_the_order_nothing_is_said_of_it() -> None:
    case = case_of([500] * 5, [700] * 5)
    assert case.judged.between
    assert order_text(case) == ""


def test_a_direct_ratio_that_is_shown_as_1_is_against_no_order() -> None:
    case = result_file.read(RESULTS / "find_max.json").cases["transposed"]
    assert case.judged.between[0].ratio.value > 1
    assert order_text(case) == ""
