"""The context of a decision: situations that change it, and what its tables also show."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.ratio import Comparison, Ratio, Side


class WithOneThread(Struct, frozen=True, kw_only=True, tag=True):
    """A call may use one thread only: what is recommended uses several."""

    gains: tuple[Comparison, ...]
    """What is recommended then, against the reference."""


class MostlyCase(Struct, frozen=True, kw_only=True, tag=True):
    """One case is what matters, and the answer is another one in it."""

    case: str
    """Its name."""
    side: Side
    """On which side of the threshold the speed-ups in it lie."""
    gains: tuple[Comparison, ...]
    """These, against the reference in that case."""


class BetterInCase(Struct, frozen=True, kw_only=True, tag=True):
    """One case is what matters, and another contestant is worth it in it."""

    case: str
    """Its name."""
    gain: Comparison
    """That one against one that is recommended, in that case."""


class ToolchainThere(Struct, frozen=True, kw_only=True, tag=True):
    """Another toolchain is there already, and it brings something."""

    toolchain: str
    """Its name."""
    gain: Comparison
    """The best with it against the reference, in the mean."""
    losses: tuple[str, ...]
    """The cases that decide and in which that one is slower than the reference."""
    recommended: Comparison | None
    """What is recommended against that one, in the mean; None where nothing is, and where the two
    share no round."""


class KnownBetter(Struct, frozen=True, kw_only=True, tag=True):
    """More is known of one that is as good and of which it is not known that it is worth it."""

    contestant: str
    """Its name."""


class NotTriedYet(Struct, frozen=True, kw_only=True, tag=True):
    """Those that could not be tried take part."""

    contestants: tuple[str, ...]
    """Their names; the reasons are given with the excluded contestants."""


class FewerCases(Struct, frozen=True, kw_only=True, tag=True):
    """The cases that some refuse are not needed."""

    contestants: tuple[str, ...]
    """Names of those that refuse some."""


class Mended(Struct, frozen=True, kw_only=True, tag=True):
    """The faulty contestants are fixed."""

    contestants: tuple[str, ...]
    """Their names."""


class Share(Struct, frozen=True, kw_only=True):
    """How near a contestant comes to the limit of the machine in a case."""

    contestant: str
    """Its name."""
    case: str
    """Name of the case."""
    of_limit: Ratio
    """Share of the limit; 1 is as fast as the machine can."""


class AnotherMachine(Struct, frozen=True, kw_only=True, tag=True):
    """What is recommended is at the limit of this machine: only another one makes it faster."""

    shares: tuple[Share, ...]
    """In which cases."""


Change = (
    WithOneThread
    | MostlyCase
    | BetterInCase
    | ToolchainThere
    | KnownBetter
    | NotTriedYet
    | FewerCases
    | Mended
    | AnotherMachine
)
"""A situation in which the answer is or may be another one."""


class Crossing(Struct, frozen=True, kw_only=True):
    """Where in a family of cases a contestant overtakes the reference, or falls behind it."""

    contestant: str
    """Its name."""
    before: str
    """The last case before."""
    after: str
    """The first case after."""
    overtakes: bool
    """Whether it is the faster one from there on; otherwise it is the slower one."""


class CallCost(Struct, frozen=True, kw_only=True):
    """What a call itself costs, as far as the smallest case shows it."""

    case: str
    """The smallest case in which the reference was measured."""
    shows: bool
    """Whether its calls are so short that they show it."""
    contestants: tuple[str, ...]
    """Names of the reference and of all in `Decision.shown` that were measured in it."""


class Checked(Struct, frozen=True, kw_only=True):
    """How often a contestant did what with inputs and ways of calling that it was checked on."""

    contestant: str
    """Its name."""
    right: int
    """It gave the reference's answer."""
    refused: int
    """It refused with a clean error."""
    wrong: int
    """It gave another answer."""
    crashed: int
    """Its process ended."""
    timed_out: int
    """It gave no answer in time."""
