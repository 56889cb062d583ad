"""What the commands that race have in common: the run, its file, its screen and its exit code."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from whichext.cli.words import SHELL
from whichext.load.kernel import asked_as
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call, worded
from whichext.model.kernel import Kernel
from whichext.model.raw import Raw
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.document import Document
from whichext.report.exit_codes import nothing_was_built
from whichext.report.text import render_text


def earlier(resume: Path | None) -> Raw | None:
    """What a run goes on from."""
    return None if resume is None else result_file.read(resume).raw


def show_and_keep(view: View, show: Callable[[View], None], output: Path | None) -> None:
    """Show a result, and write it where that was asked for."""
    try:
        show(view)
    finally:  # whichever of the two cannot be written, the other one is
        if output is not None:
            result_file.write(view, output)


def typed_command() -> str:
    """The command as it was typed."""
    return shlex.join(["whichext", *sys.argv[1:]])


def check_kernel(kernel: Kernel, view: View) -> None:
    """Refuse a result file that answers another question; say where its kernel was another.

    Raises:
        UsageError: It is of another kernel.

    """
    again = call("run", asked_as(kernel), save="FILE.json")
    if view.raw.kernel != kernel.name:
        raise UsageError(
            argument("result"),
            f"make one with {again}",
            expected=f"a result of the kernel {kernel.name}",
            got=f"one of {view.raw.kernel}",
        )
    if view.raw.kernel_digest != kernel.digest:
        print(
            f"whichext: the result is of another version of {kernel.name}'s kernel.py: its cases "
            f"may have been others. Next: make a new one with {worded(again, SHELL)}",
            file=sys.stderr,
        )


def say_if_nothing_was_built(view: View) -> None:
    """Say at the end too that there is nothing behind the report."""
    if nothing_was_built(view.raw):
        print(
            "Nothing could be built, so only the reference was tried. "
            "Next: see above for what each project lacks.",
            file=sys.stderr,
        )


def shown(document: Document) -> str:
    """A document as standard output shows it; without a width of its own, in 100 columns."""
    screen = Console(width=None if sys.stdout.isatty() else 100)
    width = max(screen.width, 80)
    return render_text(document, width, colour=screen.is_terminal, wording=SHELL)
