"""A case of a race: its table, and what that shows in sentences."""

from __future__ import annotations

import re

import pytest
from inline_snapshot import snapshot

from support.cli import printed, printed_race
from support.contestants import SMALL, TALL, with_factors
from support.results import (
    NOT_RACED,
    UNSUPPORTED,
    WRONG,
    changed,
    make_measured,
    make_race,
    make_ratio,
    make_row,
    make_view,
    measured_of,
    noisy,
    steady,
)
from whichext.model.inline import unmarked
from whichext.model.outcome import Measured, Outcome
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report import race

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"
TWIN, LIMIT = "numpy (A/A twin)", "limit[1]"


def sentences(view: View, case: str = "small") -> list[str]:
    """What is said below the table of a case."""
    return [unmarked(sentence) for sentence in race.sentences(view, view.cases[case])]


def leader(view: View) -> str:
    """The sentence on which is fastest."""
    return sentences(view)[0]


def with_measured(view: View, **measured: Measured) -> View:
    """The view with other measurements, by the contestant's module or bare name."""
    rows = tuple(
        make_row(row.contestant, measured[row.contestant.partition(".")[0]])
        for row in view.judged.rows
    )
    return changed(view, rows=rows)


def test_nobody_measured_is_said() -> None:
    view = make_view([make_row(OURS, WRONG)])
    assert sentences(view) == snapshot(["Nothing could be measured in this case."])


def test_a_single_contestant_has_nothing_to_be_compared_with() -> None:
    view = make_race({BASELINE: steady(1_000)}, absent={OURS: WRONG})
    assert leader(view) == snapshot(
        "Only numpy could be raced, so there is nothing to compare it with."
    )


def test_a_clear_leader_is_named_with_its_gain_and_interval() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [1_500] * 5})
    assert leader(view) == snapshot("cy.total is the fastest: 2.00x [2.00, 2.00] as fast as numpy.")


def test_a_gain_and_its_interval_are_one_over_the_ratio_of_times() -> None:
    view = with_measured(
        make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5}),
        numpy=make_measured(make_ratio(1.0, 1.0, 1.0)),
        cy=make_measured(make_ratio(0.5, 1 / 2.1, 1 / 1.9, Verdict.FASTER)),
    )
    assert "2.00x [1.90, 2.10]" in leader(view)


def test_tied_leaders_are_named_together() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [1_010] * 5})
    assert leader(view) == snapshot(
        "cy.total and rust.total lead and cannot be told apart; cy.total is 2.00x [2.00, 2.00] as "
        "fast as numpy."
    )


def test_three_tied_leaders_are_listed_with_a_comma() -> None:
    times = {OURS: [1_000] * 5, OTHER: [1_005] * 5, "cpp.total": [1_010] * 5}
    view = make_race({BASELINE: [2_000] * 5, **times})
    assert leader(view) == snapshot(
        "cy.total, rust.total and cpp.total lead and cannot be told apart; cy.total is 2.00x "
        "[2.00, 2.00] as fast as numpy."
    )


def test_a_baseline_that_nobody_beats_is_the_fastest() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [2_000] * 5})
    assert leader(view) == snapshot("numpy is the fastest: nothing beats numpy here.")


def test_a_baseline_in_a_tie_for_the_lead_is_not_beaten() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [1_010] * 5})
    assert leader(view) == snapshot(
        "numpy and cy.total lead and cannot be told apart: nothing beats numpy here."
    )


def test_a_leader_in_the_tie_zone_makes_no_difference_worth_acting_on() -> None:
    view = make_race({BASELINE: [1_010] * 5, OURS: [1_000] * 5})
    assert leader(view) == snapshot(
        "cy.total and numpy lead and cannot be told apart; against numpy there is no difference "
        "worth acting on."
    )


def test_a_leader_whose_interval_crosses_the_border_is_unresolved() -> None:
    view = make_race({BASELINE: [1_100] * 5, OURS: noisy(900)})
    assert leader(view) == snapshot(
        "cy.total and numpy lead and cannot be told apart; whether cy.total differs from numpy is "
        "unresolved."
    )


def test_a_baseline_that_leads_over_who_is_unresolved_may_be_beaten() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: noisy(1_000)})
    assert leader(view) == snapshot(
        "numpy and cy.total lead and cannot be told apart; whether anything beats numpy is "
        "unresolved."
    )


def test_every_unresolved_contestant_is_told_with_the_epochs_that_it_would_take() -> None:
    times = {OURS: noisy(1_000), OTHER: noisy(1_010), "cpp.total": [3_000] * 5}
    view = make_race({BASELINE: [1_000] * 5, **times})
    ours, other = (measured_of(view, name).epochs_needed for name in (OURS, OTHER))
    assert min(ours or 0, other or 0) > 5
    _, _, unresolved = sentences(view)
    told = re.findall(r"(\S+) \(about (\d+) epochs", unresolved)
    assert told == [(OURS, str(ours)), (OTHER, str(other))]


def test_an_unresolved_contestant_that_the_noise_hides_is_told_that_epochs_would_not_help() -> None:
    times = {BASELINE: [1_000] * 5, OURS: [1_050] * 5, "numpy (A/A twin)": [1_100] * 5}
    assert sentences(make_race(times))[1:] == snapshot(
        [
            "Unresolved against numpy: cy.total (closer than this case's noise, so more epochs "
            "would not resolve it)."
        ]
    )


def test_without_anybody_unresolved_nothing_is_said_of_epochs() -> None:
    view = make_race({BASELINE: [1_000] * 5, OURS: [2_000] * 5})
    assert len(sentences(view)) == 1


def test_where_only_yardsticks_were_measured_nothing_was() -> None:
    view = make_race({"limit[1]": [1_000] * 5}, absent={BASELINE: WRONG})
    assert sentences(view) == snapshot(["Nothing could be measured in this case."])


def test_where_the_baseline_was_not_raced_the_sentence_names_its_stand_in() -> None:
    view = make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5}, absent={OTHER: UNSUPPORTED})
    view = changed(view, baseline=OTHER)
    assert leader(view) == snapshot("cy.total is the fastest: 2.00x [2.00, 2.00] as fast as numpy.")


def test_a_case_in_which_nobody_is_the_baseline_has_the_runs() -> None:
    view = make_view([make_row(OURS, WRONG)])
    assert race.case_baseline(view, view.cases["small"]) == OURS


def test_several_threads_have_their_share_of_the_ideal() -> None:
    times = {BASELINE: [1_000.0] * 5, "cy.total[2]": [500.0] * 5, "cy.total[4]": [250.0] * 5}
    assert sentences(make_race(times))[-1] == snapshot(
        "Parallel efficiency against the best serial contestant, numpy: cy.total[4] 1.00 [1.00, "
        "1.00], cy.total[2] 1.00 [1.00, 1.00]."
    )


# The table


def line_of(text: str, start: str) -> str:
    """The line on a contestant in the first table, which is that of the first case."""
    return next(line for line in text.splitlines() if line.startswith(f"│ {start} "))


def cells_of(text: str, start: str) -> list[str]:
    """The cells of that line."""
    return [cell.strip() for cell in line_of(text, start).strip("│").split("│")]


@pytest.mark.parametrize(("word", "outcome"), NOT_RACED.items())
def test_who_was_not_measured_has_a_row_with_a_word(word: str, outcome: Outcome) -> None:
    text = printed_race(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    assert word in line_of(text, OURS)


def test_a_measured_contestant_has_time_ratio_interval_verdict_and_rate() -> None:
    outcome = make_measured(make_ratio(0.5, 0.45, 0.55, Verdict.FASTER), median_ns=1_500)
    text = printed_race(make_view([make_row(OURS, outcome)]))
    expected = [OURS, "1.50 us", "0.50   [0.45, 0.55]", "faster", "-", "3.20 GB/s"]
    assert cells_of(text, OURS) == expected


@pytest.mark.parametrize(
    ("share", "low", "high", "expected"),
    [
        (0.5, 0.46, 0.54, "50% ±4"),
        (0.5, 0.496, 0.504, "50% ±0.4"),
        (1.0, 1.0, 1.0, "100% ±0.0"),
        (1.04, 0.9, 1.2, "104% ±15"),
    ],
)
def test_the_share_of_the_limit_has_the_half_width_of_its_interval(
    share: float, low: float, high: float, expected: str
) -> None:
    outcome = make_measured(of_limit=make_ratio(share, low, high))
    text = printed_race(make_view([make_row(OURS, outcome)]))
    assert cells_of(text, OURS)[4] == expected


def test_the_limits_own_row_says_so_instead_of_a_verdict() -> None:
    times = {BASELINE: steady(2_000), OURS: steady(1_500), LIMIT: steady(1_000)}
    text = printed_race(make_race(times))
    assert cells_of(text, LIMIT)[3:5] == ["limit", "100%"]


def test_contestants_have_their_share_of_the_limit_with_as_many_threads() -> None:
    times = {
        BASELINE: steady(3_000),
        "cy.total[2]": steady(1_500),
        LIMIT: steady(1_000),
        "limit[2]": steady(500),
    }
    text = printed_race(make_race(times))
    # Contestants move half as many bytes again as the limits read.
    assert cells_of(text, BASELINE)[4] == "50% ±0.0"
    assert cells_of(text, "cy.total[2]")[4] == "50% ±0.0"


def test_a_twin_has_a_row_with_its_verdict() -> None:
    text = printed_race(make_race({BASELINE: steady(1_000), TWIN: steady(1_000)}))
    assert cells_of(text, TWIN)[3] == "tie"


def test_yardsticks_are_dim_where_there_are_colours() -> None:
    times = {BASELINE: steady(1_000), TWIN: steady(1_000), OURS: steady(1_000)}
    lines = printed_race(make_race(times), colour=True).splitlines()
    dim = [name for name in (TWIN, OURS) if any(f"\x1b[2m{name}" in line for line in lines)]
    assert dim == [TWIN]


def test_the_baseline_has_no_interval() -> None:
    text = printed_race(make_race({BASELINE: steady(1_000)}))
    assert "[" not in line_of(text, BASELINE)


def test_one_epoch_shows_question_marks_for_an_interval() -> None:
    text = printed_race(make_race({BASELINE: [1_000], OURS: [500]}))
    assert "[?, ?]" in line_of(text, OURS)


def test_brackets_of_a_thread_count_survive() -> None:
    text = printed_race(make_race({"rust.total[2]": steady(1_000), "rust.total@debug[2]": [1] * 5}))
    assert line_of(text, "rust.total[2]") != line_of(text, "rust.total@debug[2]")


@pytest.mark.parametrize("name", ["rust.total[2]", "rust.sum@debug"])
def test_brackets_of_the_baselines_name_survive_in_the_heading(name: str) -> None:
    assert f"time / {name}" in printed_race(make_race({name: steady(1_000)}))


def test_a_case_has_its_shape_dtype_and_order_above_its_table() -> None:
    text = printed_race(make_race({BASELINE: steady(1_000)}))
    assert f"\nsmall (20, 30) float64, C order: {SMALL.summary}\n┏" in text


def test_a_case_without_a_summary_has_no_colon() -> None:
    text = printed_race(make_view([make_row(BASELINE, make_measured(), "tall")], cases=[TALL]))
    assert "tall (1,000,000, 4) int64, F order\n" in text


# The first call


def test_import_and_first_call_stand_apart_from_the_steady_state() -> None:
    text = printed(*race.first_call_blocks(make_race({BASELINE: steady(1_000)})))
    assert text.splitlines()[0] == snapshot("First call in a fresh process, case small")
    assert cells_of(text, BASELINE) == [BASELINE, "1.00 ms", "2.00 us"]


def test_of_a_method_the_first_stream_is_told_and_no_single_call() -> None:
    view = changed(make_race({BASELINE: steady(1_000)}), method="update")
    text = printed(*race.first_call_blocks(view))
    assert text.splitlines()[0] == snapshot("First stream in a fresh process, case small")
    assert cells_of(text, BASELINE) == [BASELINE, "1.00 ms", "2.00 us"]


def test_what_else_a_first_call_does_is_said_by_the_toolchain() -> None:
    view = make_race({BASELINE: steady(1_000), "jit.total": steady(900)})
    jitted = with_factors("jit.total", toolchain="numba")
    those = tuple(jitted if one.name == "jit.total" else one for one in view.raw.contestants)
    text = printed(*race.first_call_blocks(changed(view, contestants=those)))
    assert " ".join(text.splitlines()[-2:]) == snapshot(
        "jit.total: it compiles for the types of a process's first call; with cache=True, a later "
        "process loads what an earlier one compiled, which is all that is timed then."
    )


def test_where_nothing_raced_there_are_no_first_calls() -> None:
    assert race.first_call_blocks(make_view([make_row(OURS, WRONG)])) == ()
