"""The outcome of a contestant, from the build to the race: one closed union.

Like all that crosses a stage border: frozen, times in integer nanoseconds. How a report says each
of them is in `report/outcome_words.py`. A new member is named by mypy in every `match` that lacks
it, and by `tests/model/test_every_outcome.py` where a text of it is empty.
"""

from __future__ import annotations

from msgspec import Struct

from whichext.model.key import KeyChange
from whichext.model.ratio import Ratio


class Tool(Struct, frozen=True):
    """A program, package or setting that took part in a build."""

    name: str
    """A compiler's or a package's; of a setting, what kind it is."""
    version: str
    """The first line that it prints about itself, or its package version; the setting."""

    @property
    def full_name(self) -> str:
        """Its name and its version, which mostly begins with the name."""
        said = self.version
        return said if said.startswith(f"{self.name} ") else f"{self.name} {said}"


class Variable(Struct, frozen=True):
    """An environment variable that a build was given."""

    name: str
    """Its name."""
    value: str
    """Its value."""


class Appended(Struct, frozen=True):
    """Words that a build's calls of compilers got for a profile."""

    toolchain: str
    """Name of the toolchain whose calls got them."""
    flags: tuple[str, ...]
    """The words."""
    calls: int
    """How many calls got them."""


class Built(Struct, frozen=True, tag=True, kw_only=True):
    """A project's wheel, built and installed into the cache: the receipt of the build."""

    key: str
    """Name of the build in the cache: a hash over content, tools and flags."""
    wheel: str
    """File name of the wheel."""
    wheel_bytes: int
    """Size of the wheel, bytes."""
    build_ns: int
    """Wall time of the build when it was made, with its isolated environment, ns."""
    tools: tuple[Tool, ...]
    """Compilers found on the machine and packages that the build used."""
    environment: tuple[Variable, ...]
    """The variables that the profile set."""
    appended: tuple[Appended, ...] = ()
    """What the profile appended to compilers' calls, where it did; in a result from before that,
    nothing, and its flags are in the environment."""
    inherited: tuple[Variable, ...] = ()
    """Variables of the user's own environment that toolchains read, apart from these; whether they
    had a say in this build is in its evidence."""
    cached: bool = False
    """Whether this run found it in the cache."""
    made: str = ""
    """When it was made, such as "2026-11-29T12:00:00Z"; empty in a build from before this was kept.
    An index may have newer versions of what it used by now."""
    because: tuple[KeyChange, ...] = ()
    """Why an earlier build of the project would not do; empty where there was none."""
    sources: str = ""
    """Hash of the project's files that were built, 24 hexadecimal digits; empty in a result from
    before it was kept."""
    code_lines: int | None = None
    """Lines of code in the project's own files, without blank lines, comments, docstrings, tests
    and settings of its build; None of a large project, and in a result from before it was kept."""


class Right(Struct, frozen=True, tag=True):
    """The contestant gave the reference's answer, or refused what the reference refuses."""


TAIL_PERCENTILE = 99
"""Per cent of a contestant's calls in a case that its tail latency is not exceeded by."""
FEWEST_TAIL_CALLS = 100
"""Calls below which there is no such percentile."""
EARLIER = "an answer from an earlier call"
"""What is said beside a wrong answer that was right before an element of the input was changed."""

OUTLIVES = "state outlives the first one"
SHARED = "they share state"
ELSEWHERE = "in a thread that did not make the object"
INCOMPARABLE = "which cannot be compared: it equals nothing but itself"
UNSTEADY = "a second answer of the same function to the same input"
SAID_AFTER = (EARLIER, OUTLIVES, SHARED, ELSEWHERE, INCOMPARABLE, UNSTEADY)
"""What is said after a wrong answer of how it came about, which is no part of it."""
OF_ANOTHER_THREAD = "an object of another thread"
"""Where it is that an object is called from another thread than made it."""


class Tail(Struct, frozen=True, kw_only=True):
    """The slowest calls of a contestant, where several threads call at once."""

    ratio: Ratio | None
    """Its tail latency over the baseline's in the same rounds; None of too few calls."""
    latency_ns: float | None = None
    """The percentile of all of its calls, ns; None of too few."""
    calls: int = 0
    """How many calls it made."""


class Measured(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """The contestant was right and raced: its estimate in the case."""

    ratio: Ratio
    """Its time over the baseline's in the same rounds."""
    median_ns: float
    """Median time of one call over all samples, ns."""
    bytes_per_s: float | None = None
    """Bytes that a call must at least move, per second of median time; None where not stated."""
    operations_per_s: float | None = None
    """Operations that a call must at least do, per second of median time; None where not stated."""
    of_limit: Ratio | None = None
    """Share of the limit with as many threads: 1 moves its bytes as fast as the machine can; None
    where there is no limit or no interval."""
    epochs_needed: int | None = None
    """Epochs after which an unresolved ratio is likely to be resolved; None for the others, and
    where the noise and not the number of epochs leaves it open."""
    tail: Tail | None = None
    """Its tail latency; None in a case with one caller."""


class Unsupported(Struct, frozen=True, tag=True):
    """The contestant refused the case with a clean error."""

    reason: str
    """The error's type and text."""


class BuildFailed(Struct, frozen=True, tag=True, omit_defaults=True):
    """The project did not build."""

    error: str
    """The compiler's or the build backend's own last error."""
    hint: str
    """One thing to try."""
    log: str
    """The whole output of the build."""
    inherited: tuple[str, ...] = ()
    """Variables of the user's environment that may have had a say in it, as "NAME=value"."""
    blamed: bool = False
    """Whether it is them that the error is about."""


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
    in_child: bool = False
    """Whether it was a forked child that did not answer."""


class Wrong(Struct, frozen=True, tag=True):
    """The contestant's answer is not the reference's, or its way of failing is not clean."""

    where: str
    """Name of the case or the nasty input."""
    expected: str
    """The reference's answer, at the first place of difference."""
    got: str
    """The contestant's."""


class ToolchainAbsent(Struct, frozen=True, tag=True):
    """Not built: the machine lacks a program or a file that the project needs."""

    what: str
    """What is absent, such as "a C compiler"."""
    remedy: str
    """How to get it."""


class PackageAbsent(Struct, frozen=True, tag=True, omit_defaults=True):
    """Not tried: Python packages that the contestant imports are not installed."""

    packages: tuple[str, ...]
    """Those that are absent, as pip names them."""
    remedy: str | None = None
    """How to get them; None where `pip install` is all there is to say."""

    @property
    def what(self) -> str:
        """What is absent, in words."""
        return f"the Python package{'s' * (len(self.packages) > 1)} {', '.join(self.packages)}"


class NotApplicable(Struct, frozen=True, tag=True, omit_defaults=True):
    """Not raced: the profile has no meaning for the project, or did not reach its compilers."""

    factor: str
    """The factor that the profile changes, such as "bounds"."""
    toolchain: str
    """The project's toolchain."""
    reason: str | None = None
    """What is in the way, as the calls of a build show; None where the toolchain has no such
    setting and nothing was built."""
    remedy: str | None = None
    """What lets the setting through; None where nothing was built."""

    @property
    def why(self) -> str:
        """The reason, in words."""
        return self.reason or f"there is no setting of {self.toolchain} for {self.factor}"


class NotReached(Struct, frozen=True, tag=True):
    """Not raced in the case: the run ended before."""

    stopped: str | None = None
    """Why the run was stopped; None where its time ran out."""


class NotRequested(Struct, frozen=True, tag=True):
    """Not raced: only earlier stages were requested."""


Fault = BuildFailed | Crashed | TimedOut | Wrong
"""What is a fault of the project or the entry, the worst first."""

Absence = ToolchainAbsent | PackageAbsent | NotApplicable
"""Something that was needed is not there."""

NotTried = Absence | NotReached | NotRequested
"""The contestant was not tried, so that nothing is known of it."""

Outcome = Built | Right | Measured | Unsupported | Fault | NotTried
"""What became of a contestant: every member is a possible row of a report."""
