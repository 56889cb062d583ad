"""The short report for a pull request."""

from __future__ import annotations

import pytest

from support.exports import HOSTILE, hostile, measured_elsewhere, race
from support.races import OTHER, OURS, trial_of
from support.results import changed, make_race, noisy, steady
from whichext.judge.claims.hold import with_claims
from whichext.model.errors import UsageError
from whichext.model.raw import Kind
from whichext.report import render
from whichext.report.claims_tables import claims_summary
from whichext.report.document import Details, Table
from whichext.report.summary import summary_document

MANY = make_race({"numpy": steady(1_000), **{f"cy.f{n}": steady(900 - n) for n in range(20)}})


def test_a_long_table_is_folded_below_the_best_of_each_case() -> None:
    tables = [one for one in summary_document(MANY).blocks if isinstance(one, Table | Details)]
    best, folded = tables
    assert isinstance(best, Table)
    assert len(best.rows) == 1
    assert isinstance(folded, Details)
    assert isinstance(folded.blocks[0], Table)
    assert len(folded.blocks[0].rows) == 21


def test_failures_have_a_row_and_what_is_absent_a_line() -> None:
    said = render(hostile(), "summary")
    assert "| `WRONG` | - | - | WRONG |" in said
    assert "Not raced: `skipped`." in said


def test_a_strangers_name_becomes_no_markup() -> None:
    said = render(hostile(), "summary")
    assert HOSTILE not in said
    (row,) = (line for line in said.splitlines() if "| faster |" in line)
    assert row.count("``") == 4
    assert "\x1b" not in said


def test_what_is_not_resolved_is_said_to_be_so() -> None:
    view = make_race({"numpy": steady(1_000), "cy.total": noisy(990)})
    assert "| unresolved |" in render(view, "summary")


def test_what_another_program_measured_comes_with_a_warning() -> None:
    said = render(measured_elsewhere(), "summary")
    assert "**WARNING: Measured by pytest-benchmark 5.3.1" in said
    assert "interval over fresh" not in said


def test_without_a_race_there_is_no_summary() -> None:
    with pytest.raises(UsageError, match="compares no"):
        render(changed(race(), kind=Kind.VERIFY), "summary")


def test_of_claims_the_summary_is_that_of_a_check() -> None:
    view = make_race({OTHER: steady(2_000), OURS: steady(1_000)})
    view = with_claims(view, [trial_of(f"{OURS} is 2x faster than {OTHER}")])
    assert summary_document(view) == claims_summary(view)
