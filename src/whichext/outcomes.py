"""What can become of a contestant before it is raced, and what is found out by checking it.

Like all that crosses a stage border: frozen, times in integer nanoseconds. What a race makes of a
contestant is in `scorecard.py`, with the closed union of all outcomes.
"""

from __future__ import annotations

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
    """The contestant's process ended by itself."""

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


class Check(Struct, frozen=True, kw_only=True, array_like=True):
    """What became of a contestant on one input."""

    contestant: str
    """Name of the contestant."""
    input: str
    """Name of the case or nasty input."""
    result: Right | Unsupported | Wrong | Crashed | TimedOut | Skipped
    """Right, refused, what went wrong, or what was missing."""
    took_ns: int = 0
    """Wall time of the call with its comparison, ns; tells how long a race will be."""
