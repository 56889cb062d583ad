"""Who may be recommended: right in all that decides, and as users of a wheel get it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.builds import built
from support.races import BUILDS, CY, NUMPY, RS, decide, decision_of, of_decision
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
    make_view,
)
from whichext.judge import judge_again
from whichext.judge.candidates import Speeds, deciding_cases, find_cost, weight_of
from whichext.model.decision import DoubtKind
from whichext.model.evidence import Compiling, Probe
from whichext.model.outcome import Outcome
from whichext.model.ratio import Side

FAST = {NUMPY: 2000, CY: 1000, RS: 500}


def test_candidates_stand_with_the_fastest_in_the_mean_first() -> None:
    found = decision_of(decide({"wide": FAST, "tall": {NUMPY: 2000, CY: 1900, RS: 1500}}))
    assert [one.contestant for one in found.candidates] == [RS, CY]
    assert found.candidates[0].by_case["wide"].inverse.value == pytest.approx(4, rel=0.02)
    assert found.candidates[0].mean.inverse.value == pytest.approx((4 * 4 / 3) ** 0.5, rel=0.02)


def test_settings_that_no_wheel_is_built_with_are_no_candidates() -> None:
    found = decision_of(decide({"wide": {**FAST, "cy.find@native": 10, "cy.find@debug": 9000}}))
    assert [one.contestant for one in found.candidates] == [RS, CY]
    assert found.barred == ()


def test_it_does_not_matter_what_the_baseline_of_the_run_was() -> None:
    result = decide({"wide": FAST})
    turned = decision_of(judge_again(result, RS))
    assert turned.candidates == decision_of(result).candidates


def test_cases_of_a_family_do_not_decide_where_others_do() -> None:
    result = decide({"wide": FAST, "tiny": FAST}, families={"tiny": "sweep"})
    assert deciding_cases(result) == ("wide",)
    found = decision_of(result)
    assert (found.cases, found.other_cases) == (("wide",), ("tiny",))
    assert list(found.candidate(CY).by_case) == ["wide", "tiny"]


def test_cases_of_a_family_decide_where_nothing_else_was_asked_for() -> None:
    result = decide({"tiny": FAST}, families={"tiny": "sweep"})
    assert decision_of(result).cases == ("tiny",)


@pytest.mark.parametrize("fault", [WRONG, CRASHED])
def test_who_is_at_fault_on_any_input_is_barred_with_the_fault(fault: Outcome) -> None:
    result = decide({"wide": FAST}, checks=[make_check(RS, fault, "a nasty input")])
    found = decision_of(result)
    assert [one.contestant for one in found.candidates] == [CY]
    assert [(one.contestant, one.outcome, one.cases) for one in found.barred] == [
        (RS, fault, ("wide",))
    ]


def test_who_refuses_one_of_the_cases_that_decide_is_barred_with_that_case() -> None:
    times = {"wide": FAST, "tall": {NUMPY: 2000, CY: 1000}}
    result = decide(times, checks=[make_check(RS, UNSUPPORTED, "tall")])
    (barred,) = decision_of(result).barred
    assert (barred.contestant, barred.outcome, barred.cases) == (RS, UNSUPPORTED, ("tall",))


def test_who_refuses_a_case_that_does_not_decide_is_a_candidate() -> None:
    times = {"wide": FAST, "tiny": {NUMPY: 2000, CY: 1000}}
    checks = [make_check(RS, UNSUPPORTED, "tiny")]
    found = decision_of(decide(times, families={"tiny": "sweep"}, checks=checks))
    assert [one.contestant for one in found.candidates] == [RS, CY]


@pytest.mark.parametrize("result", [SKIPPED, BUILD_FAILED])
def test_who_could_not_be_built_is_barred_and_not_forgotten(result: Outcome) -> None:
    builds = [make_build("cy"), make_build("rs", result)]
    found = decision_of(decide({"wide": {NUMPY: 2000, CY: 1000}}, absent=[RS], builds=builds))
    assert [(one.contestant, one.outcome) for one in found.barred] == [(RS, result)]


def test_a_case_in_which_the_reference_was_lost_is_missing() -> None:
    result = decide({"wide": FAST, "tall": {CY: 1000, RS: 500}})
    found = decision_of(result)
    assert (found.cases, found.missing) == (("wide",), ("tall",))
    assert [one.contestant for one in found.candidates] == [RS, CY]


def test_without_the_reference_there_are_no_candidates() -> None:
    found = decision_of(decide({"wide": {CY: 1000, RS: 500}}))
    assert (found.cases, found.missing, found.candidates) == ((), ("wide",), ())


def test_who_takes_threads_and_did_not_race_with_one_is_named() -> None:
    times = {NUMPY: 2000, "cy.tiled[2]": 500, RS: 1000}
    assert decision_of(decide({"wide": times})).never_alone == ("cy.tiled",)
    both = {**times, "cy.tiled[1]": 900}
    assert decision_of(decide({"wide": both})).never_alone == ()


def test_a_contestants_toolchain_is_its_factor_or_else_its_project() -> None:
    result = decide({"wide": FAST})
    assert [one.toolchain for one in decision_of(result).candidates] == ["rs", "cy"]
    bare = changed(
        result, contestants=tuple(replace(c, factors=()) for c in result.raw.contestants)
    )
    assert [one.toolchain for one in decision_of(bare).candidates] == ["rs", "cy"]


def test_two_candidates_are_compared_directly() -> None:
    speeds = Speeds(decide({"wide": FAST, "tall": FAST}), ("wide", "tall"))
    between, mean = speeds.in_case(RS, CY, "wide"), speeds.in_the_mean(CY, RS)
    assert between is not None
    assert mean is not None
    assert (between.value, mean.value) == pytest.approx((0.5, 2), rel=0.02)


def test_doubts_about_cases_and_the_run_are_known() -> None:
    result = decide({"wide": FAST})
    course = replace(result.judged.cases[0], rounds_spoiled=30)
    found = decision_of(changed(result, courses=(course,), stopped="it was interrupted"))
    assert found.doubtful == ("wide",)
    assert {doubt.kind for doubt in found.overall.doubts} == {
        DoubtKind.DISTURBED,
        DoubtKind.STOPPED,
    }


def test_the_cases_in_which_it_gains_least_and_most_are_named() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000, CY: 4400}})
    one = decision_of(result).candidate(CY)
    assert (one.least, one.most, one.losses) == ("tall", "wide", ("tall",))


def test_on_which_side_of_the_threshold_a_candidate_lies_is_known_or_what_it_takes() -> None:
    result = decide({"wide": {NUMPY: 1250, CY: 1000, RS: 5000}}, spread=0.05, seed=1)
    one, other = (decision_of(result).candidate(name) for name in (CY, RS))
    assert (one.side, other.side, other.growth_to_tell) == (Side.OPEN, Side.BELOW, 1)
    assert one.growth_to_tell is not None
    assert one.growth_to_tell > 1


# What one costs.


def test_programs_are_toolchains_and_packages_are_not() -> None:
    cost = find_cost(make_view(builds=BUILDS), of_decision(CY))
    assert [tool.name for tool in cost.compilers] == ["cc"]
    assert [tool.name for tool in cost.packages] == ["cython"]


def test_rustc_comes_along_with_cargo() -> None:
    cost = find_cost(make_view(builds=BUILDS), of_decision(RS))
    assert cost.toolchains == ("cargo", "cc")
    assert [tool.name for tool in cost.compilers] == ["cargo", "cc", "rustc"]


def test_each_entry_of_a_project_answers_for_its_own_package() -> None:
    one, other = of_decision("libs.fast", ["numba"]), of_decision("libs.other", ["polars"])
    plain = make_view(builds=[built("libs", "numba", "polars", "flit-core")])
    cost = find_cost(changed(plain, contestants=(one, other)), one)
    assert [tool.name for tool in cost.requires] == ["numba"]
    assert [tool.name for tool in cost.packages] == ["flit-core"]


def test_what_compiling_takes_is_that_of_the_release_with_whatever_thread_count() -> None:
    release, other = (Compiling(compile_ns=ns) for ns in (2_000, 1_000))
    probes = (
        Probe(contestant=f"{CY}@debug", compiling=other),
        Probe(contestant=f"{CY}[2]", compiling=release),
    )
    result = changed(
        make_view(builds=BUILDS, names=[one.contestant for one in probes]), probes=probes
    )
    assert find_cost(result, of_decision(f"{CY}@debug")).compiling == release
    assert find_cost(result, of_decision(RS)).compiling is None


def test_one_that_was_not_built_costs_nothing_that_is_known() -> None:
    failed = make_view(builds=[make_build("cy", BUILD_FAILED)])
    cost = find_cost(failed, of_decision(CY))
    assert (cost.toolchains, cost.build_ns, cost.wheel_bytes) == ((), None, None)


def test_fewer_toolchains_are_cheaper_than_no_package_and_both_than_a_quick_build() -> None:
    result = make_view(
        builds=[
            built("none", "numba", seconds=99),
            built("cy", "cc", seconds=9, wheel_bytes=9),
            built("quick", "cc", seconds=5, wheel_bytes=9),
            built("small", "cc", seconds=5, wheel_bytes=8),
            built("rs", "cargo", "cc", seconds=1),
        ]
    )
    names = ["rs.f", "cy.f", "quick.f", "small.f", "none.f"]
    costs = {name: weight_of(find_cost(result, of_decision(name))) for name in names}
    assert sorted(costs, key=costs.__getitem__) == ["none.f", "small.f", "quick.f", "cy.f", "rs.f"]
    needy = find_cost(result, of_decision("none.f", ["numba"]))
    assert costs["none.f"] < weight_of(needy) < costs["small.f"]
