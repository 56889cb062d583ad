"""How far the work has come: bars with the time left on a terminal, plain lines elsewhere.

It goes to standard error, so that standard output holds the report and nothing else. Notes may hold
the marks of `model.inline`; each progress has the wording of its readers.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from whichext.model.inline import PYTHON, Wording, unmarked
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


class Stage(Protocol):
    """One stage under way."""

    def begin(self, what: str) -> None:
        """Say what is done now."""

    def end(self, result: str, amount: float = 1) -> None:
        """Say what came of it, and by how much of the stage's total the work has moved on."""


class Progress(Protocol):
    """Where stages say how far they are."""

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""

    def stage(self, name: str, total: float) -> AbstractContextManager[Stage]:
        """Begin a stage whose amounts will add up to about `total`."""


OURS = "whichext: "
"""How a note begins that a reader of the result must know as well."""


class KeptNotes:
    """Says the same as another progress, and keeps what a reader of the result must know.

    Attributes:
        notes: The notes, each once.

    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress or SilentProgress()
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Say it, and keep it where it is more than how far the work has come."""
        self._progress.note(text)
        kept = text.removeprefix(OURS)
        if text.startswith(OURS) and kept not in self.notes:
            self.notes.append(kept)

    def stage(self, name: str, total: float) -> AbstractContextManager[Stage]:
        """Begin a stage of the other one."""
        return self._progress.stage(name, total)


class SilentProgress:
    """Says nothing: for use from Python."""

    def note(self, text: str) -> None:
        """Say nothing."""

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:  # noqa: ARG002  # the protocol's
        """Give a stage that says nothing."""
        yield _SilentStage()


class _SilentStage:
    def begin(self, what: str) -> None:
        pass

    def end(self, result: str, amount: float = 1) -> None:
        pass


class PlainProgress:
    """A line for every finished step: for pipes and log files."""

    def __init__(self, output: TextIO | None = None, wording: Wording = PYTHON) -> None:
        self.output = output or sys.stderr
        self.wording = wording

    def note(self, text: str) -> None:
        """Print a line."""
        _print(unmarked(text, self.wording), self.output)

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:
        """Give a stage that prints lines."""
        yield _PlainStage(name, total, self.output)


class _PlainStage:
    def __init__(self, name: str, total: float, output: TextIO) -> None:
        self.name, self.total, self.output = name, total, output
        self.what, self.done = "", 0.0

    def begin(self, what: str) -> None:
        self.what = what

    def end(self, result: str, amount: float = 1) -> None:
        self.done += amount
        share = min(100, round(100 * self.done / self.total)) if self.total else 100
        _print(f"{self.name} {share:3d}%  {self.what}: {result}", self.output)


def _print(text: str, output: TextIO) -> None:
    """Print a line; a run continues where it cannot be printed."""
    with contextlib.suppress(OSError, ValueError):  # full, gone, or closed
        print(text, file=output, flush=True)


class TerminalProgress:
    """A bar for each stage, with the time it took and the time left."""

    def __init__(self, console: Console | None = None, wording: Wording = PYTHON) -> None:
        self.console = console or Console(stderr=True)
        self.wording = wording

    def note(self, text: str) -> None:
        """Print a line."""
        self.console.print(unmarked(text, self.wording), markup=False, highlight=False)

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:
        """Give a stage that draws a bar."""
        bars = RichProgress(
            TextColumn("{task.fields[name]:16}", markup=False),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
            console=self.console,
            refresh_per_second=1,  # drawing would take a core from the contestant that is timed
        )
        with bars:
            yield _TerminalStage(bars, name, total)


class _TerminalStage:
    def __init__(self, bars: RichProgress, name: str, total: float) -> None:
        self.bars = bars
        self.task = bars.add_task("", total=total, name=name)

    def begin(self, what: str) -> None:
        self.bars.update(self.task, description=escape(what))

    def end(self, result: str, amount: float = 1) -> None:
        self.bars.update(self.task, advance=amount, description=escape(result))


def outcome_progress(outcome: Outcome) -> str:
    """What a line of progress says of an outcome."""
    match outcome:
        case Built(cached=True):
            return "in the cache"
        case Built(build_ns=build_ns):
            return f"built in {build_ns / 1e9:.1f} s"
        case BuildFailed(error=error):
            return f"failed: {error.splitlines()[0]}"
        case Right():
            return "right"
        case Wrong(where=where):
            return f"wrong on {where}"
        case Crashed(where=where, how=how):
            return f"crashed on {where}: {how}"
        case TimedOut(where=where):
            return f"no answer on {where}"
        case Unsupported(reason=reason):
            return f"refused: {reason}"
        case ToolchainAbsent() | PackageAbsent():
            return f"skipped: {outcome.what} not found"
        case NotApplicable():
            return f"skipped: {outcome.why}"
        case Measured():
            return "measured"
        case NotReached() | NotRequested():
            return "not raced"


def progress_for(output: TextIO, wording: Wording = PYTHON) -> Progress:
    """Bars where `output` is a terminal, lines where it is not."""
    if output.isatty():
        return TerminalProgress(Console(file=output), wording)
    return PlainProgress(output, wording)
