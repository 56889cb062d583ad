"""What the commands that race have in common: the run, its file, its screen and its exit code."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console

from whichext.cli.words import SHELL
from whichext.load.kernel import asked_as
from whichext.model.contestant import Role
from whichext.model.errors import UsageError
from whichext.model.findings.severity import Severity
from whichext.model.inline import argument, call, worded
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import (
    BuildFailed,
    Built,
    Crashed,
    Measured,
    NotApplicable,
    NotReached,
    NotRequested,
    Outcome,
    PackageAbsent,
    Right,
    TimedOut,
    ToolchainAbsent,
    Unsupported,
    Wrong,
)
from whichext.model.scorecard import Scorecard
from whichext.pipeline import compare
from whichext.report import as_json
from whichext.system.progress import progress_for

WRONG, NOTHING_BUILT, UNRESOLVED = 1, 3, 4


Show = Callable[[Scorecard], None]


def race(
    kernel: str,
    options: Options,
    show: Show,
    output: Path | None = None,
    resume: Path | None = None,
) -> Scorecard:
    """Run a comparison, show its result, and keep it where that was asked for."""
    if output is not None:
        as_json.check_writable(output)
    scorecard = compare(
        kernel,
        options,
        progress=progress_for(sys.stderr, SHELL),
        command=typed_command(),
        keep=None if output is None else partial(as_json.write, path=output),
        earlier=None if resume is None else as_json.read(resume),
    )
    show_and_keep(scorecard, show, output)
    return scorecard


def show_and_keep(scorecard: Scorecard, show: Show, output: Path | None) -> None:
    """Show a result, and write it where that was asked for."""
    try:
        show(scorecard)
    finally:  # whichever of the two cannot be written, the other one is
        if output is not None:
            as_json.write(scorecard, output)


def typed_command() -> str:
    """The command as it was typed."""
    return shlex.join(["whichext", *sys.argv[1:]])


def exit_code(scorecard: Scorecard) -> int:
    """What a run's exit status says: 1 something was wrong, 3 nothing could be built, else 0."""
    asked = {c.project for c in scorecard.contestants if c.role is Role.ENTRY}
    results = [build.result for build in scorecard.builds if build.project in asked]
    if results and not any(isinstance(result, Built) for result in results):
        return NOTHING_BUILT
    if scorecard.stopped or any(f.severity is Severity.AUTHOR for f in scorecard.findings):
        return WRONG
    return WRONG if any(is_failure(row.outcome) for row in scorecard.rows) else 0


def is_failure(outcome: Outcome) -> bool:
    """Whether an outcome alone makes a run end with 1."""
    match outcome:
        case BuildFailed() | Crashed() | TimedOut() | Wrong():
            return True
        case Built() | Right() | Measured() | Unsupported():
            return False
        case ToolchainAbsent() | PackageAbsent() | NotApplicable():
            return False
        case NotReached() | NotRequested():
            return False


def check_kernel(kernel: Kernel, scorecard: Scorecard) -> None:
    """Refuse a result file that answers another question; say where its kernel was another.

    Raises:
        UsageError: It is of another kernel.

    """
    again = call("run", asked_as(kernel), save="FILE.json")
    if scorecard.kernel != kernel.name:
        raise UsageError(
            argument("result"),
            f"make one with {again}",
            expected=f"a result of the kernel {kernel.name}",
            got=f"one of {scorecard.kernel}",
        )
    if scorecard.kernel_digest != kernel.digest:
        print(
            f"whichext: the result is of another version of {kernel.name}'s kernel.py: its cases "
            f"may have been others. Next: make a new one with {worded(again, SHELL)}",
            file=sys.stderr,
        )


def say_if_nothing_was_built(scorecard: Scorecard) -> None:
    """Tell whoever reads only the end that there is nothing behind it."""
    if exit_code(scorecard) == NOTHING_BUILT:
        print(
            "Nothing could be built, so only the reference was tried. "
            "Next: see above for what each project lacks.",
            file=sys.stderr,
        )


def console() -> Console:
    """Standard output; without a width of its own, 100 columns hold every table."""
    return Console(width=None if sys.stdout.isatty() else 100, highlight=False)


def terminal() -> tuple[int, bool]:
    """Columns of standard output, and whether it has colours."""
    screen = console()
    return max(screen.width, 80), screen.is_terminal
