"""Effects and ladders as a person reads them."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from support.cli import printed
from support.contestants import with_factors
from support.races import race_between
from support.results import changed, explained, make_ratio
from whichext.model.contestant import CODE, PYTHON_IN_LOOP
from whichext.model.inline import unmarked
from whichext.model.insight import Point, Trend, Turn
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report.explanations import confounded_texts, effect_blocks, ladder_blocks, trend_texts

FIRST = with_factors("cy.find@debug", order="column", optimisation="none")
PLAIN = with_factors("cy.find", order="column", optimisation="O3")
ROWS = with_factors("cy.rows", order="row", optimisation="O3")
OTHER = with_factors("rs.find", order="row", optimisation="O3", toolchain="rust", lock="none")
TIMES = {"cy.find@debug": 8000, "cy.find": 2000, "cy.rows": 1000}


def race(*cases: str) -> View:
    return race_between((FIRST, PLAIN, ROWS), dict.fromkeys(cases, TIMES))


def test_each_effect_has_its_values_its_pair_and_an_interval_in_every_case() -> None:
    text = printed(*effect_blocks(race("wide", "tall")))

    assert "optimisation:" in text
    assert "none -> O3" in text
    assert "column -> row" in text
    assert text.count("x [") == 4


def test_of_many_cases_the_least_and_the_greatest_effect_are_shown() -> None:
    text = printed(*effect_blocks(race(*"abcdef")))

    assert "least" in text
    assert text.count("x [") == 4


def test_without_a_pair_there_is_no_table() -> None:
    assert effect_blocks(race_between((FIRST,), {"wide": {"cy.find@debug": 1000}})) == ()


def test_of_two_with_unlike_code_a_declaration_is_asked_for() -> None:
    slow = with_factors("cy.slow", **{PYTHON_IN_LOOP: "yes", CODE: "cy.slow's"})
    fast = with_factors("cy.fast", **{PYTHON_IN_LOOP: "none seen", CODE: "cy.fast's"})
    view = race_between((slow, fast), {"wide": {"cy.slow": 8000, "cy.fast": 1000}})

    assert printed(*ladder_blocks(view)) == snapshot("""\
From cy.slow to cy.fast (wide) there is no path in steps of one factor: cy.slow and cy.fast differ
in Python in the loop: yes -> none seen, code: cy.slow's -> cy.fast's.
  Next: if they differ in nothing but Python in the loop, declare the same factors for both, such as
  the order of their loops, where entries are listed.
""")


def test_a_ladder_shows_its_steps_their_product_and_the_whole() -> None:
    text = printed(*ladder_blocks(race("wide")))

    assert text == snapshot("""\
From cy.find@debug to cy.rows, the best with one thread, one factor at a time

 factor                                  wide
 ────────────────────────────────────────────
 optimisation: none -> O3  4.05x [4.00, 4.10]
   cy.find
 order: column -> row      2.00x [1.98, 2.02]
   cy.rows

 product of the steps                   8.10x
 measured directly         8.09x [7.99, 8.18]
""")
    lines = [line for line in text.splitlines() if "x" in line]
    places = [
        next(number for number, line in enumerate(lines) if word in line)
        for word in ("none -> O3", "column -> row", "product of the steps", "measured directly")
    ]
    assert places == sorted(places)


def test_cases_with_the_same_way_share_a_table() -> None:
    assert printed(*ladder_blocks(race("wide", "tall"))).count("product of the steps") == snapshot(
        1
    )


def test_where_there_is_no_way_the_text_says_what_differs_and_what_to_do() -> None:
    result = race_between((FIRST, PLAIN, OTHER), {"wide": {**TIMES, "rs.find": 100}})
    # Without the one that did not race.
    text = " ".join(printed(*ladder_blocks(result)).split())

    assert text == snapshot(
        "From cy.find@debug to rs.find (wide) there is no path in steps of one factor: cy.find and rs.find differ in lock: unstated -> none, order: column -> row, toolchain: unstated -> rust. Next: write an entry that differs from cy.find in one of them alone; no compiler setting makes it."
    )
    assert "toolchain: unstated -> rust" in text


def test_missing_contestants_come_with_the_options_that_make_them() -> None:
    rows = with_factors("cy.rows", compiler="gcc", isa="baseline", order="row")
    tiles = with_factors("cy.tiles[2]", compiler="gcc", isa="native", order="row")
    result = race_between((rows, tiles), {"wide": {"cy.rows": 3000, "cy.tiles[2]": 1000}})

    text = " ".join(printed(*ladder_blocks(result)).split())

    assert text == snapshot(
        "From cy.rows to cy.tiles[2] (wide) there is no path in steps of one factor: cy.rows and cy.tiles[2] differ in isa: baseline -> native, threads: 1 -> 2. Missing: cy.rows@isa=native. Next: race again with --factor isa=native"
    )


def test_a_leader_that_differs_from_its_baseline_in_several_factors_is_called_confounded() -> None:
    result = race_between((FIRST, ROWS), dict.fromkeys(("wide", "tall"), TIMES))
    assert [unmarked(text) for text in confounded_texts(result)] == snapshot(
        [
            "Confounded: cy.rows and cy.find@debug (wide, tall) differ in optimisation, order: their ratio is the effect of none of these alone."
        ]
    )


def test_a_leader_that_differs_in_one_factor_is_not_confounded() -> None:
    times = {"cy.find": 2000, "cy.rows": 1000}
    assert confounded_texts(race_between((PLAIN, ROWS), {"wide": times})) == []


def test_of_many_cases_no_ladders_are_shown() -> None:
    assert ladder_blocks(race(*"abcdef")) == ()


def test_who_was_left_out_by_entry_is_named_in_the_next_step() -> None:
    start = with_factors("rs.find", pool="none", lock="none", order="column")
    rows = with_factors("rs.rows[1]", ["pool"], pool="own", lock="none", order="row")
    locked = with_factors("rs.locked[2]", ["pool"], pool="own", lock="column", order="row")
    times = {"wide": {"rs.find": 4000, "rs.rows[1]": 3000, "rs.locked[2]": 1500}}

    text = " ".join(printed(*ladder_blocks(race_between((start, rows, locked), times))).split())

    assert text == snapshot(
        "From rs.find to rs.rows[1], the best with one thread, one factor at a time factor wide ──────────────────────────────────────── order: column -> row 1.35x [1.33, 1.37] rs.rows[1] product of the steps 1.35x measured directly 1.35x [1.33, 1.37] From rs.find to rs.locked[2] (wide) there is no path in steps of one factor: rs.rows[1] and rs.locked[2] differ in lock: none -> column, threads: 1 -> 2. Missing: rs.rows[2]. Next: race again with --entry 'rs.rows[2]'"
    )


def test_of_two_that_differ_in_nothing_known_nobody_is_told_to_write_an_entry() -> None:
    one, other = with_factors("cy.a", order="row"), with_factors("cy.b", order="row")

    result = race_between((one, other), {"wide": {"cy.a": 2000, "cy.b": 1000}})
    text = printed(*ladder_blocks(result))

    assert text == snapshot("""\
There is no path in steps of one factor from cy.a to cy.b (wide): cy.a and cy.b differ in nothing
that is known.
  Next: declare in which factors they differ, where entries are listed.
""")


def test_what_several_cases_say_of_contestants_that_differ_in_nothing_known_is_said_once() -> None:
    a, b, c = (with_factors(f"cy.{name}", order="row") for name in "abc")
    slow_a = {"cy.a": 2000, "cy.b": 1000, "cy.c": 1500}
    slow_c = {"cy.a": 1500, "cy.b": 1000, "cy.c": 2000}

    view = race_between((a, b, c), {"wide": slow_a, "tall": slow_a, "long": slow_c})

    assert printed(*ladder_blocks(view)) == snapshot("""\
There is no path in steps of one factor from cy.a to cy.b (wide, tall), and from cy.c to cy.b
(long): the two of each differ in nothing that is known.
  Next: declare in which factors they differ, where entries are listed.
""")


def test_a_result_file_without_effects_is_not_said_to_lack_contestants() -> None:
    text = " ".join(printed(*ladder_blocks(explained(changed(race("wide"), effects=())))).split())

    assert text == snapshot(
        "From cy.find@debug to cy.rows (wide) there is a path in steps of one factor, but not every step has an interval. Next: race longer (--max-time); of an older result file, whichext show FILE with --baseline cy.find@debug finds them."
    )


# Trends

SLOWER = Point(case="n0", ratio=make_ratio(2.0, 1.9, 2.1, Verdict.SLOWER))
FASTER = Point(case="n1", ratio=make_ratio(0.5, 0.4, 0.6, Verdict.FASTER))


def trend(*turns: Turn, verdicts: tuple[Verdict, ...] = ()) -> list[str]:
    found = Trend(family="sweep", contestant="cy.find", turns=turns, verdicts=verdicts)
    view = changed(race("wide"), trends=(found,), baseline="numpy")
    return [unmarked(text) for text in trend_texts(view)]


def test_where_a_contestant_overtakes_is_told_with_both_cases_and_their_intervals() -> None:
    there, back = Turn(before=SLOWER, after=FASTER), Turn(before=FASTER, after=SLOWER)
    assert trend(there, back) == snapshot(
        [
            "sweep: cy.find overtakes numpy between n0 (2.00 [1.90, 2.10]) and n1 (0.50 [0.40, 0.60]).",
            "sweep: cy.find falls behind numpy between n1 (0.50 [0.40, 0.60]) and n0 (2.00 [1.90, 2.10]).",
        ]
    )


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [((Verdict.FASTER,), "faster"), ((Verdict.TIE, Verdict.SLOWER), "tie or slower")],
)
def test_where_nothing_turns_the_verdicts_are_told(
    verdicts: tuple[Verdict, ...], said: str
) -> None:
    assert trend(verdicts=verdicts) == [f"sweep: cy.find against numpy: {said} in every case."]
