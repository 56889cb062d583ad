"""What is compared: contestants with their factors and profiles.

A profile is a set of compiler settings that is applied from outside, compared as a value. It says
which factors it sets but not how: each toolchain translates it into its own flags. A single setting
is a profile too, written `factor=value`: the same source with one factor changed, which shows the
effect of that factor.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property

import msgspec
from msgspec import Struct

THREADS_OF, ALL = "_threads", "all"
"""The end of a factor's name that says how many threads a library gets, such as dask_threads, and
the value by which it gets as many as the contestant."""
_MOST_DIGITS = 9  # of a thread count; Python refuses to read numbers of thousands of digits
# A revision stands in front of the function, and has no "=": no profile looks like "HEAD~3.total".
_REVISION = r"@[\w*?][\w./~^+*?-]*\.[\w*?]+"
_NAME = re.compile(
    rf"(?P<entry>[^@]+?({_REVISION})?)(@(?P<profile>[^@\[\]]+))?(\[(?P<threads>[1-9]\d*)\])?"
)
WORKING = "working"
"""The revision that is a project's folder as it is, with changes that are in no commit."""
BY_ENVIRONMENT = "environment"
"""`threads_by` of an entry that reads its thread count from environment variables."""
CHOSEN_AT_RUN_TIME = "dispatch"
"""The value of the factor isa of an entry that looks at the processor before it chooses."""
PYTHON_IN_LOOP = "Python in the loop"
"""The factor of whether what one call repeats calls Python: "yes", "in outer loops" or "none
seen"."""
OBJECTS = "objects"
"""The factor of files with code that was compiled by nothing that was seen."""
UNSEEN_VALUE = "'s, unseen"
"""The end of a factor's value that was not seen, after whose it is: it may be any other one's."""
ENVIRONMENT = "environment"
"""The factor of the variables of the user's environment that had a say in a build."""
CODE = "code"
"""The factor of what else is in the sources of two of which one calls Python in the loop. It plays
no part between others, nor where entries declare in which factors they differ."""
REVISION = "revision"
"""The factor of entries of which several revisions race. It plays no part for others."""
ENTRY = "entry"
"""The factor of which entry of its project each of these is. It plays no part between entries of
one revision, nor for others."""


class Factor(Struct, frozen=True, order=True):
    """One property in which contestants can differ."""

    name: str
    """For example "order"."""
    value: str
    """For example "column"."""


class Difference(Struct, frozen=True):
    """A factor in which two contestants differ."""

    factor: str
    """Name of the factor."""
    before: str
    """Its value for the first of the two."""
    after: str
    """Its value for the second."""

    def __str__(self) -> str:
        return f"{self.factor}: {self.before} -> {self.after}"

    def reversed(self) -> Difference:
        """The same difference, seen from the other contestant."""
        return Difference(self.factor, self.after, self.before)


class Profile(Struct, frozen=True, omit_defaults=True):
    """A set of compiler settings."""

    name: str
    """Its name in options, and after the @ of a contestant."""
    sets: tuple[Factor, ...] = ()
    """The factors that it sets by itself, whatever the project, sorted by name."""
    single: bool = False
    """Whether it is one setting, and not a named set of them."""

    def __str__(self) -> str:
        return self.name

    @classmethod
    def setting(cls, factor: str, value: str) -> Profile:
        """The profile that is one setting."""
        return cls(f"{factor}={value}", (Factor(factor, value),), single=True)


RELEASE = Profile("release")
"""What the project's backend does by itself: what users of a wheel get."""
NATIVE = Profile("native", (Factor("isa", "native"),))
"""Optimised for this very processor; such a wheel may not run on another."""
DEBUG = Profile("debug", (Factor("optimisation", "none"),))
"""No optimisation: what a bare compiler call or an editable install may give."""
CHECKED = Profile(
    "checked",
    (Factor("assertions", "on"), Factor("bounds", "checked"), Factor("overflow", "checked")),
)
"""Optimised, with bounds and overflow checks on: the price of the checks."""

NAMED = (RELEASE, NATIVE, DEBUG, CHECKED)
"""The named profiles."""


class Role(StrEnum):
    """Why a contestant races."""

    ENTRY = "entry"
    """To be compared."""
    REFERENCE = "reference"
    """To be compared, and right by definition."""
    TWIN = "twin"
    """A second copy of the baseline: what differs between the two is the race's own noise."""
    LIMIT = "limit"
    """Reads the same bytes as fast as this machine can: no contestant can be much faster."""
    HARNESS = "harness"
    """A method that does nothing: what it takes, the race itself adds to each call of a method."""


class Contestant(Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """An entry under a profile with a thread count: what verifies, races and gets a row."""

    entry: str
    """Name of the entry, "module.function"; the reference has a bare name such as "numpy"."""
    project: str | None
    """Name of the project's folder; None for the reference, which needs no build."""
    module: str | None
    """Module to import; None for the reference."""
    function: str | None
    """Attribute of the module to call; None for the reference."""
    profile: Profile
    """The compiler settings."""
    threads: int = 1
    """Threads that the contestant may use."""
    threads_by: str | None = None
    """Keyword that takes the thread count, or "environment" where only variables set it; None for
    a serial entry."""
    dtypes: tuple[str, ...] = ()
    """NumPy names of the dtypes whose plain arrays it must answer."""
    requires: tuple[str, ...] = ()
    """Python packages without which it is skipped."""
    remedy: str | None = None
    """How to get them; None where `pip install` is all there is to say."""
    factors: tuple[Factor, ...] = ()
    """Declared factors, sorted by name."""
    idle: tuple[str, ...] = ()
    """Factors that play no part with one thread, such as the pool of an entry that then calls its
    kernel directly."""
    single_threaded: str | None = None
    """Why an object of its class is only called from the thread that made it; None for others."""
    method: str | None = None
    """Method of its objects that is timed, where it is a class; None of functions."""
    role: Role = Role.ENTRY
    """Why it races."""

    @property
    def called(self) -> str:
        """What is timed, as its source names it: a function, or a method after its class."""
        name = (self.function or "").rpartition(".")[2]
        return f"{name}.{self.method}" if self.method else name

    @property
    def source(self) -> tuple[str | None, str]:
        """The project and the entry: what is compiled, whatever the settings."""
        return self.project, self.entry

    @property
    def is_compared(self) -> bool:
        """Whether it is an entry or the reference, and none of those that these are measured by."""
        return self.role in (Role.ENTRY, Role.REFERENCE)

    @property
    def answers(self) -> bool:
        """Whether it answers the question, as a twin does and neither a limit nor the harness."""
        return self.role not in (Role.LIMIT, Role.HARNESS)

    @property
    def parallel(self) -> bool:
        """Whether the entry takes a thread count at all."""
        return self.threads_by is not None

    @property
    def toolchain(self) -> str:
        """What a project takes on with it; the project's name where it is not declared."""
        declared = {factor.name: factor.value for factor in self.factors}
        return declared.get("toolchain") or self.project or self.entry

    @property
    def pools(self) -> tuple[str, ...]:
        """The libraries that get as many threads as it has, each of them, as far as it declares."""
        return tuple(
            factor.name.removesuffix(THREADS_OF)
            for factor in self.factors
            if factor.name.endswith(THREADS_OF) and factor.value == ALL
        )

    @property
    def threads_keyword(self) -> str | None:
        """Keyword that takes the thread count; None for a serial entry and for the environment."""
        return None if self.threads_by == BY_ENVIRONMENT else self.threads_by

    @property
    def original(self) -> str:
        """The contestant's name in reports, a twin's being that of the one it is a copy of."""
        profile = "" if self.profile == RELEASE else f"@{self.profile}"
        threads = f"[{self.threads}]" if self.parallel else ""
        return f"{self.entry}{profile}{threads}"

    @cached_property
    def name(self) -> str:
        """The contestant's name in reports: `entry`, `entry@profile`, `entry[threads]`."""
        return f"{self.original} (A/A twin)" if self.role is Role.TWIN else self.original

    @property
    def released(self) -> str:
        """Name of the contestant that differs from this one in its profile alone: the release."""
        return msgspec.structs.replace(self, profile=RELEASE).original


class Name(Struct, frozen=True):
    """A contestant's name taken apart."""

    entry: str
    """Name of the entry; where names may be patterns, a pattern."""
    profile: str | None
    """The part after the @; None where there is none, which in reports is the release."""
    threads: int | None
    """The number in brackets; None where there is none."""


def parse_name(text: str) -> Name | None:
    """Take apart what `Contestant.original` put together; None where nothing can have that name."""
    found = _NAME.fullmatch(text)
    if found is None or len(found["threads"] or "") > _MOST_DIGITS:
        return None
    return Name(
        found["entry"], found["profile"], int(found["threads"]) if found["threads"] else None
    )
