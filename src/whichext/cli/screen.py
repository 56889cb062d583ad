"""What all commands do with a result: record the command, print, write the file, exit.

Commands import what they need when they are called: `--help` waits for none of it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from whichext.cli.wording import SHELL
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.view import View
from whichext.system.streams import put, tell

if TYPE_CHECKING:
    from whichext.build.session import How
    from whichext.report.document import Document


T = TypeVar("T")


def typed(output: Path | None = None, resume: Path | None = None) -> How:
    """Options of the command line that do not change what a run finds."""
    from whichext.report import result_file
    from whichext.system.progress import progress_for

    return {
        "command": shlex.join(["whichext", *map(_readable, sys.argv[1:])]),
        "progress": progress_for(sys.stderr, SHELL),
        "output": output,
        "earlier": None if resume is None else result_file.read(resume).raw,
    }


def asked(ask: Callable[[], T]) -> T:
    """The answer to a question in a terminal; Ctrl-C ends the command as anywhere else."""
    try:
        return ask()
    except typer.Abort:
        raise KeyboardInterrupt from None


def _readable(word: str) -> str:
    """A word as a file can hold it: bytes that are not text become escapes."""
    return word.encode(errors="backslashreplace").decode()


def finish(
    view: View,
    output: Path | None = None,
    to: str = "text",
    summary: Path | None = None,
    notes: Sequence[str] = (),
) -> NoReturn:
    """Print a result, write its file if requested, and end with its exit status.

    Args:
        view: What was found.
        output: The result file; None for none.
        to: The form of the report.
        summary: The file to which a table of claims is added; None for none.
        notes: What was said on the way that a reader of that table must know.

    """
    from whichext.report import document_of, result_file
    from whichext.report.claims_tables import claims_summary
    from whichext.report.markdown import render_markdown
    from whichext.report.result import exit_code, nothing_was_built

    try:
        document = document_of(view)
        put(shown(document) if to == "text" else render_markdown(document, SHELL))
        if view.raw.stopped is None and nothing_was_built(view.raw):
            tell(_nothing_built(view))
    finally:  # whichever of the two cannot be written, the other one is
        if output is not None:
            result_file.write(view, output)
    if summary is not None:
        add_summary(claims_summary(view, notes), summary)
    raise typer.Exit(exit_code(view))


def add_summary(document: Document, path: Path) -> None:
    """Add to the summary of a job."""
    from whichext.report import result_file
    from whichext.report.markdown import render_markdown

    result_file.add_text(render_markdown(document, SHELL) + "\n", path)


def _nothing_built(view: View) -> str:
    if view.raw.entries == ():
        return (
            f"The kernel {view.raw.kernel} has no entry, so only the reference was tried. "
            "Next: give Kernel(functions={...}), or add a project folder whose pyproject.toml has "
            "[[tool.whichext.entries]]."
        )
    return (
        "Nothing could be built, so only the reference was tried. "
        "Next: see above for what each project lacks."
    )


def form_of(path: Path | None, by_ending: Mapping[str, str]) -> str:
    """The form of a report by the ending of its file; text for a file without one, or for none.

    Raises:
        UsageError: No form has the ending.

    """
    from whichext.report.document import listed

    ending = "" if path is None else path.suffix
    if path is not None and ending and ending not in by_ending:
        raise UsageError(
            str(path),
            f"name another file, or give the form as well: {argument('to', 'text')}",
            expected=f"a file name that ends with {listed([*by_ending], last='or')}",
            got=ending,
        )
    return by_ending.get(ending, "text")


def shown(document: Document) -> str:
    """A document as standard output shows it; without a width of its own, in 100 columns."""
    from rich.console import Console

    from whichext.report.text import render_text

    screen = Console(width=None if sys.stdout.isatty() else 100)
    width = max(screen.width, 80)
    return render_text(document, width, colour=screen.is_terminal, wording=SHELL)
