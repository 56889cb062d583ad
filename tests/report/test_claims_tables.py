"""Claims as one table: for a page, and for the summary of a job."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from support.races import DEBUG, OTHER, OURS, trial_of, with_held
from support.results import changed, make_race
from whichext.cli.wording import SHELL
from whichext.judge.claims.hold import with_claims
from whichext.model.view import View
from whichext.report.claims_tables import claims_summary, claims_table
from whichext.report.markdown import render_markdown

RACE = make_race({OTHER: [2_000] * 5, OURS: [1_000] * 5})
TRUE = f"{OURS} is 2x faster than {OTHER}"
FALSE = f"{OURS} is 3x faster than {OTHER}"
OPEN = f"{OURS} is faster than go.total"
LISTED = with_claims(
    RACE,
    (
        replace(trial_of(TRUE), source="the article", published="2.4x", note="On a laptop."),
        trial_of(FALSE),
        replace(trial_of(OPEN), published='"faster" | twice'),
    ),
)


def as_markdown(view: View) -> list[str]:
    return render_markdown(claims_table(view), SHELL).splitlines()


def summary(view: View) -> list[str]:
    return render_markdown(claims_summary(view), SHELL).splitlines()


def test_a_list_in_markdown_is_one_table_and_where_it_was_measured() -> None:
    *table, empty, where = as_markdown(LISTED)
    assert table == snapshot(
        [
            "| claim | published | measured | verdict | why |",
            "| --- | --- | --- | --- | --- |",
            (
                "| `rust.total is 2x faster than cy.total` | 2.4x | `small`: 2.00x [2.00, 2.00] | "
                "**holds** | (the article) The two differ in toolchain (cy -> rust) alone. On a "
                "laptop. |"
            ),
            (
                "| `rust.total is 3x faster than cy.total` |  | `small`: 2.00x [2.00, 2.00] | "
                "**refuted** | On `small`: faster, but 2.00x [2.00, 2.00] as fast and not 3x. The "
                "two differ in toolchain (cy -> rust) alone. |"
            ),
            (
                '| `rust.total is faster than go.total` | "faster" \\| twice | `small`: - | '
                "**unresolved** | On `small`: `go.total` is not in this result. |"
            ),
        ]
    )
    assert empty == ""
    assert where.startswith("Testium 9000 (2 cores")
    assert where.endswith("; `whichext run total`, 2025-01-02T03:04:05+00:00.")


def test_words_over_several_lines_stay_in_their_row_of_markdown() -> None:
    trial = replace(trial_of(TRUE.replace(" is ", "\nis ")), note="first\nsecond", published="a\nb")
    lines = as_markdown(with_claims(RACE, [trial]))
    assert lines[2].count(" | ") == 4
    assert lines[3] == ""


def test_a_summary_begins_with_what_may_be_said_of_all() -> None:
    assert summary(LISTED)[0].endswith("`total`: refuted")
    assert summary(with_held(RACE, TRUE))[0].endswith("`total`: holds")


def test_a_summary_says_what_a_ratio_is_confounded_with() -> None:
    view = make_race({DEBUG: [2_000] * 5, OURS: [1_000] * 5, OTHER: [2_000] * 5})
    texts = (f"{OURS} is 1.5x faster than {DEBUG}", TRUE, f"{OURS} reaches 0.9 of the limit")
    rows = [line for line in summary(with_held(view, *texts)) if line.startswith("| `")]
    assert [row.split(" | ")[-1].removesuffix(" |") for row in rows] == snapshot(
        [
            "confounded: optimisation (none -> unstated) and toolchain (cy -> rust)",
            "toolchain (cy -> rust) alone",
            "-",
        ]
    )


def test_a_summary_has_reasons_only_where_a_claim_does_not_plainly_hold() -> None:
    reasons = [line for line in summary(LISTED) if line.startswith("- ")]
    assert [FALSE in reasons[0], OPEN in reasons[1], len(reasons)] == [True, True, 2]
    assert not any(line.startswith("- ") for line in summary(with_held(RACE, TRUE)))


def test_a_warning_about_what_is_claimed_is_in_the_summary() -> None:
    stopped = changed(RACE, stopped="it was interrupted")
    assert any("WARNING: The run ended" in line for line in summary(with_held(stopped, TRUE)))


def test_words_of_strangers_are_no_markup_in_a_summary() -> None:
    trial = trial_of(f"{OURS} is 2x faster than {OTHER}".replace(" is ", "\nis "))
    assert len([line for line in summary(with_claims(RACE, [trial])) if line[:3] == "| `"]) == 1
