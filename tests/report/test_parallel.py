"""What threads bring, and what the first call costs, in the report."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import WRONG, changed, make_race, make_row, make_timing, make_view, steady
from whichext.report.as_text import render
from whichext.report.sentences import sentences
from whichext.report.startup import startup_table

START = "Parallel efficiency against the best serial contestant, "


def efficiencies(times_ns: dict[str, list[float]]) -> list[str]:
    """The sentences on efficiency, of which there should be one at most."""
    return [s for s in sentences(make_race(times_ns), "small") if s.startswith(START)]


def test_efficiency_is_held_against_the_best_serial_contestant_and_not_the_same_entry() -> None:
    times = {"numpy": [1_000.0] * 5, "cy.total[1]": [4_000.0] * 5, "cy.total[2]": [2_000.0] * 5}
    assert efficiencies(times) == [f"{START}numpy: cy.total[2] 0.25 [0.25, 0.25]."]


def test_perfect_scaling_is_an_efficiency_of_one() -> None:
    times = {"numpy": [1_000.0] * 5, "cy.total[2]": [500.0] * 5, "cy.total[4]": [250.0] * 5}
    (found,) = efficiencies(times)
    assert found == f"{START}numpy: cy.total[4] 1.00 [1.00, 1.00], cy.total[2] 1.00 [1.00, 1.00]."


def test_one_epoch_gives_an_efficiency_without_an_interval() -> None:
    assert efficiencies({"numpy": [1_000], "cy.total[2]": [500]}) == [
        f"{START}numpy: cy.total[2] 1.00 [?, ?]."
    ]


@pytest.mark.parametrize("names", [("numpy", "cy.total[1]"), ("cy.total[2]", "rust.total[2]")])
def test_without_both_serial_and_parallel_contestants_there_is_no_efficiency(
    names: tuple[str, str],
) -> None:
    assert efficiencies({name: steady(1_000) for name in names}) == []


def test_a_limit_is_neither_the_best_serial_contestant_nor_a_parallel_one() -> None:
    times = {"numpy": [1_000.0] * 5, "limit[1]": [10.0] * 5, "limit[2]": [5.0] * 5}
    assert efficiencies(times) == []
    assert efficiencies(times | {"cy.total[2]": [500.0] * 5}) == [
        f"{START}numpy: cy.total[2] 1.00 [1.00, 1.00]."
    ]


def startup_lines(text: str) -> list[list[str]]:
    """The cells of the table on first calls, line by line."""
    _, _, below = text.partition("First call")  # a title as narrow as its table
    table = below.partition("└")[0]
    rows = [line for line in table.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]


def test_import_and_first_call_are_medians_over_epochs_apart_from_the_steady_state() -> None:
    timing = replace(
        make_timing("numpy", [1_000] * 3),
        import_ns=(5_000_000, 1_000_000, 2_000_000),
        first_call_ns=(9_000, 3_000, 4_000),
    )
    view = changed(make_race({"numpy": [1_000] * 3}), timings=(timing,))
    assert startup_lines(render(view)) == [["numpy", "2.00 ms", "4.00 us"]]


def test_yardsticks_are_not_among_the_first_calls() -> None:
    times = {name: steady(1_000) for name in ("numpy", "numpy (A/A twin)", "limit[1]")}
    assert [cells[0] for cells in startup_lines(render(make_race(times)))] == ["numpy"]


def test_who_never_made_a_first_call_is_not_among_them() -> None:
    timings = (make_timing("numpy", [1_000]), make_timing("cy.total", []))
    view = make_view(timings=timings, names=["numpy", "cy.total"])
    assert [cells[0] for cells in startup_lines(render(view))] == ["numpy"]


def test_where_nothing_raced_there_are_no_first_calls() -> None:
    assert startup_table(make_view([make_row("cy.total", WRONG)])) is None
