"""What makes a result doubtful, as data."""

from __future__ import annotations

import math
from itertools import starmap

import pytest
from msgspec.structs import replace

from snapshots.every_finding import EVERY_FINDING
from support.contestants import SMALL, TALL, TWIN
from support.results import (
    TIMED_OUT,
    WRONG,
    around,
    changed,
    make_check,
    make_course,
    make_race,
    make_timing,
    make_view,
    rejudged,
    steady,
)
from whichext.judge.insights import doubtful_cases, find_noise
from whichext.model.check import Check, Property
from whichext.model.contestant import Factor
from whichext.model.finding import spoils
from whichext.model.insight import (
    AnswersRemembered,
    AnswersUncompared,
    FindingSpoils,
    ForkHazard,
    Happened,
    RaceNoise,
    ResultWarning,
    RunStopped,
    ThreadsUnlikeAsked,
    TimeStolen,
    TwinDiffers,
)
from whichext.model.outcome import Crashed, Outcome
from whichext.model.ratio import Ratio
from whichext.model.view import View

NUMPY, OURS, LIMIT = "numpy", "cy.total", "limit[1]"


def warnings_of(view: View) -> list[ResultWarning]:
    return list(view.judged.warnings)


def with_spoiled(spoiled: int, of: int, kept: int = 0) -> View:
    """A view whose first case lost this many of its rounds, some of which were counted."""
    return make_view(courses=[make_course("small", of, spoiled - kept, rounds_spoiled=spoiled)])


def with_twin(low: float, high: float) -> View:
    ratio = around(math.log(low * high) / 2, math.log(high / low) / 2)
    return make_view(courses=[make_course(twin=ratio)])


def with_threads(name: str, seen: int | None) -> View:
    timing = replace(make_timing(name, steady(1_000)), threads_seen=seen)
    return make_view(timings=[timing], names=[NUMPY, name])


def in_a_fork(contestant: str, result: Outcome) -> Check:
    return replace(make_check(contestant, result, "fork"), property=Property.FORK)


def test_a_quiet_race_has_no_warnings() -> None:
    quiet = {NUMPY: steady(1_000), NUMPY + TWIN: steady(1_001), LIMIT: steady(500)}
    view = make_race(quiet)
    assert (warnings_of(view), doubtful_cases(view)) == ([], ())


def test_a_run_that_was_stopped_says_why() -> None:
    stopped = changed(make_view(), stopped="it was interrupted")
    assert warnings_of(stopped) == [RunStopped(reason="it was interrupted")]


def test_findings_that_spoil_a_comparison_are_told_by_their_place() -> None:
    found = warnings_of(changed(make_view(), findings=EVERY_FINDING))
    places = [one.finding for one in found if isinstance(one, FindingSpoils)]
    assert places == [n for n, one in enumerate(EVERY_FINDING) if spoils(one)]
    assert 0 < len(places) < len(EVERY_FINDING)


@pytest.mark.parametrize("rounds", [(0, 0), (0, 20), (4, 20), (20, 100)])
def test_up_to_a_fifth_of_the_rounds_may_be_spoiled(rounds: tuple[int, int]) -> None:
    view = with_spoiled(*rounds)
    assert (warnings_of(view), doubtful_cases(view)) == ([], ())


@pytest.mark.parametrize("rounds", [(1, 4), (21, 100)])
def test_more_than_a_fifth_of_the_rounds_may_not(rounds: tuple[int, int]) -> None:
    view, (spoiled, of) = with_spoiled(*rounds), rounds
    expected = TimeStolen(case="small", rounds=of, spoiled=spoiled, counted=0)
    assert (warnings_of(view), doubtful_cases(view)) == ([expected], ("small",))


def test_spoiled_rounds_that_had_to_be_counted_are_told() -> None:
    expected = TimeStolen(case="small", rounds=5, spoiled=5, counted=4)
    assert warnings_of(with_spoiled(5, 5, kept=4)) == [expected]


@pytest.mark.parametrize(("low", "high"), [(1.04, 1.06), (0.94, 0.96)])
def test_two_copies_of_the_same_code_that_differ_are_told(low: float, high: float) -> None:
    (found,) = warnings_of(with_twin(low, high))
    assert isinstance(found, TwinDiffers)
    assert (found.ratio.low, found.ratio.high) == (pytest.approx(low), pytest.approx(high))
    assert doubtful_cases(with_twin(low, high)) == ("small",)


@pytest.mark.parametrize(("low", "high"), [(0.99, 1.01), (1.02, 1.10), (0.90, 0.98), (1.03, 1.03)])
def test_a_twin_that_may_be_within_three_percent_of_its_original_is_not_told(
    low: float, high: float
) -> None:
    assert warnings_of(with_twin(low, high)) == []


@pytest.mark.parametrize("twin", [None, around(0.5, math.inf, 1)])
def test_a_twin_without_an_interval_is_not_told(twin: Ratio | None) -> None:
    assert warnings_of(make_view(courses=[make_course(twin=twin)])) == []


@pytest.mark.parametrize(
    ("name", "seen", "asked"),
    [("cy.total[2]", 1, 2), ("cy.total[4]", 2, 4), ("cy.total", 2, 1)],
)
def test_other_threads_than_were_asked_for_are_told_with_both_sides(
    name: str, seen: int, asked: int
) -> None:
    expected = ThreadsUnlikeAsked(contestant=name, case="small", asked=asked, busy=seen)
    assert warnings_of(with_threads(name, seen)) == [expected]


@pytest.mark.parametrize(
    ("factors", "pools"),
    [
        ({}, ()),
        ({"dask_threads": "all", "kernel_threads": "1"}, ("dask",)),
        ({"dask_threads": "all", "kernel_threads": "all", "order": "all"}, ("dask", "kernel")),
    ],
)
def test_more_threads_than_processors_are_told_with_those_whose_threads_multiply(
    factors: dict[str, str], pools: tuple[str, ...]
) -> None:
    view = with_threads("cy.total[2]", 4)
    contestants = [
        replace(one, factors=tuple(starmap(Factor, sorted(factors.items()))))
        for one in view.raw.contestants
    ]
    (found,) = warnings_of(changed(view, contestants=tuple(contestants)))
    assert found == ThreadsUnlikeAsked(
        contestant="cy.total[2]", case="small", asked=2, busy=4, cores=2, pools=pools
    )


@pytest.mark.parametrize(
    ("name", "seen"),
    [(OURS, 1), ("cy.total[2]", 2), ("cy.total[2]", None), ("limit[2]", 1)],
)
def test_as_many_threads_as_asked_for_or_none_counted_or_a_limits_are_no_news(
    name: str, seen: int | None
) -> None:
    assert warnings_of(with_threads(name, seen)) == []


def test_faults_in_a_forked_child_are_told_by_what_happened() -> None:
    crashed = Crashed("in a forked child", "killed by SIGSEGV")
    checks = (in_a_fork("a.b", TIMED_OUT), in_a_fork("c.d", crashed), in_a_fork("e.f", TIMED_OUT))
    assert warnings_of(changed(make_view(), checks=checks)) == [
        ForkHazard(happened=Happened.CRASHED, contestants=("c.d",)),
        ForkHazard(happened=Happened.TIMED_OUT, contestants=("a.b", "e.f")),
    ]


def test_what_is_wrong_without_a_fork_as_well_is_no_hazard_of_forks() -> None:
    checks = (make_check(OURS, WRONG), in_a_fork(OURS, WRONG))
    assert warnings_of(changed(make_view(), checks=checks)) == []


def test_who_finds_answers_again_is_named_by_case() -> None:
    timings = [
        replace(make_timing(name, [1], case), remembers=remembers)
        for name, case, remembers in (
            ("a.b", "small", True),
            ("c.d", "small", True),
            ("a.b", "tall", False),
            ("c.d", "tall", True),
        )
    ]
    view = make_view(timings=timings, names=[NUMPY, "a.b", "c.d"], cases=[SMALL, TALL])
    assert warnings_of(view) == [
        AnswersRemembered(case="small", contestants=("a.b", "c.d")),
        AnswersRemembered(case="tall", contestants=("c.d",)),
    ]


def test_the_most_serious_warning_comes_first() -> None:
    timing = replace(make_timing("cy.total[2]", [1]), threads_seen=1, remembers=True)
    view = changed(
        make_view(timings=[timing], names=[NUMPY, "cy.total[2]"]),
        stopped="it was interrupted",
        findings=EVERY_FINDING[:1],
        courses=(make_course(rounds=2, rounds_spoiled=1, twin=around(0.1, 0.01)),),
        checks=(in_a_fork(OURS, TIMED_OUT),),
        uncompared=("small",),
    )
    assert [type(one) for one in warnings_of(view)] == [
        RunStopped,
        FindingSpoils,
        TimeStolen,
        TwinDiffers,
        ThreadsUnlikeAsked,
        AnswersUncompared,
        AnswersRemembered,
        ForkHazard,
    ]


def test_the_noise_of_a_race_is_that_of_its_worst_case_with_the_rounds_of_all() -> None:
    courses = (
        make_course("small", 20, 1, rounds_spoiled=2, noise=0.01),
        make_course("tall", 30, 2, rounds_spoiled=3, noise=0.02),
    )
    names = [NUMPY, NUMPY + TWIN]
    view = make_view(cases=[SMALL, TALL], courses=courses, names=names)
    assert find_noise(view) == RaceNoise(
        original=NUMPY, floor=0.02, rounds=50, dropped=3, spoiled=5
    )


def test_without_a_twin_the_noise_of_a_race_is_not_known() -> None:
    noise = find_noise(rejudged(make_view(names=[NUMPY])))
    assert (noise.original, noise.floor) == (None, None)
