"""Stage 7, report: pure functions from a result to documents, and from these to text."""

from __future__ import annotations

from whichext.model.errors import UsageError
from whichext.model.inline import PYTHON, Wording, argument
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.audit import audit_document
from whichext.report.claims import check_document, claims_document
from whichext.report.document import Document, listed
from whichext.report.html import render_page
from whichext.report.listing import selfcheck_document
from whichext.report.markdown import render_markdown
from whichext.report.memo import memo_document
from whichext.report.race import race_document
from whichext.report.text import render_text
from whichext.report.verification import verification_document

FORMS = ("text", "markdown", "html")
"""What a report can be turned into."""


def document_of(view: View) -> Document:
    """The report of a result, as a document."""
    if view.judged.selfcheck is not None:
        return selfcheck_document(view.judged.selfcheck)
    match view.raw.kind:
        case Kind.MEMO:
            return memo_document(view)
        case Kind.VERIFY:
            return verification_document(view)
        case Kind.AUDIT:
            return audit_document(view)
        case _ if view.judged.claims:
            single = len(view.judged.claims) == 1
            return check_document(view) if single else claims_document(view)
        case _:
            return race_document(view)


def render(
    view: View,
    to: str = "text",
    *,
    width: int = 100,
    colour: bool = False,
    wording: Wording = PYTHON,
) -> str:
    """The report of a result, as text, Markdown or a page of HTML.

    Args:
        view: What was found.
        to: "text", "markdown" or "html".
        width: Columns of text; a table whose cells may not be broken can be wider.
        colour: Whether text is for a terminal that has colours.
        wording: How arguments and calls are said.

    Raises:
        UsageError: `to` is no such form.

    """
    if to not in FORMS:
        expected = listed(FORMS, last="or")
        raise UsageError(argument("to", to), argument("to", FORMS[0]), expected=expected)
    document = document_of(view)
    match to:
        case "markdown":
            return render_markdown(document, wording)
        case "html":
            return render_page(document, wording)
        case _:
            return render_text(document, width, colour=colour, wording=wording)
