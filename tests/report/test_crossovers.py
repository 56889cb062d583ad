"""At which case of a family one contestant overtakes another."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from builders import (
    SMALL,
    WRONG,
    make_measured,
    make_ratio,
    make_row,
    make_view,
)
from whichext.model.judged import Row
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report.crossovers import crossovers

FASTER, SLOWER, TIE, UNRESOLVED = (
    make_measured(make_ratio(0.5, 0.4, 0.6, Verdict.FASTER)),
    make_measured(make_ratio(2.0, 1.9, 2.1, Verdict.SLOWER)),
    make_measured(make_ratio(1.0, 0.99, 1.01, Verdict.TIE)),
    make_measured(make_ratio(1.1, 0.8, 1.4, Verdict.UNRESOLVED)),
)


def sweep(ours: Sequence[object], name: str = "cy.total", family: str = "sweep") -> View:
    """A family of cases "n0", "n1", and so on, with one contestant's outcome in each."""
    cases = [replace(SMALL, name=f"n{n}", family=family) for n in range(len(ours))]
    rows: list[Row] = []
    for case, outcome in zip(cases, ours, strict=True):
        rows.append(make_row("numpy", make_measured(), case.name))
        rows.append(make_row(name, outcome, case.name))  # type: ignore[arg-type]
    return make_view(rows, cases=cases)


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (
            [SLOWER, FASTER],
            "overtakes numpy between n0 (2.00 [1.90, 2.10]) and n1 (0.50 [0.40, 0.60]).",
        ),
        (
            [FASTER, SLOWER],
            "falls behind numpy between n0 (0.50 [0.40, 0.60]) and n1 (2.00 [1.90, 2.10]).",
        ),
    ],
)
def test_a_crossover_is_told_with_both_cases_and_their_intervals(
    ours: Sequence[object], expected: str
) -> None:
    assert crossovers(sweep(ours)) == [f"sweep: cy.total {expected}"]


@pytest.mark.parametrize("between", [TIE, UNRESOLVED, WRONG])
def test_what_is_not_known_in_between_makes_the_gap_wider(between: object) -> None:
    (found,) = crossovers(sweep([SLOWER, between, FASTER]))
    assert found.endswith("between n0 (2.00 [1.90, 2.10]) and n2 (0.50 [0.40, 0.60]).")


def test_every_crossover_of_a_family_is_told() -> None:
    found = crossovers(sweep([SLOWER, FASTER, FASTER, SLOWER]))
    assert [sentence.split(" numpy")[0] for sentence in found] == [
        "sweep: cy.total overtakes",
        "sweep: cy.total falls behind",
    ]


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ([FASTER, FASTER], "faster in every case."),
        ([TIE, SLOWER, TIE], "tie or slower in every case."),
        ([UNRESOLVED, TIE], "unresolved or tie in every case."),
    ],
)
def test_where_nobody_overtakes_the_verdicts_are_told(
    ours: Sequence[object], expected: str
) -> None:
    assert crossovers(sweep(ours)) == [f"sweep: cy.total against numpy: {expected}"]


@pytest.mark.parametrize("ours", [[FASTER], [WRONG, FASTER], [WRONG, WRONG]])
def test_one_case_alone_has_nothing_to_cross(ours: Sequence[object]) -> None:
    assert crossovers(sweep(ours)) == []


@pytest.mark.parametrize("name", ["numpy (A/A twin)", "limit[1]"])
def test_a_yardstick_overtakes_nobody(name: str) -> None:
    assert crossovers(sweep([SLOWER, FASTER], name)) == []


def test_cases_of_no_family_are_not_compared() -> None:
    assert crossovers(sweep([SLOWER, FASTER], family=None)) == []
