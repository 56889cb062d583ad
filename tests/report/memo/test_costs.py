"""What it costs, build by build."""

from __future__ import annotations

from msgspec.structs import replace

from builders import make_build, make_built
from compiled import evidence, settings
from decisions import CY, CY2, NUMPY, RS, built, decide
from whichext.judge.recommendation import recommend
from whichext.model.outcome import Tool
from whichext.model.scorecard import Scorecard
from whichext.report.memo.costs import cost_blocks


def text_of(result: Scorecard) -> str:
    return "\n".join(cost_blocks(result, recommend(result)))


def test_a_build_has_its_tools_with_versions_its_time_and_its_size() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}}))
    assert "| `cy.find` | cc 1.0 | cython 1.0 | - | 10.0 s | 50.0 kB |" in text
    assert "| `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s |" in text


def test_those_of_one_build_share_a_row() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 2000, CY2: 1000}}))
    assert "| `cy.find[2]` and `cy.find` | cc 1.0 |" in text


def test_a_library_costs_its_users_a_package_and_nobody_a_compiler() -> None:
    builds = [built("libs", "numba", "flit-core")]
    result = decide(
        {"wide": {NUMPY: 4000, "libs.fast": 1000}},
        builds=builds,
        requires={"libs.fast": ["numba"]},
    )
    assert "| `libs.fast` | none | flit-core 1.0 | numba 1.0 |" in text_of(result)


def test_a_program_that_tells_its_own_name_is_not_named_twice() -> None:
    receipt = replace(make_built(), tools=(Tool("cc", "cc (Debian) 12.2.0"),))
    named = make_build("cy", receipt)
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, builds=[named]))
    assert "| `cy.find` | cc (Debian) 12.2.0 | - |" in text


def test_where_nobody_is_eligible_there_is_no_table() -> None:
    assert text_of(decide({"wide": {NUMPY: 4000}})) == ""


def test_a_shared_library_that_not_every_system_has_is_what_its_users_need() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    audited = replace(result, evidence=(evidence("cy", settings(), openmp=True),))
    assert "| `cy.find` | cc 1.0 | cython 1.0 | libgomp.so.1 |" in text_of(audited)
