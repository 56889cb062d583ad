"""What verify finds out about a contestant: its checks, and which exclude it from the race."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from whichext.model.outcome import Fault, Outcome, Right, Unsupported


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
    """What one call leaves behind for the next: errors, buffers that are used again, answers."""
    THREADS = "threads"
    """Other thread counts, and several Python threads at once."""
    MEMORY = "memory"
    """Whether the process grows from call to call; of older results alone: now it is measured on
    the cases."""
    FORK = "fork"
    """A call in a forked child after one in its parent."""
    CASES = "cases"
    """What is raced."""

    @property
    def bars(self) -> bool:
        """Whether a fault in it excludes from the race; hanging after a fork does not."""
        return self is not Property.FORK


DRAWN = "drawn inputs"
"""Name of all inputs that were drawn one by one."""


class Allocation(Struct, frozen=True, kw_only=True, array_like=True):
    """Memory that a call asked for at one place, when it had most of it."""

    size_bytes: int
    """How much, bytes; not all of it need be resident."""
    function: str | None
    """Native function that the line called; None where it is the interpreter's."""
    line: str | None
    """File and line of Python, for example "slow.py:12"; None where no Python called."""
    like_answer: bool = False
    """Whether an array of the answer is as large: then it may be this one."""


class Memory(Struct, frozen=True, kw_only=True, array_like=True):
    """What a call took of the machine's memory; resident, in whole pages."""

    peak_bytes: int
    """Most that the process had during the call over its inputs and its answer, bytes."""
    kept_bytes: int
    """What it still had of that when the answer was given back, bytes."""
    growth_bytes: int | None = None
    """What each further call added to that, at least, bytes; None where there was none."""
    allocations: tuple[Allocation, ...] = ()
    """Where most of it was asked for, the answer included, the largest first; empty where that was
    not recorded."""
    leak_bytes: int | None = None
    """What each of many calls on a smaller input added, bytes; None where these were not made."""


class Check(Struct, frozen=True, kw_only=True, array_like=True):
    """What became of a contestant on one input, or in one way of calling it."""

    contestant: str
    """Name of the contestant."""
    input: str | None
    """Name of the case, of the nasty input, or of what was done other than one call; None for all
    right answers of a property together."""
    result: Outcome
    """Right, refused, what went wrong, or what was missing."""
    took_ns: int | None = None
    """Wall time of the call, ns; None where it was not measured."""
    property: Property = Property.PLAIN
    """What it looks at."""
    count: int = 1
    """Number of inputs that it represents."""
    snippet: str | None = None
    """Python that makes the arguments; of the first fault only, else None."""
    memory: Memory | None = None
    """What the call took of the memory; None where it was not measured."""


class Tally(Struct, frozen=True, kw_only=True):
    """How often what happened, over several checks."""

    right: int
    """Inputs that were answered rightly."""
    refused: int
    """Inputs that were refused with a clean error."""
    fault: type[Outcome] | None
    """The worst kind of fault; None where there was none."""
    faults: int
    """Inputs with a fault of that kind."""

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Tally:
        """Count the results of the inputs that these checks represent."""
        counts: dict[type[Outcome], int] = {}
        for check in checks:
            kind = type(check.result)
            counts[kind] = counts.get(kind, 0) + check.count
        worst = next((kind for kind in get_args(Fault) if kind in counts), None)
        return cls(
            right=counts.get(Right, 0),
            refused=counts.get(Unsupported, 0),
            fault=worst,
            faults=0 if worst is None else counts[worst],
        )


def find_fault(contestant: str, checks: Iterable[Check]) -> Outcome | None:
    """The fault that excludes a contestant from the race; None when there is none."""
    for check in checks:
        of_it = check.contestant == contestant and check.property.bars
        if of_it and not isinstance(check.result, Right | Unsupported):
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


def merged(checks: Iterable[Check], *, refusals: bool) -> tuple[Check, ...]:
    """The checks with those that were right counted: one for each contestant and property.

    What became of a case stays by itself: how long its call took is known, and whether it races.

    Args:
        checks: One by one, or merged before.
        refusals: Whether clean errors are counted as well; the first one's reason stays.

    """
    counted = Right | Unsupported if refusals else Right
    kept: dict[object, Check] = {}
    for check in checks:
        if not isinstance(check.result, counted) or check.property is Property.CASES:
            kept[object()] = check
            continue
        place = (check.contestant, check.property, type(check.result))
        before = kept.get(place)
        count = check.count + (before.count if before is not None else 0)
        kept[place] = replace(before or check, input=None, count=count, took_ns=None)
    return tuple(kept.values())
