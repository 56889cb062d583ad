"""Claims held against races with known times."""

from __future__ import annotations

import msgspec
import pytest

from support.races import DEBUG, OTHER, OURS, held, make_races, with_common_factors
from support.results import (
    CRASHED,
    SKIPPED,
    UNSUPPORTED,
    changed,
    make_measured,
    make_race,
    make_ratio,
    make_row,
    make_timing,
    make_view,
    noisy,
    rejudged,
)
from whichext.model.claim import Missing, Standing, worst
from whichext.model.contestant import Difference
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import View

HOLDS, REFUTED, UNRESOLVED = Standing.HOLDS, Standing.REFUTED, Standing.UNRESOLVED

TWICE = make_race({OTHER: [2_000] * 5, OURS: [1_000] * 5})
"""OURS is exactly twice as fast as OTHER, in every epoch."""
ABOUT_TWICE = make_race({OTHER: [1_900, 2_100, 1_950, 2_050, 2_000], OURS: [1_000] * 5})
"""OURS is about twice as fast, and no more is known."""


def standing(text: str, view: View = TWICE) -> Standing:
    return held(f"{OURS} {text}", view).standing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"is 1.9x faster than {OTHER}", HOLDS),
        (f"is 2.1x faster than {OTHER}", REFUTED),
        (f"is at most 2.1x faster than {OTHER}", HOLDS),
        (f"is at most 1.9x faster than {OTHER}", REFUTED),
        (f"is about 2.1x faster than {OTHER}", HOLDS),
        (f"is about 1.7x faster than {OTHER}", REFUTED),
        (f"is about 2.5x faster than {OTHER}", REFUTED),
        (f"is 1.9x as fast as {OTHER}", HOLDS),
        (f"is 90% faster than {OTHER}", HOLDS),
        (f"is 110% faster than {OTHER}", REFUTED),
        (f"is 1x slower than {OTHER}", REFUTED),
        (f"is within 55% of {OTHER}", HOLDS),
        (f"is within 5% of {OTHER}", REFUTED),
        (f"takes <= 0.51 of the time of {OTHER}", HOLDS),
        (f"takes <= 0.49 of the time of {OTHER}", REFUTED),
        (f"takes about 45% of the time of {OTHER}", REFUTED),
        (f"is faster than {OTHER}", HOLDS),
        (f"is slower than {OTHER}", REFUTED),
        (f"is as fast as {OTHER}", REFUTED),
        (f"is not slower than {OTHER}", HOLDS),
        (f"is not faster than {OTHER}", REFUTED),
    ],
)
def test_a_claim_is_held_against_the_ratio(text: str, expected: Standing) -> None:
    assert standing(text) is expected


@pytest.mark.parametrize("text", ["is 1.5x slower than", "takes >= 1.5 of the time of"])
def test_the_slower_one_takes_a_multiple_of_the_time(text: str) -> None:
    assert held(f"{OTHER} {text} {OURS}", TWICE).standing is HOLDS
    assert held(f"{OURS} {text} {OTHER}", TWICE).standing is REFUTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is 1.5x faster than", HOLDS),
        ("is 2x faster than", UNRESOLVED),
        ("is at most 2x faster than", UNRESOLVED),
        ("is about 2x faster than", HOLDS),
        ("is 3x faster than", REFUTED),
    ],
)
def test_a_number_within_the_interval_is_neither_shown_nor_excluded(
    text: str, expected: Standing
) -> None:
    assert standing(f"{text} {OTHER}", ABOUT_TWICE) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("is as fast as", HOLDS), ("is faster than", REFUTED), ("is slower than", REFUTED)],
)
def test_a_tie_is_as_fast_and_neither_faster_nor_slower(text: str, expected: Standing) -> None:
    race = make_race({OTHER: [1_000] * 5, OURS: [1_005] * 5})
    assert standing(f"{text} {OTHER}", race) is expected


@pytest.mark.parametrize("text", ["is not slower than", "is not faster than"])
def test_what_ties_is_neither_slower_nor_faster(text: str) -> None:
    tied = make_race({OTHER: [1_000] * 8, OURS: [1_002] * 8})
    assert standing(f"{text} {OTHER}", tied) is HOLDS


def test_what_is_faster_or_a_tie_is_not_slower_and_may_be_not_faster() -> None:
    view = make_race({OTHER: [1_000] * 8, OURS: [930, 1_000] * 4})
    assert held(f"{OURS} is faster than {OTHER}", view).standing is UNRESOLVED
    assert standing(f"is not slower than {OTHER}", view) is HOLDS
    assert standing(f"is not faster than {OTHER}", view) is UNRESOLVED
    assert held(f"{OTHER} is not faster than {OURS}", view).standing is HOLDS


def test_a_wide_interval_leaves_open_whether_it_is_slower_and_says_what_would_tell() -> None:
    view = make_race({OTHER: [1_000] * 8, OURS: [800, 1_250] * 4})
    claim = held(f"{OURS} is not slower than {OTHER}", view)
    assert (claim.standing, claim.cases[0].verdict) == (UNRESOLVED, Verdict.UNRESOLVED)
    assert claim.cases[0].epochs_needed is not None
    assert claim.statement.direction is None


@pytest.mark.parametrize("text", ["is as fast as", "is faster than", "is slower than"])
def test_without_a_verdict_a_claim_without_a_number_is_unresolved(text: str) -> None:
    race = make_race({OTHER: [1_000] * 5, OURS: noisy(1_000)})
    (case,) = held(f"{OURS} {text} {OTHER}", race).cases
    assert (case.standing, case.verdict) == (UNRESOLVED, Verdict.UNRESOLVED)
    assert (case.epochs_needed or 0) > 5


@pytest.mark.parametrize("text", ["is 2x faster than", "is 2x slower than", "is faster than"])
def test_one_epoch_resolves_nothing(text: str) -> None:
    race = make_race({OTHER: [9_000], OURS: [1_000]})
    (case,) = held(f"{OURS} {text} {OTHER}", race).cases
    assert (case.standing, case.epochs_needed) == (UNRESOLVED, 2)


def test_speed_and_its_interval_are_one_over_the_ratio_of_times() -> None:
    speed, time = (
        held(f"{OURS} {text} {OTHER}", ABOUT_TWICE).cases[0].measured
        for text in ("is 2x faster than", "takes 0.5 of the time of")
    )
    assert isinstance(speed, Ratio)
    assert isinstance(time, Ratio)
    assert (time.low, time.high) == pytest.approx((speed.inverse.low, speed.inverse.high))
    assert (speed.low or 0) < 2 < (speed.high or 0)


def test_an_unresolved_claim_says_how_many_epochs_would_probably_tell() -> None:
    near, far = (
        held(f"{OURS} is {number}x faster than {OTHER}", ABOUT_TWICE).cases[0].epochs_needed
        for number in (1.99, 1.93)
    )
    assert (near or 0) > (far or 0) > 5


def test_a_resolved_claim_needs_no_more_epochs() -> None:
    finding = held(f"{OURS} is 1.5x faster than {OTHER}", ABOUT_TWICE)
    assert finding.cases[0].epochs_needed is None


# One contestant alone


def limited(share: float | None, low: float | None = None, high: float | None = None) -> View:
    of_limit = None if share is None else make_ratio(share, low, high)
    return make_view([make_row(OURS, make_measured(of_limit=of_limit))])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reaches 0.9 of the limit", HOLDS),
        ("reaches 0.95 of the limit", UNRESOLVED),
        ("reaches 100% of the limit", REFUTED),
        ("reaches at most 0.9 of the limit", REFUTED),
        ("reaches about 95% of the limit", HOLDS),
    ],
)
def test_a_share_of_the_limit_is_held_against_its_own_interval(
    text: str, expected: Standing
) -> None:
    assert standing(text, limited(0.95, 0.92, 0.98)) is expected


@pytest.mark.parametrize("view", [limited(None), limited(0.95)])
def test_without_the_limits_interval_its_share_is_unresolved(view: View) -> None:
    assert standing("reaches 0.9 of the limit", view) is UNRESOLVED


def using(threads: int | None) -> View:
    timing = msgspec.structs.replace(make_timing(OURS, [1_000] * 5), threads_seen=threads)
    return rejudged(make_view(timings=[timing], names=[OURS]))


@pytest.mark.parametrize(
    ("threads", "text", "expected"),
    [
        (2, "uses at most 2 threads", HOLDS),
        (3, "uses at most 2 threads", REFUTED),
        (3, "uses at least 1_000_000 threads", REFUTED),
        (1, "uses 1 thread", HOLDS),
        (2, "uses 1 thread", REFUTED),
        (None, "uses at most 2 threads", UNRESOLVED),
    ],
)
def test_threads_are_held_against_those_that_were_counted(
    threads: int, text: str, expected: Standing
) -> None:
    assert standing(text, using(threads)) is expected


def test_a_claim_about_one_contestant_has_nothing_to_differ_from() -> None:
    finding = held(f"{OURS} reaches 0.9 of the limit", limited(0.95, 0.92, 0.98))
    assert (finding.differences, finding.released) == (None, None)


# Who was not measured


@pytest.mark.parametrize("outcome", [CRASHED, SKIPPED, UNSUPPORTED])
def test_who_was_not_measured_leaves_a_claim_unresolved_with_the_reason(outcome: Outcome) -> None:
    race = make_race({OTHER: [2_000] * 5}, absent={OURS: outcome})
    (case,) = held(f"{OURS} is faster than {OTHER}", race).cases
    assert (case.standing, case.missing) == (UNRESOLVED, (Missing(OURS, outcome),))


def test_who_left_the_race_early_was_not_measured_whatever_was_timed() -> None:
    timings = (make_timing(OTHER, [2_000] * 5), make_timing(OURS, [1_000] * 5, ended=CRASHED))
    race = rejudged(make_view(timings=timings, names=[OTHER, OURS]))
    assert standing(f"is faster than {OTHER}", race) is UNRESOLVED


def test_who_is_not_in_a_result_at_all_leaves_a_claim_unresolved() -> None:
    finding = held(f"{OURS} is faster than cpp.total", TWICE)
    assert finding.cases[0].missing == (Missing("cpp.total", None),)
    assert (finding.standing, finding.differences) == (UNRESOLVED, None)


def test_a_case_that_is_not_in_a_result_leaves_a_claim_unresolved() -> None:
    finding = held(f"{OURS} is faster than {OTHER} on tall", TWICE)
    assert finding.cases[0].missing == (Missing(None),)


def test_two_who_share_no_round_cannot_be_compared() -> None:
    timings = (make_timing(OTHER, [2_000] * 5), make_timing(OURS, [1_000] * 5, first_epoch=5))
    both = rejudged(make_view(timings=timings, names=[OTHER, OURS]))
    rows = [make_row(name, make_measured()) for name in (OTHER, OURS)]
    (case,) = held(f"{OURS} is faster than {OTHER}", changed(both, rows=tuple(rows))).cases
    assert (case.standing, case.measured, case.missing) == (UNRESOLVED, None, ())


# Several cases


SMALL_ONLY = {
    "small": {OTHER: [2_000] * 5, OURS: [1_000] * 5},
    "tall": {OTHER: [1_000] * 5, OURS: [2_000] * 5},
}


def test_each_case_is_held_against_its_own_times() -> None:
    finding = held(f"{OURS} is faster than {OTHER} on small and tall", make_races(SMALL_ONLY))
    assert [(case.case, case.standing) for case in finding.cases] == [
        ("small", HOLDS),
        ("tall", REFUTED),
    ]
    assert finding.standing is REFUTED


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ([HOLDS, HOLDS], HOLDS),
        ([HOLDS, UNRESOLVED], UNRESOLVED),
        ([UNRESOLVED, REFUTED, HOLDS], REFUTED),
    ],
)
def test_one_refutation_refutes_and_one_doubt_leaves_all_in_doubt(
    standings: list[Standing], expected: Standing
) -> None:
    assert worst(standings) is expected


# In what they differ


def test_what_a_pair_differs_in_is_told_from_the_compared_one_to_the_other() -> None:
    race = make_race({DEBUG: [4_000] * 5, OURS: [1_000] * 5})
    found = held(f"{OURS} is 2x faster than {DEBUG}", with_common_factors(race, optimisation="O3"))
    assert found.differences == (
        Difference("optimisation", "none", "O3"),
        Difference("toolchain", "cy", "rust"),
    )


def test_other_settings_are_held_beside_the_releases() -> None:
    race = make_race({DEBUG: [4_000] * 5, OTHER: [1_000] * 5, OURS: [2_000] * 5})
    found = held(f"{OURS} is 2x faster than {DEBUG}", with_common_factors(race, optimisation="O3"))
    released = found.released
    assert released is not None
    assert released.names == (OURS, OTHER)
    assert released.changes == (Difference("optimisation", "none", "O3"),)
    assert released.differences == (Difference("toolchain", "cy", "rust"),)
    ((case, measured),) = released.measured
    assert isinstance(measured, Ratio)
    assert (case, measured.value) == ("small", pytest.approx(0.5))


def test_a_share_of_the_limit_has_the_releases_beside_it_too() -> None:
    outcome = make_measured(of_limit=make_ratio(0.95))
    rows = [make_row(DEBUG, outcome), make_row(OTHER, outcome)]
    released = held(f"{DEBUG} reaches 0.5 of the limit", make_view(rows)).released
    assert released is not None
    assert (released.names, released.differences) == ((OTHER,), ())


def test_where_only_the_settings_differ_there_is_nothing_beside_it() -> None:
    race = make_race({DEBUG: [4_000] * 5, OTHER: [1_000] * 5})
    assert held(f"{OTHER} is 2x faster than {DEBUG}", race).released is None


def test_threads_have_nothing_to_do_with_settings() -> None:
    timings = [
        msgspec.structs.replace(make_timing(name, [1_000] * 5), threads_seen=1)
        for name in (DEBUG, OTHER)
    ]
    race = rejudged(make_view(timings=timings, names=[DEBUG, OTHER]))
    assert held(f"{DEBUG} uses 1 thread", race).released is None


def test_without_the_release_in_the_result_nothing_is_said_of_it() -> None:
    race = make_race({DEBUG: [4_000] * 5, OURS: [2_000] * 5})
    assert held(f"{OURS} is 2x faster than {DEBUG}", race).released is None


def test_a_release_that_was_not_measured_has_no_number() -> None:
    race = make_race({DEBUG: [4_000] * 5, OURS: [2_000] * 5}, absent={OTHER: CRASHED})
    released = held(f"{OURS} is 2x faster than {DEBUG}", race).released
    assert released is not None
    assert released.measured == ()


def test_settings_of_which_all_is_known_say_what_was_made_equal() -> None:
    race = make_race({DEBUG: [4_000] * 5, OTHER: [1_000] * 5, OURS: [2_000] * 5})
    text = f"{OURS} is 2x faster than {DEBUG}"
    views = (with_common_factors(race, optimisation="O3"), race)
    known, unknown = (held(text, view).released for view in views)
    assert (known and known.is_told, unknown and unknown.is_told) == (True, False)
