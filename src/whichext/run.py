"""What is known of a run before its race, and the scorecard that it makes of one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from whichext import __version__
from whichext.audit import Audit
from whichext.contestant import Case, Contestant
from whichext.judge import judge_all
from whichext.judge.verdicts import CONFIDENCE
from whichext.kernel import Kernel
from whichext.machine import Machine
from whichext.options import Options
from whichext.outcomes import Check
from whichext.race import Race
from whichext.scorecard import SCHEMA_VERSION, Build, Course, Scorecard


@dataclass(frozen=True)
class Start:
    """When and how a run began."""

    command: str
    """How it was asked for."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When, UTC."""
    clock_ns: int = field(default_factory=time.perf_counter_ns)
    """The clock at that moment, ns."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that a scorecard holds but the race."""

    kernel: Kernel
    """Its question and bytes."""
    options: Options
    """What it was told."""
    start: Start
    """When and how it began."""
    machine: Machine
    """Where it runs."""
    cases: tuple[Case, ...]
    """What was asked for."""
    contestants: tuple[Contestant, ...]
    """Who was asked for, the baseline first, with the yardsticks."""
    builds: tuple[Build, ...] = ()
    """What became of the projects and of the limit; empty before they are built."""
    audit: Audit = field(default_factory=Audit)
    """What was really built; empty before anybody looked."""
    checks: tuple[Check, ...] = ()
    """What verify found; empty before it looked."""
    raced: bool = True
    """Whether a race is to follow."""

    def scorecard(self, race: Race) -> Scorecard:
        """The judged scorecard of a race, or of as much of it as there is."""
        courses = (
            Course(
                case=case.name,
                bytes_moved=self.kernel.bytes_moved(case),
                input_bytes=race.input_bytes.get(case.name, 0),
            )
            for case in self.cases
        )
        raw = Scorecard(
            schema_version=SCHEMA_VERSION,
            whichext_version=__version__,
            kernel=self.kernel.name,
            kernel_digest=self.kernel.digest,
            question=self.kernel.question,
            command=self.start.command,
            started_at=self.start.at.isoformat(timespec="seconds"),
            duration_ns=time.perf_counter_ns() - self.start.clock_ns,
            raced=self.raced,
            agreement=self.kernel.tolerance.sentence,
            seed=self.options.seed,
            confidence=CONFIDENCE,
            precision=self.options.precision,
            noise_floor=None,
            stopped=race.stopped,
            baseline=self.contestants[0].name,
            origin=self.kernel.origin,
            machine=self.machine,
            cases=self.cases,
            courses=tuple(courses),
            contestants=self.contestants,
            builds=self.builds,
            checks=self.checks,
            timings=race.timings,
            rows=(),
            evidence=self.audit.evidence,
            findings=self.audit.findings,
            watched=self.audit.watched,
        )
        return judge_all(raw)
