"""Ladders: steps of one factor whose product is the whole; what is missing where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.contestants import with_factors
from support.races import race_between
from whichext.judge.ladders import Gaps, Ladders, reached, shortest_way
from whichext.model.contestant import Difference
from whichext.model.insight import Gap, Ladder
from whichext.model.view import View

CONTESTANTS = (
    with_factors("cy.find@debug", order="column", optimisation="none"),
    with_factors("cy.find", order="column", optimisation="O3"),
    with_factors("cy.rows", order="row", optimisation="O3"),
    with_factors("cy.rows[2]", order="row", optimisation="O3"),
    with_factors("rs.find", order="column", optimisation="O3", toolchain="rust"),
    with_factors("rs.other", order="tile", optimisation="O3", toolchain="rust", lock="none"),
)
TIMES = {
    "wide": {
        "cy.find@debug": 8000,
        "cy.find": 2000,
        "cy.rows": 1000,
        "cy.rows[2]": 600,
        "rs.find": 1900,
        "rs.other": 500,
    }
}
RESULT = race_between(CONTESTANTS, TIMES)

COSTS = {("a", "b"): 1.0, ("b", "d"): 1.0, ("a", "c"): 0.5, ("c", "d"): 2.0, ("d", "e"): 1.0}


def find_ladder(view: View, start: str, end: str) -> Ladder | None:
    """The ladder between two contestants in the case "wide"."""
    return Ladders(view, view.cases["wide"]).between(start, end)


def steps(name: str) -> Iterator[tuple[str, float]]:
    return ((after, cost) for (before, after), cost in COSTS.items() if before == name)


def test_the_ladder_goes_in_steps_of_one_factor_from_one_end_to_the_other() -> None:
    ladder = find_ladder(RESULT, "cy.find@debug", "cy.rows[2]")

    assert ladder is not None
    assert [(r.factor, r.before, r.after) for r in ladder.rungs] == [
        ("optimisation", "none", "O3"),
        ("order", "column", "row"),
        ("threads", "1", "2"),
    ]
    assert [r.contestant_after for r in ladder.rungs] == ["cy.find", "cy.rows", "cy.rows[2]"]


def test_the_product_of_the_steps_lies_within_the_interval_of_the_whole() -> None:
    ladder = find_ladder(RESULT, "cy.find@debug", "cy.rows[2]")

    assert ladder is not None
    speed_up = ladder.ratio.inverse
    assert (speed_up.low or 0) <= ladder.product <= (speed_up.high or 0)
    assert speed_up.value == pytest.approx(8000 / 600, rel=0.05)


def test_downwards_each_step_is_the_inverse_of_the_one_upwards() -> None:
    upwards = find_ladder(RESULT, "cy.find@debug", "cy.rows")
    downwards = find_ladder(RESULT, "cy.rows", "cy.find@debug")

    assert upwards is not None
    assert downwards is not None
    assert downwards.product == pytest.approx(1 / upwards.product)
    for up, down in zip(upwards.rungs, reversed(downwards.rungs), strict=True):
        assert (down.before, down.after) == (up.after, up.before)
        assert down.ratio == up.ratio.inverse


def test_of_several_ways_the_shortest_is_taken() -> None:
    direct = with_factors("cy.short", order="row", optimisation="none")
    times = {"wide": {**TIMES["wide"], "cy.short": 3000}}
    result = race_between((*CONTESTANTS, direct), times)

    ladder = find_ladder(result, "cy.find@debug", "cy.rows")

    assert ladder is not None
    assert len(ladder.rungs) == 2


def test_across_a_pair_that_differs_in_two_factors_there_is_no_ladder() -> None:
    assert find_ladder(RESULT, "cy.find@debug", "rs.other") is None


def test_no_way_goes_down_to_one_thread_and_up_again_past_what_is_idle_there() -> None:
    """The lock and the pool change on it, and both steps would be called threads."""
    idle = ("pool", "lock")
    result = race_between(
        (
            with_factors("rs.mutex[2]", idle, pool="rayon", lock="column"),
            with_factors("rs.mutex[1]", idle, pool="rayon", lock="column"),
            with_factors("rs.free[2]", idle, pool="openmp", lock="none"),
        ),
        {"wide": {"rs.mutex[2]": 4000, "rs.mutex[1]": 3000, "rs.free[2]": 1500}},
    )

    assert find_ladder(result, "rs.mutex[2]", "rs.free[2]") is None
    assert find_ladder(result, "rs.mutex[1]", "rs.free[2]") is not None
    gap = Gaps(result).between(result.cases["wide"], "rs.mutex[2]", "rs.free[2]")
    assert gap.nearest == ("rs.mutex[2]", "rs.free[2]")
    assert [difference.factor for difference in gap.differences] == ["lock", "pool"]


def test_a_step_without_an_interval_is_no_rung() -> None:
    result = race_between(CONTESTANTS, TIMES, epochs=1)
    assert find_ladder(result, "cy.find@debug", "cy.find") is None


def test_the_cheapest_way_is_taken_with_both_of_its_ends() -> None:
    assert shortest_way("a", "e", steps) == ["a", "b", "d", "e"]


def test_where_there_is_no_way_there_is_none() -> None:
    assert shortest_way("e", "a", steps) is None


def test_what_is_there_already_needs_no_step() -> None:
    assert shortest_way("a", "a", steps) == ["a"]


def test_all_are_reached_to_which_there_is_a_way() -> None:
    assert sorted(reached("b", lambda name: (one for one, _ in steps(name)))) == ["b", "d", "e"]


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


def test_no_ladder_lists_a_change_there_and_back() -> None:
    """As where two equal entries differ from the reference in one and the same factor."""
    one, other = (with_factors(name, toolchain="python") for name in ("py.a", "py.b"))
    middle = with_factors("numpy", toolchain="numpy")
    times = {"wide": {"py.a": 3000, "numpy": 2000, "py.b": 1000}}
    result = race_between([one, middle, other], times)

    assert len(result.judged.effects) == 2
    assert find_ladder(result, "py.a", "py.b") is None
    gap = find_gap(result, "py.a", "py.b")
    assert (gap.nearest, gap.differences) == (("py.a", "py.b"), ())


def test_no_ladder_goes_over_what_is_not_stated() -> None:
    one = with_factors("py.a", toolchain="python")
    silent = with_factors("numpy")
    other = with_factors("rs.b", toolchain="rust")
    times = {"wide": {"py.a": 3000, "numpy": 2000, "rs.b": 1000}}
    result = race_between([one, silent, other], times)

    ladder = find_ladder(result, "py.a", "rs.b")

    assert ladder is not None
    assert [rung.contestant_after for rung in ladder.rungs] == ["rs.b"]
    assert find_ladder(result, "py.a", "numpy") is None
    assert find_gap(result, "py.a", "numpy").missing == ()


def test_a_factor_may_change_twice_on_the_way_to_its_last_value() -> None:
    start = with_factors("cy.rows", isa="baseline", order="row")
    native = with_factors("cy.rows@isa=native", order="row")
    tiles = with_factors("cy.tiles@isa=native", order="tile")
    end = with_factors("cy.tiles", isa="dispatch", order="tile")
    times = {"wide": {start.name: 8000, native.name: 4000, tiles.name: 2000, end.name: 1000}}

    ladder = find_ladder(race_between([start, native, tiles, end], times), start.name, end.name)

    assert ladder is not None
    assert [rung.factor for rung in ladder.rungs] == ["isa", "order", "isa"]
