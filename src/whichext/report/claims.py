"""What became of claims, each with its interval and why."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.model.claim import ClaimResult, Quantity, Standing, count_standings
from whichext.model.inline import Style, code, foreign, mark, strong
from whichext.model.view import View
from whichext.report.claims_why import measured_lines, why
from whichext.report.document import (
    Block,
    Column,
    Document,
    Lines,
    Paragraph,
    Rules,
    Table,
    columns,
)
from whichext.report.notes import limit_kind, machine_text, noise, warnings

_STYLES = {
    Standing.HOLDS: Style.GOOD,
    Standing.REFUTED: Style.BAD,
    Standing.UNRESOLVED: Style.DOUBTFUL,
}


def check_document(view: View) -> Document:
    """Claims one by one: what was measured, what became of each, and why."""
    answers = [_answer(claim) for claim in view.judged.claims]
    if answers:
        answers[-1] = (*answers[-1], *_limit(view))
    return _page(view, *(Lines(answer) for answer in answers))


def claims_document(view: View) -> Document:
    """A list of claims: a table, why each came out as it did, and how many came out how."""
    claims = view.judged.claims
    rows = tuple(
        (
            str(number),
            code(claim.text),
            _on_one_line(claim.published),
            "\n".join(measured_lines(claim, brief=True)),
            _standing(claim, "\n"),
        )
        for number, claim in enumerate(claims, start=1)
    )
    shape = (
        Column("", right=True),
        Column("claim"),
        Column("published", widest=16),
        Column("measured", whole=True),
        Column("verdict", whole=True),
    )
    remarks = [
        f"{number}. {' '.join(_remarks(claim))}".rstrip()
        for number, claim in enumerate(claims, start=1)
    ]
    below = Lines((*remarks, strong(_counts(claims)), *_limit(view)))
    return _page(view, Table(shape, rows, rules=Rules.CELLS), below)


def claims_table(view: View) -> Document:
    """A list of claims as one table, for a page of its own, and where they were measured."""
    rows = tuple(
        (
            code(claim.text),
            _on_one_line(claim.published),
            "\n".join(measured_lines(claim, brief=True)),
            _standing(claim),
            " ".join(_remarks(claim)),
        )
        for claim in view.judged.claims
    )
    where = f"{machine_text(view)}; {code(view.raw.command)}, {view.raw.started_at}."
    titles = columns("claim", "published", "measured", "verdict", "why")
    return Document((Table(titles, rows, rules=Rules.CELLS), Paragraph(where)))


def _page(view: View, *answer: Block) -> Document:
    """An answer between where it was measured and how its intervals are to be read."""
    where = f"{machine_text(view)}\n{view.raw.started_at}  $ {foreign(view.raw.command)}"
    doubts = tuple(
        strong(mark(Style.DOUBTFUL, f"WARNING: {warning}")) for warning in warnings(view)
    )
    return Document(
        (
            Paragraph(where),
            *([Lines(doubts)] if doubts else []),
            *answer,
            Paragraph(f"{noise(view)}\n{mark(Style.DIM, _legend(view))}"),
        )
    )


def _answer(claim: ClaimResult) -> tuple[str, ...]:
    measured = (f"  {line}" for line in measured_lines(claim))
    return "\n".join((f"{_standing(claim)}: {foreign(claim.text)}", *measured)), *why(claim)


def _remarks(claim: ClaimResult) -> Iterator[str]:
    """Where a claim comes from, why it came out as it did, and what its author adds."""
    if claim.source is not None:
        yield f"({_on_one_line(claim.source)})"
    yield from why(claim)
    if claim.note is not None:
        yield _on_one_line(claim.note)


def _on_one_line(text: str | None) -> str:
    """An author's words; nothing where there are none."""
    return " ".join(foreign(text or "").split())


def _counts(claims: tuple[ClaimResult, ...]) -> str:
    counts = (f"{standing}: {number}" for standing, number in count_standings(claims).items())
    return f"Of {len(claims)} claims, {', '.join(counts)}."


def _standing(claim: ClaimResult, gap: str = " ") -> str:
    """The answer; one that holds and shows nothing of its own must not be read without that."""
    hollow = claim.standing is Standing.HOLDS and claim.is_confounded
    words = f"{claim.standing},{gap}but confounded" if hollow else claim.standing
    style = _STYLES[claim.standing]
    return "\n".join(strong(mark(style, line)) for line in words.split("\n"))


def _limit(view: View) -> tuple[str, ...]:
    """What a share is a share of: NumPy may read slower than the machine can."""
    quantities = {claim.statement.quantity for claim in view.judged.claims}
    return (limit_kind(view),) if Quantity.SHARE in quantities else ()


def _legend(view: View) -> str:
    return (
        f"[..]: {view.judged.confidence:.0%} interval over fresh processes. A claim holds where "
        "the whole interval agrees with it, in every case; it is refuted where the whole interval "
        "contradicts it, in any case, both by more than the noise; otherwise it is unresolved."
    )
