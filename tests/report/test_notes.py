"""What a reader must know before believing a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    SKIPPED,
    SMALL,
    TALL,
    around,
    changed,
    make_build,
    make_course,
    make_race,
    make_timing,
    make_view,
    steady,
)
from whichext.model.ratio import Ratio
from whichext.model.raw import Build
from whichext.model.view import View
from whichext.report.notes import limit_kind, noise, stolen_rounds, warnings

BASELINE, OURS, TWIN, LIMIT = "numpy", "cy.total", "numpy (A/A twin)", "limit[1]"


def twin(low: float | None, high: float | None) -> Ratio:
    """The interval that the twin has against its original."""
    if low is None or high is None:
        return around(0.0, math.inf, 1)
    return around(math.log(low * high) / 2, math.log(high / low) / 2)


def with_twin(low: float | None, high: float | None) -> View:
    return make_view(courses=[make_course(twin=twin(low, high))])


def stolen(*rounds: tuple[int, int], kept: int = 0, noise: float | None = None) -> View:
    """Two cases of which this many rounds were spoiled of that many, and some of them kept."""
    courses = [
        make_course(case.name, of, gone - kept, rounds_spoiled=gone, noise=noise)
        for case, (gone, of) in zip((SMALL, TALL), rounds or (), strict=False)
    ]
    return make_view(cases=[SMALL, TALL], courses=courses)


def with_threads(name: str, seen: int | None) -> View:
    timing = replace(make_timing(name, steady(1_000)), threads_seen=seen)
    return make_view(timings=[timing], names=[BASELINE, name])


def with_limit(builds: Sequence[Build], name: str = LIMIT) -> View:
    return make_view(names=[BASELINE, name], builds=builds)


def test_a_result_that_nothing_makes_doubtful_has_no_warnings() -> None:
    race = make_race({BASELINE: steady(1_000), TWIN: steady(1_000), LIMIT: steady(500)})
    assert warnings(race) == []


def test_a_run_that_was_stopped_is_told_with_why_and_how_to_go_on() -> None:
    stopped = changed(make_view(), stopped="it was interrupted")
    assert warnings(stopped) == [
        "The run ended before it was done: it was interrupted. "
        "Go on with the same words and --resume FILE, where -o FILE was given."
    ]


def test_many_spoiled_rounds_of_a_case_are_told_with_both_counts() -> None:
    assert warnings(stolen((5, 20), (4, 20))) == [
        "In small, other guests took the processor in 5 of 20 rounds: run it again at a quieter "
        "hour. whichext doctor tells how much is stolen now."
    ]


def test_spoiled_rounds_that_had_to_be_counted_are_told_even_if_none_was_dropped() -> None:
    assert warnings(stolen((5, 5), kept=5)) == [
        "In small, other guests took the processor in 5 of 5 rounds, and 5 of these had to be "
        "counted: run it again at a quieter hour. whichext doctor tells how much is stolen now."
    ]


@pytest.mark.parametrize("rounds", [(0, 0), (0, 20), (4, 20), (20, 100)])
def test_up_to_a_fifth_of_the_rounds_may_be_spoiled(rounds: tuple[int, int]) -> None:
    assert warnings(stolen(rounds)) == []


@pytest.mark.parametrize("rounds", [(1, 4), (21, 100)])
def test_more_than_a_fifth_of_the_rounds_may_not(rounds: tuple[int, int]) -> None:
    assert len(warnings(stolen(rounds))) == 1


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1.04, 1.06, "1.05 [1.04, 1.06]"),
        (0.94, 0.96, "0.95 [0.94, 0.96]"),
    ],
)
def test_two_copies_of_the_same_code_that_differ_are_told(
    low: float, high: float, told: str
) -> None:
    assert warnings(with_twin(low, high)) == [
        f"In small, two copies of the same code differ ({told}): "
        "do not act on differences of that size."
    ]


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (0.99, 1.01), (1.02, 1.10), (0.90, 0.98), (1.03, 1.03)]
)
def test_a_twin_that_may_be_within_three_percent_of_its_original_is_not_told(
    low: float | None, high: float | None
) -> None:
    assert warnings(with_twin(low, high)) == []


def test_a_contestant_that_differs_from_the_baseline_is_no_warning() -> None:
    assert warnings(make_race({BASELINE: steady(1_000), OURS: steady(5_000)})) == []


@pytest.mark.parametrize(
    ("name", "seen", "asked"),
    [("cy.total[2]", 1, "2"), ("cy.total[2]", 3, "2"), ("cy.total[4]", 2, "4")],
)
def test_other_threads_than_were_asked_for_are_told_with_both_sides(
    name: str, seen: int, asked: str
) -> None:
    (warning,) = warnings(with_threads(name, seen))
    assert warning.startswith(f"{name} was to use {asked} threads in small, and {seen} ")


@pytest.mark.parametrize(("name", "seen"), [(OURS, 1), ("cy.total[2]", 2)])
def test_as_many_threads_as_were_asked_for_are_no_news(name: str, seen: int) -> None:
    assert warnings(with_threads(name, seen)) == []


def test_a_call_that_was_too_short_to_count_its_threads_is_no_news() -> None:
    assert warnings(with_threads("cy.total[2]", None)) == []


def test_the_threads_of_a_limit_are_no_news() -> None:
    assert warnings(with_threads("limit[2]", 1)) == []


def test_the_most_serious_warning_comes_first() -> None:
    timing = msgspec.structs.replace(make_timing("cy.total[2]", [1]), threads_seen=1)
    view = changed(
        make_view(names=[BASELINE]),
        stopped="it was interrupted",
        courses=(make_course(rounds=2, rounds_spoiled=1, twin=twin(1.1, 1.2)),),
        contestants=with_threads("cy.total[2]", 1).raw.contestants,
        timings=(timing,),
    )
    starts = ["The run ended", "In small, other guests", "In small, two copies", "cy.total[2] was"]
    found = warnings(view)
    assert [w.startswith(s) for w, s in zip(found, starts, strict=True)] == [True] * 4


def test_the_noise_floor_is_told_with_the_dropped_rounds_of_all_cases() -> None:
    contestants = make_view(names=[BASELINE, TWIN]).raw.contestants
    view = changed(stolen((1, 20), (2, 30), noise=0.0123), contestants=contestants)
    assert noise(view) == (
        "Noise floor: a second copy of numpy came within 1.2% of it in every case. "
        "Dropped for stolen time: 3 of 50 rounds."
    )


def test_spoiled_rounds_that_stayed_are_told_beside_the_dropped_ones() -> None:
    assert stolen_rounds(9, 3, 10) == (
        "Dropped for stolen time: 3 of 10 rounds; 6 more were spoiled and had to stay."
    )


def test_without_a_twin_the_noise_is_not_known() -> None:
    assert noise(make_view()) == ("No A/A twin raced, so the noise of this race is not known.")


def test_the_limit_in_c_is_told_as_such() -> None:
    assert limit_kind(with_limit([make_build("limitprobe")])) == (
        "limit: the inputs read once (in C, 8 streams a thread), the output not written"
    )


@pytest.mark.parametrize(
    "builds",
    [
        [],
        [make_build("cy")],
        [make_build("limitprobe", SKIPPED)],
        [make_build("limitprobe", BUILD_FAILED)],
    ],
)
def test_where_the_limit_was_not_built_numpy_reads(builds: list[Build]) -> None:
    assert limit_kind(with_limit(builds)) == (
        "limit: the inputs read once (by NumPy, since the C reader was not built), "
        "the output not written"
    )
