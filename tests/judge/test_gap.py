"""What is missing where there is no ladder: options first, then entries."""

from __future__ import annotations

from factorial import race_between, with_factors
from whichext.judge.gap import find_gap
from whichext.model.difference import Difference

COMPILED = {"compiler": "gcc", "isa": "baseline"}


def test_contestants_that_settings_and_thread_counts_would_make_are_named() -> None:
    rows = with_factors("cy.rows", **COMPILED, order="row", pool="none")
    tiles = with_factors(
        "cy.tiles[2]", ["pool"], compiler="gcc", isa="dispatch", order="tile", pool="own"
    )
    result = race_between([rows, tiles], {"wide": {"cy.rows": 3000, "cy.tiles[2]": 1000}})

    gap = find_gap(result, "wide", "cy.rows", "cy.tiles[2]")

    assert [c.name for c in gap.missing] == [
        "cy.rows@isa=native",
        "cy.tiles@isa=native[1]",
        *[c.name for c in gap.missing[2:]],
    ]
    assert len(gap.missing) == 3
    assert {d.factor for d in gap.differences} == {"isa", "order", "pool", "threads"}
    assert gap.threads == (1, 2)  # those who raced with two are still needed


def test_where_no_setting_helps_the_nearest_two_and_their_differences_are_named() -> None:
    start = with_factors("cy.find", **COMPILED, order="column")
    nearer = with_factors("cy.rows", **COMPILED, order="row")
    end = with_factors("rs.rows", isa="baseline", compiler="rustc", order="row", bounds="checked")
    times = {"wide": {"cy.find": 3000, "cy.rows": 2000, "rs.rows": 1000}}

    gap = find_gap(race_between([start, nearer, end], times), "wide", "cy.find", "rs.rows")

    assert gap.missing == ()
    assert gap.nearest == ("cy.rows", "rs.rows")
    assert gap.differences == (
        Difference("bounds", "unstated", "checked"),
        Difference("compiler", "gcc", "rustc"),
    )


def test_two_that_differ_in_nothing_that_is_known_have_an_empty_gap() -> None:
    one, other = with_factors("cy.a", order="row"), with_factors("cy.b", order="row")
    result = race_between([one, other], {"wide": {"cy.a": 2000, "cy.b": 1000}})

    gap = find_gap(result, "wide", "cy.a", "cy.b")

    assert (gap.missing, gap.differences, gap.threads) == ((), (), ())


def test_who_was_asked_for_and_failed_is_not_called_missing() -> None:
    rows = with_factors("cy.rows", **COMPILED, order="row")
    native = with_factors("cy.rows@isa=native", order="row", compiler="gcc", isa="native")
    tiles = with_factors("cy.tiles", order="tile", compiler="gcc", isa="native")
    times = {"wide": {"cy.rows": 3000, "cy.tiles": 1000}}

    gap = find_gap(race_between([rows, tiles, native], times), "wide", "cy.rows", "cy.tiles")

    assert "cy.rows@isa=native" not in [contestant.name for contestant in gap.missing]
