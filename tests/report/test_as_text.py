"""The report for a terminal."""

from __future__ import annotations

import msgspec
import pytest

from builders import (
    BUILD_FAILED,
    NOT_RACED,
    SKIPPED,
    SMALL,
    TALL,
    UNSUPPORTED,
    changed,
    make_build,
    make_built,
    make_measured,
    make_race,
    make_ratio,
    make_row,
    make_view,
    steady,
)
from whichext.model.errors import UsageError
from whichext.model.outcome import Crashed, Outcome, Wrong
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report import render as render_form
from whichext.report.as_text import render
from whichext.report.outcome_words import outcome_word, reason_text
from whichext.report.result_file import encode as render_json

BASELINE, OURS, TWIN, LIMIT = "numpy", "cy.total", "numpy (A/A twin)", "limit[1]"


def full() -> View:
    """A view with every kind of outcome, two builds, and a failed one."""
    absent = {f"p{n}.total": outcome for n, outcome in enumerate(NOT_RACED.values())}
    times = {
        BASELINE: steady(2_000),
        "rust.total[2]": steady(1_000),
        "rust.total@debug[2]": steady(90_000),
    }
    builds = [
        make_build("rust"),
        make_build("rust", profile="debug"),
        make_build("p1", BUILD_FAILED),
        make_build("p5", SKIPPED),
    ]
    return changed(make_race(times, absent), builds=tuple(builds))


def line_of(text: str, start: str) -> str:
    """The line on a contestant in the first table, which is that of the first case."""
    return next(line for line in text.splitlines() if line.startswith(f"│ {start} "))


def cells_of(text: str, start: str) -> list[str]:
    """The cells of that line."""
    return [cell.strip() for cell in line_of(text, start).strip("│").split("│")]


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, so that wrapping does not matter."""
    return " ".join(text.split())


def test_the_same_scorecard_gives_the_same_text() -> None:
    assert render(full()) == render(full())


def test_rendering_leaves_the_scorecard_as_it_was() -> None:
    view = full()
    before = render_json(view)
    render(view)
    assert before == render_json(view)


@pytest.mark.parametrize(("word", "outcome"), NOT_RACED.items())
def test_who_was_not_measured_has_a_row_with_a_word(word: str, outcome: Outcome) -> None:
    text = render(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    assert word in line_of(text, OURS)


@pytest.mark.parametrize("outcome", NOT_RACED.values(), ids=list(NOT_RACED))
def test_who_was_not_measured_has_the_reason_below(outcome: Outcome) -> None:
    text = render(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    expected = squeezed(f"{OURS}: {reason_text(outcome)}")
    assert expected in squeezed(text.partition("Not raced")[2])


def test_several_skipped_contestants_of_a_project_have_one_row_and_one_reason() -> None:
    lost = {"rust.sum": SKIPPED, "rust.total": SKIPPED, "cy.sum": UNSUPPORTED}
    text = render(make_race({BASELINE: steady(1_000)}, lost))
    table, _, reasons = text.partition("Not raced")
    assert "skipped" in line_of(table, "2 contestants of")
    assert "rust.sum" not in table
    expected = f"rust.sum, rust.total: {reason_text(SKIPPED)} cy.sum: "
    assert squeezed(expected) in squeezed(reasons)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (
            "WRONG",
            "wrong on float64 NaN: expected nan at (1,), got 3.0 (2 of 7 values differ)",
        ),
        (
            "BUILD FAILED",
            "did not build:\n  | sum.c:3:1: error: unknown type\n  Next: install gcc",
        ),
        ("CRASHED", "crashed on small: killed by SIGSEGV\n  | about to read address 0"),
        (
            "TIMED OUT",
            "gave no answer on small within 2.00 s and was killed\n"
            "  Next: if it is only slow, allow more with --time-limit",
        ),
        ("unsupported", "refused it: ValueError: expected C order"),
        (
            "skipped",
            "skipped for want of Rust's cargo\n  Next: install Rust from https://rustup.rs",
        ),
    ],
)
def test_a_reason_says_where_and_what_and_the_next_step(word: str, expected: str) -> None:
    assert expected == reason_text(NOT_RACED[word])


def test_a_crash_without_last_words_has_no_empty_quotation() -> None:
    assert reason_text(Crashed("import", "exit status 1")) == "crashed on import: exit status 1"


def test_a_measured_contestant_has_its_verdict_as_its_word() -> None:
    assert outcome_word(make_measured(make_ratio(verdict=Verdict.TIE))) == "tie"


def test_a_measured_contestant_needs_no_reason() -> None:
    assert reason_text(make_measured()) == "measured"


def test_a_measured_contestant_has_time_ratio_interval_verdict_and_rate() -> None:
    outcome = make_measured(make_ratio(0.5, 0.45, 0.55, Verdict.FASTER), median_ns=1_500)
    text = render(make_view([make_row(OURS, outcome)]))
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
    text = render(make_view([make_row(OURS, outcome)]))
    assert cells_of(text, OURS)[4] == expected


def test_the_limits_own_row_says_so_instead_of_a_verdict() -> None:
    times = {BASELINE: steady(2_000), OURS: steady(1_500), LIMIT: steady(1_000)}
    text = render(make_race(times))
    assert cells_of(text, LIMIT)[3:5] == ["limit", "100%"]


def test_contestants_have_their_share_of_the_limit_with_as_many_threads() -> None:
    times = {
        BASELINE: steady(3_000),
        "cy.total[2]": steady(1_500),
        LIMIT: steady(1_000),
        "limit[2]": steady(500),
    }
    text = render(make_race(times))
    # Contestants move half as many bytes again as the limits read.
    assert cells_of(text, BASELINE)[4] == "50% ±0.0"
    assert cells_of(text, "cy.total[2]")[4] == "50% ±0.0"


def test_a_twin_has_a_row_with_its_verdict() -> None:
    text = render(make_race({BASELINE: steady(1_000), TWIN: steady(1_000)}))
    assert cells_of(text, TWIN)[3] == "tie"


def test_yardsticks_are_dim_where_there_are_colours() -> None:
    times = {BASELINE: steady(1_000), TWIN: steady(1_000), OURS: steady(1_000)}
    lines = render(make_race(times), colour=True).splitlines()
    dim = [name for name in (TWIN, OURS) if any(f"\x1b[2m{name}" in line for line in lines)]
    assert dim == [TWIN]


def test_warnings_stand_above_the_first_table() -> None:
    view = changed(full(), stopped="it was interrupted")
    head, _, _ = render(view).partition("┏")
    assert (
        "WARNING: The run ended before it was done: it was interrupted. "
        "Go on with the same words and --resume FILE, where -o FILE was given."
    ) in squeezed(head)


def test_where_nothing_is_doubtful_nothing_is_warned_of() -> None:
    assert "WARNING" not in render(full())


def test_the_noise_is_told_below_the_tables() -> None:
    text = squeezed(render(make_race({BASELINE: [1_000] * 5, TWIN: [1_010] * 5})))
    assert (
        "Noise floor: a second copy of numpy came within 1.0% of it in every case. "
        "Dropped for stolen time: 0 of 15 rounds."
    ) in text


def test_the_baseline_has_no_interval() -> None:
    text = render(make_race({BASELINE: steady(1_000)}))
    assert "[" not in line_of(text, BASELINE)


def test_one_epoch_shows_question_marks_for_an_interval() -> None:
    text = render(make_race({BASELINE: [1_000], OURS: [500]}))
    assert "[?, ?]" in line_of(text, OURS)


def test_brackets_of_a_thread_count_survive() -> None:
    text = render(make_race({"rust.total[2]": steady(1_000), "rust.total@debug[2]": [1] * 5}))
    assert line_of(text, "rust.total[2]") != line_of(text, "rust.total@debug[2]")


@pytest.mark.parametrize("name", ["rust.total[2]", "rust.sum@debug"])
def test_brackets_of_the_baselines_name_survive_in_the_heading(name: str) -> None:
    assert f"time / {name}" in render(make_race({name: steady(1_000)}))


def test_brackets_in_a_reason_survive() -> None:
    outcome = Wrong("small", "[bold]1[/bold]", "[red]2")
    text = render(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    assert "expected [bold]1[/bold], got [red]2" in text


def test_brackets_in_the_question_survive() -> None:
    view = changed(full(), question="How fast is a[i] = [/x]?")
    assert "total: How fast is a[i] = [/x]?" in render(view)


def test_what_holds_in_all_cases_is_said_once() -> None:
    rows = [make_row(OURS, SKIPPED, case.name) for case in (SMALL, TALL)]
    text = render(make_view(rows, cases=[SMALL, TALL]))
    assert text.count("want of Rust's cargo") == 1


def test_what_holds_in_one_case_of_several_names_it() -> None:
    rows = [make_row(OURS, make_measured()), make_row(OURS, UNSUPPORTED, "tall")]
    text = render(make_view(rows, cases=[SMALL, TALL]))
    assert "cy.total (tall): refused it" in text


def test_what_holds_in_all_cases_names_none() -> None:
    rows = [make_row(OURS, UNSUPPORTED, case.name) for case in (SMALL, TALL)]
    assert "cy.total: refused it" in render(make_view(rows, cases=[SMALL, TALL]))


def test_when_all_were_raced_nothing_is_said_of_the_others() -> None:
    assert "Not raced" not in render(make_race({BASELINE: steady(1_000)}))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_longer_than_the_width(width: int) -> None:
    assert max(len(line) for line in render(full(), width).splitlines()) <= width


def test_no_line_ends_in_white_space() -> None:
    assert [line for line in render(full()).splitlines() if line != line.rstrip()] == []


def test_the_text_ends_with_one_line_break() -> None:
    text = render(full())
    assert text == text.rstrip() + "\n"


def test_there_are_no_colours_unless_asked_for() -> None:
    assert "\x1b" not in render(full())


def test_colours_change_the_looks_and_not_the_words() -> None:
    coloured = render(full(), colour=True)
    assert "\x1b[32mfaster" in coloured


def test_the_head_names_kernel_machine_date_and_command() -> None:
    expected = [
        "total: How fast is a sum?",
        "Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, "
        "NumPy 2.3.0, whichext 0.1.0",
        "2025-01-02T03:04:05+00:00  $ whichext run total",
    ]
    assert expected == render(full(), width=160).splitlines()[:3]


def test_a_single_core_is_no_cores() -> None:
    view = full()
    machine = msgspec.structs.replace(view.raw.machine, cores=1, virtual=False)
    text = render(changed(view, machine=machine))
    assert "Testium 9000 (1 core, avx2), 8.00 GB" in text


def test_a_case_has_its_shape_dtype_and_order_above_its_table() -> None:
    text = squeezed(render(full()))
    assert "small (20, 30) float64, C order: fits in the first cache ┏" in text


def test_a_case_without_a_summary_has_no_colon() -> None:
    text = render(make_view([make_row(BASELINE, make_measured(), "tall")], cases=[TALL]))
    assert "tall (1,000,000, 4) int64, F order\n" in text


def test_a_build_has_its_size_time_flags_and_tools() -> None:
    expected = (
        'rust @debug: wheel 81.9 kB, built in 12.3 s; flags: CFLAGS="-O0"; '
        "cc gcc 12.2.0, maturin 1.9.4"
    )
    assert expected in squeezed(render(full()))


def test_a_build_without_flags_of_ours_says_so() -> None:
    built = msgspec.structs.replace(make_built(), environment=())
    text = render(make_view(builds=[make_build("rust", built)]))
    assert "flags: none added" in text


def test_without_a_finished_build_there_is_no_list_of_builds() -> None:
    text = render(make_view(builds=[make_build("rust", SKIPPED)]))
    assert "Builds" not in text.splitlines()


def test_render_gives_text_unless_told_otherwise() -> None:
    assert render(full()) == render_form(full())


def test_render_refuses_a_form_that_it_does_not_know() -> None:
    with pytest.raises(UsageError, match="html"):
        render_form(full(), "html")
