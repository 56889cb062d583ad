"""The tables of speed, the crossovers, and what a call costs."""

from __future__ import annotations

from msgspec.structs import replace

from builders import make_ratio
from decisions import CY, CY2, NUMPY, RS, decide
from whichext.judge.recommendation import recommend
from whichext.model.scorecard import Scorecard
from whichext.report.memo.speed import call_blocks, share_text, speed_blocks


def speed(result: Scorecard) -> str:
    return "\n\n".join(speed_blocks(result, recommend(result)))


def call(result: Scorecard) -> str:
    return "\n\n".join(call_blocks(result, recommend(result)))


def test_each_case_has_the_reference_and_the_best_of_each_toolchain() -> None:
    times = {NUMPY: 4000, CY: 2000, "cy.slow": 3000, CY2: 1000, "rs.find@native": 10, RS: 5000}
    lines = speed(decide({"wide": times}, spread=0)).splitlines()
    case = "`wide` (20, 30) float64, C order"
    assert [line for line in lines if line.startswith("|")][2:] == [
        f"| {case} | `cy.find[2]` | 1.00 us | 4.00x [4.00, 4.00] | - |",
        "|  | `cy.find` | 2.00 us | 2.00x [2.00, 2.00] | - |",
        "|  | `numpy` | 4.00 us | 1 | - |",
        "|  | `rs.find` | 5.00 us | 0.80x [0.80, 0.80] | - |",
    ]


def test_cases_that_do_not_decide_are_folded_away() -> None:
    times = {NUMPY: 4000, CY: 2000}
    text = speed(decide({"wide": times, "tiny": times}, families={"tiny": "sweep"}))
    before, after = text.split("<details>")
    assert ("`wide`" in before, "`tiny`" in before, "`tiny`" in after) == (True, False, True)
    # Markdown within HTML is read only after an empty line.
    assert "</summary>\n\n|" in after
    assert after.rstrip().endswith("|\n\n</details>")


def test_a_crossover_is_told_as_times_as_fast() -> None:
    times = {
        "wide": {NUMPY: 4000, CY: 2000},
        "10": {NUMPY: 1000, CY: 2000},
        "1000": {NUMPY: 4000, CY: 2000},
    }
    text = speed(decide(times, families={"10": "sweep", "1000": "sweep"}, spread=0))
    assert (
        "- `cy.find` overtakes `numpy` between `10` (0.50x [0.50, 0.50]) and "
        "`1000` (2.00x [2.00, 2.00])."
    ) in text


def test_falling_behind_is_told_too() -> None:
    times = {"10": {NUMPY: 4000, CY: 2000}, "1000": {NUMPY: 1000, CY: 2000}}
    text = speed(decide(times, families={"10": "sweep", "1000": "sweep"}))
    assert "- `cy.find` falls behind `numpy` between `10`" in text


def test_without_the_reference_there_is_no_table() -> None:
    result = decide({"wide": {CY: 1000, RS: 500}})
    assert (speed(result), call(result)) == ("", "")


def test_a_share_of_the_limit_has_its_interval() -> None:
    assert share_text(None) == "-"
    assert share_text(make_ratio(0.5, 0.45, 0.55)) == "50% [45%, 55%]"


def test_what_a_call_costs_is_read_off_the_smallest_case() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 900}, "tiny": {NUMPY: 2000, CY: 200}}, spread=0)
    small = replace(result.courses[1], bytes_moved=16)
    text = call(replace(result, courses=(result.courses[0], small)))
    assert text.startswith("In `tiny`, the smallest case raced, a call moves 16.0 B.")
    assert "| `cy.find` | 200 ns | 10x [10, 10] | 50.0 us | 1.00 ms |" in text


def test_a_case_that_takes_long_shows_nothing_of_a_call() -> None:
    text = call(decide({"wide": {NUMPY: 9_000_000, CY: 900_000}}))
    assert "too much to show what a call itself costs. Next: race a small one as well" in text


def test_times_that_an_old_result_lacks_are_a_dash() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 900}}, spread=0)
    bare = tuple(replace(one, import_ns=(), first_call_ns=()) for one in result.timings)
    text = call(replace(result, timings=bare))
    assert "| `cy.find` | 900 ns | 10x [10, 10] | - | - |" in text
