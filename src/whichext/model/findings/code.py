"""What can be wrong with the code itself, whatever it was compiled with."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.findings.severity import Severity, listed, some
from whichext.model.findings.words import Topic


class PythonInLoop(Struct, frozen=True, kw_only=True, tag=True):
    """Lines in a compiled loop call Python."""

    build: str
    """Name of the build."""
    function: str
    """The function that the loop is in."""
    contestants: tuple[str, ...]
    """Whose function that is; empty for one that is nobody's own."""
    lines: tuple[str, ...]
    """The lines, as "file:line"."""
    calls: tuple[str, ...]
    """What they call of Python's C API, or of their compiler's on top of it."""

    why = ("each turn then costs what Python costs, and a ratio says nothing about compiled loops",)
    remedy = ("declare the types of what the loop touches, until ", Topic.TYPING)

    @property
    def severity(self) -> Severity:
        """A loop of an entry's own function is most likely the one that counts."""
        return Severity.UNATTRIBUTABLE if self.contestants else Severity.WARNING

    @property
    def what(self) -> str:
        """One line on what was found."""
        who = listed(self.contestants) or f"{self.build}: {self.function}()"
        return f"{who}: the loop calls Python at {some(self.lines)} ({some(self.calls)})"


class GilHeld(Struct, frozen=True, kw_only=True, tag=True):
    """No other thread's Python can run during a call."""

    contestants: tuple[str, ...]
    """Who keeps the GIL."""

    severity = Severity.WARNING
    why = ("threads and dask gain nothing from calling it, whatever one call's time is",)
    remedy = ("release the GIL around the loop: ", Topic.FREEING)

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"{listed(self.contestants)}: keeps the GIL during the whole call"


class UnsafeUnexplained(Struct, frozen=True, kw_only=True, tag=True):
    """Unsafe places without a word on what makes them safe."""

    build: str
    """Name of the build."""
    places: int
    """How many unsafe places there are."""
    unexplained: tuple[str, ...]
    """Those without a reason, as "file:line"."""

    severity = Severity.WARNING
    why = ("speed that rests on a promise which nobody wrote down may be speed on borrowed memory",)
    remedy = (
        "name above each the guard that makes it true, in ",
        Topic.REASONING,
    )

    @property
    def what(self) -> str:
        """One line on what was found."""
        number = f"{len(self.unexplained)} of {self.places} unsafe places"
        return f"{self.build}: {number} without SAFETY: ({some(self.unexplained)})"
