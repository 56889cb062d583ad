"""The report of a race as a whole."""

from __future__ import annotations

import re

import msgspec
import pytest
from inline_snapshot import snapshot

from support.builds import evidence, settings
from support.cli import printed_race, squeezed
from support.contestants import SMALL, TALL
from support.results import (
    BUILD_FAILED,
    NOT_RACED,
    SKIPPED,
    UNSUPPORTED,
    changed,
    make_build,
    make_built,
    make_measured,
    make_race,
    make_row,
    make_timing,
    make_view,
    rejudged,
    steady,
)
from whichext.cli.wording import SHELL
from whichext.model.inline import unmarked
from whichext.model.outcome import NotReached, Outcome, Wrong
from whichext.model.view import View
from whichext.report import notes
from whichext.report.outcome_words import reason_text
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


def test_the_same_scorecard_gives_the_same_text() -> None:
    assert printed_race(full()) == printed_race(full())


def test_rendering_leaves_the_scorecard_as_it_was() -> None:
    view = full()
    before = render_json(view)
    printed_race(view)
    assert before == render_json(view)


@pytest.mark.parametrize("outcome", NOT_RACED.values(), ids=list(NOT_RACED))
def test_who_was_not_measured_has_the_reason_below(outcome: Outcome) -> None:
    text = printed_race(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    expected = squeezed(f"{OURS}: {unmarked(reason_text(outcome), SHELL)}")
    assert expected in squeezed(text.partition("Not raced")[2])


def test_several_skipped_contestants_of_a_project_have_one_row_and_one_reason() -> None:
    lost = {"rust.sum": SKIPPED, "rust.total": SKIPPED, "cy.sum": UNSUPPORTED}
    text = printed_race(make_race({BASELINE: steady(1_000)}, lost))
    table, _, reasons = text.partition("Not raced")
    assert "skipped" in line_of(table, "2 contestants of")
    assert "rust.sum" not in table
    expected = f"rust.sum, rust.total: {unmarked(reason_text(SKIPPED), SHELL)} cy.sum: "
    assert squeezed(expected) in squeezed(reasons)


def test_skipped_functions_belong_to_no_project_and_have_a_row_each() -> None:
    view = make_race({}, dict.fromkeys(("mine", "yours"), NotReached("it was interrupted")))
    table, _, _ = printed_race(view).partition("Not raced")
    assert all("skipped" in line_of(table, name) for name in ("mine", "yours"))


def test_warnings_stand_above_the_first_table() -> None:
    view = changed(full(), stopped="it was interrupted")
    head, _, _ = printed_race(view).partition("┏")
    (warning,) = notes.warnings(view)
    assert squeezed(f"WARNING: {unmarked(warning, SHELL)}") in squeezed(head)


def test_where_nothing_is_doubtful_nothing_is_warned_of() -> None:
    assert "WARNING" not in printed_race(full())


def test_the_noise_is_told_below_the_tables() -> None:
    view = make_race({BASELINE: [1_000] * 5, TWIN: [1_010] * 5})
    _, _, below = printed_race(view).rpartition("┘")
    noise = unmarked(notes.noise(view), SHELL)
    assert "within 1.0%" in noise
    assert squeezed(noise) in squeezed(below)


def test_brackets_in_a_reason_survive() -> None:
    outcome = Wrong("small", "[bold]1[/bold]", "[red]2")
    text = printed_race(make_race({BASELINE: steady(1_000)}, {OURS: outcome}))
    assert "expected [bold]1[/bold], got [red]2" in text


def test_brackets_in_the_question_survive() -> None:
    view = changed(full(), question="How fast is a[i] = [/x]?")
    assert view.raw.question in printed_race(view)


def test_what_holds_in_all_cases_is_said_once() -> None:
    rows = [make_row(OURS, SKIPPED, case.name) for case in (SMALL, TALL)]
    text = printed_race(make_view(rows, cases=[SMALL, TALL]))
    assert text.count(f"{SKIPPED.what} is missing") == 1


def test_what_holds_in_one_case_of_several_names_it() -> None:
    rows = [make_row(OURS, make_measured()), make_row(OURS, UNSUPPORTED, "tall")]
    text = printed_race(make_view(rows, cases=[SMALL, TALL]))
    assert "cy.total (tall): refused it" in text


def test_what_holds_in_all_cases_names_none() -> None:
    rows = [make_row(OURS, UNSUPPORTED, case.name) for case in (SMALL, TALL)]
    assert "cy.total: refused it" in printed_race(make_view(rows, cases=[SMALL, TALL]))


def test_when_all_were_raced_nothing_is_said_of_the_others() -> None:
    assert "Not raced" not in printed_race(make_race({BASELINE: steady(1_000)}))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_longer_than_the_width(width: int) -> None:
    assert max(len(line) for line in printed_race(full(), width).splitlines()) <= width


def test_no_line_ends_in_white_space() -> None:
    assert [line for line in printed_race(full()).splitlines() if line != line.rstrip()] == []


def test_the_text_ends_with_one_line_break() -> None:
    text = printed_race(full())
    assert text == text.rstrip() + "\n"


def test_there_are_no_colours_unless_asked_for() -> None:
    assert "\x1b" not in printed_race(full())


def test_colours_change_the_looks_and_not_the_words() -> None:
    coloured = printed_race(full(), colour=True)
    assert "\x1b[32mfaster" in coloured


def test_the_head_names_kernel_machine_date_and_command() -> None:
    raw = full().raw
    head, _, _ = printed_race(full(), width=160).partition("\n\n")
    machine = raw.machine
    parts = (
        *(f"{raw.kernel}: {raw.question}\n", machine.cpu, machine.isa, machine.system),
        *(machine.python, machine.numpy, raw.whichext_version, raw.started_at, f"$ {raw.command}"),
    )
    assert [part for part in parts if part not in head] == []


def test_the_head_says_that_zig_compiled() -> None:
    by_zig = evidence("cy", settings(compiler="zig 0.17.1 (clang 22.1.8)"))
    head, _, _ = printed_race(changed(full(), evidence=(by_zig,)), width=160).partition("\n\n")
    assert head.splitlines()[-1] == snapshot(
        "C and C++: compiled by zig 0.17.1 (clang 22.1.8), of the package ziglang"
    )


def test_a_single_core_is_no_cores() -> None:
    view = full()
    machine = msgspec.structs.replace(view.raw.machine, cores=1, virtual=False)
    text = printed_race(changed(view, machine=machine))
    assert "Testium 9000 (1 core, avx2), 8.00 GB" in text


def test_a_build_has_its_size_time_flags_and_tools() -> None:
    _, _, builds = printed_race(full(), width=160).partition("\nBuilds\n")
    assert builds.splitlines()[1] == snapshot(
        "  rust @debug: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 "
        "appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4"
    )


def test_the_build_of_the_reader_is_not_taken_for_that_of_an_entry() -> None:
    times = {BASELINE: steady(2_000), LIMIT: steady(700)}
    raced = changed(make_race(times), builds=(make_build("limitprobe"),))
    _, _, builds = printed_race(raced, width=160).partition("\nBuilds\n")
    assert builds.splitlines()[0].partition(": wheel")[0] == snapshot(
        "  whichext's own reader and harness (limitprobe @release)"
    )


def test_a_build_without_flags_of_ours_says_so() -> None:
    built = msgspec.structs.replace(make_built(), appended=())
    text = printed_race(make_view(builds=[make_build("rust", built)]))
    assert "flags: none added" in text


def test_without_a_finished_build_there_is_no_list_of_builds() -> None:
    text = printed_race(make_view(builds=[make_build("rust", SKIPPED)]))
    assert "Builds" not in text.splitlines()


# How its tables are to be read


def legend(view: View) -> str:
    """The last of what stands below the tables."""
    _, found, text = squeezed(printed_race(view)).rpartition(" time: ")
    return found.lstrip() + text


def border(view: View) -> str:
    """What the legend says of how far from 1 an interval of a difference is."""
    (found,) = re.findall("more than (.*?) from 1 ", legend(view))
    assert isinstance(found, str)
    return found


def test_the_legend_tells_confidence_epochs_and_zones() -> None:
    assert legend(make_race({BASELINE: steady(1_000, epochs=7)})) == snapshot(
        "time: median of one call. time / ...: ratio of times in the same rounds, with its "
        "95% interval over 7 epochs (sets of fresh processes); below 1 is faster. An "
        "interval more than 1.0% from 1 is a difference, one within 3.0% that reaches to "
        "within 1.0% a tie. of limit: share of what this machine can do with as many "
        "threads; limit: the inputs read once (by NumPy, since the C reader was not built), "
        "the output not written. rate: bytes that a call must at least move, per second. *: "
        "over few epochs."
    )


def test_the_legend_tells_the_zones_that_the_noise_allows() -> None:
    assert border(make_race({BASELINE: [1_000] * 5, TWIN: [1_050] * 5})) == snapshot(
        "5.0% (the noise of the case)"
    )


def test_the_legend_tells_the_least_and_the_most_noise_of_the_cases() -> None:
    timings = [
        make_timing(name, [time_ns] * 5, case)
        for case, twin_ns in (("small", 1_000), ("tall", 1_050))
        for name, time_ns in ((BASELINE, 1_000), (TWIN, twin_ns))
    ]
    raw = make_view(timings=timings, names=[BASELINE, TWIN], cases=[SMALL, TALL])
    assert border(rejudged(raw)) == snapshot("1.0% to 5.0% (the noise of the case)")


def test_the_legend_tells_the_least_and_the_most_epochs() -> None:
    times = {BASELINE: steady(1_000, epochs=9), OURS: steady(1_000, epochs=5)}
    assert "over 5 to 9 epochs" in legend(make_race(times))


def test_the_legend_of_a_run_without_a_race_counts_no_epochs() -> None:
    assert "over 0 epochs" in legend(make_view([make_row(OURS, SKIPPED)]))


def test_the_legend_tells_what_the_limit_is() -> None:
    view = make_race({BASELINE: steady(1_000), LIMIT: steady(1_000)})
    assert f"; {notes.limit_kind(view)}. " in legend(view)
