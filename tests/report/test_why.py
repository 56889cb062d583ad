"""Effects and ladders as a person reads them."""

from __future__ import annotations

from io import StringIO

from rich.console import Console, RenderableType

from builders import changed
from factorial import race_between, with_factors
from whichext.model.view import View
from whichext.report.why import confounded, effects, ladders

FIRST = with_factors("cy.find@debug", order="column", optimisation="none")
PLAIN = with_factors("cy.find", order="column", optimisation="O3")
ROWS = with_factors("cy.rows", order="row", optimisation="O3")
OTHER = with_factors("rs.find", order="row", optimisation="O3", toolchain="rust", lock="none")
TIMES = {"cy.find@debug": 8000, "cy.find": 2000, "cy.rows": 1000}


def text_of(part: RenderableType | None) -> str:
    assert part is not None
    output = StringIO()
    Console(file=output, width=100, highlight=False).print(part)
    return output.getvalue()


def race(*cases: str) -> View:
    return race_between((FIRST, PLAIN, ROWS), dict.fromkeys(cases, TIMES))


def test_each_effect_has_its_values_its_pair_and_an_interval_in_every_case() -> None:
    text = text_of(effects(race("wide", "tall")))

    assert "optimisation:" in text
    assert "none -> O3" in text
    assert "column -> row" in text
    assert text.count("x [") == 4


def test_of_many_cases_the_least_and_the_greatest_effect_are_shown() -> None:
    text = text_of(effects(race(*"abcdef")))

    assert "least" in text
    assert text.count("x [") == 4


def test_without_a_pair_there_is_no_table() -> None:
    assert effects(race_between((FIRST,), {"wide": {"cy.find@debug": 1000}})) is None


def test_a_ladder_shows_its_steps_their_product_and_the_whole() -> None:
    text = text_of(ladders(race("wide")))

    assert "From cy.find@debug to cy.rows, the best with one thread" in text
    lines = [line for line in text.splitlines() if "x" in line]
    places = [
        next(number for number, line in enumerate(lines) if word in line)
        for word in ("none -> O3", "column -> row", "product of the steps", "measured directly")
    ]
    assert places == sorted(places)


def test_cases_with_the_same_way_share_a_table() -> None:
    assert text_of(ladders(race("wide", "tall"))).count("product of the steps") == 1


def test_where_there_is_no_way_the_text_says_what_differs_and_what_to_do() -> None:
    result = race_between((FIRST, PLAIN, OTHER), {"wide": {**TIMES, "rs.find": 100}})
    # Without the one that did not race.
    text = " ".join(text_of(ladders(result)).split())

    assert "no way in steps of one factor: " in text
    assert "toolchain: unstated -> rust" in text
    assert "Next: write an entry" in text


def test_missing_contestants_come_with_the_options_that_make_them() -> None:
    rows = with_factors("cy.rows", compiler="gcc", isa="baseline", order="row")
    tiles = with_factors("cy.tiles[2]", compiler="gcc", isa="native", order="row")
    result = race_between((rows, tiles), {"wide": {"cy.rows": 3000, "cy.tiles[2]": 1000}})

    text = " ".join(text_of(ladders(result)).split())

    assert "Next: race again with --factor isa=native" in text


def test_a_leader_that_differs_from_its_baseline_in_several_factors_is_called_confounded() -> None:
    result = race_between((FIRST, ROWS), dict.fromkeys(("wide", "tall"), TIMES))
    assert confounded(result) == [
        "Confounded: cy.rows and cy.find@debug (wide, tall) differ in optimisation, order: "
        "their ratio is the effect of none of these alone."
    ]


def test_a_leader_that_differs_in_one_factor_is_not_confounded() -> None:
    times = {"cy.find": 2000, "cy.rows": 1000}
    assert confounded(race_between((PLAIN, ROWS), {"wide": times})) == []


def test_of_many_cases_no_ladders_are_shown() -> None:
    assert ladders(race(*"abcdef")) is None


def test_who_was_left_out_by_entry_is_named_in_the_next_step() -> None:
    start = with_factors("rs.find", pool="none", lock="none", order="column")
    rows = with_factors("rs.rows[1]", ["pool"], pool="own", lock="none", order="row")
    locked = with_factors("rs.locked[2]", ["pool"], pool="own", lock="column", order="row")
    times = {"wide": {"rs.find": 4000, "rs.rows[1]": 3000, "rs.locked[2]": 1500}}

    text = " ".join(text_of(ladders(race_between((start, rows, locked), times))).split())

    assert "Next: race again with --entry 'rs.rows[2]'" in text


def test_of_two_that_differ_in_nothing_known_nobody_is_told_to_write_an_entry() -> None:
    one, other = with_factors("cy.a", order="row"), with_factors("cy.b", order="row")

    text = text_of(ladders(race_between((one, other), {"wide": {"cy.a": 2000, "cy.b": 1000}})))

    assert "Next: declare in which factors the two differ" in text
    assert "one of them alone" not in text


def test_a_result_file_without_effects_is_not_said_to_lack_contestants() -> None:
    text = " ".join(text_of(ladders(changed(race("wide"), effects=()))).split())

    assert "no way in steps" not in text
    assert "not each of them has an interval" in text
