"""`Reproduced`, the result of a race that was repeated from a bundle, and its report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whichext.model.claim import ClaimResult, count_standings
from whichext.model.inline import code, foreign, strong
from whichext.model.runs import Diff
from whichext.model.view import View
from whichext.report.claims import measured_lines, standing_text
from whichext.report.diff import diff_document
from whichext.report.document import Block, Column, Document, Heading, Paragraph, Rules, Table
from whichext.report.notes import warning_blocks
from whichext.report.result import WRONG, Result
from whichext.report.runs import Printed

THEN, HERE = "bundle", "here"
"""Names of the two results that are compared."""


@dataclass(frozen=True, kw_only=True)
class Reproduced(Printed, Result):
    """The result of a race that was repeated here, beside the one of its bundle.

    Attributes:
        raw: What was measured here.
        judged: What follows from it, with the results of the claims here.
        then: The result in the bundle.
        line: The line of the bundle.
        diff: The ratios of both, and what else differs; None where the two have nothing in common.

    """

    then: View
    line: str
    diff: Diff | None

    @property
    def exit_code(self) -> int:
        """As of `check` for the claims; without any, 1 also where a verdict is another one here."""
        changed = self.diff is None or bool(self.diff.changed)
        return super().exit_code or (WRONG if changed and not self.claims else 0)

    def document(self) -> Document:
        """The report."""
        return reproduced_document(self)


def reproduced_document(found: Reproduced) -> Document:
    """What was measured then and here, side by side."""
    raw = found.then.raw
    head = (
        Heading(f"{code(raw.kernel)}: {foreign(raw.question)}", level=1),
        Paragraph(f"A bundle, reproduced: {code(found.line)}"),
        *warning_blocks(found),
        *_claims(found),
    )
    # Without its title, which is the same.
    compared = () if found.diff is None else diff_document(found.diff).blocks[1:]
    if found.diff is None or not found.diff.cells:
        said = "No ratio was measured here that the bundle has too, so there is nothing to compare."
        head = (*head, Paragraph(strong(said)))
    return Document((*head, *compared))


def _claims(found: Reproduced) -> Iterator[Block]:
    pairs = tuple(zip(found.then.judged.claims, found.claims, strict=True))
    if not pairs:
        return
    shape = (Column("claim"), Column(THEN, whole=True), Column(HERE, whole=True))
    rows = tuple((code(then.text), _answer(then), _answer(now)) for then, now in pairs)
    yield Table(shape, rows, rules=Rules.CELLS)
    same = sum(then.standing is now.standing for then, now in pairs)
    counts = (f"{standing}: {count}" for standing, count in count_standings(found.claims).items())
    yield Paragraph(
        strong(f"Of {len(pairs)} claims here, {', '.join(counts)}; as in the bundle: {same}.")
    )


def _answer(claim: ClaimResult) -> str:
    return "\n".join((standing_text(claim, "\n"), *measured_lines(claim, brief=True)))
