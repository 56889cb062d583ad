"""What can become of a contestant before it is raced, and what is found out by checking it.

Like all that crosses a stage border: frozen, times in integer nanoseconds. What a race makes of a
contestant is in `scorecard.py`, with the closed union of all outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class BuildFailed(Struct, frozen=True, tag=True):
    """The project did not build."""

    error: str
    """The compiler's or the build backend's own last error."""
    hint: str
    """One thing to try."""
    log: str
    """The whole output of the build."""


class Skipped(Struct, frozen=True, tag=True):
    """Not tried: a toolchain or a package is absent, or the run was stopped before."""

    missing: str
    """What is not there: a toolchain, a package, or the time to race it."""
    remedy: str
    """How to get it."""


class Wrong(Struct, frozen=True, tag=True):
    """The contestant's answer is not the reference's, or its way of failing is not clean."""

    where: str
    """Name of the case or the nasty input."""
    expected: str
    """The reference's answer, at the first place of difference."""
    got: str
    """The contestant's."""


class Crashed(Struct, frozen=True, tag=True):
    """The contestant's process ended by itself, or had to be ended for the memory that it took."""

    where: str
    """What it was doing: "import", or the name of an input."""
    how: str
    """Signal or exit status."""
    stderr: str = ""
    """The last lines that it wrote."""


class TimedOut(Struct, frozen=True, tag=True):
    """The contestant did not answer in time and was killed."""

    where: str
    """What it was doing: "import", or the name of an input."""
    limit_ns: int
    """The time that it had, ns."""


class Unsupported(Struct, frozen=True, tag=True):
    """The contestant refused the case with a clean error."""

    reason: str
    """The error's type and text."""


class Right(Struct, frozen=True, tag=True):
    """The contestant gave the reference's answer, or refused what the reference refuses."""


class Property(StrEnum):
    """What a check looks at; the columns of a verification."""

    IMPORT = "import"
    """The module is there, and so is what it requires."""
    PLAIN = "plain"
    """Plain arrays, also of odd shapes: these must be answered."""
    LAYOUTS = "layouts"
    """The same elements elsewhere in memory: order, strides, byte order, alignment."""
    VALUES = "values"
    """Extremes, NaN, NaT, infinities, only negative numbers."""
    EDGES = "edges"
    """Axes of length 0 and 1, and what counts at the very end of an axis."""
    REFUSALS = "refusals"
    """What the kernel lists as refused."""
    DRAWN = "drawn"
    """Inputs of any shape, layout and values, drawn until one shows a fault."""
    STATE = "state"
    """What one call leaves behind for the next: errors, buffers that are used again."""
    THREADS = "threads"
    """Other thread counts, and several Python threads at once."""
    MEMORY = "memory"
    """Whether the process grows from call to call."""
    FORK = "fork"
    """A call in a forked child after one in its parent."""
    CASES = "cases"
    """What is raced."""

    @property
    def bars(self) -> bool:
        """Whether a fault in it bars from the race: who hangs after a fork is right elsewhere."""
        return self is not Property.FORK


class Check(Struct, frozen=True, kw_only=True, array_like=True):
    """What became of a contestant on one input, or in one way of calling it."""

    contestant: str
    """Name of the contestant."""
    input: str
    """Name of the case, of the nasty input, or of what was done other than one call."""
    result: Right | Unsupported | Wrong | Crashed | TimedOut | Skipped
    """Right, refused, what went wrong, or what was missing."""
    took_ns: int = 0
    """Wall time of the call with its comparison, ns; 0 where nobody looked."""
    property: Property = Property.PLAIN
    """What it looks at."""
    count: int = 1
    """Inputs that it stands for."""
    snippet: str = ""
    """Python that makes the arguments; of the first fault only."""


def find_fault(
    contestant: str, checks: Iterable[Check]
) -> Wrong | Crashed | TimedOut | Skipped | None:
    """What bars a contestant from racing at all; None when nothing does."""
    for check in checks:
        of_it = check.contestant == contestant and check.property.bars
        if of_it and not isinstance(check.result, (Right, Unsupported)):
            return check.result
    return None


def find_refusal(contestant: str, case: str, checks: Iterable[Check]) -> Unsupported | None:
    """The clean error with which a contestant refused a case; None when it did not."""
    for check in checks:
        if (check.contestant, check.input) == (contestant, case) and isinstance(
            check.result, Unsupported
        ):
            return check.result
    return None
