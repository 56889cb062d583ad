"""What to do after a race, and how sure that is."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from support.builds import built
from support.races import BUILDS, CY, CY2, NUMPY, RS, RS2, decide, decision_of
from support.results import CRASHED, SKIPPED, UNSUPPORTED, WRONG, make_build, make_check
from whichext.judge import judge, judge_again
from whichext.model.decision import (
    MIN_SPEEDUP,
    Answer,
    Choice,
    Confidence,
    Decision,
)
from whichext.model.outcome import Outcome
from whichext.model.ratio import Side
from whichext.model.raw import Kind
from whichext.model.view import View

HIGH, MEDIUM, LOW = Confidence


def overall(result: View, min_speedup: float = MIN_SPEEDUP) -> Choice:
    return decision_of(result, min_speedup).overall


def summary(choice: Choice | None) -> tuple[Answer, str | None, Confidence]:
    assert choice is not None
    return choice.answer, choice.contestant, choice.confidence


# One toolchain is worth it.


def test_what_is_clearly_faster_than_anything_in_every_case_is_used() -> None:
    result = decide(
        {"wide": {NUMPY: 4000, CY: 3900, RS: 1000}, "tall": {NUMPY: 4000, RS: 2000, CY: 5000}}
    )
    assert summary(overall(result)) == (Answer.USE, RS, HIGH)


def test_one_case_is_enough_for_high_confidence() -> None:
    assert summary(overall(decide({"wide": {NUMPY: 4000, CY: 1000}}))) == (Answer.USE, CY, HIGH)


def test_what_is_worth_it_in_the_mean_alone_has_medium_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000, CY: 3800}})
    assert summary(overall(result)) == (Answer.USE, CY, MEDIUM)


def test_what_is_slower_in_a_case_has_low_confidence_and_the_case_is_named() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 500}, "tall": {NUMPY: 4000, CY: 5000}})
    choice = overall(result)
    assert summary(choice) == (Answer.USE, CY, LOW)
    assert choice.against == ("tall",)


def test_one_that_loses_nowhere_goes_before_a_faster_one_that_does() -> None:
    wide, tall = {NUMPY: 4000, CY: 300, RS: 2000}, {NUMPY: 4000, CY: 5000, RS: 2000}
    assert summary(overall(decide({"wide": wide, "tall": tall}))) == (Answer.USE, RS, HIGH)


def test_the_debug_build_and_the_native_one_are_never_used() -> None:
    times = {NUMPY: 4000, CY: 4000, "cy.find@native": 100, "rs.find@debug": 100}
    assert summary(overall(decide({"wide": times}))) == (Answer.USE_REFERENCE, NUMPY, HIGH)


@pytest.mark.parametrize("fault", [WRONG, CRASHED])
def test_one_that_is_wrong_or_crashes_is_never_used_however_fast(fault: Outcome) -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, RS: 10}}, checks=[make_check(RS, fault)])
    assert summary(overall(result)) == (Answer.USE, CY, HIGH)


def test_what_is_worth_it_depends_on_who_asks() -> None:
    result = decide({"wide": {NUMPY: 3000, CY: 1000}})
    assert overall(result, 2.5).answer is Answer.USE
    assert overall(result, 3.5).answer is Answer.USE_REFERENCE


def test_the_answer_is_the_same_whatever_the_baseline_of_the_run_was() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, RS: 3900}})
    assert overall(judge_again(result, RS)) == overall(result)


# Several are, and it does not matter which.


def test_of_two_that_are_as_fast_the_one_with_fewer_toolchains_is_named_first() -> None:
    choice = overall(decide({"wide": {NUMPY: 4000, CY: 1010, RS: 1000}}))
    assert summary(choice) == (Answer.NO_DIFFERENCE, CY, HIGH)
    assert list(choice.equals) == [CY, RS]


def test_a_difference_of_less_than_it_is_worth_is_none() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1100, RS: 1000}})
    assert summary(overall(result)) == (Answer.NO_DIFFERENCE, CY, HIGH)
    assert summary(overall(result, 1.05)) == (Answer.USE, RS, HIGH)


def test_a_library_without_a_toolchain_is_cheaper_than_any_build() -> None:
    builds = [*BUILDS, built("libs", "numba", "flit-core")]
    times = {NUMPY: 4000, CY: 1000, "libs.fast": 1000}
    result = decide({"wide": times}, builds=builds, requires={"libs.fast": ["numba"]})
    assert summary(overall(result)) == (Answer.NO_DIFFERENCE, "libs.fast", HIGH)


def test_of_as_many_toolchains_the_one_that_builds_sooner_is_cheaper() -> None:
    builds = [built("cy", "cc", seconds=30), built("rs", "cc", seconds=10)]
    result = decide({"wide": {NUMPY: 4000, CY: 1000, RS: 1000}}, builds=builds)
    assert overall(result).contestant == RS


def test_two_that_cannot_be_told_apart_have_low_confidence() -> None:
    times = {NUMPY: 9000, CY: 1000, RS: 1000}
    result = decide({"wide": times}, spread=0.25, epochs=6)
    assert summary(overall(result)) == (Answer.NO_DIFFERENCE, CY, LOW)


def test_equals_in_the_mean_of_which_each_wins_a_case_have_low_confidence() -> None:
    wide, tall = {NUMPY: 4000, CY: 1000, RS: 2000}, {NUMPY: 4000, CY: 2000, RS: 1000}
    choice = overall(decide({"wide": wide, "tall": tall}))
    assert summary(choice) == (Answer.NO_DIFFERENCE, CY, LOW)
    assert choice.against == ("wide", "tall")


def test_only_those_that_are_worth_it_themselves_are_equals() -> None:
    # 1.15 times as fast is within 1.2 of 1.3 times as fast, and not worth it.
    choice = overall(decide({"wide": {NUMPY: 1300, RS: 1000, CY: 1130}}))
    assert (choice.answer, list(choice.equals)) == (Answer.USE, [RS])


@pytest.mark.parametrize("seed", range(30))
def test_nobody_is_ruled_out_for_want_of_precision_alone(seed: int) -> None:
    times = {"wide": {NUMPY: 1240, CY: 1000, RS: 1010}}
    choice = overall(decide(times, spread=0.02, seed=seed))
    if choice.answer is Answer.UNRESOLVED:
        return  # neither is known to be worth it
    found = decision_of(decide(times, spread=0.02, seed=seed))
    known = [found.candidate(name).side is Side.ABOVE for name in choice.equals]
    assert set(choice.equals) == {CY, RS}
    assert known[0]
    assert all(known) or choice.confidence is LOW


# Nothing is.


def test_without_anything_worth_it_the_reference_is_used() -> None:
    result = decide({"wide": {NUMPY: 1000, CY: 950, RS: 3000}})
    assert summary(overall(result)) == (Answer.USE_REFERENCE, NUMPY, HIGH)


def test_what_is_not_worth_it_in_the_mean_but_unclear_in_a_case_has_medium_confidence() -> None:
    times = {"wide": {NUMPY: 1190, CY: 1000}, "tall": {NUMPY: 1000, CY: 1100}}
    choice = overall(decide(times, spread=0.02))
    assert summary(choice) == (Answer.USE_REFERENCE, NUMPY, MEDIUM)


def test_one_that_is_worth_it_in_one_case_alone_speaks_against_the_reference() -> None:
    choice = overall(decide({"wide": {NUMPY: 2000, CY: 1000}, "tall": {NUMPY: 1000, CY: 4000}}))
    assert summary(choice) == (Answer.USE_REFERENCE, NUMPY, LOW)
    assert choice.against == ("wide",)


def test_where_nobody_else_is_right_the_reference_is_used() -> None:
    checks = [make_check(CY, WRONG), make_check(RS, CRASHED)]
    result = decide({"wide": {NUMPY: 4000, CY: 10, RS: 10}}, checks=checks)
    assert summary(overall(result)) == (Answer.USE_REFERENCE, NUMPY, HIGH)


# Nothing can be said.


def test_an_interval_across_the_border_leaves_it_open_and_names_the_most_promising() -> None:
    result = decide({"wide": {NUMPY: 1150, CY: 1000, RS: 5000}}, spread=0.05)
    assert summary(overall(result)) == (Answer.UNRESOLVED, CY, LOW)


def test_one_epoch_leaves_everything_open() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 1000}}, epochs=1)
    assert summary(overall(result)) == (Answer.UNRESOLVED, CY, LOW)


def test_a_difference_within_the_noise_of_the_case_leaves_it_open() -> None:
    times = {NUMPY: 1300, "numpy (A/A twin)": 1550, CY: 1000}
    assert overall(decide({"wide": times})).answer is Answer.UNRESOLVED
    assert overall(decide({"wide": {**times, "numpy (A/A twin)": 1300}})).answer is Answer.USE


def test_without_the_reference_nothing_can_be_said() -> None:
    result = decide({"wide": {CY: 1000, RS: 500}})
    assert summary(overall(result)) == (Answer.UNRESOLVED, None, LOW)


def test_where_nothing_was_built_nothing_can_be_said() -> None:
    builds = [make_build("cy", SKIPPED), make_build("rs", SKIPPED)]
    result = decide({"wide": {NUMPY: 1000}}, absent=[CY, RS], builds=builds)
    assert summary(overall(result)) == (Answer.UNRESOLVED, None, LOW)


def test_where_all_refused_a_case_nothing_can_be_said() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    result = decide(times, checks=[make_check(CY, UNSUPPORTED, "tall")])
    assert overall(result).answer is Answer.UNRESOLVED


# With one thread.


def test_what_to_do_with_one_thread_is_an_answer_of_its_own() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000, RS: 5000}
    found = decision_of(decide({"wide": times}))
    assert summary(found.overall) == (Answer.USE, CY2, HIGH)
    assert summary(found.serial) == (Answer.USE, "cy.find[1]", HIGH)


def test_threads_that_are_shown_to_bring_nothing_are_not_recommended() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 1050, CY2: 1000, RS2: 1000}
    choice = overall(decide({"wide": times}))
    assert list(choice.equals) == ["cy.find[1]", RS2]


def test_threads_that_may_bring_something_are() -> None:
    times = {NUMPY: 9000, "cy.find[1]": 1150, CY2: 1000}
    assert overall(decide({"wide": times}, spread=0.1)).contestant == CY2


def test_an_entry_that_did_not_race_alone_leaves_the_serial_answer_open() -> None:
    found = decision_of(decide({"wide": {NUMPY: 4000, RS: 5000, CY2: 1000}}))
    assert summary(found.overall) == (Answer.USE, CY2, HIGH)
    assert summary(found.serial) == (Answer.UNRESOLVED, RS, LOW)


def test_an_entry_that_did_not_race_alone_takes_away_high_confidence_in_a_serial_one() -> None:
    found = decision_of(decide({"wide": {NUMPY: 4000, RS: 2000, CY2: 1000}}))
    assert summary(found.serial) == (Answer.USE, RS, MEDIUM)


def test_where_none_has_threads_there_is_one_answer() -> None:
    assert decision_of(decide({"wide": {NUMPY: 4000, CY: 1000}})).serial is None


@pytest.mark.parametrize("seed", range(10))
def test_noise_of_a_few_percent_changes_no_clear_answer(seed: int) -> None:
    times = {NUMPY: 4000, CY: 1020, RS: 1000, CY2: 700}
    result = decide({"wide": times, "tall": times}, spread=0.03, seed=seed)
    found = decision_of(result)
    assert found.serial is not None
    assert (found.overall.answer, found.overall.contestant) == (Answer.USE, CY2)
    assert (found.serial.answer, found.serial.contestant) == (Answer.NO_DIFFERENCE, CY)


# What else it holds.


def test_what_is_used_is_measured_against_the_best_with_another_toolchain() -> None:
    choice = overall(decide({"wide": {NUMPY: 4000, CY: 2000, RS: 1000}}))
    assert choice.ahead_of is not None
    assert (choice.ahead_of.contestant, choice.ahead_of.other) == (RS, CY)
    assert choice.ahead_of.ratio.value == pytest.approx(0.5, rel=0.02)
    assert overall(decide({"wide": {NUMPY: 4000, CY: 2000}})).ahead_of is None


def test_with_one_thread_it_is_measured_against_others_with_one_thread() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 1000, "rs.find[1]": 2000, RS2: 900}
    serial = decision_of(decide({"wide": times})).serial
    assert serial is not None
    assert serial.ahead_of is not None
    assert (serial.ahead_of.contestant, serial.ahead_of.other) == ("cy.find[1]", "rs.find[1]")


def test_those_between_which_there_is_no_difference_are_measured_against_each_other() -> None:
    choice = overall(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 1000}}))
    assert [(one.contestant, one.other) for one in choice.between] == [(CY, RS)]


def test_a_decision_is_the_same_after_a_file() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000, RS: 3000}
    found = decision_of(decide({"wide": times, "tall": {**times, RS: 400}}, absent=["go.find"]))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Decision) == found


def test_without_a_race_there_is_no_decision() -> None:
    raw = decide({"wide": {NUMPY: 4000, CY: 1000}}).raw
    assert judge(raw).decision is not None
    assert judge(replace(raw, kind=Kind.VERIFY)).decision is None


def test_a_result_is_judged_with_the_threshold_that_was_asked_for() -> None:
    raw = decide({"wide": {NUMPY: 4000, CY: 1000}}).raw
    found = judge(raw, 5).decision
    assert found is not None
    assert (found.min_speedup, found.overall.answer) == (5, Answer.USE_REFERENCE)
