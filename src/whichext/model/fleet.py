"""Results of many machines: which verdicts hold on how many, and where they do not."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from whichext.model.case import Case
from whichext.model.claim import Extent, Standing
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Machine
from whichext.model.runs import Run, RunDifference, Skipped

RESOLVED = (Verdict.FASTER, Verdict.SLOWER, Verdict.TIE)
"""The verdicts that say something."""


class FleetMachine(Struct, frozen=True, kw_only=True):
    """A machine, and which results are of it."""

    machine: Machine
    """What it is, as its first result describes it."""
    runs: tuple[int, ...]
    """Numbers of its results, from 0."""


class Kind(Struct, frozen=True, kw_only=True):
    """Machines with one processor."""

    cpu: str
    """The processor's name for itself."""
    machines: tuple[int, ...]
    """Numbers of the machines, from 0."""


class KindEffect(Struct, frozen=True, kw_only=True):
    """What another processor makes of a ratio."""

    kind: int
    """Number of the kind of machines, from 0."""
    base: int
    """Number of the kind that it is compared with."""
    ratio: Ratio
    """The mean ratio on machines of that kind over the mean on the other's."""


class Holding(StrEnum):
    """What may be said of a verdict on all machines together."""

    EVERY = "every"
    """It holds on every machine that has the contestant."""
    DIFFERS = "differs"
    """Machines come to verdicts that exclude each other."""
    OPEN = "open"
    """No machine contradicts it, and on some it is unresolved."""


class FleetCell(Struct, frozen=True, kw_only=True):
    """A contestant in a case, on all machines."""

    contestant: str
    """Its name; with "[all]" where its threads are as many as each machine has processors."""
    ratios: tuple[Ratio | None, ...]
    """Its time over the baseline's on each machine; None where it was not measured."""
    mean: Ratio | None = None
    """The mean over machines; None with fewer than three."""
    further: Ratio | None = None
    """Where the ratio of a further machine probably lies; None with fewer than three."""
    kinds: tuple[KindEffect, ...] = ()
    """What different processors make of it; empty where there are too few machines to tell."""
    shared: tuple[RunDifference, ...] = ()
    """What all exceptions have in common and no other machine has, each with its value for the
    exceptions alone."""

    @property
    def verdicts(self) -> tuple[Verdict | None, ...]:
        """The verdict on each machine; None where the contestant was not measured."""
        return tuple(None if one is None else one.verdict for one in self.ratios)

    @property
    def most(self) -> Verdict:
        """The resolved verdict that most machines come to; unresolved where none is.

        Of two that as many come to, it is the same one in whatever order the machines are.
        """
        found = [one for one in Verdict if one in RESOLVED and one in self.verdicts]
        return max(found, key=self.verdicts.count) if found else Verdict.UNRESOLVED

    @property
    def on(self) -> tuple[int, ...]:
        """Numbers of the machines that come to the most frequent verdict."""
        return self._having(self.most)

    @property
    def exceptions(self) -> tuple[int, ...]:
        """Numbers of the machines that come to a verdict which excludes the most frequent one."""
        return tuple(
            number
            for number, verdict in enumerate(self.verdicts)
            if verdict in RESOLVED and verdict is not self.most
        )

    @property
    def unresolved(self) -> tuple[int, ...]:
        """Numbers of the machines on which nothing may be said."""
        return self._having(Verdict.UNRESOLVED)

    @property
    def measured(self) -> tuple[int, ...]:
        """Numbers of the machines that measured it."""
        return tuple(number for number, one in enumerate(self.ratios) if one is not None)

    @property
    def holding(self) -> Holding:
        """What may be said of the most frequent verdict on all machines together."""
        if self.exceptions:
            return Holding.DIFFERS
        return Holding.OPEN if self.unresolved else Holding.EVERY

    def _having(self, verdict: Verdict) -> tuple[int, ...]:
        return tuple(number for number, one in enumerate(self.verdicts) if one is verdict)


class FleetCase(Struct, frozen=True, kw_only=True):
    """A case with all that was measured in it on some machine."""

    case: Case
    """The case."""
    cells: tuple[FleetCell, ...]
    """Its contestants but for the baseline."""


class FleetClaim(Struct, frozen=True, kw_only=True):
    """A claim, and what became of it on each machine."""

    text: str
    """The claim as it was written."""
    extent: Extent
    """On which machines it is said to hold."""
    standing: Standing
    """What may be said of it on these machines together."""
    standings: tuple[Standing | None, ...]
    """What may be said on each machine; None where it was not asked there."""


class Fleet(Struct, frozen=True, kw_only=True):
    """Results of many machines, judged together.

    Attributes:
        kernel: Name of the kernel that all of them raced.
        question: Its question.
        baseline: Name of the contestant that all ratios refer to.
        runs: The results, without those that hold the race of another.
        machines: The machines; a machine is its boot and processor, or its owner's label.
        alike: Pairs of numbers of machines that describe themselves alike, so that they may be one
            machine that was started again.
        kinds: Its machines by their processors, in the order in which they come.
        cases: The cases.
        claims: The claims that were asked, or that the results hold answers to.
        skipped: Files that could not be read, or hold the race of another.

    """

    kernel: str
    question: str
    baseline: str
    runs: tuple[Run, ...]
    machines: tuple[FleetMachine, ...]
    alike: tuple[tuple[int, int], ...]
    kinds: tuple[Kind, ...]
    cases: tuple[FleetCase, ...]
    claims: tuple[FleetClaim, ...]
    skipped: tuple[Skipped, ...]

    @property
    def cells(self) -> tuple[tuple[str, FleetCell], ...]:
        """All cells, each with the name of its case."""
        return tuple((one.case.name, cell) for one in self.cases for cell in one.cells)
