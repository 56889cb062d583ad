"""A claim, and what a result says of it: all that a report needs, so that a file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from whichext.model.contestant import Difference
from whichext.model.outcome import Fault, Outcome
from whichext.model.ratio import Ratio, Verdict

FORMS = (
    "A is faster than B",
    "A is slower than B",
    "A is as fast as B",
    "A is not slower than B",
    "A is 2x faster than B",
    "A is 20% slower than B",
    "A is 2x as fast as B",
    "A is twice as fast as B",
    "A is within 5% of B",
    "A takes at most 0.45 of the time of B",
    "A has a shorter tail than B",
    "A has at most 2x the tail of B",
    "A reaches 90% of the limit",
    "A uses at most 2 threads",
    "A uses at most 1.1x the input",
    "A uses less memory than B",
    "A uses at most 2x the memory of B",
)
"""An example of every form of a claim."""
BEFORE_NUMBERS = "before a number: at least, >=, at most, <= or about"
ADDITIONS = f"{BEFORE_NUMBERS}\n  then: on CASE and CASE, on every machine or on most machines"
"""What claims of every form may have besides."""


class Quantity(StrEnum):
    """What a claim is about."""

    SPEED = "speed"
    """Time of B / time of A: how many times as fast A is."""
    TIME = "time"
    """Time of A / time of B."""
    TAIL = "tail"
    """Tail latency of A / tail latency of B, where several threads call at once."""
    SHARE = "share"
    """Share of the limit that A reaches."""
    THREADS = "threads"
    """Threads that were busy during a call of A."""
    MEMORY = "memory"
    """Inputs and all that a call of A takes beyond them and its answer, over the inputs."""
    MEMORY_RATIO = "memory_ratio"
    """The same of A over that of B."""


class Range(Struct, frozen=True):
    """Where a quantity lies if the claim is true."""

    low: float | None
    """Its lower end; None where only an upper one was claimed."""
    high: float | None
    """Its upper end; None where only a lower one was claimed."""

    @property
    def ends(self) -> tuple[float, ...]:
        """Those of its ends that were claimed."""
        return tuple(end for end in (self.low, self.high) if end is not None)


class Statement(Struct, frozen=True, kw_only=True):
    """What is claimed of the contestants, whichever they are."""

    quantity: Quantity
    """What it is about."""
    states: Range | Verdict
    """Where that lies; without a number, what a report would say of A against B."""
    direction: Verdict | None
    """Whether A is said to be faster or slower than B; None where that is left open."""
    words: str
    """The words that say so, such as "at least 2x"."""
    negated: bool = False
    """Whether it says that the verdict is another one than it states."""


class Standing(StrEnum):
    """What may be said of a claim."""

    HOLDS = "holds"
    """In every case, the whole interval agrees with it."""
    REFUTED = "refuted"
    """In some case, the whole interval contradicts it."""
    UNRESOLVED = "unresolved"
    """Nothing of these: the interval is too wide, or something was not measured."""


class Extent(StrEnum):
    """On which machines a claim is said to hold."""

    HERE = "here"
    """On the machine on which it is checked."""
    EVERY = "every machine"
    """On all machines of a fleet."""
    MOST = "most machines"
    """On more than half of them."""


def worst(standings: Iterable[Standing]) -> Standing:
    """What may be said of several together: one that is refuted refutes them all."""
    found = set(standings)
    order = (Standing.REFUTED, Standing.UNRESOLVED)
    return next((standing for standing in order if standing in found), Standing.HOLDS)


def together(extent: Extent, standings: Sequence[Standing | None]) -> Standing:
    """What may be said of a claim on several machines.

    One machine can refute that something is so on every one, and can show neither that nor what is
    so on most of them.

    Args:
        extent: On which of them it is said to hold.
        standings: What may be said on each of them; None where it was not asked.

    """
    found = [one for one in standings if one is not None]
    if extent is Extent.HERE:
        return worst(found)
    if extent is Extent.EVERY:
        whole = worst(found) if found else Standing.UNRESOLVED
        one = whole is Standing.HOLDS and len(found) < 2
        return Standing.UNRESOLVED if one else whole
    if len(found) < 2:
        return Standing.UNRESOLVED
    if 2 * found.count(Standing.HOLDS) > len(found):
        return Standing.HOLDS
    most = 2 * found.count(Standing.REFUTED) >= len(found)
    return Standing.REFUTED if most else Standing.UNRESOLVED


Between = tuple[float, float]
"""The least and the most that a share of the inputs, or a ratio of two, may be where a part of the
memory is too small to see."""
Amount = Ratio | int | float | Between
"""What a claim is about: a ratio with its interval, a counted number of threads, or memory as a
share of the inputs, which was read once."""


class Missing(Struct, frozen=True):
    """A contestant or a case without which nothing can be said."""

    contestant: str | None
    """Name of the contestant; None where the case itself is not in the result."""
    outcome: Outcome | None = None
    """What became of the contestant; None where it was never asked for."""


class ClaimCase(Struct, frozen=True, kw_only=True):
    """What became of a claim in a case."""

    case: str
    """Name of the case."""
    standing: Standing
    """What may be said."""
    measured: Amount | None = None
    """The quantity that the claim is about; None where it could not be measured."""
    verdict: Verdict | None = None
    """What a report would say of A against B; None without B."""
    epochs_needed: int | None = None
    """Epochs after which an unresolved claim is likely to be resolved; None where unknown."""
    noise: float | None = None
    """How far apart identical code was, where nothing else keeps the claim from an answer, as a
    share (0.1 is 10 %); else None."""
    missing: tuple[Missing, ...] = ()
    """What was not measured."""


class Released(Struct, frozen=True, kw_only=True):
    """The same entries under the compiler's settings of the release."""

    names: tuple[str, ...]
    """Names of A and, where there is one, B under the release's settings."""
    changes: tuple[Difference, ...]
    """What these settings change, for A, B or both."""
    is_told: bool
    """Whether the changes say all that was made equal: the release's value of each is known, and
    A and B differ in none of their factors any more."""
    differences: tuple[Difference, ...]
    """In what A differs from B then; empty without B."""
    measured: tuple[tuple[str, Amount], ...]
    """The claim's quantity in each case in which it was measured, by the case's name."""


class ClaimResult(Struct, frozen=True, kw_only=True):
    """A claim, what became of it, and what is to be said of it."""

    text: str
    """The claim as it was written, on one line."""
    names: tuple[str, ...]
    """Names of contestant A and, where there is one, of contestant B."""
    statement: Statement
    """What is claimed of them."""
    source: str | None = None
    """Where it was stated, and by which author; None where that is not given."""
    published: str | None = None
    """The number as it was published; None where that is not given."""
    note: str | None = None
    """What a reader should know of it; None where there is nothing."""
    extent: Extent = Extent.HERE
    """On which machines it is said to hold."""
    standing: Standing
    """What may be said of all cases together, on the machines that it is about."""
    cases: tuple[ClaimCase, ...]
    """What became of it in each case."""
    differences: tuple[Difference, ...] | None
    """In what A differs from B; None without B, or where the result does not have both."""
    spoiled: tuple[str, ...] = ()
    """Those of A and B of which the audit found what may make a difference by itself; empty without
    B."""
    released: Released | None
    """What the release's settings give; None where A and B have them, or only they differ."""

    @property
    def is_confounded(self) -> bool:
        """Whether A and B differ in several factors, so that the ratio isolates none of them."""
        return self.differences is not None and len(self.differences) > 1

    @property
    def is_broken(self) -> bool:
        """Whether A or B did not build, crashed, took too long or answered wrongly."""
        outcomes = (missing.outcome for case in self.cases for missing in case.missing)
        return any(isinstance(outcome, Fault) for outcome in outcomes)

    @property
    def here(self) -> Standing:
        """What may be said of it on the machine of the result."""
        return worst(case.standing for case in self.cases)

    @property
    def names_cases(self) -> bool:
        """Whether it says in which cases, so that a reader knows how."""
        return " on " in self.text.lower().removesuffix(f" on {self.extent}")

    @property
    def is_measured(self) -> bool:
        """Whether its quantity is known in some case."""
        return any(case.measured is not None for case in self.cases)


def count_standings(claims: Iterable[ClaimResult]) -> Mapping[Standing, int]:
    """How many claims came out how; every standing has its number, which may be 0."""
    standings = [claim.standing for claim in claims]
    return {standing: standings.count(standing) for standing in Standing}
