"""The data that crosses stage borders, and nothing else.

Every type is frozen. Times are integer nanoseconds and sizes integer bytes; only `report` turns
them into human units. A result file is exactly a `Scorecard`, so a change of meaning here is a
new `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant
from whichext.model.evidence import Evidence, Probe
from whichext.model.findings import Finding
from whichext.model.machine import Machine
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio

SCHEMA_VERSION = 3


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


class Timing(Struct, frozen=True, kw_only=True):
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
    threads_seen: int | None = None
    """Threads that were busy in the calls before the first round; None where the calls were too
    short to tell."""
    ended: Outcome | None = None
    """Why the contestant left the race early, if it did."""


@dataclass(frozen=True, kw_only=True)
class Race:
    """What was measured."""

    timings: tuple[Timing, ...] = ()
    """All raw samples, by case and contestant, the baseline first in each case."""
    input_bytes: Mapping[str, int] = field(default_factory=dict)
    """Bytes of the inputs of each case that was raced."""
    stopped: str | None = None
    """Why it ended before it was done; None when it was done."""


class Build(Struct, frozen=True, kw_only=True):
    """What became of a project under a profile."""

    project: str
    """Name of the project's folder."""
    profile: str
    """Name of the compiler settings."""
    result: Outcome
    """The receipt, or why there is none."""
    took_ns: int | None = None
    """Wall time until this run had it, be it from the cache, ns; None where it was not measured."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of the report."""

    case: str
    """Name of the case."""
    contestant: str
    """Name of the contestant."""
    outcome: Outcome
    """What became of it."""


class Effect(Struct, frozen=True, kw_only=True):
    """What one factor does in a case: two contestants that differ in it and in nothing else."""

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


class Course(Struct, frozen=True, kw_only=True):
    """What a case's race was like, whoever took part."""

    case: str
    """Name of the case."""
    bytes_moved: int
    """Bytes that a call must at least read and write."""
    input_bytes: int | None
    """Bytes of the inputs, which is what the limit reads; None where the case was not raced."""
    rounds: int = 0
    """Rounds that were raced."""
    rounds_dropped: int = 0
    """Rounds that were not counted, since another guest had the processor in them."""
    rounds_spoiled: int = 0
    """Rounds in which another guest had the processor: the dropped ones, and those that stayed
    since too few would have been left."""
    noise_floor: float | None = None
    """How far the A/A twin's ratio was from 1 in this case; None where the two did not race."""


class Scorecard(Struct, frozen=True, kw_only=True):
    """The whole result of a run: what a result file holds and every report shows."""

    schema_version: int
    """Version of this structure."""
    whichext_version: str
    """Version of the program that made it."""
    kernel: str
    """Name of the kernel."""
    kernel_digest: str
    """Hash of `kernel.py` and of the Python files beside it."""
    question: str
    """The kernel's question, one sentence."""
    command: str
    """The command that was typed, or the call that was made."""
    started_at: str
    """Start of the run, UTC, ISO 8601."""
    duration_ns: int
    """Wall time of the whole run, ns."""
    raced: bool = True
    """Whether a race was asked for, and not only what comes before it."""
    agreement: str | None = None
    """How closely answers had to agree with the reference's, one sentence; None in a result from
    before it was noted."""
    seed: int
    """Seed of the order of turns."""
    confidence: float
    """Coverage that every interval aims at, for example 0.95."""
    precision: float
    """Half-width of the intervals near a tie at which a case is done (0.01 is 1 %)."""
    noise_floor: float | None
    """How far the A/A twin's ratio was from 1 at most, over all cases; None without a twin."""
    stopped: str | None
    """Why the run ended before it was done; None when it was done."""
    baseline: str
    """Name of the contestant that all ratios refer to."""
    origin: str | None = None
    """Name of the contestant with which the explanations begin; None for the slowest entry."""
    machine: Machine
    """Where it ran."""
    cases: tuple[Case, ...]
    """The cases that were asked for."""
    courses: tuple[Course, ...]
    """What each case's race was like."""
    contestants: tuple[Contestant, ...]
    """Who was asked for, the baseline first, then the twin and the limits."""
    builds: tuple[Build, ...]
    """What became of each project under each profile."""
    checks: tuple[Check, ...]
    """What became of each contestant on each input."""
    timings: tuple[Timing, ...]
    """The raw samples of all that raced, also of those that left the race early."""
    rows: tuple[Row, ...]
    """One row per contestant and case."""
    evidence: tuple[Evidence, ...] = ()
    """How each project that was built and audited was really compiled."""
    findings: tuple[Finding, ...] = ()
    """What the audit found, most serious first."""
    probes: tuple[Probe, ...] = ()
    """What was seen of each entry when it was called before the race."""
    effects: tuple[Effect, ...] = ()
    """What single factors do, from all pairs of contestants that differ in one alone."""
