"""The stage: samples, builds and checks become one row per case and contestant."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from inline_snapshot import snapshot

from support.contestants import SMALL, TALL
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
    make_race,
    make_size,
    make_timing,
    make_view,
    noisy,
    ratio_of,
    rejudged,
    steady,
)
from whichext.cli.wording import SHELL
from whichext.judge import judge_again
from whichext.model.check import Check
from whichext.model.errors import UsageError
from whichext.model.inline import unmarked
from whichext.model.judged import Row
from whichext.model.outcome import (
    Crashed,
    Measured,
    NotReached,
    Outcome,
    TimedOut,
    Wrong,
)
from whichext.model.ratio import Verdict
from whichext.model.raw import Build, Timing
from whichext.model.view import View
from whichext.report.outcome_words import outcome_reason, reason_text

BASELINE, OURS, OTHER, TWIN = "numpy", "cy.total", "rust.total", "numpy (A/A twin)"
CASES = (SMALL, TALL)


def judge(
    checks: Sequence[Check] = (),
    builds: Sequence[Build] = (),
    without: Sequence[tuple[str, str]] = (),
    ended: Crashed | TimedOut | Wrong | None = None,
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
    raw = make_view(
        names=names,
        timings=timings,
        cases=CASES,
        builds=(make_build("rust"), *(builds or (make_build("cy"),))),
        checks=checks,
    )
    sizes = (make_size("small"), make_size("tall", bytes_moved=9_600))
    return rejudged(changed(raw, sizes=sizes)).judged.rows


def judge_small(*timings: Timing, names: Sequence[str] = ()) -> View:
    """One case in which these raced; by default they are all contestants."""
    everybody = names or [timing.contestant for timing in timings]
    return rejudged(make_view(timings=timings, names=everybody))


def outcomes(rows: Sequence[Row], contestant: str = OURS) -> list[Outcome]:
    """What became of a contestant, case by case."""
    return [row.outcome for row in rows if row.contestant == contestant]


def measured(outcome: Outcome) -> Measured:
    assert isinstance(outcome, Measured)
    return outcome


NEVER = ((OURS, "small"), (OURS, "tall"))


def test_every_contestant_has_one_row_in_every_case_in_the_order_asked_for() -> None:
    expected = [(case.name, name) for case in CASES for name in (BASELINE, OURS, OTHER)]
    assert expected == [(row.case, row.contestant) for row in judge()]


def test_who_was_raced_is_measured_in_every_case() -> None:
    assert [isinstance(outcome, Measured) for outcome in outcomes(judge())] == [True, True]


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_project_that_was_not_built_has_that_as_its_row_in_every_case(
    result: Outcome,
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


@pytest.mark.parametrize("without", [(), ((OURS, "tall"),)])
def test_who_answered_a_timed_call_wrongly_is_wrong_in_every_case(
    without: Sequence[tuple[str, str]],
) -> None:
    wrong = Wrong("small, epoch 3", "1.0", "2.0")
    rows = judge(ended=wrong, without=without)
    assert outcomes(rows) == [wrong, wrong]
    assert all(isinstance(outcome, Measured) for outcome in outcomes(rows, OTHER))


def test_the_first_to_race_is_the_baseline() -> None:
    baseline, ours, other = judge()[:3]
    verdicts = [measured(row.outcome).ratio.verdict for row in (baseline, ours, other)]
    assert verdicts == [Verdict.BASELINE, Verdict.TIE, Verdict.TIE]


def test_where_the_baseline_refused_a_case_the_reference_stands_in() -> None:
    names = (OURS, BASELINE, OTHER)
    checks = [make_check(OURS, UNSUPPORTED, "tall")]
    rows = judge(checks=checks, without=[(OURS, "tall")], names=names)
    found = [measured(outcome).ratio.verdict for outcome in outcomes(rows, BASELINE)]
    assert found == [Verdict.TIE, Verdict.BASELINE]


@pytest.mark.parametrize("epochs", [0, 2])
def test_where_the_baseline_left_the_race_the_next_contestant_stands_in(epochs: int) -> None:
    timings = (
        make_timing(OURS, [1_000] * epochs, ended=CRASHED),
        make_timing(BASELINE, steady(1_000)),
    )
    rows = judge_small(*timings).judged.rows
    assert Verdict.BASELINE is measured(rows[1].outcome).ratio.verdict


def test_a_race_that_everybody_left_has_a_reason_in_every_row() -> None:
    timings = tuple(make_timing(name, [], ended=TIMED_OUT) for name in (BASELINE, OURS))
    rows = judge_small(*timings).judged.rows
    assert [row.outcome for row in rows] == [TIMED_OUT, TIMED_OUT]


def test_the_reference_needs_no_build() -> None:
    rows = judge_small(make_timing(BASELINE, [1])).judged.rows
    assert Verdict.BASELINE is measured(rows[0].outcome).ratio.verdict


def test_the_rate_of_a_case_is_from_the_bytes_of_that_case() -> None:
    small, tall = (measured(outcome).bytes_per_s for outcome in outcomes(judge()))
    assert pytest.approx(2 * small) == tall


def again(baseline: str) -> View:
    """A race of three with numpy as its baseline, judged again with another one."""
    times = {BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [500] * 5}
    view = changed(make_race(times), builds=(make_build("cy"), make_build("rust")))
    return judge_again(view, baseline)


def test_judged_again_the_baseline_comes_first_and_the_others_stay_in_order() -> None:
    found = again(OTHER)
    expected = [OTHER, BASELINE, OURS]
    assert expected == [timing.contestant for timing in found.raw.timings]
    assert expected == [contestant.name for contestant in found.raw.contestants]


def test_judged_again_with_the_same_baseline_nothing_changes() -> None:
    assert again(BASELINE) == judge_again(again(BASELINE), BASELINE)


def test_judged_there_and_back_again_the_ratios_are_the_first_ones() -> None:
    there_and_back = judge_again(again(OTHER), BASELINE)
    expected = {row.contestant: row.outcome for row in again(BASELINE).judged.rows}
    assert expected == {row.contestant: row.outcome for row in there_and_back.judged.rows}


def test_who_was_free_to_race_and_did_not_was_not_reached() -> None:
    rows = judge(without=[(OURS, "tall")])
    assert outcomes(rows)[1] == NotReached()


def test_what_was_not_reached_can_be_with_more_time() -> None:
    step = outcome_reason(NotReached()).next_step
    assert step is not None
    assert unmarked(step, SHELL) == snapshot("give it more with --max-time, or go on with --resume")


def test_who_was_not_reached_before_the_race_was_stopped_is_not_told_of_the_time() -> None:
    raw = make_view(names=[BASELINE], timings=[])
    stopped = changed(raw, stopped="it was interrupted")
    assert [row.outcome for row in rejudged(stopped).judged.rows] == [
        NotReached("it was interrupted")
    ]
    assert unmarked(reason_text(NotReached("it was interrupted")), SHELL) == snapshot("""\
skipped: the race was stopped before
  Next: go on with --resume; why it stopped stands above\
""")


def test_judging_twice_changes_nothing() -> None:
    once = make_race({BASELINE: steady(1_000), TWIN: steady(1_050), OURS: noisy(900)})
    assert rejudged(once) == once


def test_swapping_the_baseline_mirrors_ratio_and_interval() -> None:
    race = make_race({BASELINE: noisy(1_000), OURS: steady(700)})
    forth, back = ratio_of(race, OURS), ratio_of(judge_again(race, OURS), BASELINE)
    assert (back.centre, back.half_width) == pytest.approx((-forth.centre, forth.half_width))


def test_the_same_samples_can_be_held_against_another_baseline() -> None:
    view = make_race({BASELINE: steady(1_000), OURS: noisy(2_000), OTHER: noisy(4_000)})
    builds = (make_build("cy"), make_build("rust"))
    again = judge_again(changed(view, builds=builds), OURS)
    ratios = {row.contestant: measured(row.outcome).ratio.value for row in again.judged.rows}
    assert again.raw.baseline == OURS
    assert ratios == pytest.approx({OURS: 1.0, BASELINE: 0.5, OTHER: 2.0}, rel=0.1)


def test_another_baseline_must_be_in_the_result() -> None:
    view = make_race({BASELINE: steady(1_000), OURS: steady(2_000)})
    with pytest.raises(UsageError) as caught:
        judge_again(view, "c.total")
    assert str(caught.value) == snapshot("""\
baseline="c.total" is no contestant of this result: expected one of numpy, cy.total
Next: baseline="cy.total"\
""")
    assert caught.value.choices == (BASELINE, OURS)
