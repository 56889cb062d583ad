"""What a contestant costs whoever builds and calls it."""

from __future__ import annotations

from msgspec.structs import replace

from builders import BUILD_FAILED, make_build, make_scorecard
from decisions import BUILDS, CY, RS, built, contestant
from whichext.judge.costs import find_cost


def test_programs_are_toolchains_and_packages_are_not() -> None:
    cost = find_cost(make_scorecard(builds=BUILDS), contestant(CY))
    assert [tool.name for tool in cost.compilers] == ["cc"]
    assert [tool.name for tool in cost.packages] == ["cython"]


def test_rustc_comes_along_with_cargo() -> None:
    cost = find_cost(make_scorecard(builds=BUILDS), contestant(RS))
    assert cost.toolchains == ("cargo", "cc")
    assert [tool.name for tool in cost.compilers] == ["cargo", "cc", "rustc"]


def test_each_entry_of_a_project_answers_for_its_own_package() -> None:
    one, other = contestant("libs.fast", ["numba"]), contestant("libs.other", ["polars"])
    plain = make_scorecard(builds=[built("libs", "numba", "polars", "flit-core")])
    cost = find_cost(replace(plain, contestants=(one, other)), one)
    assert [tool.name for tool in cost.requires] == ["numba"]
    assert [tool.name for tool in cost.packages] == ["flit-core"]


def test_one_that_was_not_built_costs_nothing_that_is_known() -> None:
    failed = make_scorecard(builds=[make_build("cy", BUILD_FAILED)])
    cost = find_cost(failed, contestant(CY))
    assert (cost.toolchains, cost.build_ns, cost.wheel_bytes) == ((), 0, 0)


def test_fewer_toolchains_are_cheaper_than_no_package_and_both_than_a_quick_build() -> None:
    result = make_scorecard(
        builds=[
            built("none", "numba", seconds=99),
            built("cy", "cc", seconds=9, wheel_bytes=9),
            built("quick", "cc", seconds=5, wheel_bytes=9),
            built("small", "cc", seconds=5, wheel_bytes=8),
            built("rs", "cargo", "cc", seconds=1),
        ]
    )
    names = ["rs.f", "cy.f", "quick.f", "small.f", "none.f"]
    costs = {name: find_cost(result, contestant(name)).order for name in names}
    assert sorted(costs, key=costs.__getitem__) == ["none.f", "small.f", "quick.f", "cy.f", "rs.f"]
    needy = find_cost(result, contestant("none.f", ["numba"]))
    assert costs["none.f"] < needy.order < costs["small.f"]
