"""Insights: conclusions beyond single ratios, which `judge` finds once.

Contestants and cases are given by name. Ratios are times over times: below 1 the first is faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from whichext.model.contestant import Difference
from whichext.model.ratio import Ratio, Verdict


class Effect(Struct, frozen=True, kw_only=True):
    """The effect of one factor in a case: two contestants that differ in it only."""

    case: str
    """Name of the case."""
    factor: str
    """Name of the factor."""
    before: str
    """Its value for the first contestant."""
    after: str
    """Its value for the second."""
    contestant_before: str
    """Name of the first contestant."""
    contestant_after: str
    """Name of the second."""
    ratio: Ratio
    """Time of the second over time of the first; its inverse is what the factor's change brings."""


def extremes(effects: Iterable[Effect]) -> tuple[Effect, Effect]:
    """The effect that speeds up least, and the one that speeds up most."""
    ordered = sorted(effects, key=lambda effect: -effect.ratio.value)
    return ordered[0], ordered[-1]


# The fastest


class Rival(Struct, frozen=True, kw_only=True):
    """A contestant that was not shown to be slower than the fastest."""

    contestant: str
    """Its name."""
    ratio: Ratio | None
    """Its time over that of the fastest; None where the two share no round."""


class Leaders(Struct, frozen=True, kw_only=True):
    """The fastest of a case, by direct comparison with each other contestant."""

    leader: str
    """Name of the fastest."""
    rivals: tuple[Rival, ...]
    """Those that were not shown to be slower, the fastest first."""
    compared: int
    """With how many others it was compared."""
    confidence: float
    """Coverage of each comparison's interval: so high that all of them together have that of the
    result."""

    @property
    def names(self) -> tuple[str, ...]:
        """The leader and its rivals."""
        return (self.leader, *(rival.contestant for rival in self.rivals))


class Efficiency(Struct, frozen=True, kw_only=True):
    """Parallel efficiency of a contestant, relative to the best with one thread.

    Against one thread of the same code, a slow kernel would look good for scaling well.
    """

    contestant: str
    """Its name."""
    serial: str
    """Name of the fastest contestant with one thread."""
    ratio: Ratio
    """Share of the ideal: time of the serial one over that of all threads together; 1 where every
    thread brings as much as the serial one does."""


class FirstCall(Struct, frozen=True, kw_only=True):
    """Import time and time of the first call in a fresh process, which are never in a ratio."""

    contestant: str
    """Its name."""
    import_ns: float | None
    """Median time of the import of its module, ns; None where it was not noted."""
    first_call_ns: float
    """Median time of the first call, ns."""


# What makes up a ratio that is quoted


class Ladder(Struct, frozen=True, kw_only=True, tag=True):
    """A path from one contestant to another, each step of which changes one factor."""

    rungs: tuple[Effect, ...]
    """The steps in order, each an effect in the direction of the way."""
    ratio: Ratio
    """Time of the end over time of the start, measured directly."""
    product: float
    """Speed-ups of all rungs multiplied: that of the whole, measured step by step."""


class Gap(Struct, frozen=True, kw_only=True, tag=True):
    """There is no ladder between two contestants."""

    missing: tuple[str, ...]
    """Names of contestants that would close it and can be made of the sources that there are; empty
    where none can."""
    settings: tuple[str, ...]
    """Names of the single compiler settings that make them; empty where these play no part."""
    threads: tuple[int, ...]
    """The thread counts of a race that has them as well as those that raced; empty where the count
    plays no part."""
    nearest: tuple[str, str]
    """The two that come nearest to each other, of those to which there is a way from the ends. One
    name twice where there is a way after all, and not each step of it has an interval."""
    differences: tuple[Difference, ...]
    """In what these two differ."""


class Headline(Struct, frozen=True, kw_only=True):
    """The headline ratio of a case, and its ladder."""

    start: str
    """Name of the contestant with which people begin."""
    end: str
    """The best with as many threads; of several that cannot be told apart, one with a ladder."""
    parallel: bool
    """Whether the end has several threads."""
    why: Ladder | Gap
    """What makes the ratio up, or what is missing to tell."""


class Confounded(Struct, frozen=True, kw_only=True):
    """A leader and its baseline differ in several factors, so their ratio isolates none of them."""

    baseline: str
    """Name of the baseline."""
    leader: str
    """Name of the fastest."""
    cases: tuple[str, ...]
    """The cases in which it is the fastest and ratios refer to that baseline."""
    factors: tuple[str, ...]
    """Names of the factors in which the two differ."""


# Families of cases


class Point(Struct, frozen=True, kw_only=True):
    """A case of a family, and how fast a contestant is in it."""

    case: str
    """Name of the case."""
    ratio: Ratio
    """Time of the contestant over that of the baseline."""


class Turn(Struct, frozen=True, kw_only=True):
    """Between two cases a contestant overtakes the baseline, or falls behind it."""

    before: Point
    """The last case before."""
    after: Point
    """The first case after."""

    @property
    def overtakes(self) -> bool:
        """Whether it is the faster one from there on; otherwise it is the slower one."""
        return self.after.ratio.verdict is Verdict.FASTER


class Trend(Struct, frozen=True, kw_only=True):
    """How a contestant compares with the run's baseline over a family of at least two cases."""

    family: str
    """Name of the family."""
    contestant: str
    """Name of the contestant."""
    turns: tuple[Turn, ...]
    """Where it overtakes the baseline or falls behind; empty where it does neither."""
    verdicts: tuple[Verdict, ...]
    """The verdicts of all these cases, each once, in the order of the family."""


# What makes a result doubtful


class RaceNoise(Struct, frozen=True, kw_only=True):
    """What disturbed a race as a whole, and how far apart identical code was in it."""

    original: str | None
    """Name of the contestant that raced twice; None where none did."""
    floor: float | None
    """How far the ratio of the two copies was from 1 in the worst case, as a share; None where none
    raced."""
    rounds: int
    """Rounds that were raced, in all cases."""
    dropped: int
    """Those that were not counted, since another guest had the processor in them."""
    spoiled: int
    """All in which another guest had the processor: the dropped ones, and those that stayed since
    too few would have been left."""


class MeasuredElsewhere(Struct, frozen=True, kw_only=True, tag=True):
    """Another program measured: without rounds in common, fresh processes and checks."""

    program: str
    """Its name and version."""


class RunStopped(Struct, frozen=True, kw_only=True, tag=True):
    """The run ended before it was done."""

    reason: str
    """Why."""


class FindingSpoils(Struct, frozen=True, kw_only=True, tag=True):
    """The audit found something that makes a comparison unfair."""

    finding: int
    """Its place in `Raw.findings`, from 0."""


class TimeStolen(Struct, frozen=True, kw_only=True, tag=True):
    """So many rounds of a case had steal time that the race should be repeated."""

    case: str
    """Name of the case."""
    rounds: int
    """Rounds that were raced."""
    spoiled: int
    """Those in which another guest had the processor."""
    counted: int
    """Those of the spoiled that were counted, since too few would have been left."""


class TwinDiffers(Struct, frozen=True, kw_only=True, tag=True):
    """Two copies of one piece of code differ by more than a tie."""

    case: str
    """Name of the case."""
    ratio: Ratio
    """Time of the copy over that of the original."""


class ThreadsUnlikeAsked(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A contestant kept more or fewer threads busy than requested."""

    contestant: str
    """Its name."""
    case: str
    """Name of the case."""
    asked: int
    """Threads that it was to use."""
    busy: int
    """Threads that were busy."""
    cores: int | None = None
    """Processors of the machine, where more threads were busy than that; None elsewhere."""
    pools: tuple[str, ...] = ()
    """Whose threads there are so many of each: where there are two, one starts the other's."""


class AnswersUncompared(Struct, frozen=True, kw_only=True, tag=True):
    """The answers of timed calls were not compared, since there was no memory to keep one."""

    cases: tuple[str, ...]
    """Names of the cases."""


class AnswersRemembered(Struct, frozen=True, kw_only=True, tag=True):
    """Contestants that find answers again by content were timed on what they had seen before."""

    case: str
    """Name of the case."""
    contestants: tuple[str, ...]
    """Their names."""


class Happened(StrEnum):
    """The outcome of a call that should have given the right answer."""

    WRONG = "wrong"
    """It gave another answer."""
    CRASHED = "crashed"
    """Its process ended."""
    TIMED_OUT = "timed out"
    """It gave no answer in time."""


class ForkHazard(Struct, frozen=True, kw_only=True, tag=True):
    """Calls fail in a forked child after a call in its parent; this excludes none from a race."""

    happened: Happened
    """What becomes of the call in the child."""
    contestants: tuple[str, ...]
    """Names of the contestants; none of them is at fault in any other way."""


class BeyondLimit(Struct, frozen=True, kw_only=True, tag=True):
    """Contestants move the bytes of a call far faster than the limit reads them."""

    case: str
    """Name of the case."""
    contestants: tuple[str, ...]
    """Their names, the fastest first."""
    of_limit: Ratio
    """Share of the limit that the first of them reaches."""


ResultWarning = (
    MeasuredElsewhere
    | RunStopped
    | FindingSpoils
    | TimeStolen
    | TwinDiffers
    | ThreadsUnlikeAsked
    | AnswersUncompared
    | AnswersRemembered
    | ForkHazard
    | BeyondLimit
)
"""What a reader must know before believing a result."""
