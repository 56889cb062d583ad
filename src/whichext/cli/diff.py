"""The commands that put several results side by side: `diff` and `history`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whichext.cli import runs
from whichext.cli.screen import shown
from whichext.cli.wording import SHELL
from whichext.system.streams import put

if TYPE_CHECKING:
    from whichext.report.document import Document

Form = Annotated[str, typer.Option(metavar="FORM", help="Form: text, markdown or html.")]


def diff_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Result files; the first one is the reference."),
    ],
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Contestant that ratios refer to; by default that of the results."
        ),
    ] = None,
    to: Form = "text",
) -> None:
    """Compare the ratios of several results, of any versions and machines.

    It says which verdicts changed, by more than intervals and noise allow, and what else differs
    between the runs. Times are compared only if all results are of one machine.
    """
    from whichext.report.diff import diff_document

    print_document(diff_document(runs.diff(*files, baseline=baseline)), to)


def history_command(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder with result files (*.json).")
    ],
    of: Annotated[str, typer.Option(metavar="NAME", help="Contestant whose ratio is shown.")],
    over: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Contestant to compare it with; by default the baseline."
        ),
    ] = None,
    case: Annotated[
        str | None, typer.Option(metavar="NAME", help="Case; by default all that have the ratio.")
    ] = None,
    to: Form = "text",
) -> None:
    """Show the course of one ratio over the results in a folder.

    Runs are in the order in which they began, each machine by itself, and changes are marked.
    Files that are no results are named and left out.
    """
    from whichext.report.history import history_document

    print_document(history_document(runs.history(folder, of, over=over, case=case)), to)


def print_document(document: Document, to: str) -> None:
    """Print a report in one of its forms."""
    from whichext.report import in_form

    put(shown(document) if to == "text" else in_form(document, to, wording=SHELL))
