"""Progress in a notebook: one bar, drawn in place, that is gone when the work is done.

IPython is imported where a notebook's kernel has imported it, and nowhere else. There are no
widgets and no thread: a bar is drawn between two steps, so never while a contestant is timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from uuid import uuid4

from whichext.model.errors import UsageError
from whichext.model.inline import PYTHON, legible, unmarked
from whichext.system.progress import Progress, SilentProgress, Stage, progress_for

_SHELL = "ZMQInteractiveShell"  # of Jupyter's kernels; a subclass of it in hosted notebooks
# In the elements, since every note and every bar is sent anew: rules would be sent with each.
_AROUND = '<div class="whichext-progress" style="white-space: pre-wrap; font-size: 0.9em">'
_BAR = '<progress style="width: 14em; vertical-align: middle"'


def is_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    find = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = None if find is None else find()
    return any(kind.__name__ == _SHELL for kind in type(shell).__mro__)


def progress_in_python(asked: Progress | bool | None) -> Progress:
    """The progress of a verb that was called from Python.

    Args:
        asked: An object that is notified; True for a bar, or lines where there can be none; False
            for nothing; None for a bar in a notebook, and nothing elsewhere.

    Raises:
        UsageError: It is nothing of these.

    """
    if asked is None or asked is True:
        if is_notebook():
            return NotebookProgress()
        return progress_for(sys.stderr) if asked else SilentProgress()
    if asked is False:
        return SilentProgress()
    if not all(callable(getattr(asked, name, None)) for name in ("note", "stage")):
        raise UsageError(
            "progress",
            "leave it out, or give False for no progress",
            expected="True, False, or an object with the methods note and stage",
            got=repr(asked),
        )
    return asked


class NotebookProgress:
    """A bar in the output of a cell, with notes below it; only the notes stay."""

    def __init__(self) -> None:
        self._id = f"whichext-{uuid4().hex}"
        self._is_there = False
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Show a line that stays."""
        self._notes.append(legible(unmarked(text, PYTHON)))
        self.draw()

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:
        """Give a stage that draws a bar."""
        try:
            yield _NotebookStage(self, legible(name), total)
        finally:
            self.draw()

    def draw(self, line: str = "", share: float = 0.0) -> None:
        """Draw the notes, below a bar with a line beside it if there is one."""
        if not (line or self._notes or self._is_there):
            return
        bar = f'{_BAR} value="{share:.3f}" max="1">{share:.0%}</progress> {escape(line)}'
        shown = [*([bar] if line else []), *map(escape, self._notes)]
        plain = [*([f"{share:4.0%} {line}"] if line else []), *self._notes]
        page = f"{_AROUND}{'<br>'.join(shown)}</div>"
        content = {"text/plain": "\n".join(plain), "text/html": page if shown else ""}
        display = import_module("IPython.display").display
        display(content, raw=True, display_id=self._id, update=self._is_there)
        self._is_there = True


class _NotebookStage:
    def __init__(self, progress: NotebookProgress, name: str, total: float) -> None:
        self.progress, self.name, self.total, self.done = progress, name, total, 0.0
        self.start = time.monotonic()

    def begin(self, what: str) -> None:
        """Draw what is done now; what came of it would be seen for a moment only."""
        share = min(1.0, self.done / self.total) if self.total else 1.0
        took_s = time.monotonic() - self.start
        left = f", about {took_s * (1 - share) / share:.0f} s left" if share and took_s > 1 else ""
        self.progress.draw(f"{self.name}: {legible(what)} ({took_s:.0f} s{left})", share)

    def end(self, result: str, amount: float = 1) -> None:  # noqa: ARG002  # the protocol's
        self.done += amount
