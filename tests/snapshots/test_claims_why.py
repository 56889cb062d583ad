"""Why a claim came out as it did."""

from __future__ import annotations

import msgspec
import pytest
from inline_snapshot import snapshot

from support.races import DEBUG, OTHER, OURS, held, make_races, with_common_factors
from support.results import (
    BUILD_FAILED,
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
from whichext.model.claim import ClaimResult, Quantity
from whichext.model.inline import unmarked
from whichext.model.view import View
from whichext.report import claims
from whichext.report.claims import measured_text

NONE = "no difference worth acting on"
ALONE = "The two differ in toolchain (cy -> rust) alone."


def why(claim: ClaimResult) -> list[str]:
    """The sentences, as Python words them."""
    return [unmarked(text) for text in claims.why(claim)]


def measured_lines(claim: ClaimResult) -> list[str]:
    return [unmarked(text) for text in claims.measured_lines(claim)]


def race(other_ns: float, ours_ns: float) -> View:
    return make_race({OTHER: [other_ns] * 5, OURS: [ours_ns] * 5})


def first(text: str, view: View) -> str:
    """The first sentence on a claim about OURS."""
    return why(held(f"{OURS} {text}", view))[0]


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Quantity.SPEED, "1.26x [1.08, 1.47] as fast"),
        (Quantity.TIME, "1.26 [1.08, 1.47] of the time"),
        (Quantity.SHARE, "1.26 [1.08, 1.47] of the limit"),
    ],
)
def test_a_quantity_has_its_interval_and_its_unit(quantity: Quantity, expected: str) -> None:
    assert measured_text(quantity, make_ratio(1.262, 1.08, 1.471)) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "1 thread"), (12, "12 threads")])
def test_threads_are_counted(count: int, expected: str) -> None:
    assert measured_text(Quantity.THREADS, count) == expected


def test_one_epoch_has_no_interval() -> None:
    assert measured_text(Quantity.SPEED, make_ratio(2)) == "2.00x [?, ?] as fast"


def test_every_case_has_a_line_also_where_nothing_was_measured() -> None:
    times = {"small": {OTHER: [2_000] * 5, OURS: [1_000] * 5}, "tall": {OTHER: [2_000] * 5}}
    found = held(f"{OURS} is faster than {OTHER} on small and tall", make_races(times))
    assert measured_lines(found) == ["small: 2.00x [2.00, 2.00] as fast", "tall: -"]


@pytest.mark.parametrize(
    ("ours_ns", "text", "expected"),
    [
        (500, "is 3x faster than", "faster, but 2.00x [2.00, 2.00] as fast and not 3x"),
        (999, "is 3x faster than", f"{NONE}, 1.00x [1.00, 1.00] as fast and not 3x"),
        (2_000, "is 3x faster than", "slower, 0.50x [0.50, 0.50] as fast and not 3x"),
        (500, "takes 0.4 of the time of", "faster, but 0.50 [0.50, 0.50] of the time and not 0.4"),
        (2_000, "is 3x slower than", "slower, but 2.00 [2.00, 2.00] of the time and not 3x"),
        (2_000, "is within 5% of", "slower, 2.00 [2.00, 2.00] of the time and not within 5%"),
        (250, "is at most 2x faster than", "faster, 4.00x [4.00, 4.00] as fast and not at most 2x"),
        (2_000, "is faster than", "slower, 0.50x [0.50, 0.50] as fast"),
        (1_001, "is faster than", f"{NONE}, 1.00x [1.00, 1.00] as fast"),
        (500, "is as fast as", "faster, 0.50 [0.50, 0.50] of the time"),
    ],
)
def test_a_refuted_claim_is_told_what_it_is_instead(
    ours_ns: float, text: str, expected: str
) -> None:
    assert first(f"{text} {OTHER}", race(1_000, ours_ns)) == f"On small: {expected}."


def test_where_even_the_direction_is_open_a_refuted_claim_has_its_number_alone() -> None:
    view = make_race({OTHER: [1_000] * 5, OURS: noisy(1_000)})
    found = first(f"is 9x faster than {OTHER}", view)
    assert found.startswith("On small: 0.9")
    assert found == snapshot("On small: 0.93x [0.82, 1.06] as fast and not 9x.")


def test_a_refuted_count_of_threads_is_told_the_count() -> None:
    timing = msgspec.structs.replace(make_timing(OURS, [1_000] * 5), threads_seen=2)
    view = rejudged(make_view(timings=[timing], names=[OURS]))
    expected = "On small: 2 threads and not at least 1_000_000."
    assert first("uses at least 1_000_000 threads", view) == expected


def test_an_unresolved_claim_is_told_what_would_probably_tell() -> None:
    view = make_race({OTHER: [1_880, 2_120, 1_940, 2_060, 2_000], OURS: [1_000] * 5})
    finding = held(f"{OURS} is 1.95x faster than {OTHER}", view)
    sentence = why(finding)[0]
    assert sentence == snapshot(
        "On small: 2.00x [1.88, 2.13] as fast neither shows nor excludes 1.95x; about 33 epochs would probably resolve it (max_time_s, precision)."
    )


def test_a_claim_that_the_noise_hides_is_told_that_epochs_would_not_help() -> None:
    times = {OTHER: [1_000] * 5, OURS: [1_050] * 5, f"{OTHER} (A/A twin)": [1_100] * 5}
    assert first(f"is slower than {OTHER}", make_race(times)) == snapshot(
        "On small: 1.05 [1.05, 1.05] of the time neither shows nor excludes slower; more epochs would not resolve it."
    )


def test_who_was_not_measured_is_named_with_the_reason_on_one_line() -> None:
    view = make_race({OTHER: [1_000] * 5}, absent={OURS: BUILD_FAILED})
    assert first(f"is faster than {OTHER}", view) == snapshot(
        "On small: rust.total did not build: sum.c:3:1: error: unknown type. Next: install gcc."
    )


def test_who_is_not_in_the_result_is_named() -> None:
    found = why(held("go.total is faster than zig.total", race(1, 1)))
    expected = "On small: go.total is not in this result; zig.total is not in this result."
    assert found == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reaches 0.9 of the limit", "no limit was measured beside it"),
        ("uses 2 threads", "its calls were too short to count threads in"),
    ],
)
def test_what_could_not_be_measured_of_somebody_who_was_is_told(text: str, expected: str) -> None:
    assert first(text, race(1_000, 1_000)) == f"On small: {expected}."


def test_two_who_share_no_round_are_told_so() -> None:
    timings = (make_timing(OTHER, [2_000] * 5), make_timing(OURS, [1_000] * 5, first_epoch=5))
    judged = rejudged(make_view(timings=timings, names=[OTHER, OURS]))
    rows = tuple(make_row(name, make_measured()) for name in (OTHER, OURS))
    found = first(f"is 2x faster than {OTHER}", changed(judged, rows=rows))
    assert found == snapshot("On small: the two share no round of the race.")


# In what they differ


def test_a_claim_that_holds_between_two_who_differ_in_one_factor_says_which() -> None:
    assert why(held(f"{OURS} is 2x faster than {OTHER}", race(3_000, 1_000))) == [ALONE]


def test_two_who_differ_in_several_factors_are_confounded_and_the_release_is_told() -> None:
    view = make_race({DEBUG: [4_000] * 5, OTHER: [1_260] * 5, OURS: [1_000] * 5})
    claim = f"{OURS} is 2x faster than {DEBUG}"
    assert why(held(claim, with_common_factors(view, optimisation="O3"))) == snapshot(
        [
            "Confounded: the two differ in optimisation (none -> O3) and toolchain (cy -> rust), so this ratio says nothing about any one of them.",
            "With optimisation O3 for both: rust.total is 1.26x [1.26, 1.26] as fast as cy.total on small.",
        ]
    )


def test_settings_of_which_nothing_is_known_are_called_the_releases() -> None:
    view = make_race({DEBUG: [4_000] * 5, OTHER: [1_000] * 5, OURS: [2_000] * 5})
    found = why(held(f"{OURS} takes 0.6 of the time of {DEBUG}", view))
    assert found[-1] == snapshot(
        "With the release's settings for both: rust.total takes 2.00 [2.00, 2.00] of the time of cy.total on small."
    )


def test_settings_of_one_contestant_are_told_without_another() -> None:
    debug = make_measured(of_limit=make_ratio(0.5, 0.4, 0.6))
    released = make_measured(of_limit=make_ratio(0.9, 0.8, 1.0))
    view = make_view([make_row(DEBUG, debug), make_row(OTHER, released)])
    found = why(
        held(f"{DEBUG} reaches 0.4 of the limit", with_common_factors(view, optimisation="O2"))
    )
    expected = "With optimisation O2: cy.total reaches 0.90 [0.80, 1.00] of the limit on small."
    assert found == [expected]


def test_two_who_differ_in_nothing_known_are_told_so() -> None:
    view = make_race({"cy.total": [2_000] * 5, "cy.sum": [1_000] * 5})
    found = why(held("cy.sum is 2x faster than cy.total", view))
    assert found == snapshot(["The two differ in no factor that is known."])


def test_where_nothing_was_measured_there_is_no_ratio_to_be_confounded() -> None:
    view = make_race({OTHER: [1_000] * 5}, absent={OURS: UNSUPPORTED})
    assert len(why(held(f"{OURS} is faster than {OTHER}", view))) == 1
