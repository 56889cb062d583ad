"""What was measured, and on which machine: raw, in order, and never changed afterwards.

Times are integer nanoseconds and sizes integer bytes; only reports turn them into human units.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from whichext.model.case import Case
from whichext.model.check import Check
from whichext.model.contestant import Contestant, Profile
from whichext.model.evidence import Evidence, Probe
from whichext.model.finding import Finding
from whichext.model.outcome import Outcome, Wrong

INTERRUPTED = "it was interrupted"
"""Why a run ended that Ctrl-C or a signal ended."""
CUT_SHORT = "the run did not come to its end"
"""Why a run ended that was killed: only its journal is left."""
_SAME = ("cpu", "cores", "l2_cache_bytes", "l3_cache_bytes", "isa", "virtual")
_KEPT_MEMORY = 0.02


class Machine(Struct, frozen=True, kw_only=True):
    """The machine and the Python that a result was measured on."""

    cpu: str
    """The processor's name for itself."""
    cores: int
    """Processors that this process may use."""
    memory_bytes: int | None
    """Installed memory, bytes; None where the program that measured does not tell."""
    l2_cache_bytes: int | None
    """Second-level cache, bytes; None where the system does not tell."""
    l3_cache_bytes: int | None
    """Last-level cache, bytes; None where the system does not tell."""
    isa: str | None
    """The widest vector instructions: "avx512", "avx2", "sse4.2", "neon" or "baseline"; None where
    the program that measured does not tell."""
    virtual: bool
    """Whether a hypervisor announces itself."""
    system: str
    """Operating system, its release and the architecture."""
    python: str
    """Implementation and version."""
    numpy: str | None
    """Version of NumPy; None where the program that measured does not tell."""
    boot: str | None = None
    """Hash of the system's boot: the same for all processes and containers until it starts again;
    None where the system does not tell."""
    label: str | None = None
    """What its owner calls it: what has another label counts as another machine; None without."""

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells it from other machines: its label, its boot and processor, or all of it."""
        if self.label is not None:
            return (self.label,)
        if self.boot is not None:
            return (self.boot, self.cpu)
        return tuple(getattr(self, name) for name in (*_SAME, "memory_bytes"))

    def is_like(self, other: Machine) -> bool:
        """Whether it is the same machine, as far as its description tells.

        The system and what runs on it may be others: they change times, not what times mean. What
        a kernel keeps of the memory for itself differs a little from one start to the next.
        """
        if self.label and other.label and self.label != other.label:
            return False
        same = all(getattr(self, name) == getattr(other, name) for name in _SAME)
        return same and self.has_memory_of(other)

    def has_memory_of(self, other: Machine) -> bool:
        """Whether it has as much memory, but for what a kernel keeps for itself."""
        if self.memory_bytes is None or other.memory_bytes is None:
            return self.memory_bytes is other.memory_bytes
        return math.isclose(self.memory_bytes, other.memory_bytes, rel_tol=_KEPT_MEMORY)


class Revision(Struct, frozen=True, kw_only=True):
    """A project as it is, or was, at one point of its history."""

    project: str
    """Name of the project in this result, such as "mine@HEAD~3"."""
    name: str
    """The revision as it was asked for; "working" for the folder as it is."""
    commit: str | None
    """Hash of the commit; of "working", of the one it is based on. None where there is none."""
    changed: bool = False
    """Whether the folder has changes that are in no commit; of "working" alone."""
    content: str | None = None
    """Git's hash of the project's folder; None where it is not known."""


class Kind(StrEnum):
    """The kind of a result, named like its verb."""

    RUN = "run"
    VERIFY = "verify"
    AUDIT = "audit"
    CHECK = "check"
    MEMO = "memo"
    SELFCHECK = "selfcheck"
    COMPARE = "compare"


class Sample(Struct, frozen=True, array_like=True):
    """One turn: `calls` calls in a row, timed together."""

    epoch: int
    """Which set of fresh processes, from 0."""
    round: int
    """Which round of that epoch, from 0."""
    slot: int
    """Position in the round's order, from 0."""
    calls: int
    """Calls that were timed together."""
    wall_ns: int
    """Wall time of all of them, ns."""
    cpu_ns: int
    """Processor time of the process over all of them, all threads, ns."""
    stolen_ns: int = 0
    """Time that the hypervisor gave to other guests meanwhile, summed over the processors that the
    contestant may use, ns."""


BINS_PER_DOUBLING = 32
"""Bins of latencies up to twice one: each is 2.2 % wide, and a percentile lies between two ends."""


class Latencies(Struct, frozen=True, array_like=True):
    """How long the single calls of a turn took, as a histogram with ever wider bins.

    Bin b is from 2 ** (b / BINS_PER_DOUBLING) ns up to where the next one begins. The slowest calls
    of each turn would not do: where a whole turn was slow, more of them count than were kept.
    """

    bins: tuple[int, ...] = ()
    """The bins that have calls, ascending."""
    calls: tuple[int, ...] = ()
    """How many calls each of them has."""


class Turns(NamedTuple):
    """The turns of one epoch, in their order."""

    rounds: tuple[int, ...]
    """Round of each turn."""
    log_times: tuple[float, ...]
    """Logarithm of the time of a call in it, in ns."""


class Timing(Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """All that the race measured of one contestant in one case, raw and in order."""

    contestant: str
    """Name of the contestant."""
    case: str
    """Name of the case."""
    samples: tuple[Sample, ...]
    """Every turn, in the order in which they were taken; nothing is removed."""
    import_ns: tuple[int, ...] = ()
    """Time to import the module in each epoch's fresh process, ns."""
    first_call_ns: tuple[int, ...] = ()
    """Time of the first, never counted, call in each epoch's fresh process, ns."""
    latencies: tuple[Latencies, ...] = ()
    """Those of each turn, where several threads call at once; none where one thread calls."""
    threads_seen: int | None = None
    """Threads that were busy in the calls before the first round; None where they were too short to
    tell."""
    remembers: bool = False
    """Whether calls on what was seen before took less than a third of the time of others."""
    ended: Outcome | None = None
    """Why the contestant left the race early, if it did."""

    @cached_property
    def epochs(self) -> Mapping[int, Turns]:
        """The turns by epoch: each is compared with those of all others."""
        found = defaultdict[int, tuple[list[int], list[float]]](lambda: ([], []))
        for one in self.samples:
            rounds, log_times = found[one.epoch]
            rounds.append(one.round)
            log_times.append(math.log(one.wall_ns / one.calls))
        return {epoch: Turns(tuple(r), tuple(t)) for epoch, (r, t) in sorted(found.items())}


def find_wrong(timings: Iterable[Timing], cases: Iterable[Case]) -> Mapping[str, Wrong]:
    """Whose answer to a timed call was wrong, by contestant, in whichever case that was.

    Not in a forked child: as in verify, what happens there does not exclude from other cases.
    """
    forked = {case.name for case in cases if case.forked}
    return {
        one.contestant: one.ended
        for one in timings
        if isinstance(one.ended, Wrong) and one.case not in forked
    }


class Build(Struct, frozen=True, kw_only=True):
    """The build of a project under a profile."""

    project: str
    """Name of the project's folder."""
    profile: Profile
    """The compiler settings."""
    result: Outcome
    """The receipt, or why there is none."""
    took_ns: int | None = None
    """Wall time until this run had it, also from the cache, ns; None where it was not built."""


class CaseSize(Struct, frozen=True, kw_only=True):
    """How much there is to do in a case."""

    case: str
    """Name of the case."""
    bytes_moved: int | None = None
    """Bytes that a call must at least read and write; None where the kernel does not say."""
    operations: int | None = None
    """Operations that a call must at least do; None where the kernel does not say."""
    input_bytes: int | None = None
    """Bytes of the inputs that the limit reads: of arrays, and of what else has a buffer; None
    where the case was not raced."""
    argument_bytes: tuple[int, ...] = ()
    """Bytes of each argument with all that is in it, in their order; empty where the case was not
    verified."""

    @property
    def held_bytes(self) -> int | None:
        """Bytes of all arguments; of older results, of those that the limit reads."""
        return sum(self.argument_bytes) or self.input_bytes

    calls: int = 1
    """Calls of a method in one pass over the stream of the case, which a turn has some of; 1 where
    entries are functions, or the case was not verified."""

    def amount_in(self, case: Case) -> float:
        """How large the case is among those of its kernel: by bytes, operations or parameters."""
        stated = self.operations if self.bytes_moved is None else self.bytes_moved
        return case.magnitude if stated is None else stated


class Raw(Struct, frozen=True, kw_only=True):
    """The raw result: the request, the machine, and everything that was observed and measured."""

    whichext_version: str
    """Version of this program, which wrote the result."""
    measured_by: str | None = None
    """The other program that measured, with its version; None where this one did."""
    kernel: str
    """Name of the kernel."""
    kernel_digest: str
    """Hash of `kernel.py` and of the Python files beside it."""
    question: str
    """The kernel's question, one sentence."""
    entries: tuple[str, ...] | None = None
    """All entries that the kernel has; None in a result from before they were noted."""
    agreement: str | None = None
    """How closely answers had to agree with the reference's, one sentence."""
    origin: str | None = None
    """Name of the contestant with which explanations begin; the slowest entry where it is None."""
    command: str
    """The command that was typed, or the call that was made."""
    started_at: str
    """Start of the run, UTC, ISO 8601."""
    duration_ns: int
    """Wall time of the whole run, ns."""
    kind: Kind
    """What was asked for."""
    seed: int
    """Seed of the order of turns."""
    precision: float
    """Half-width of the intervals near a tie at which a case is done (0.01 is 1 %)."""
    hidden: tuple[str, ...] = ()
    """Names of cases whose race ended at a look since noise hides what is unresolved: the time that
    was left could not have resolved it."""
    uncompared: tuple[str, ...] = ()
    """Names of cases in which the answers of timed calls were not compared with the reference's,
    since there was no memory to keep one."""
    unchanging: tuple[str, ...] = ()
    """Names of cases that were raced, and in which no change of an input was found that changes the
    answer: one that is kept from an earlier call is right there, and only times can show it."""
    mutates: tuple[str, ...] = ()
    """Arguments that calls change in place, so that each call gets fresh copies of them."""
    method: str | None = None
    """The method of classes whose calls were timed; None where entries are functions."""
    undrawn: bool = False
    """Whether no inputs were drawn, since the kernel does not say what its arguments may be."""
    left_out: tuple[str, ...] = ()
    """Arguments that cases give and no drawn input has."""
    stopped: str | None = None
    """Why the run ended before it was done; None when it was done."""
    baseline: str
    """Name of the contestant that ratios refer to."""
    machine: Machine
    """Where it ran."""
    cases: tuple[Case, ...]
    """The cases that were asked for."""
    sizes: tuple[CaseSize, ...]
    """How much a call moves in each of them."""
    contestants: tuple[Contestant, ...]
    """What was asked for, the baseline first, then the twin and the limits."""
    revisions: tuple[Revision, ...] = ()
    """The revisions of projects that were asked for at one; none where all are as they are."""
    builds: tuple[Build, ...] = ()
    """What became of each project under each profile."""
    evidence: tuple[Evidence, ...] = ()
    """How each project was really compiled."""
    findings: tuple[Finding, ...] = ()
    """What the audit found, most serious first."""
    probes: tuple[Probe, ...] = ()
    """What was seen of each entry when it was called before the race."""
    checks: tuple[Check, ...] = ()
    """How often each contestant was right, by property, and everything else by its input."""
    timings: tuple[Timing, ...] = ()
    """The samples of all that raced, also of those that left the race early."""

    @property
    def was_ended(self) -> bool:
        """Whether it was ended from outside, so that it can be gone on with."""
        return self.stopped in (INTERRUPTED, CUT_SHORT)

    @property
    def raced(self) -> bool:
        """Whether the kind includes a race."""
        return self.kind not in (Kind.VERIFY, Kind.AUDIT)
