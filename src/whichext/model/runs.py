"""Several results side by side: what differs between them, and what that makes of their ratios."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from msgspec import Struct

from whichext.model.case import Case
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Machine


class Run(Struct, frozen=True, kw_only=True):
    """One of several results, by where it came from."""

    name: str
    """Its file, or its place among those that are compared."""
    started_at: str
    """Start of the run, UTC, ISO 8601."""
    machine: Machine
    """Where it ran."""
    whichext_version: str
    """Version of the program that measured."""
    kernel_digest: str = ""
    """Hash of the text of kernel.py; empty where it is not known."""
    copy_of: int | None = None
    """Number of the earlier run whose race it holds, as a memo of a result does; None for none."""
    altered: str | None = None
    """Which verdict its file has that its samples do not give; None for none."""
    stopped: str | None = None
    """Why it ended before it was done; None when it was done."""


class Subject(StrEnum):
    """What two runs can differ in; those of a machine are the names of its fields."""

    CPU = "cpu"
    """The processor."""
    CORES = "cores"
    """Processors that the race could use."""
    MEMORY = "memory_bytes"
    """Installed memory."""
    L2_CACHE = "l2_cache_bytes"
    """Second-level cache."""
    L3_CACHE = "l3_cache_bytes"
    """Last-level cache."""
    ISA = "isa"
    """The widest vector instructions."""
    VIRTUAL = "virtual"
    """Whether a hypervisor announces itself."""
    SYSTEM = "system"
    """Operating system."""
    PYTHON = "python"
    """Implementation and version."""
    NUMPY = "numpy"
    """Version of NumPy."""
    WHICHEXT = "whichext"
    """Version of the program that measured."""
    KERNEL = "kernel"
    """Text of kernel.py, by its hash."""
    REVISION = "revision"
    """Commit of a project at a revision."""
    TOOL = "tool"
    """Version of a program or a package that took part in builds."""
    FACTOR = "factor"
    """A factor of contestants, such as their optimisation."""
    MACHINE_CODE = "machine code"
    """What was built, by the hash of its machine code."""


class RunDifference(Struct, frozen=True, kw_only=True):
    """Something that is not the same in all runs."""

    subject: Subject
    """What kind of thing it is."""
    name: str = ""
    """Which tool, factor or project; empty where there is one of the kind."""
    of: tuple[str, ...] = ()
    """The builds or contestants of which it is true; empty where it is true of the run."""
    values: tuple[str | int | bool | None, ...]
    """What it is in each run; None where that is not known."""


class Change(Struct, frozen=True, kw_only=True):
    """What became of a ratio from one run to a later one."""

    since: int
    """Number of the run that it is compared with, from 0."""
    before: Verdict
    """The verdict of that run."""
    after: Verdict
    """The verdict of the later one."""
    ratio: Ratio
    """The later ratio over the earlier one, from their two intervals; the noise is the greater of
    the two."""
    differences: tuple[RunDifference, ...] = ()
    """What else differs between the two runs; of a history, and where a change is shown."""

    @property
    def is_shown(self) -> bool:
        """Whether the two intervals exclude each other, by more than 1 % and the noise."""
        return self.ratio.verdict in (Verdict.FASTER, Verdict.SLOWER)

    @property
    def is_of_verdict(self) -> bool:
        """Whether a change is shown, and the verdict is another one."""
        return self.is_shown and self.before is not self.after


class Cell(Struct, frozen=True, kw_only=True):
    """A contestant in a case that at least two runs have."""

    contestant: str
    """Its name."""
    ratios: tuple[Ratio | None, ...]
    """Its time over the baseline's in each run; None where it was not measured."""
    changes: tuple[Change | None, ...]
    """What became of it in each run since the first that measured it; None in that one, and where
    it was not measured."""
    medians_ns: tuple[float | None, ...] = ()
    """Median time of a call in each run, ns; empty unless all runs are of one machine."""

    @property
    def held(self) -> tuple[tuple[Verdict, int], ...]:
        """The verdicts, each with the number of runs that came to it, the most frequent first."""
        return tuple(Counter(one.verdict for one in self.ratios if one is not None).most_common())

    @property
    def shown(self) -> tuple[tuple[int, Change], ...]:
        """The changes that are shown, each with the number of its run."""
        found = enumerate(self.changes)
        return tuple((run, one) for run, one in found if one is not None and one.is_shown)

    @property
    def is_open(self) -> bool:
        """Whether a change may be there that is not shown."""
        known = (Verdict.FASTER, Verdict.SLOWER, Verdict.TIE)
        return any(one is not None and one.ratio.verdict not in known for one in self.changes)


class CaseDiff(Struct, frozen=True, kw_only=True):
    """A case that at least two runs have."""

    case: Case
    """The case."""
    cells: tuple[Cell, ...]
    """Its contestants but for the baseline, in the order of the first run."""
    leaders: tuple[tuple[str, ...], ...]
    """Of each run, the fastest contestant and those not shown to be slower."""
    baseline_ns: tuple[float | None, ...] = ()
    """Median time of a call of the baseline in each run, ns; empty as in a cell."""


class Partial(Struct, frozen=True, kw_only=True):
    """A case or a contestant that only some runs have."""

    case: Case | None = None
    """The case; None for a contestant."""
    contestant: str | None = None
    """Name of the contestant, which fewer than two runs measured in the cases of both."""
    runs: tuple[int, ...]
    """Numbers of the runs that have it, from 0."""
    outcomes: tuple[Outcome | None, ...] = ()
    """What became of the contestant in each run; None where it was not asked for."""


class Diff(Struct, frozen=True, kw_only=True):
    """The ratios of several results, side by side.

    Attributes:
        kernel: Name of the kernel that all of them raced.
        question: Its question.
        baseline: Name of the contestant that all ratios refer to.
        runs: The results, in the order in which they were given.
        one_machine: Whether all are of one machine, as far as their descriptions say. There are
            times only then.
        differences: What is not the same in all of them.
        same_code: Builds whose machine code is the same in all runs that have them, at least two.
        cases: The cases that at least two of them have.
        partial: Cases and contestants that only some of them have.

    """

    kernel: str
    question: str
    baseline: str
    runs: tuple[Run, ...]
    one_machine: bool
    differences: tuple[RunDifference, ...]
    same_code: tuple[str, ...]
    cases: tuple[CaseDiff, ...]
    partial: tuple[Partial, ...]

    @property
    def cells(self) -> tuple[tuple[str, Cell], ...]:
        """All cells, each with the name of its case."""
        return tuple((one.case.name, cell) for one in self.cases for cell in one.cells)

    @property
    def holding(self) -> int:
        """How many verdicts are the same in all runs that came to one."""
        return sum(len(cell.held) == 1 for _, cell in self.cells)

    @property
    def changed(self) -> tuple[tuple[str, Cell], ...]:
        """The cells in which a verdict changed and a change is shown."""
        return tuple(
            (case, cell)
            for case, cell in self.cells
            if any(change.is_of_verdict for _, change in cell.shown)
        )

    @property
    def unshown(self) -> int:
        """How many verdicts have another name in some run, without a change that is shown."""
        return len(self.cells) - self.holding - len(self.changed)


class Point(Struct, frozen=True, kw_only=True):
    """A ratio in one run of a history."""

    run: int
    """Number of the run, from 0."""
    ratio: Ratio
    """The ratio."""
    change: Change | None
    """What became of it since the run with the narrowest interval after the last change that is
    shown; None in the first run."""


class Course(Struct, frozen=True, kw_only=True):
    """One ratio over all runs of one machine, in one case."""

    case: Case
    """The case."""
    machine: Machine
    """The machine of the first of these runs."""
    points: tuple[Point, ...]
    """The ratio in each run that has it, the earliest first."""


class Why(StrEnum):
    """Why a file of a folder says nothing about a ratio."""

    UNREAD = "unread"
    """It could not be read as a result."""
    COPY = "copy"
    """It holds the same race as an earlier one."""
    WITHOUT = "without"
    """It does not have the ratio: the two were not measured in one round, or not in the case."""


class Skipped(Struct, frozen=True, kw_only=True):
    """A file of a folder that says nothing about a ratio."""

    name: str
    """Its name."""
    why: Why
    """Why."""
    detail: str = ""
    """The error of a file that could not be read; of a copy, the name of the other file."""


class History(Struct, frozen=True, kw_only=True):
    """The course of one ratio over results.

    Attributes:
        kernel: Name of the kernel.
        of: Name of the contestant.
        over: Name of the one whose time it is compared with.
        runs: The results that have the ratio, the earliest first.
        courses: Its course on each machine, in each case.
        skipped: Files that could not be read, or do not have the ratio.

    """

    kernel: str
    of: str
    over: str
    runs: tuple[Run, ...]
    courses: tuple[Course, ...]
    skipped: tuple[Skipped, ...]
