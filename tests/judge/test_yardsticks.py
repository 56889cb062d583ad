"""What races beside the contestants: the noise floor, the limits' rows, and dropped rounds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from support.contestants import SMALL, TALL
from support.results import (
    BUILD_FAILED,
    CRASHED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
    make_race,
    make_timing,
    make_view,
    ratio_of,
    rejudged,
    steady,
    stolen_from,
)
from whichext.judge import judge_again
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.model.ratio import Verdict
from whichext.model.raw import Timing
from whichext.model.view import View

BASELINE, OURS, TWIN, LIMIT = "numpy", "cy.total", "numpy (A/A twin)", "limit[1]"


def judge_small(*timings: Timing, names: Sequence[str] = ()) -> View:
    """One case in which these raced; by default they are all contestants."""
    everybody = names or [timing.contestant for timing in timings]
    return rejudged(make_view(timings=timings, names=everybody))


@pytest.mark.parametrize("name", [TWIN, LIMIT])
def test_a_yardstick_that_did_not_race_has_no_row(name: str) -> None:
    found = judge_small(make_timing(BASELINE, steady(1_000)), names=[BASELINE, name])
    assert [row.contestant for row in found.judged.rows] == [BASELINE]


@pytest.mark.parametrize("name", [TWIN, LIMIT])
def test_a_yardstick_that_raced_is_measured(name: str) -> None:
    found = judge_small(make_timing(BASELINE, steady(1_000)), make_timing(name, steady(1_000)))
    assert ratio_of(found, name).verdict is Verdict.TIE


def test_where_the_limits_project_did_not_build_its_stand_in_is_measured() -> None:
    timings = [make_timing(name, steady(1_000)) for name in (BASELINE, LIMIT)]
    builds = [make_build("limitprobe", BUILD_FAILED)]
    raw = make_view(timings=timings, names=[BASELINE, LIMIT], builds=builds)
    assert ratio_of(rejudged(raw), LIMIT).value == 1.0


def test_a_twin_is_barred_with_its_original() -> None:
    twin = "cy.total (A/A twin)"
    checks = [make_check("cy.total", UNSUPPORTED)]
    raw = make_view(
        timings=[make_timing(BASELINE, steady(1_000))], names=[OURS, BASELINE, twin], checks=checks
    )
    found = {row.contestant: row.outcome for row in rejudged(raw).judged.rows}
    assert (found[OURS], twin in found) == (UNSUPPORTED, False)


def test_without_a_twin_the_noise_floor_is_not_known() -> None:
    assert judge_small(make_timing(BASELINE, steady(1_000))).noise_floor is None


@pytest.mark.parametrize(("twin_ns", "expected"), [(1_000, 0.0), (1_020, 0.02), (980, 1 / 49)])
def test_the_noise_floor_is_how_far_the_twin_is_from_its_original(
    twin_ns: float, expected: float
) -> None:
    timings = make_timing(BASELINE, [1_000] * 5), make_timing(TWIN, [twin_ns] * 5)
    assert judge_small(*timings).noise_floor == pytest.approx(expected)


def test_the_noise_floor_is_that_of_the_worst_case() -> None:
    timings = [
        make_timing(name, [time_ns] * 5, case)
        for case, twin_ns in (("small", 1_040), ("tall", 1_010))
        for name, time_ns in ((BASELINE, 1_000), (TWIN, twin_ns))
    ]
    raw = make_view(timings=timings, names=[BASELINE, TWIN], cases=[SMALL, TALL])
    assert rejudged(raw).noise_floor == pytest.approx(0.04)


def test_the_noise_floor_is_between_the_copies_whatever_ratios_refer_to() -> None:
    times = {BASELINE: [1_000] * 5, TWIN: [1_020] * 5, OURS: [3_000] * 5}
    again = judge_again(make_race(times), OURS)
    assert again.noise_floor == pytest.approx(0.02)


def test_what_is_less_than_the_noise_floor_is_unresolved_and_no_tie() -> None:
    quiet = {BASELINE: [1_000] * 5, OURS: [1_050] * 5}
    noisy_race = quiet | {TWIN: [1_060] * 5}
    found = [ratio_of(make_race(times), OURS).verdict for times in (quiet, noisy_race)]
    assert found == [Verdict.SLOWER, Verdict.UNRESOLVED]


def test_the_noise_of_one_case_changes_no_verdict_of_another() -> None:
    timings = [
        make_timing(name, [time_ns] * 5, case)
        for case, twin_ns in (("small", 1_200), ("tall", 1_000))
        for name, time_ns in ((BASELINE, 1_000), (OURS, 1_150), (TWIN, twin_ns))
    ]
    raw = make_view(timings=timings, names=[BASELINE, OURS, TWIN], cases=[SMALL, TALL])
    judged = rejudged(changed(raw, builds=(make_build("cy"),)))
    found = [ratio_of(judged, OURS, case).verdict for case in ("small", "tall")]
    assert found == [Verdict.UNRESOLVED, Verdict.SLOWER]
    assert [course.noise for course in judged.judged.cases] == pytest.approx([0.2, 0.0])


@pytest.mark.parametrize("ended", [CRASHED, TIMED_OUT])
def test_a_twin_that_was_lost_in_the_race_has_a_row_since_its_code_is_the_baselines(
    ended: Crashed | TimedOut,
) -> None:
    found = judge_small(make_timing(BASELINE, steady(1_000)), make_timing(TWIN, [], ended=ended))
    assert [row.outcome for row in found.judged.rows if row.contestant == TWIN] == [ended]


def test_a_limit_that_crashed_has_no_row() -> None:
    lost = make_timing(LIMIT, [], ended=CRASHED)
    found = judge_small(make_timing(BASELINE, steady(1_000)), lost)
    assert [row.contestant for row in found.judged.rows] == [BASELINE]


@pytest.mark.parametrize("fault", [WRONG, CRASHED])
def test_a_twin_whose_original_was_at_fault_before_the_race_has_no_row(
    fault: Wrong | Crashed,
) -> None:
    twin = "cy.total (A/A twin)"
    raw = make_view(names=[OURS, BASELINE, twin], checks=[make_check(OURS, fault)])
    assert twin not in {row.contestant for row in rejudged(raw).judged.rows}


def test_a_course_counts_its_rounds() -> None:
    (course,) = judge_small(make_timing(BASELINE, steady(1_000))).judged.cases
    assert (course.rounds, len(course.dropped)) == (15, 0)


def test_a_case_that_was_not_raced_has_no_rounds() -> None:
    (course,) = judge_small(names=[BASELINE]).judged.cases
    assert (course.rounds, len(course.dropped)) == (0, 0)


def test_spoiled_rounds_are_dropped_for_everybody_and_counted_and_kept_in_the_file() -> None:
    # Theft makes both slow in the first epoch's last two rounds, and is noticed in one of them.
    ours, base = (make_timing(name, [1_000.0] * 5) for name in (OURS, BASELINE))
    slow = tuple(
        msgspec.structs.replace(s, wall_ns=9 * s.wall_ns)
        if (s.epoch, s.round) in {(0, 1), (0, 2)}
        else s
        for s in ours.samples
    )
    hit = stolen_from(msgspec.structs.replace(ours, samples=slow), {(0, 1): 0.8, (0, 2): 0.8})
    found = judge_small(base, hit)
    course = found.judged.cases[0]
    assert (course.rounds, len(course.dropped), course.rounds_spoiled) == (15, 2, 2)
    assert (ratio_of(found, OURS).low, ratio_of(found, OURS).high) == (1.0, 1.0)
    assert found.raw.timings == (base, hit)
