"""What calls take of the memory beyond their inputs and answers, where that is worth a note."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.check import Allocation, Memory

SEEN_BYTES = 1_000_000
"""Less is too small to see: the system counts whole pages, and allocators take some ahead."""
COPY = 0.9
"""Share of the largest argument's size from which on what a call takes is worth a note."""
COSTLY = 0.5
"""Share of the inputs from which on what a call takes more than the reference is a cost."""


class MemoryNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contestant whose calls take as much memory as an argument, or add to the process."""

    contestant: str
    """Its name."""
    copied_bytes: int | None = None
    """What a call takes beyond its inputs and its answer, bytes; None where that is little."""
    like: tuple[tuple[int, ...], ...] = ()
    """Copies of which arguments, numbered from 1, are as large: (2,) is one of the second, (1, 1)
    are two of the first. Several where either would do; empty where none would."""
    allocations: tuple[Allocation, ...] = ()
    """Where it was asked for, the answer included; empty where that was not recorded."""
    growth_bytes: int | None = None
    """What each call adds to the process, bytes; None where it adds nothing that can be seen."""


class ExtraMemory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a candidate takes beyond inputs and answer, in the case in which it is the most."""

    case: str
    """Name of the case."""
    peak_bytes: int
    """What a call takes, bytes; 0 where it is too little to see."""
    reference_bytes: int | None
    """What a call of the reference takes, bytes; None where that was not measured."""
    input_bytes: int
    """Size of the inputs, bytes."""
    growth_bytes: int = 0
    """What each call adds to the process, in the case in which that is most, bytes."""

    @property
    def of_input(self) -> float:
        """What it takes more than the reference, as a share of the inputs."""
        return (self.peak_bytes - (self.reference_bytes or 0)) / self.input_bytes

    @property
    def is_costly(self) -> bool:
        """Whether that is so much that a reader must know it, or never ends."""
        return self.of_input >= COSTLY or self.growth_bytes > 0


def seen(count_bytes: int | None) -> int:
    """A number of bytes; 0 where it is too small to see, or not known."""
    return count_bytes if count_bytes is not None and count_bytes >= SEEN_BYTES else 0


def growth_of(memory: Memory) -> int:
    """What every call adds to the process, bytes; 0 for nothing that can be seen.

    What a single call keeps is none: a pool, an arena or a library may have come to stay. Nor is
    what some later calls added: then it is no part of every call.
    """
    of_case = min(seen(memory.kept_bytes), seen(memory.growth_bytes))
    return max(of_case, memory.leak_bytes or 0)
