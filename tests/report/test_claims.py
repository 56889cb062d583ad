"""Claims as a terminal and as Markdown show them."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from support.races import DEBUG, OTHER, OURS, trial_of, with_held
from support.results import changed, make_race, steady
from whichext.cli.wording import SHELL
from whichext.judge.claims.hold import with_claims
from whichext.model.finding import PythonInLoop
from whichext.model.view import View
from whichext.report.claims import check_document, claims_document
from whichext.report.claims_tables import claims_table
from whichext.report.markdown import render_markdown
from whichext.report.notes import limit_kind
from whichext.report.text import render_text

RACE = make_race({OTHER: [2_000] * 5, OURS: [1_000] * 5})
TRUE = f"{OURS} is 2x faster than {OTHER}"
FALSE = f"{OURS} is 3x faster than {OTHER}"
OPEN = f"{OURS} is faster than go.total"
ALONE = "The two differ in toolchain (cy -> rust) alone."


def check(text: str, view: View = RACE) -> list[str]:
    return render_text(check_document(with_held(view, text)), wording=SHELL).splitlines()


def as_markdown(view: View) -> list[str]:
    return render_markdown(claims_table(view), SHELL).splitlines()


def test_a_check_begins_with_the_question_the_machine_and_the_command() -> None:
    assert check(TRUE)[:4] == snapshot(
        [
            "total: How fast is a sum?",
            (
                "Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, "
                "NumPy 2.3.0,"
            ),
            "whichext 0.1.0",
            "2025-01-02T03:04:05+00:00  $ whichext run total",
        ]
    )


def test_a_check_tells_the_standing_the_interval_and_why() -> None:
    lines = check(FALSE)
    start = lines.index(f"refuted: {FALSE}")
    assert lines[start : start + 4] == snapshot(
        [
            "refuted: rust.total is 3x faster than cy.total",
            "  small: 2.00x [2.00, 2.00] as fast",
            "On small: faster, but 2.00x [2.00, 2.00] as fast and not 3x.",
            "The two differ in toolchain (cy -> rust) alone.",
        ]
    )


def test_a_claim_that_holds_between_two_who_differ_in_much_says_so_at_once() -> None:
    view = make_race({DEBUG: [2_000] * 5, OURS: [1_000] * 5})
    text = f"{OURS} is 1.5x faster than {DEBUG}"
    assert f"holds, but confounded: {text}" in check(text, view)
    assert "| **holds, but confounded** |" in as_markdown(with_held(view, text))[2]


def test_a_claim_that_is_refuted_is_refuted_whatever_the_two_differ_in() -> None:
    view = make_race({DEBUG: [2_000] * 5, OURS: [1_000] * 5})
    text = f"{OURS} is 3x faster than {DEBUG}"
    assert f"refuted: {text}" in check(text, view)


def test_a_check_ends_with_the_noise_and_what_the_words_mean() -> None:
    lines = check(TRUE)
    assert lines[lines.index(ALONE) + 1 :] == snapshot(
        [
            "",
            "No A/A twin raced, so the noise of this race is not known.",
            (
                "[..]: 95% interval over fresh processes. A claim holds where the whole interval "
                "agrees with it, in"
            ),
            (
                "every case; it is refuted where the whole interval contradicts it, in any case, "
                "both by more than"
            ),
            "the noise; otherwise it is unresolved.",
        ]
    )


def test_a_warning_stands_above_the_answer() -> None:
    lines = check(TRUE, changed(RACE, stopped="it was interrupted"))
    (warning,) = (n for n, line in enumerate(lines) if line.startswith("WARNING: The run ended"))
    assert warning < lines.index(f"holds: {TRUE}")


def test_names_in_brackets_are_no_markup() -> None:
    view = make_race({OTHER: [2_000] * 5, "rust.total[2]": [1_000] * 5})
    text = f"rust.total[2] is 2x faster than {OTHER}"
    assert f"holds, but confounded: {text}" in check(text, view)


LISTED = with_claims(
    RACE,
    (
        replace(trial_of(TRUE), source="the article", published="2.4x", note="On a laptop."),
        trial_of(FALSE),
        replace(trial_of(OPEN), published='"faster" | twice'),
    ),
)


def test_several_claims_are_answered_one_by_one() -> None:
    text = render_text(check_document(LISTED))
    assert text.index(f"\nholds: {TRUE}") < text.index(f"\n\nrefuted: {FALSE}\n  small: 2.00x")


def test_a_list_has_a_row_for_each_claim_with_its_published_number() -> None:
    text = render_text(claims_document(LISTED))
    cells = [
        [c.strip() for c in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line
    ]
    assert [(row[0], row[2], row[3], row[4]) for row in cells if row[0]] == [
        ("1", "2.4x", "small: 2.00x [2.00, 2.00]", "holds"),
        ("2", "", "small: 2.00x [2.00, 2.00]", "refuted"),
        ("3", '"faster" | twice', "small: -", "unresolved"),
    ]


def test_a_list_tells_why_by_number_and_counts() -> None:
    lines = render_text(claims_document(LISTED), width=200).splitlines()
    (start,) = (n for n, line in enumerate(lines) if line.startswith("1. "))
    assert lines[start : start + 4] == snapshot(
        [
            "1. (the article) The two differ in toolchain (cy -> rust) alone. On a laptop.",
            (
                "2. On small: faster, but 2.00x [2.00, 2.00] as fast and not 3x. The two differ in "
                "toolchain (cy -> rust) alone."
            ),
            "3. On small: go.total is not in this result.",
            "Of 3 claims, holds: 1, refuted: 1, unresolved: 1.",
        ]
    )


def test_colours_only_repeat_what_words_say() -> None:
    document = check_document(with_held(RACE, TRUE))
    assert "\x1b[" not in render_text(document)
    assert "\x1b[1;32mholds" in render_text(document, colour=True)


def test_a_claim_about_the_limit_says_what_read_it() -> None:
    said = limit_kind(RACE)
    assert said in "\n".join(check(f"{OURS} reaches 0.9 of the limit"))
    assert said not in "\n".join(check(TRUE))


def test_noise_that_keeps_a_claim_open_is_named() -> None:
    times = {"numpy": 1000, "numpy (A/A twin)": 1100, OTHER: 1000, OURS: 940}
    noisy = make_race({name: steady(time_ns) for name, time_ns in times.items()})
    text = f"{OURS} is 1.05x faster than {OTHER}"
    lines = check(text, noisy)
    start = lines.index(f"unresolved: {text}")
    assert lines[start + 2 : start + 4] == snapshot(
        [
            (
                "On small: 1.06x [1.06, 1.06] as fast neither shows nor excludes 1.05x by more "
                "than the noise of this"
            ),
            "case, 10.0%; more epochs would not resolve it.",
        ]
    )


def test_a_claim_that_holds_through_what_the_audit_found_is_not_attributable() -> None:
    loop = PythonInLoop(
        build="cy", function="f", contestants=(OTHER,), lines=("a.pyx:1",), calls=("f",)
    )
    view = changed(RACE, findings=(loop,))
    said = check(TRUE, view)
    assert said[said.index("  small: 2.00x [2.00, 2.00] as fast") - 1 :][:4] == snapshot(
        [
            "holds, but not attributable: rust.total is 2x faster than cy.total",
            "  small: 2.00x [2.00, 2.00] as fast",
            "Not attributable: what was found of cy.total may be all of the difference.",
            "The two differ in toolchain (cy -> rust) alone.",
        ]
    )
    assert any(line.startswith("WARNING: Not attributable: cy.total") for line in said)
    assert "| **holds, but not attributable** |" in as_markdown(with_held(view, TRUE))[2]
    assert f"refuted: {FALSE}" in check(FALSE, view)


def test_what_was_found_of_contestants_that_no_claim_names_is_not_said() -> None:
    loop = PythonInLoop(
        build="go", function="f", contestants=("go.total",), lines=("a.pyx:1",), calls=("f",)
    )
    view = changed(RACE, findings=(loop,))
    assert view.judged.warnings
    assert not any("WARNING" in line for line in check(TRUE, view))
