"""What is missing where there is no ladder: options first, then entries."""

from __future__ import annotations

from factorial import race_between, with_factors
from whichext.judge.gaps import Gaps
from whichext.model.contestant import Difference
from whichext.model.insight import Gap
from whichext.model.view import View

COMPILED = {"compiler": "gcc", "isa": "baseline"}


def find_gap(view: View, start: str, end: str) -> Gap:
    """What is missing between two contestants in the case "wide"."""
    return Gaps(view).between(view.cases["wide"], start, end)


def test_contestants_that_settings_and_thread_counts_would_make_are_named() -> None:
    rows = with_factors("cy.rows", **COMPILED, order="row", pool="none")
    tiles = with_factors(
        "cy.tiles[2]", ["pool"], compiler="gcc", isa="dispatch", order="tile", pool="own"
    )
    result = race_between([rows, tiles], {"wide": {"cy.rows": 3000, "cy.tiles[2]": 1000}})

    gap = find_gap(result, "cy.rows", "cy.tiles[2]")

    assert gap.missing[:2] == ("cy.rows@isa=native", "cy.tiles@isa=native[1]")
    assert len(gap.missing) == 3
    assert gap.settings == ("isa=native",)
    assert {d.factor for d in gap.differences} == {"isa", "order", "pool", "threads"}
    assert gap.threads == (1, 2)  # those who raced with two are still needed


def test_where_no_setting_helps_the_nearest_two_and_their_differences_are_named() -> None:
    start = with_factors("cy.find", **COMPILED, order="column")
    nearer = with_factors("cy.rows", **COMPILED, order="row")
    end = with_factors("rs.rows", isa="baseline", compiler="rustc", order="row", bounds="checked")
    times = {"wide": {"cy.find": 3000, "cy.rows": 2000, "rs.rows": 1000}}

    gap = find_gap(race_between([start, nearer, end], times), "cy.find", "rs.rows")

    assert gap.missing == ()
    assert gap.nearest == ("cy.rows", "rs.rows")
    assert gap.differences == (
        Difference("bounds", "unstated", "checked"),
        Difference("compiler", "gcc", "rustc"),
    )


def test_two_that_differ_in_nothing_that_is_known_have_an_empty_gap() -> None:
    one, other = with_factors("cy.a", order="row"), with_factors("cy.b", order="row")
    result = race_between([one, other], {"wide": {"cy.a": 2000, "cy.b": 1000}})

    gap = find_gap(result, "cy.a", "cy.b")

    assert (gap.missing, gap.settings, gap.differences, gap.threads) == ((), (), (), ())


def test_who_was_asked_for_and_failed_is_not_called_missing() -> None:
    rows = with_factors("cy.rows", **COMPILED, order="row")
    native = with_factors("cy.rows@isa=native", order="row", compiler="gcc", isa="native")
    tiles = with_factors("cy.tiles", order="tile", compiler="gcc", isa="native")
    times = {"wide": {"cy.rows": 3000, "cy.tiles": 1000}}

    gap = find_gap(race_between([rows, tiles, native], times), "cy.rows", "cy.tiles")

    assert "cy.rows@isa=native" not in gap.missing


def test_a_contestant_that_only_the_choice_of_entries_left_out_takes_no_setting() -> None:
    start = with_factors("rs.find", pool="none", lock="none", order="column")
    rows = with_factors("rs.rows[1]", ["pool"], pool="own", lock="none", order="row")
    locked = with_factors("rs.locked[2]", ["pool"], pool="own", lock="column", order="row")
    times = {"wide": {"rs.find": 4000, "rs.rows[1]": 3000, "rs.locked[2]": 1500}}

    gap = find_gap(race_between((start, rows, locked), times), "rs.find", "rs.locked[2]")

    assert (gap.missing, gap.settings, gap.threads) == (("rs.rows[2]",), (), ())


def test_cases_in_which_the_same_raced_lack_the_same() -> None:
    one, other = with_factors("cy.a", order="row"), with_factors("rs.b", order="tile", lock="none")
    times = {"cy.a": 2000, "rs.b": 1000}
    view = race_between((one, other), {"wide": times, "tall": times})
    gaps = Gaps(view)

    first, second = (gaps.between(case, "cy.a", "rs.b") for case in view.cases.values())

    assert first is second
