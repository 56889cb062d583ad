"""What came of a run on machines, as a document, and its exit status."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.cli.machines import Entrant, OnMachines
from whichext.judge.fleet import find_fleet
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call, code, foreign
from whichext.report.document import Block, Document, Lines, Paragraph, Table, columns
from whichext.report.fleet import fleet_document
from whichext.report.notes import hardware_text
from whichext.report.race import race_document
from whichext.report.result import WRONG
from whichext.report.result import exit_code as exit_code_of


def machines_document(found: OnMachines) -> Document:
    """The machines with their files, why some have none, what they say together, and what to do."""
    rows = tuple(_row(one) for one in found.entrants)
    blocks: list[Block] = [Table(columns("machine", "is", "result"), rows)]
    problems = tuple(_problem(one) for one in found.entrants if one.problem)
    if problems:
        blocks.append(Lines(problems, listed=True))
    blocks += _together(found)
    return Document((*blocks, Paragraph("\n".join(_next_steps(found)))))


def _together(found: OnMachines) -> tuple[Block, ...]:
    """What they say together; empty for one machine, and where they have no ratio in common."""
    if found.sweep and found.sweep.view:
        return race_document(found.sweep.view).blocks
    if not _are_several(found):
        return ()
    views = {one.name: one.view for one in found.results if one.view}
    try:
        return fleet_document(find_fleet(views)).blocks
    except UsageError:
        return ()


def _are_several(found: OnMachines) -> bool:
    return len({view.raw.machine.identity for view in found.views}) > 1


def _row(one: Entrant) -> tuple[str, str, str]:
    machine = "-" if one.machine is None else foreign(hardware_text(one.machine))
    file = "none" if one.file is None else code(one.file)
    return code(one.name), machine, f"{file}, not whole" if one.file and one.problem else file


def _problem(one: Entrant) -> str:
    return f"{code(one.name)}: {one.problem}"


def _next_steps(found: OnMachines) -> Iterator[str]:
    folder = str(found.folder)
    if any(one.problem for one in found.entrants):
        yield f"Next: go on with {argument('resume', folder)}; what was measured stays."
    if _are_several(found):
        claim = argument("claims", "CLAIM")
        yield f"Next: {call('fleet', folder)} judges them again; {claim} tests a claim on all."
    elif found.results:
        what = "for its report" if found.sweep is None else "shows it again"
        yield f"Next: {call('show', str(found.results[0].file))} {what}."


def exit_code(found: OnMachines) -> int:
    """The status that all results have; 1 where they differ, or one is missing."""
    codes = {exit_code_of(view) for view in found.views}
    if any(one.problem for one in found.entrants) or found.interrupted or len(codes) != 1:
        return WRONG
    return codes.pop()
