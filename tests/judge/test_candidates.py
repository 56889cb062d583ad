"""Who may be recommended: right in all that decides, and as users of a wheel get it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    UNSUPPORTED,
    WRONG,
    make_build,
    make_check,
)
from decisions import CY, NUMPY, RS, decide
from whichext.judge import judge_again
from whichext.judge.candidates import deciding_cases, find_field
from whichext.model.outcome import Outcome

FAST = {NUMPY: 2000, CY: 1000, RS: 500}


def test_candidates_stand_with_the_fastest_in_the_mean_first() -> None:
    field = find_field(decide({"wide": FAST, "tall": {NUMPY: 2000, CY: 1900, RS: 1500}}))
    assert [one.name for one in field.candidates] == [RS, CY]
    assert field.candidates[0].by_case["wide"].inverse.value == pytest.approx(4, rel=0.02)
    assert field.candidates[0].mean.inverse.value == pytest.approx((4 * 4 / 3) ** 0.5, rel=0.02)


def test_settings_that_no_wheel_is_built_with_are_no_candidates() -> None:
    field = find_field(decide({"wide": {**FAST, "cy.find@native": 10, "cy.find@debug": 9000}}))
    assert [one.name for one in field.candidates] == [RS, CY]
    assert field.barred == ()


def test_it_does_not_matter_what_the_baseline_of_the_run_was() -> None:
    result = decide({"wide": FAST})
    turned = find_field(judge_again(result, RS))
    assert turned.candidates == find_field(result).candidates


def test_cases_of_a_family_do_not_decide_where_others_do() -> None:
    result = decide({"wide": FAST, "tiny": FAST}, families={"tiny": "sweep"})
    assert deciding_cases(result) == ("wide",)
    field = find_field(result)
    assert field.cases == ("wide",)
    assert list(field.timings) == ["wide", "tiny"]


def test_cases_of_a_family_decide_where_nothing_else_was_asked_for() -> None:
    result = decide({"tiny": FAST}, families={"tiny": "sweep"})
    assert find_field(result).cases == ("tiny",)


@pytest.mark.parametrize("fault", [WRONG, CRASHED])
def test_who_is_at_fault_on_any_input_is_barred_with_the_fault(fault: Outcome) -> None:
    result = decide({"wide": FAST}, checks=[make_check(RS, fault, "a nasty input")])
    field = find_field(result)
    assert [one.name for one in field.candidates] == [CY]
    assert [(one.name, one.outcome, one.cases) for one in field.barred] == [(RS, fault, ("wide",))]


def test_who_refuses_one_of_the_cases_that_decide_is_barred_with_that_case() -> None:
    times = {"wide": FAST, "tall": {NUMPY: 2000, CY: 1000}}
    result = decide(times, checks=[make_check(RS, UNSUPPORTED, "tall")])
    (barred,) = find_field(result).barred
    assert (barred.name, barred.outcome, barred.cases) == (RS, UNSUPPORTED, ("tall",))


def test_who_refuses_a_case_that_does_not_decide_is_a_candidate() -> None:
    times = {"wide": FAST, "tiny": {NUMPY: 2000, CY: 1000}}
    checks = [make_check(RS, UNSUPPORTED, "tiny")]
    field = find_field(decide(times, families={"tiny": "sweep"}, checks=checks))
    assert [one.name for one in field.candidates] == [RS, CY]


@pytest.mark.parametrize("result", [SKIPPED, BUILD_FAILED])
def test_who_could_not_be_built_is_barred_and_not_forgotten(result: Outcome) -> None:
    builds = [make_build("cy"), make_build("rs", result)]
    field = find_field(decide({"wide": {NUMPY: 2000, CY: 1000}}, absent=[RS], builds=builds))
    assert [(one.name, one.outcome) for one in field.barred] == [(RS, result)]


def test_a_case_in_which_the_reference_was_lost_is_missing() -> None:
    result = decide({"wide": FAST, "tall": {CY: 1000, RS: 500}})
    field = find_field(result)
    assert (field.cases, field.missing) == (("wide",), ("tall",))
    assert [one.name for one in field.candidates] == [RS, CY]


def test_without_the_reference_there_are_no_candidates() -> None:
    field = find_field(decide({"wide": {CY: 1000, RS: 500}}))
    assert (field.cases, field.missing, field.candidates) == ((), ("wide",), ())


def test_who_takes_threads_and_did_not_race_with_one_is_named() -> None:
    times = {NUMPY: 2000, "cy.tiled[2]": 500, RS: 1000}
    assert find_field(decide({"wide": times})).never_alone == ("cy.tiled",)
    both = {**times, "cy.tiled[1]": 900}
    assert find_field(decide({"wide": both})).never_alone == ()


def test_a_contestants_toolchain_is_its_factor_or_else_its_project() -> None:
    result = decide({"wide": FAST})
    assert [one.toolchain for one in find_field(result).candidates] == ["rs", "cy"]
    bare = replace(result, contestants=tuple(replace(c, factors=()) for c in result.contestants))
    assert [one.toolchain for one in find_field(bare).candidates] == ["rs", "cy"]


def test_two_candidates_are_compared_directly() -> None:
    field = find_field(decide({"wide": FAST, "tall": FAST}))
    between, mean = field.between(RS, CY, "wide"), field.mean_between(CY, RS)
    assert between is not None
    assert mean is not None
    assert (between.value, mean.value) == pytest.approx((0.5, 2), rel=0.02)


def test_doubts_about_cases_and_the_run_are_known() -> None:
    result = decide({"wide": FAST})
    course = replace(result.courses[0], rounds_spoiled=30)
    found = find_field(replace(result, courses=(course,), stopped="it was interrupted"))
    assert (found.doubtful, found.stopped) == (("wide",), True)
