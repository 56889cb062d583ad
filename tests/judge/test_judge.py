"""The stage: samples, builds and checks become one row per case and contestant."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    SMALL,
    TALL,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    make_build,
    make_check,
    make_contestant,
    make_race,
    make_samples,
    make_timing,
    noisy,
    steady,
)
from whichext.errors import UsageError
from whichext.judge import estimate, judge_again, judge_all, precise_enough
from whichext.scorecard import (
    Build,
    BuildFailed,
    Check,
    Crashed,
    Estimate,
    Measured,
    Outcome,
    Row,
    Scorecard,
    Skipped,
    TimedOut,
    Timing,
    Verdict,
    Wrong,
)

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"
CASES = (SMALL, TALL)
BYTES_MOVED = {"small": 4_800, "tall": 9_600}
BYTES = {"small": 4_800}


def judge(
    checks: Sequence[Check] = (),
    builds: Sequence[Build] = (),
    without: Sequence[tuple[str, str]] = (),
    ended: Crashed | TimedOut | None = None,
    names: Sequence[str] = (BASELINE, OURS, OTHER),
) -> tuple[Row, ...]:
    """Rows of two cases in which all race but those in `without`, by contestant and case.

    `ended` is why OURS left the race of the first case early.
    """
    timings = [
        make_timing(
            name, steady(1_000), case.name, ended if (name, case) == (OURS, SMALL) else None
        )
        for case in CASES
        for name in names
        if (name, case.name) not in without
    ]
    return judge_all(
        tuple(make_contestant(name) for name in names),
        CASES,
        {case.name: 4_800 for case in CASES},
        (make_build("rust"), *(builds or (make_build("cy"),))),
        tuple(checks),
        tuple(timings),
    )


def outcomes(rows: Sequence[Row], contestant: str = OURS) -> list[Outcome]:
    """What became of a contestant, case by case."""
    return [row.outcome for row in rows if row.contestant == contestant]


def measured(outcome: Outcome) -> Estimate:
    assert isinstance(outcome, Measured)
    return outcome.estimate


NEVER = ((OURS, "small"), (OURS, "tall"))


def test_every_contestant_has_one_row_in_every_case_in_the_order_asked_for() -> None:
    expected = [(case.name, name) for case in CASES for name in (BASELINE, OURS, OTHER)]
    assert expected == [(row.case, row.contestant) for row in judge()]


def test_who_was_raced_is_measured_in_every_case() -> None:
    assert [isinstance(outcome, Measured) for outcome in outcomes(judge())] == [True, True]


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_project_that_was_not_built_has_that_as_its_row_in_every_case(
    result: BuildFailed | Skipped,
) -> None:
    rows = judge(builds=[make_build("cy", result)], without=NEVER)
    assert [result, result] == outcomes(rows)


def test_a_build_that_failed_under_another_profile_changes_nothing() -> None:
    builds = [make_build("cy"), make_build("cy", BUILD_FAILED, profile="debug")]
    assert all(isinstance(outcome, Measured) for outcome in outcomes(judge(builds=builds)))


@pytest.mark.parametrize("fault", [WRONG, CRASHED, TIMED_OUT])
def test_a_fault_on_one_input_bars_a_contestant_from_every_case(
    fault: Wrong | Crashed | TimedOut,
) -> None:
    rows = judge(checks=[make_check(OURS, fault, where="float64 NaN")], without=NEVER)
    assert [fault, fault] == outcomes(rows)


def test_a_fault_of_one_contestant_leaves_the_others_alone() -> None:
    rows = judge(checks=[make_check(OURS, WRONG, where="float64 NaN")], without=NEVER)
    assert all(isinstance(outcome, Measured) for outcome in outcomes(rows, OTHER))


def test_a_refusal_bars_a_contestant_from_that_case_alone() -> None:
    rows = judge(checks=[make_check(OURS, UNSUPPORTED, "tall")], without=[(OURS, "tall")])
    assert [type(outcome).__name__ for outcome in outcomes(rows)] == ["Measured", "Unsupported"]


def test_a_refused_nasty_input_bars_nobody() -> None:
    rows = judge(checks=[make_check(OURS, UNSUPPORTED, "float64 misaligned")])
    assert all(isinstance(outcome, Measured) for outcome in outcomes(rows))


def test_a_fault_says_more_than_a_refusal() -> None:
    checks = [make_check(OURS, UNSUPPORTED, "tall"), make_check(OURS, WRONG, "small")]
    assert outcomes(judge(checks=checks, without=NEVER)) == [WRONG, WRONG]


@pytest.mark.parametrize("ended", [CRASHED, TIMED_OUT])
def test_who_left_the_race_early_has_the_reason_as_its_row_though_it_has_samples(
    ended: Crashed | TimedOut,
) -> None:
    assert ended == outcomes(judge(ended=ended))[0]


def test_who_left_the_race_of_one_case_early_is_measured_in_the_next() -> None:
    assert isinstance(outcomes(judge(ended=CRASHED))[1], Measured)


def test_the_first_to_race_is_the_baseline() -> None:
    baseline, ours, other = judge()[:3]
    verdicts = [measured(row.outcome).verdict for row in (baseline, ours, other)]
    assert verdicts == [Verdict.BASELINE, Verdict.TIE, Verdict.TIE]


def test_where_the_baseline_refused_a_case_the_reference_stands_in() -> None:
    names = (OURS, BASELINE, OTHER)
    checks = [make_check(OURS, UNSUPPORTED, "tall")]
    rows = judge(checks=checks, without=[(OURS, "tall")], names=names)
    found = [measured(outcome).verdict for outcome in outcomes(rows, BASELINE)]
    assert found == [Verdict.TIE, Verdict.BASELINE]


@pytest.mark.parametrize("epochs", [0, 2])
def test_where_the_baseline_left_the_race_the_next_contestant_stands_in(epochs: int) -> None:
    timings = (
        make_timing(OURS, [1_000] * epochs, ended=CRASHED),
        make_timing(BASELINE, steady(1_000)),
    )
    contestants = tuple(make_contestant(name) for name in (OURS, BASELINE))
    builds = (make_build("cy"),)
    rows = judge_all(contestants, (SMALL,), BYTES, builds, (), timings)
    assert Verdict.BASELINE is measured(rows[1].outcome).verdict


def test_a_race_that_everybody_left_has_a_reason_in_every_row() -> None:
    timings = tuple(make_timing(name, [], ended=TIMED_OUT) for name in (BASELINE, OURS))
    contestants = tuple(make_contestant(name) for name in (BASELINE, OURS))
    builds = (make_build("cy"),)
    rows = judge_all(contestants, (SMALL,), BYTES, builds, (), timings)
    assert [row.outcome for row in rows] == [TIMED_OUT, TIMED_OUT]


def test_the_reference_needs_no_build() -> None:
    timings = (make_timing(BASELINE, [1]),)
    rows = judge_all((make_contestant(BASELINE),), (SMALL,), BYTES_MOVED, (), (), timings)
    assert Verdict.BASELINE is measured(rows[0].outcome).verdict


def test_the_rate_of_a_case_is_from_the_bytes_of_that_case() -> None:
    small, tall = (measured(outcome).bytes_per_s for outcome in outcomes(judge()))
    assert pytest.approx(2 * small) == tall


def again(baseline: str) -> Scorecard:
    """A race of three with numpy as its baseline, judged again with another one."""
    times = {BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [500] * 5}
    scorecard = replace(make_race(times), builds=(make_build("cy"), make_build("rust")))
    return judge_again(scorecard, baseline)


def test_judged_again_the_other_contestant_is_the_baseline() -> None:
    assert again(OTHER).baseline == OTHER


def test_judged_again_the_ratios_refer_to_the_other_contestant() -> None:
    ratios = {row.contestant: measured(row.outcome).ratio for row in again(OTHER).rows}
    assert ratios == pytest.approx({OTHER: 1.0, BASELINE: 4.0, OURS: 2.0})


def test_judged_again_the_baseline_comes_first_and_the_others_stay_in_order() -> None:
    found = again(OTHER)
    expected = [OTHER, BASELINE, OURS]
    assert expected == [timing.contestant for timing in found.timings]
    assert expected == [contestant.name for contestant in found.contestants]


def test_judged_again_with_the_same_baseline_nothing_changes() -> None:
    assert again(BASELINE) == judge_again(again(BASELINE), BASELINE)


def test_judged_there_and_back_again_the_ratios_are_the_first_ones() -> None:
    there_and_back = judge_again(again(OTHER), BASELINE)
    expected = {row.contestant: row.outcome for row in again(BASELINE).rows}
    assert expected == {row.contestant: row.outcome for row in there_and_back.rows}


def test_judged_again_with_an_unknown_baseline_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        again("fortran")
    expected = (
        "--baseline fortran is no contestant of this result: "
        "expected one of numpy, cy.total, rust.total\nNext: --baseline 'numpy'"
    )
    assert expected == str(caught.value)


def estimated(ours_ns: Sequence[float], baseline_ns: Sequence[float]) -> Estimate:
    """Estimate of a contestant from one time per epoch of each side."""
    return estimate(make_timing(OURS, ours_ns), make_timing(BASELINE, baseline_ns), 4_800)


def test_twice_the_time_is_a_ratio_of_two() -> None:
    assert estimated([2_000] * 5, [1_000] * 5).ratio == pytest.approx(2)


def test_the_interval_lies_around_the_ratio() -> None:
    found = estimated(noisy(2_000), [1_000] * 5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.ratio < found.high


def test_ratio_and_interval_the_other_way_round_are_one_over_them() -> None:
    forth, back = estimated(noisy(2_000), steady(900)), estimated(steady(900), noisy(2_000))
    assert forth.low is not None
    assert forth.high is not None
    expected = pytest.approx((1 / forth.high, 1 / forth.ratio, 1 / forth.low))
    assert expected == (back.low, back.ratio, back.high)


def test_one_epoch_gives_no_interval() -> None:
    found = estimated([2_000], [1_000])
    assert (found.low, found.high) == (None, None)


def test_one_epoch_is_unresolved() -> None:
    assert Verdict.UNRESOLVED is estimated([2_000], [1_000]).verdict


def test_the_epochs_are_those_that_both_raced() -> None:
    assert estimated(steady(2_000, epochs=4), steady(1_000, epochs=7)).epochs == 4


def test_the_baseline_against_itself_is_exactly_one() -> None:
    timing = make_timing(BASELINE, noisy(1_000))
    found = estimate(timing, timing, 4_800)
    assert (found.low, found.ratio, found.high) == (1.0, 1.0, 1.0)


def test_times_of_one_call_are_over_all_samples() -> None:
    samples = make_samples([[3, 5], [4, 40], [2, 4]], calls=10)
    timing = Timing(contestant=OURS, case="small", samples=samples)
    found = estimate(timing, timing, 4_800)
    assert (found.median_ns, found.best_ns) == (4.0, 2.0)


def test_the_rate_is_bytes_per_second_of_median_time() -> None:
    assert math.isclose(4.8e9, estimated([1_000] * 3, [1_000] * 3).bytes_per_s)


def test_equal_contestants_are_known_precisely_enough() -> None:
    assert precise_enough(tuple(make_timing(name, steady(1_000)) for name in (BASELINE, OURS)))


def test_one_noisy_contestant_keeps_the_race_going() -> None:
    quiet = [make_timing(name, steady(1_000)) for name in (BASELINE, OURS)]
    assert not precise_enough((*quiet, make_timing(OTHER, noisy(1_000))))


def test_who_left_the_race_does_not_keep_it_going() -> None:
    quiet = [make_timing(name, steady(1_000)) for name in (BASELINE, OURS)]
    assert precise_enough((*quiet, make_timing(OTHER, noisy(1_000), ended=CRASHED)))


def test_who_shares_no_round_with_the_baseline_keeps_the_race_going() -> None:
    assert not precise_enough((make_timing(BASELINE, steady(1_000)), make_timing(OURS, [])))


def test_a_lone_baseline_needs_no_more_epochs() -> None:
    assert precise_enough((make_timing(BASELINE, noisy(1_000)),))


def test_a_single_epoch_is_not_precise_enough() -> None:
    assert not precise_enough((make_timing(BASELINE, [1_000]), make_timing(OURS, [1_000])))


def test_the_same_samples_can_be_held_against_another_baseline() -> None:
    scorecard = make_race({BASELINE: steady(1_000), OURS: noisy(2_000), OTHER: noisy(4_000)})
    builds = (make_build("cy"), make_build("rust"))
    again = judge_again(msgspec.structs.replace(scorecard, builds=builds), OURS)
    ratios = {row.contestant: measured(row.outcome).ratio for row in again.rows}
    assert again.baseline == OURS
    assert ratios == pytest.approx({OURS: 1.0, BASELINE: 0.5, OTHER: 2.0}, rel=0.1)


def test_another_baseline_must_be_in_the_result() -> None:
    scorecard = make_race({BASELINE: steady(1_000), OURS: steady(2_000)})
    with pytest.raises(UsageError) as caught:
        judge_again(scorecard, "c.total")
    assert caught.value.problem == (
        f"--baseline c.total is no contestant of this result: expected one of {BASELINE}, {OURS}"
    )
