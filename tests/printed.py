"""What the command line prints of a report."""

from __future__ import annotations

from whichext.cli.wording import SHELL
from whichext.model.view import View
from whichext.report.document import Block, Document
from whichext.report.race import race_document
from whichext.report.text import render_text
from whichext.report.verification import verification_document


def printed(*blocks: Block, width: int = 100, colour: bool = False) -> str:
    """Blocks of a report; nothing for none."""
    return render_text(Document(blocks), width, colour=colour, wording=SHELL)


def printed_race(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The report of a race."""
    return printed(*race_document(view).blocks, width=width, colour=colour)


def printed_verification(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The report of a verification."""
    return printed(*verification_document(view).blocks, width=width, colour=colour)


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, so that wrapping does not matter."""
    return " ".join(text.split())
