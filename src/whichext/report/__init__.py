"""Stage 7, report: pure functions from a result to documents, and from these to text."""

from __future__ import annotations

from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.inline import PYTHON, Wording, argument, call
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.audit import audit_document
from whichext.report.claims import check_document, claims_document
from whichext.report.document import Document, listed
from whichext.report.exports import EXPORTS
from whichext.report.html import render_page
from whichext.report.listing import selfcheck_document
from whichext.report.markdown import render_markdown
from whichext.report.memo import memo_document
from whichext.report.page import other_page, race_page
from whichext.report.plots import KINDS, plot_of
from whichext.report.plots.canvas import joined, png, svg
from whichext.report.race import race_document
from whichext.report.summary import summary_document
from whichext.report.text import render_text
from whichext.report.verification import verification_document

REPORTS = ("text", "markdown", "html")
"""What a document can be turned into."""
FORMS = ("text", "markdown", "summary", "html", *EXPORTS)
"""What a result can be turned into besides plots: reports, and what other programs read."""
DRAWN = ("svg", "png")
"""What a plot can be turned into; a form is one of them with a kind, such as "svg:speedup"."""


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


def draw(view: View, form: str, kind: str) -> bytes:
    """One of the plots of a result, as a file.

    Args:
        view: What was found.
        form: "svg" or "png".
        kind: Kind of plot, such as "speedup".

    Raises:
        UsageError: There is no such kind, the result has no such plot, or it cannot be drawn here.

    """
    if kind not in KINDS:
        forms = [f"{form}:{one}" for one in KINDS]
        raise UnknownNameError("to", f"{form}:{kind}", "is no plot", forms)
    chart = joined(plot_of(view, kind).draw())
    return png(chart) if form == "png" else svg(chart).encode()


def page_of(view: View) -> Document:
    """The report of a result with its plots, for a page or a notebook."""
    is_race = view.raw.kind in (Kind.RUN, Kind.COMPARE) and not view.judged.claims
    return race_page(view) if is_race else other_page(document_of(view), view)


def render(
    view: View,
    to: str = "text",
    *,
    width: int = 100,
    colour: bool = False,
    wording: Wording = PYTHON,
) -> str:
    """The report of a result, one of its plots, or an export, in a form that is text.

    Args:
        view: What was found.
        to: One of `FORMS`, or "svg:" with the kind of a plot: speedup, wins, ladder, crossover,
            threads, roofline, samples or cost.
        width: Columns of text; a table whose cells may not be broken can be wider.
        colour: Whether text is for a terminal that has colours.
        wording: How arguments and calls are said.

    Raises:
        UsageError: `to` is no such form, is no text, does not go with the result, or cannot be
            drawn here.

    """
    if to == "text":
        return in_form(document_of(view), to, width=width, colour=colour, wording=wording)
    content = converted(view, to, wording)
    if isinstance(content, bytes):
        next_step = f"write it to a file: {call('show', 'FILE', 'PATH')} with {argument('to', to)}"
        raise UsageError(argument("to", to), next_step, expected="a form that is text", got="bytes")
    return content


def converted(view: View, to: str, wording: Wording = PYTHON) -> str | bytes:
    """The content of a file in one of the forms; bytes where it is no text.

    Args:
        view: What was found.
        to: One of `FORMS`, or "svg:" or "png:" with the kind of a plot.
        wording: How arguments and calls are said.

    Raises:
        UsageError: `to` is no such form, does not go with the result, or cannot be drawn here.

    """
    form, _, kind = str(to).partition(":")
    if form in DRAWN and kind:
        drawn = draw(view, form, kind)
        return drawn if form == "png" else drawn.decode()
    if to in EXPORTS:
        return EXPORTS[to](view)
    match to:
        case "text" | "markdown":
            return in_form(document_of(view), to, wording=wording)
        case "summary":
            return in_form(summary_document(view), "markdown", wording=wording)
        case "html":
            return in_form(page_of(view), to, wording=wording)
        case _ if to in KINDS:
            raise UsageError(argument("to", to), argument("to", f"svg:{to}"), expected="a form")
        case _:
            raise UnknownNameError("to", to, "is no form", (*FORMS, "svg:speedup"))


def in_form(
    document: Document,
    to: str,
    *,
    width: int = 100,
    colour: bool = False,
    wording: Wording = PYTHON,
) -> str:
    """A document as text, Markdown or a page of HTML; the arguments are those of `render`.

    Raises:
        UsageError: `to` is no such form.

    """
    if to not in REPORTS:
        expected = listed(REPORTS, last="or")
        raise UsageError(argument("to", to), argument("to", REPORTS[0]), expected=expected)
    match to:
        case "markdown":
            return render_markdown(document, wording)
        case "html":
            return render_page(document, wording)
        case _:
            return render_text(document, width, colour=colour, wording=wording)
