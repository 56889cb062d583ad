"""Claims as one table: for a page of the documentation, and for the summary of a job."""

from __future__ import annotations

from collections.abc import Sequence

from whichext.model.claim import ClaimResult, worst
from whichext.model.inline import code
from whichext.model.view import View
from whichext.report.claims import (
    factors_text,
    measured_lines,
    on_one_line,
    remarks,
    standing_text,
    why,
)
from whichext.report.document import (
    Code,
    Document,
    Heading,
    Lines,
    Paragraph,
    Rules,
    Table,
    columns,
)
from whichext.report.notes import machine_text, noise, warned, warnings


def claims_table(view: View) -> Document:
    """A list of claims as one table, with the machine on which they were measured."""
    rows = tuple(
        (
            code(claim.text),
            on_one_line(claim.published),
            _measured(claim),
            standing_text(claim),
            " ".join(remarks(claim)),
        )
        for claim in view.judged.claims
    )
    titles = columns("claim", "published", "measured", "verdict", "why")
    return Document((Table(titles, rows, rules=Rules.CELLS), Paragraph(_where(view))))


def claims_summary(view: View, notes: Sequence[str] = ()) -> Document:
    """The answers for a pull request: each with its interval, and what it is confounded with.

    Args:
        view: The result.
        notes: What was said on the way, such as that the result is of another kernel.py.

    """
    claims = view.judged.claims
    rows = tuple(
        (code(claim.text), standing_text(claim), _measured(claim), _differences(claim))
        for claim in claims
    )
    titles = columns("claim", "verdict", "measured", "A and B differ in")
    named = frozenset(name for claim in claims for name in claim.names)
    standing = worst(claim.standing for claim in claims)
    reasons = tuple(filter(None, map(_reasons, claims)))
    return Document(
        (
            Heading(f"Claims of {code(view.raw.kernel)}: {standing}"),
            *warned([*notes, *warnings(view, named)]),
            Table(titles, rows, rules=Rules.CELLS),
            *((Lines(reasons, listed=True),) if reasons else ()),
            Paragraph(f"{noise(view)}\n{_where(view)}"),
        )
    )


def refused_summary(error: str) -> Document:
    """That no claim was checked, for the same place, and why."""
    return Document((Heading("Claims: not checked"), Code(error)))


def _measured(claim: ClaimResult) -> str:
    return "\n".join(measured_lines(claim, brief=True))


def _differences(claim: ClaimResult) -> str:
    """In what A and B differ, which is what their ratio is confounded with where it is much."""
    found = claim.differences
    if not found:
        return "-" if found is None else "nothing that is known"
    if claim.is_confounded:
        return f"confounded: {factors_text(found)}"
    return f"{factors_text(found)} alone"


def _reasons(claim: ClaimResult) -> str:
    """Why a claim does not hold, or says less than it seems to; nothing where it just holds."""
    found = " ".join(why(claim, differences=False))
    return found and f"{code(claim.text)}: {found}"


def _where(view: View) -> str:
    return f"{machine_text(view)}; {code(view.raw.command)}, {view.raw.started_at}."
