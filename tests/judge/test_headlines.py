"""Headlines: from where people begin to the best, with one thread and with several."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from support.contestants import with_factors
from support.races import race_between
from whichext.model.contestant import Role
from whichext.model.insight import Gap, Headline, Ladder
from whichext.model.view import View

FIRST = with_factors("cy.find@debug", order="column", optimisation="none")
PLAIN = with_factors("cy.find", order="column", optimisation="O3")
ROWS = with_factors("cy.rows", order="row", optimisation="O3")
TWO = with_factors("cy.rows[2]", order="row", optimisation="O3")
RUST = with_factors("rs.rows", order="row", optimisation="O3", toolchain="rust", lock="none")
NUMPY = replace(with_factors("numpy", toolchain="numpy"), role=Role.REFERENCE)
EVERYONE = (NUMPY, FIRST, PLAIN, ROWS, TWO, RUST)
TIMES = {
    "numpy": 100,
    "cy.find@debug": 8000,
    "cy.find": 2000,
    "cy.rows": 1000,
    "cy.rows[2]": 600,
    "rs.rows": 1500,
}


def headlines(view: View, case: str = "wide") -> tuple[Headline, ...]:
    return view.cases[case].judged.headlines


def test_there_is_one_to_the_best_with_one_thread_and_one_to_the_best_with_several() -> None:
    found = headlines(race_between(EVERYONE, {"wide": TIMES}))

    assert [(h.start, h.end, h.parallel) for h in found] == [
        ("cy.find@debug", "cy.rows", False),
        ("cy.find@debug", "cy.rows[2]", True),
    ]
    assert all(isinstance(h.why, Ladder) for h in found)


def test_the_product_of_a_ladder_is_that_of_its_rungs_speed_ups() -> None:
    ladder = headlines(race_between(EVERYONE, {"wide": TIMES}))[0].why

    assert isinstance(ladder, Ladder)
    assert [rung.factor for rung in ladder.rungs] == ["optimisation", "order"]
    expected = math.prod(1 / rung.ratio.value for rung in ladder.rungs)
    assert ladder.product == pytest.approx(expected)


def test_they_begin_where_the_kernel_says_that_people_begin() -> None:
    found = headlines(race_between(EVERYONE, {"wide": TIMES}, origin="cy.find"))
    assert {h.start for h in found} == {"cy.find"}


def test_where_the_origin_did_not_race_they_begin_at_the_slowest() -> None:
    found = headlines(race_between(EVERYONE, {"wide": TIMES}, origin="cy.absent"))
    assert {h.start for h in found} == {"cy.find@debug"}


def test_of_two_that_cannot_be_told_apart_the_one_with_a_ladder_is_shown() -> None:
    times = {**TIMES, "rs.rows": 1000}
    for seed in range(5):
        result = race_between(EVERYONE, {"wide": times}, seed=seed, spread=0.05)
        assert headlines(result)[0].end == "cy.rows"


def test_without_a_ladder_to_the_best_it_is_said_what_is_missing() -> None:
    serial = headlines(race_between(EVERYONE, {"wide": {**TIMES, "rs.rows": 500}}))[0]
    assert (serial.end, isinstance(serial.why, Gap)) == ("rs.rows", True)


def test_an_origin_that_is_the_best_itself_is_no_headline() -> None:
    result = race_between((NUMPY, ROWS), {"wide": {"numpy": 2000, "cy.rows": 1000}})
    assert headlines(result) == ()


def test_a_case_in_which_no_entry_raced_has_none() -> None:
    assert headlines(race_between((NUMPY,), {"wide": {"numpy": 2000}})) == ()


def test_of_several_gaps_one_that_options_can_close_is_shown() -> None:
    compiled = {"compiler": "gcc", "order": "column"}
    first = with_factors("cy.find@debug", **compiled, optimisation="none", isa="baseline")
    native = with_factors("cy.tiles", **compiled, optimisation="O3", isa="native")
    other = with_factors("rs.find", compiler="rustc", toolchain="rust", order="tile")
    times = {"cy.find@debug": 8000, "cy.tiles": 1000, "rs.find": 1000}
    for seed in range(5):
        result = race_between((first, native, other), {"wide": times}, seed=seed, spread=0.05)
        (headline,) = headlines(result)
        assert isinstance(headline.why, Gap)
        assert headline.end == "cy.tiles"
