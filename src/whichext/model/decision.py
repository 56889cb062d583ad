"""The decision after a race: whether any toolchain is worth it, which one, and how sure that is.

Contestants are given by name. Ratios are times over times: below 1 the first is faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from whichext.model.circumstances import CallCost, Change, Checked, Crossing
from whichext.model.evidence import Compiling
from whichext.model.memory import ExtraMemory
from whichext.model.outcome import Outcome, Tool
from whichext.model.ratio import Comparison, Ratio, Side

MIN_SPEEDUP = 1.2
"""How many times as fast is worth a toolchain, unless another number is asked for: less than a
fifth is what the next compiler or the next processor may give or take."""
GREATEST_MIN_SPEEDUP = 100.0
"""Beyond it no reader asks."""


class Answer(StrEnum):
    """What to do."""

    USE_REFERENCE = "use the reference"
    """Nothing is worth what it costs."""
    USE = "use it"
    """One toolchain is worth it, and no other comes near."""
    NO_DIFFERENCE = "no difference worth a toolchain"
    """Several are worth it, and which of them does not matter."""
    UNRESOLVED = "unresolved"
    """Too little is known for any of these."""


class Confidence(StrEnum):
    """How far an answer can be relied on."""

    HIGH = "high"
    """It holds in every case with the whole interval, and neither the race nor the audit
    says anything against it."""
    MEDIUM = "medium"
    """It holds in the geometric mean of the cases with the whole interval."""
    LOW = "low"
    """A case speaks against it, something that could change it is not known, or the build is not
    what users of a wheel could get."""


class Cost(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it takes to build a contestant's project, and to call it."""

    toolchains: tuple[str, ...]
    """Names of the compilers, without the programs that belong to one of them."""
    compilers: tuple[Tool, ...]
    """Programs that building it needs."""
    packages: tuple[Tool, ...]
    """Python packages that its build fetches by itself."""
    requires: tuple[Tool, ...]
    """Python packages that its users must have as well."""
    libraries: tuple[str, ...]
    """Shared libraries that its users need and not every system has; empty also where the audit
    did not look."""
    build_ns: int | None
    """Wall time of a build from nothing, ns; None for one that needs no build."""
    wheel_bytes: int | None
    """Size of the wheel without what it requires, bytes; None for one that needs no build."""
    code_lines: int | None = None
    """Lines of code in its project; None where there is none, and where they were not counted."""
    compiling: Compiling | None = None
    """What it takes that it is compiled when it is called; None where its build compiles it, and
    where that was not seen of the release."""


class Candidate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contestant that may be recommended: right in every case, and built as wheels are."""

    contestant: str
    """Its name."""
    threads: int
    """Threads that it may use."""
    toolchain: str
    """What a project would take on with it; the project's name where it is not declared."""
    by_case: Mapping[str, Ratio]
    """Its time over the reference's, in each case in which both were measured."""
    least: str
    """Of the cases that decide, the one in which it gains least."""
    most: str
    """Of the cases that decide, the one in which it gains most."""
    mean: Ratio
    """The geometric mean over the cases that decide."""
    side: Side
    """On which side of the threshold the speed-up in the mean lies."""
    growth_to_tell: float | None
    """By how many times the epochs must grow until that is likely to be known; 1 where it is. None
    where no number of epochs would tell, and where one epoch gives no interval."""
    losses: tuple[str, ...]
    """Of the cases that decide, those in which it is slower than the reference."""
    cost: Cost
    """What it takes to have it."""
    built_for: tuple[str, ...] = ()
    """Instructions that all of its code may use and not every processor has, such as "native":
    its wheel may crash elsewhere, whatever the profile's name."""
    longer_tails: Mapping[str, Ratio] = {}
    """Its tail latency over the reference's, in each case that decides in which it is longer."""
    memory: ExtraMemory | None = None
    """What its calls take of the memory where that is the most of the cases that decide; None where
    it was not measured."""

    @property
    def takes_more(self) -> bool:
        """Whether it takes more memory than the reference, by half of the inputs or more."""
        return self.memory is not None and self.memory.is_costly


class Barred(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contestant that is never recommended, and why."""

    contestant: str
    """Its name."""
    outcome: Outcome
    """What became of it."""
    cases: tuple[str, ...]
    """The cases in which that became of it."""


class DoubtKind(StrEnum):
    """What keeps an answer from high confidence."""

    NOT_KNOWN = "not known"
    """Of some that are recommended it is not known whether they are worth it."""
    BUILT_FOR = "built for"
    """Some that are recommended are built for processors that not every user has."""
    AGAINST = "against"
    """Some cases speak against the answer."""
    NOT_TOLD_APART = "not told apart"
    """Of those that are recommended, some may be worth more than others."""
    MISSING = "missing"
    """Cases that decide were not measured."""
    NOT_ALONE = "not alone"
    """Entries might be better and did not race with one thread."""
    DISTURBED = "disturbed"
    """The race of some cases was disturbed."""
    NOT_ASKED = "not asked"
    """Entries of the kernel were left out of the race."""
    MEMORY = "memory"
    """Some that are recommended take half of the inputs or more beyond what the reference takes."""
    TAIL = "tail"
    """Some that are recommended have a longer tail latency than the reference in some case."""
    STOPPED = "stopped"
    """The run ended before it was done."""
    UNLIKE_BUILDS = "different builds"
    """The audit found what a comparison cannot be read without."""
    REMEMBERED = "remembered"
    """Some that are recommended were timed in finding their answers again."""
    BEYOND_LIMIT = "beyond the limit"
    """Some that are recommended move their bytes far faster than the machine reads them."""
    IN_THE_MEAN = "in the mean"
    """The answer holds in the mean, and not in every case by itself."""


LOW_DOUBTS = frozenset(
    (
        DoubtKind.NOT_KNOWN,
        DoubtKind.BUILT_FOR,
        DoubtKind.AGAINST,
        DoubtKind.NOT_TOLD_APART,
        DoubtKind.MISSING,
        DoubtKind.REMEMBERED,
        DoubtKind.BEYOND_LIMIT,
    )
)
"""Any of these makes the confidence low; any of the others, medium."""


class Doubt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One reason why confidence is not high."""

    kind: DoubtKind
    """What it is."""
    names: tuple[str, ...] = ()
    """The contestants, entries or cases that it is about; empty where it is about the run."""


class Choice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer for all candidates, or for those with one thread."""

    answer: Answer
    """What to do."""
    confidence: Confidence
    """How sure that is."""
    doubts: tuple[Doubt, ...]
    """Why it is not high, the gravest first; an answer that is unresolved may have none."""
    contestant: str | None
    """What to use; where that is unresolved, the most promising. None where there is none."""
    equals: tuple[str, ...]
    """Those between which no difference is worth a toolchain: the cheapest first, behind it those
    that take more memory, and last those of which it is not known that they are worth it. Empty
    unless something is worth it."""
    against: tuple[str, ...]
    """Cases that speak against the answer."""
    best: str | None
    """The fastest in the mean of all that were chosen from; None where there was none."""
    toolchains: tuple[str, ...]
    """The toolchains of all that were chosen from, that of the fastest first."""
    between: tuple[Comparison, ...]
    """The first of the equals against each of the others, in the mean; those that share rounds."""
    ahead_of: Comparison | None
    """The one that is recommended against the best with another toolchain, in the mean; None where
    several are recommended, where there is no other, and where the two share no round."""
    unseen: tuple[str, ...]
    """Entries that might be better, and did not race with one thread."""
    spared: tuple[str, ...] = ()
    """Candidates that are as fast as one that is recommended, of its toolchain, and not named since
    they take more memory; the fastest first."""


class Threshold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From which least speed-up on an answer is given, up to where the next one begins."""

    min_speedup: float
    """How many times as fast something must be, from here on."""
    answer: Answer
    """What to do then, with as many threads as raced."""
    contestants: tuple[str, ...]
    """What to use then; empty where that is unresolved."""


class Grounds(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a decision rests on: which contestants may be recommended, and which may not."""

    min_speedup: float
    """How many times as fast something must be to be worth a toolchain: the threshold."""
    reference: str
    """Name of the reference, which every reader has already."""
    cases: tuple[str, ...]
    """The cases that decide."""
    other_cases: tuple[str, ...]
    """The other cases in which the reference was measured."""
    missing: tuple[str, ...]
    """Cases that should decide, and in which the reference was not measured."""
    candidates: tuple[Candidate, ...]
    """What may be recommended, the fastest in the mean first."""
    barred: tuple[Barred, ...]
    """What may not, though it was asked for."""
    faults: tuple[Barred, ...]
    """Other contestants at fault, such as builds with settings that no wheel is built with."""
    never_alone: tuple[str, ...]
    """Entries of candidates that take a thread count and were not to race with one thread."""
    doubtful: tuple[str, ...]
    """Of the cases that decide, those whose race was disturbed."""
    unasked: tuple[str, ...] | None
    """Entries of the kernel that were left out of the race, any of which might be better; None
    where it is not known which entries the kernel has."""


class Decision(Grounds, frozen=True, kw_only=True, omit_defaults=True):
    """What to do after a race, and all that this rests on."""

    overall: Choice
    """What to do, with as many threads as raced."""
    serial: Choice | None
    """What to do where a call may use one thread only; None where no candidate takes a thread
    count, so that it is the same."""
    thresholds: tuple[Threshold, ...]
    """The answers for every other least speed-up, from 1 to `GREATEST_MIN_SPEEDUP`."""
    changes: tuple[Change, ...]
    """In which situations the answer is or may be another one."""
    shown: tuple[str, ...]
    """Of each toolchain the best with one thread and with several, and all that are recommended."""
    crossings: tuple[Crossing, ...]
    """Where these overtake the reference or fall behind it, in families of cases."""
    call_cost: CallCost | None
    """What a call itself costs; None where the reference was not measured."""
    checked: tuple[Checked, ...]
    """What came of the checks of these, and of all that are at fault."""
    telling: tuple[tuple[str, str], ...]
    """Pairs that differ in one factor alone, which makes a difference of the threshold or more in a
    case that decides."""
    epochs: tuple[int, int] | None
    """The fewest and the most epochs behind a ratio of the race; None where none was measured."""

    def candidate(self, name: str) -> Candidate:
        """The candidate of that name."""
        return next(one for one in self.candidates if one.contestant == name)
