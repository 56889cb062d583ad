"""The commands that put several results side by side: `diff` and `history`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whichext.cli import runs
from whichext.cli.screen import form_of, shown
from whichext.cli.wording import SHELL
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.system.streams import put

if TYPE_CHECKING:
    from whichext.report.document import Document
    from whichext.report.pictured import Pictured

_BY_ENDING = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".svg": "svg",
    ".png": "png",
}
_DRAWN = ("svg", "png")
PictureForm = Annotated[
    str | None,
    typer.Option(
        metavar="FORM",
        help="Form: text, markdown, html (with a picture), or svg or png for the picture "
        "alone; by default that of PATH's ending, text without one.",
    ),
]
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
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", help="File to write; by default standard output."),
    ] = None,
    to: PictureForm = None,
) -> None:
    """Show the course of one ratio over the results in a folder.

    Runs are in the order in which they began, each machine by itself, and changes are marked.
    Files that are no results are named and left out.
    """
    form = picture_form(
        to, path, lambda end: call("history", "FOLDER", f"PATH.{end}", of="NAME", to=end)
    )
    put_pictured(runs.history(folder, of, over=over, case=case).pictured(), form, path)


def put_pictured(found: Pictured, form: str, path: Path | None) -> None:
    """Print a report with a picture, or write it into a file."""
    from whichext.report import result_file

    if path is not None:
        result_file.write_report(found.content(form, SHELL), path)
    elif form == "text":
        print_document(found.document, form)
    else:
        content = found.content(form, SHELL)
        put(content if isinstance(content, str) else "")


def picture_form(to: str | None, path: Path | None, example: Callable[[str], str]) -> str:
    """The form that is asked for; by default that of the file's ending, else text.

    Args:
        to: The form; None for the default.
        path: The file; None for standard output.
        example: How to write a file with an ending.

    Raises:
        UsageError: It is a picture under the name of another form, or pixels in a terminal; or
            the file has an ending that says no form.

    """
    form = to or form_of(path, _BY_ENDING)
    suffix = None if path is None else path.suffix
    is_other = suffix != f".{form}" and (form in _DRAWN or suffix in (".svg", ".png"))
    if (form == "png" and path is None) or (path is not None and is_other):
        raise UsageError(
            argument("to", form),
            example(form if form in _DRAWN else _BY_ENDING.get(suffix or "", "svg")),
            expected="a form that goes with the file to write",
        )
    return form


def print_document(document: Document, to: str) -> None:
    """Print a report in one of its forms."""
    from whichext.report import in_form

    put(shown(document) if to == "text" else in_form(document, to, wording=SHELL))
