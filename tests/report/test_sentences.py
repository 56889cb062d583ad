"""What a case's table shows, in sentences."""

from __future__ import annotations

import pytest

from builders import (
    CRASHED,
    SMALL,
    TALL,
    UNSUPPORTED,
    WRONG,
    changed,
    make_measured,
    make_race,
    make_ratio,
    make_row,
    make_timing,
    make_view,
    measured_of,
    noisy,
    rejudged,
    steady,
)
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report.sentences import case_baseline, measured_rows, sentences

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"

CLOSE = [1_100.0, 1_140.0, 1_060.0, 1_120.0, 1_080.0]
"""Slower than 1,000 by ten percent, which five epochs show to one rival and not to twenty."""


def leader(view: View) -> str:
    """The sentence on who is fastest."""
    return sentences(view, "small")[0]


def with_measured(view: View, **measured: Measured) -> View:
    """The view with other measurements, by the contestant's module or bare name."""
    rows = tuple(
        make_row(row.contestant, measured[row.contestant.partition(".")[0]])
        for row in view.judged.rows
    )
    return changed(view, rows=rows)


def test_nobody_measured_is_said() -> None:
    view = make_view([make_row(OURS, WRONG)])
    assert sentences(view, "small") == ["Nothing could be measured in this case."]


def test_a_single_contestant_has_nothing_to_be_compared_with() -> None:
    view = make_race({BASELINE: steady(1_000)}, absent={OURS: WRONG})
    expected = "Only numpy could be raced, so there is nothing to compare it with."
    assert expected == leader(view)


def test_a_clear_leader_is_named_with_its_gain_and_interval() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [1_500] * 5})
    expected = "cy.total is the fastest; cy.total is 2.00x [2.00, 2.00] as fast as numpy."
    assert expected == leader(view)


def test_a_gain_and_its_interval_are_one_over_the_ratio_of_times() -> None:
    view = with_measured(
        make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5}),
        numpy=make_measured(make_ratio(1.0, 1.0, 1.0)),
        cy=make_measured(make_ratio(0.5, 1 / 2.1, 1 / 1.9, Verdict.FASTER)),
    )
    assert "2.00x [1.90, 2.10] as fast as numpy" in leader(view)


def test_tied_leaders_are_named_together() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [1_010] * 5})
    expected = (
        "cy.total and rust.total lead and cannot be told apart; "
        "cy.total is 2.00x [2.00, 2.00] as fast as numpy."
    )
    assert expected == leader(view)


def test_three_tied_leaders_are_listed_with_a_comma() -> None:
    times = {OURS: [1_000] * 5, OTHER: [1_005] * 5, "cpp.total": [1_010] * 5}
    view = make_race({BASELINE: [2_000] * 5, **times})
    assert leader(view).startswith("cy.total, rust.total and cpp.total lead and cannot")


def test_a_rival_whose_difference_is_unresolved_shares_the_lead() -> None:
    view = make_race({BASELINE: [3_000] * 5, OURS: [1_000] * 5, OTHER: noisy(1_000)})
    assert leader(view).startswith("cy.total and rust.total lead and cannot be told apart")


def test_leaders_are_compared_directly_and_not_through_the_baseline() -> None:
    # Both swing with the machine, and only against each other is the difference steady.
    ours = [1_000.0, 1_900.0, 1_200.0, 1_600.0, 1_100.0]
    other = [1.1 * time_ns for time_ns in ours]
    view = make_race({BASELINE: [4_000] * 5, OURS: ours, OTHER: other})
    assert leader(view).startswith("cy.total is the fastest")


def test_a_baseline_that_nobody_beats_is_the_fastest() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [2_000] * 5})
    assert leader(view) == "numpy is the fastest: nothing beats numpy here."


def test_a_baseline_in_a_tie_for_the_lead_is_not_beaten() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [1_010] * 5})
    expected = "numpy and cy.total lead and cannot be told apart: nothing beats numpy here."
    assert expected == leader(view)


def test_a_leader_in_the_tie_zone_makes_no_difference_worth_acting_on() -> None:
    view = make_race({BASELINE: [1_010] * 5, OURS: [1_000] * 5})
    assert leader(view).endswith("against numpy there is no difference worth acting on.")


def test_a_leader_whose_interval_crosses_the_border_is_unresolved() -> None:
    view = make_race({BASELINE: [1_100] * 5, OURS: noisy(900)})
    assert leader(view).endswith("whether cy.total differs from numpy is unresolved.")


def test_a_baseline_that_leads_over_who_is_unresolved_may_be_beaten() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: noisy(1_000)})
    assert leader(view) == (
        "numpy and cy.total lead and cannot be told apart; "
        "whether anything beats numpy is unresolved."
    )


def test_every_unresolved_contestant_is_told_with_the_epochs_that_it_would_take() -> None:
    times = {OURS: noisy(1_000), OTHER: noisy(1_010), "cpp.total": [3_000] * 5}
    view = make_race({BASELINE: [1_000] * 5, **times})
    ours, other = (measured_of(view, name).epochs_needed for name in (OURS, OTHER))
    assert min(ours or 0, other or 0) > 5
    assert sentences(view, "small")[1:] == [
        f"Unresolved against numpy: cy.total (about {ours} epochs would probably tell), "
        f"rust.total (about {other} epochs would probably tell)."
    ]


def test_an_unresolved_contestant_that_the_noise_hides_is_told_that_epochs_would_not_help() -> None:
    times = {BASELINE: [1_000] * 5, OURS: [1_050] * 5, "numpy (A/A twin)": [1_100] * 5}
    assert sentences(make_race(times), "small")[1:] == [
        "Unresolved against numpy: cy.total (closer than this case's noise, so more epochs would "
        "not tell)."
    ]


def test_without_anybody_unresolved_nothing_is_said_of_epochs() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [2_000] * 5})
    assert len(sentences(view, "small")) == 1


def test_one_epoch_is_unresolved_however_far_ahead_the_leader_is() -> None:
    view = make_race({BASELINE: [9_000], OURS: [1_000]})
    assert sentences(view, "small") == [
        "cy.total and numpy lead and cannot be told apart; "
        "whether cy.total differs from numpy is unresolved.",
        "Unresolved against numpy: cy.total (about 2 epochs would probably tell).",
    ]


@pytest.mark.parametrize("yardstick", ["numpy (A/A twin)", "limit[1]"])
def test_a_yardstick_never_leads_however_fast_it_is(yardstick: str) -> None:
    times = {BASELINE: [1_000] * 5, OURS: [2_000] * 5, yardstick: [100] * 5}
    assert leader(make_race(times)).startswith("numpy ")
    assert [s for s in sentences(make_race(times), "small") if yardstick in s] == []


def test_beside_yardsticks_a_single_contestant_has_nothing_to_be_compared_with() -> None:
    times = {BASELINE: [1_000] * 5, "numpy (A/A twin)": [1_000] * 5, "limit[1]": [900] * 5}
    assert leader(make_race(times)).startswith("Only numpy could be raced")


def test_where_only_yardsticks_were_measured_nothing_was() -> None:
    view = make_race({"limit[1]": [1_000] * 5}, absent={BASELINE: WRONG})
    assert sentences(view, "small") == ["Nothing could be measured in this case."]


def test_yardsticks_are_no_rivals_among_whom_the_error_is_shared() -> None:
    times = {BASELINE: CLOSE, OURS: [1_000] * 5, "numpy (A/A twin)": CLOSE, "limit[1]": CLOSE}
    # The twin's distance to its original is 0, so that it moves no border.
    assert leader(make_race(times)).startswith("cy.total is the fastest")


def test_the_more_rivals_there_are_the_more_it_takes_to_be_called_the_fastest() -> None:
    rivals = {f"p{n}.total": [9_000.0] * 5 for n in range(20)}
    pair = make_race({BASELINE: CLOSE, OURS: [1_000] * 5})
    many = make_race({BASELINE: CLOSE, OURS: [1_000] * 5, **rivals})
    assert leader(pair).startswith("cy.total is the fastest")
    assert leader(many).startswith("cy.total and numpy lead and cannot be told apart")


def test_who_left_the_race_early_is_in_no_sentence() -> None:
    timings = (
        make_timing(BASELINE, [2_000] * 5),
        make_timing(OURS, [3_000] * 5),
        make_timing(OTHER, [1_000] * 3, ended=CRASHED),
    )
    view = rejudged(make_view(timings=timings, names=[BASELINE, OURS, OTHER]))
    assert sentences(view, "small") == ["numpy is the fastest: nothing beats numpy here."]


def test_who_left_as_hopeless_is_compared_over_the_epochs_that_it_raced() -> None:
    times = {BASELINE: steady(1_000, epochs=9), OURS: steady(9_000, epochs=5)}
    assert leader(make_race(times)) == "numpy is the fastest: nothing beats numpy here."


def test_where_the_baseline_was_not_raced_the_sentence_names_its_stand_in() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5}, absent={OTHER: UNSUPPORTED})
    view = changed(view, baseline=OTHER)
    assert leader(view).endswith("as fast as numpy.")


def test_settings_that_were_not_raced_are_not_compared() -> None:
    absent = {"cy.total@debug": CRASHED}
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5}, absent)
    assert len(sentences(view, "small")) == 1


def test_measured_rows_come_fastest_first() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [3_000] * 5, OTHER: [1_000] * 5})
    assert [name for name, _ in measured_rows(view, "small")] == [OTHER, BASELINE, OURS]


def test_measured_rows_are_those_of_one_case() -> None:
    rows = [make_row(BASELINE, make_measured()), make_row(OURS, make_measured(), "tall")]
    view = make_view(rows, cases=[SMALL, TALL])
    assert [name for name, _ in measured_rows(view, "tall")] == [OURS]


def test_a_case_in_which_nobody_is_the_baseline_has_the_runs() -> None:
    assert case_baseline([], make_view([make_row(OURS, WRONG)])) == OURS


def test_sentences_of_a_case_use_the_timings_of_that_case_alone() -> None:
    timings = [
        make_timing(name, [time_ns] * 5, case)
        for case, name, time_ns in (
            ("small", BASELINE, 1_000),
            ("small", OURS, 2_000),
            ("tall", BASELINE, 2_000),
            ("tall", OURS, 1_000),
        )
    ]
    slower = make_measured(make_ratio(2.0, 2.0, 2.0, Verdict.SLOWER))
    faster = make_measured(make_ratio(0.5, 0.5, 0.5, Verdict.FASTER))
    rows = [
        make_row(BASELINE, make_measured()),
        make_row(OURS, slower),
        make_row(BASELINE, make_measured(), "tall"),
        make_row(OURS, faster, "tall"),
    ]
    view = make_view(rows, timings, cases=[SMALL, TALL])
    expected = [
        ["numpy is the fastest: nothing beats numpy here."],
        ["cy.total is the fastest; cy.total is 2.00x [2.00, 2.00] as fast as numpy."],
    ]
    assert expected == [sentences(view, case) for case in ("small", "tall")]
