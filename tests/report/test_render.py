"""The report that goes with what was asked for, in the forms that there are."""

from __future__ import annotations

import pytest

from support.results import changed, make_race, steady
from whichext.model.errors import UsageError
from whichext.model.raw import Kind
from whichext.report import document_of, render
from whichext.report.audit import audit_document
from whichext.report.race import race_document
from whichext.report.verification import verification_document

RACE = make_race({"numpy": steady(1_000), "cy.total": steady(500)})


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (Kind.RUN, race_document),
        (Kind.VERIFY, verification_document),
        (Kind.AUDIT, audit_document),
    ],
)
def test_each_kind_of_result_has_its_report(kind: Kind, document: object) -> None:
    view = changed(RACE, kind=kind)
    assert callable(document)
    assert document_of(view) == document(view)


def test_a_report_is_text_unless_told_otherwise() -> None:
    assert "┏" in render(RACE)
    assert render(RACE) == render(RACE, "text")


def test_every_report_can_be_markdown() -> None:
    assert "| `cy.total` | 500 ns |" in render(RACE, "markdown")


def test_every_report_can_be_a_page_of_html() -> None:
    page = render(RACE, "html")
    assert page.startswith("<!DOCTYPE html>")
    assert "<code>cy.total</code></th>" in page


def test_a_form_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match=r"pdf.*text, markdown, summary, html"):
        render(RACE, "pdf")
