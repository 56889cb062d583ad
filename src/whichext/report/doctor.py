"""What the doctor found: a word says how much it matters, colour only repeats it."""

from __future__ import annotations

from collections.abc import Iterable

from whichext.model.inline import Style, foreign, mark, strong
from whichext.report.document import Column, Document, Table
from whichext.system.doctor import Level, MachineNote


def doctor_document(notes: Iterable[MachineNote]) -> Document:
    """The notes, in their order, as a table."""
    titles = (
        Column("subject"),
        Column("found", widest=28),  # versions and paths need less room than the advice
        Column("level", whole=True),
        Column("what to do"),
    )
    rows = tuple(
        (foreign(note.subject), foreign(note.found), _level(note.level), note.advice)
        for note in notes
    )
    return Document((Table(titles, rows),))


def _level(level: Level) -> str:
    match level:
        case Level.GOOD:
            return mark(Style.GOOD, level)
        case Level.NOTE:
            return mark(Style.DOUBTFUL, level)
        case Level.WARNING:
            return strong(mark(Style.BAD, level))
