"""Stage 7, report: pure functions from a result to documents, and from these to text."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from whichext.model.errors import UsageError
from whichext.model.inline import PYTHON, Wording, argument
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import as_text
from whichext.report.audit_table import render_audit
from whichext.report.claims import check_document, claims_document
from whichext.report.memo import memo_document
from whichext.report.selfcheck import selfcheck_document
from whichext.report.text import render_text
from whichext.report.verification import render_verification

FORMS = ("text", "markdown")
"""What a report can be turned into."""


def render(
    view: View,
    to: str = "text",
    *,
    width: int = 100,
    colour: bool = False,
    wording: Wording = PYTHON,
) -> str:
    """The report that goes with what was asked for, as text.

    Args:
        view: What was found.
        to: "text" or "markdown".
        width: Columns; a table whose cells may not be broken can be wider.
        colour: Whether to use a terminal's colours.
        wording: How arguments and calls are said.

    Raises:
        UsageError: `to` is no such form.

    """
    if to not in FORMS:
        raise UsageError(argument("to", to), argument("to", FORMS[0]), expected=" or ".join(FORMS))
    if view.judged.selfcheck is not None:
        document = selfcheck_document(view.judged.selfcheck)
        return render_text(document, width, colour=colour, wording=wording)
    if view.judged.claims:
        single = len(view.judged.claims) == 1
        document = check_document(view) if single else claims_document(view)
        return render_text(document, width, colour=colour, wording=wording)
    match view.raw.kind:
        case Kind.MEMO:
            return render_text(memo_document(view), width, colour=colour, wording=wording)
        case Kind.VERIFY:
            return render_verification(view, width, colour=colour)
        case Kind.AUDIT:
            return _audit(view, width, colour=colour)
        case _:
            return as_text.render(view, width, colour=colour)


def _audit(view: View, width: int, *, colour: bool) -> str:
    output = StringIO()
    console = Console(
        file=output, width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    console.print(render_audit(view.raw))
    return output.getvalue()
