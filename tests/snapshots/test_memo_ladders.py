"""Why, in lines of Markdown."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import with_factors
from support.races import decision_of, markdown_of, race_between
from support.results import changed
from whichext.model.contestant import Role
from whichext.model.view import View
from whichext.report.memo.reasons import why_blocks

NUMPY = replace(with_factors("numpy", toolchain="numpy"), role=Role.REFERENCE)
FIRST = with_factors("cy.find@debug", order="column", optimisation="none")
PLAIN = with_factors("cy.find", order="column", optimisation="O3")
ROWS = with_factors("cy.rows", order="row", optimisation="O3")
OTHER = with_factors("rs.rows", order="row", optimisation="O3", toolchain="rust", lock="none")
TIMES = {"numpy": 3000, "cy.find@debug": 8000, "cy.find": 2000, "cy.rows": 1900}


def text_of(result: View) -> str:
    return markdown_of(why_blocks(result, decision_of(result)))


def race(*cases: str) -> View:
    return race_between((NUMPY, FIRST, PLAIN, ROWS), dict.fromkeys(cases, TIMES), spread=0)


def test_a_factor_that_matters_has_its_effect_in_every_case() -> None:
    assert (
        "- **optimisation** none → O3: 4.00x [4.00, 4.00] (`wide`), 4.00x [4.00, 4.00] (`tall`); "
        "`cy.find@debug` → `cy.find`"
    ) in text_of(race("wide", "tall"))


def test_a_factor_that_brings_less_than_it_is_worth_is_left_out() -> None:
    assert "**order**" not in text_of(race("wide"))


def test_a_headline_is_one_line_with_its_steps_and_their_product() -> None:
    assert text_of(race("wide")) == snapshot("""\
Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **optimisation** none → O3: 4.00x [4.00, 4.00] (`wide`); `cy.find@debug` → `cy.find`

From where people begin to the best, one factor at a time:

- `cy.find@debug` → `cy.rows` (`wide`): 4.21x [4.21, 4.21], of optimisation none → O3 4.00x [4.00, 4.00], order column → row 1.05x [1.05, 1.05]; the product of these is 4.21x

Confounded: `cy.rows` and `numpy` (`wide`) differ in optimisation, order, toolchain. Their ratio is the effect of none of these alone.\
""")


def test_a_headline_of_one_step_is_that_step() -> None:
    times = {"numpy": 3000, "cy.find@debug": 8000, "cy.find": 2000}
    text = text_of(race_between((NUMPY, FIRST, PLAIN), {"wide": times}, spread=0))
    assert text == snapshot("""\
Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **optimisation** none → O3: 4.00x [4.00, 4.00] (`wide`); `cy.find@debug` → `cy.find`

From where people begin to the best, one factor at a time:

- `cy.find@debug` → `cy.find` (`wide`): 4.00x [4.00, 4.00], all of it optimisation none → O3

Confounded: `cy.find` and `numpy` (`wide`) differ in optimisation, order, toolchain. Their ratio is the effect of none of these alone.\
""")


def test_a_ratio_without_a_ladder_is_not_attributed() -> None:
    times = {**TIMES, "rs.rows": 500}
    everyone = (NUMPY, FIRST, PLAIN, ROWS, OTHER)
    text = text_of(race_between(everyone, {"wide": times, "tall": times}, spread=0))
    assert text == snapshot("""\
Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **optimisation** none → O3: 4.00x [4.00, 4.00] (`wide`), 4.00x [4.00, 4.00] (`tall`); `cy.find@debug` → `cy.find`

From where people begin to the best, one factor at a time:

- `cy.find@debug` → `rs.rows` (`wide` and `tall`): not attributed, since `cy.rows` and `rs.rows` differ in lock: unstated → none, toolchain: unstated → rust

Confounded: `rs.rows` and `numpy` (`wide` and `tall`) differ in lock, optimisation, order, toolchain. Their ratio is the effect of none of these alone.\
""")


def test_who_would_tell_is_named_with_the_options() -> None:
    rows = with_factors("cy.rows", compiler="gcc", isa="baseline", order="row")
    tiles = with_factors("cy.tiles[2]", compiler="gcc", isa="native", order="row")
    times = {"numpy": 4000, "cy.rows": 3000, "cy.tiles[2]": 1000}
    text = text_of(race_between((NUMPY, rows, tiles), {"wide": times}))
    assert "would tell, with `--factor isa=native" in text


def test_a_leader_that_differs_in_several_factors_is_called_confounded() -> None:
    assert text_of(race("wide", "tall")) == snapshot("""\
Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **optimisation** none → O3: 4.00x [4.00, 4.00] (`wide`), 4.00x [4.00, 4.00] (`tall`); `cy.find@debug` → `cy.find`

From where people begin to the best, one factor at a time:

- `cy.find@debug` → `cy.rows` (`wide`): 4.21x [4.21, 4.21], of optimisation none → O3 4.00x [4.00, 4.00], order column → row 1.05x [1.05, 1.05]; the product of these is 4.21x
- `cy.find@debug` → `cy.rows` (`tall`): 4.21x [4.21, 4.21], of optimisation none → O3 4.00x [4.00, 4.00], order column → row 1.05x [1.05, 1.05]; the product of these is 4.21x

Confounded: `cy.rows` and `numpy` (`wide` and `tall`) differ in optimisation, order, toolchain. Their ratio is the effect of none of these alone.\
""")


def test_cases_that_do_not_decide_explain_nothing() -> None:
    result = race("wide", "tiny")
    tiny = tuple(c.but(family="sweep" * (c.name == "tiny")) for c in result.raw.cases)
    lines = [line for line in text_of(changed(result, cases=tiny)).splitlines() if line[:1] == "-"]
    assert lines
    assert [line for line in lines if "tiny" in line] == []
