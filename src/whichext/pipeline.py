"""The flow: load, build, audit, verify, race, judge, one call each; `report` renders it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from whichext import __version__
from whichext.audit import Audit, audit_all
from whichext.build import build_all
from whichext.build.store import Store
from whichext.judge import judge_all, next_field
from whichext.judge.verdicts import CONFIDENCE
from whichext.load.kernel import load_kernel
from whichext.load.resume import find_earlier
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.machine import Machine
from whichext.model.options import Options
from whichext.model.outcome import Built
from whichext.model.scorecard import SCHEMA_VERSION, Build, Course, Race, Scorecard
from whichext.race import Plan, race_all
from whichext.race.yardsticks import add_yardsticks
from whichext.system.machine import describe_machine
from whichext.system.progress import Progress, SilentProgress
from whichext.verify import verify_all

Keep = Callable[[Scorecard], None]


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
                input_bytes=race.input_bytes.get(case.name),
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
            probes=self.audit.probes,
        )
        return judge_all(raw)


def compare(
    kernel: str | Path,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    store: Store | None = None,
    command: str = "whichext.compare()",
    keep: Keep | None = None,
    earlier: Scorecard | None = None,
) -> Scorecard:
    """Build, audit, verify, race and judge a kernel's contestants.

    Args:
        kernel: Name of a built-in kernel or path of a kernel folder.
        options: What to compare and how long; by default everything.
        progress: Where to say how far it is; by default nowhere.
        store: Where builds are kept; by default the user's cache.
        command: How the run was asked for, for the scorecard.
        keep: Given the scorecard so far after every epoch.
        earlier: A scorecard to go on from.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing, or `earlier` does not fit.
        KernelError: The kernel's author has something to mend.

    """
    start = Start(command)
    options, progress, store = options or Options(), progress or SilentProgress(), store or Store()

    question = load_kernel(kernel)
    cases = choose_cases(question, options)
    asked = choose_contestants(question, options)
    run = Run(
        kernel=question,
        options=options,
        start=start,
        machine=describe_machine(),
        cases=cases,
        contestants=asked,
    )
    find_earlier(earlier, run.scorecard(Race()))  # refuses what it can before anything is built

    builds = build_all(question, asked, store, progress)
    sites = find_sites(asked, builds, store)
    audit = audit_all(question, asked, builds, sites, store, progress)
    checks = verify_all(question, asked, sites, cases, options, progress)
    contestants, sites, limit = add_yardsticks(asked, sites, store)

    run = replace(run, contestants=contestants, builds=(*builds, limit), audit=audit, checks=checks)
    before = find_earlier(earlier, run.scorecard(Race()))
    plan = Plan(contestants=contestants, sites=sites, cases=cases, checks=checks, earlier=before)
    race = race_all(
        question,
        plan,
        options,
        progress,
        lambda timings: next_field(timings, options.precision, options.min_epochs),
        lambda race: keep(run.scorecard(race)) if keep else None,
    )
    return run.scorecard(race)


def audit(
    kernel: str | Path,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    store: Store | None = None,
) -> tuple[tuple[Build, ...], Audit]:
    """Build and audit a kernel's contestants, and race none of them.

    Args:
        kernel: Name of a built-in kernel or path of a kernel folder.
        options: Which entries and profiles; by default everything.
        progress: Where to say how far it is; by default nowhere.
        store: Where builds are kept; by default the user's cache.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing.
        KernelError: The kernel's author has something to mend.

    """
    progress, store = progress or SilentProgress(), store or Store()
    question = load_kernel(kernel)
    asked = choose_contestants(question, options or Options())
    builds = build_all(question, asked, store, progress)
    sites = find_sites(asked, builds, store)
    return builds, audit_all(question, asked, builds, sites, store, progress)


def verify(
    kernel: str | Path,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    store: Store | None = None,
    command: str = "whichext.pipeline.verify()",
) -> Scorecard:
    """Build a kernel's contestants, verify them thoroughly, and race nobody.

    Args:
        kernel: Name of a built-in kernel or path of a kernel folder.
        options: What to verify on which cases; by default everything.
        progress: Where to say how far it is; by default nowhere.
        store: Where builds are kept; by default the user's cache.
        command: How it was asked for, for the scorecard.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing.
        KernelError: The kernel's author has something to mend.

    """
    start = Start(command)
    progress, store = progress or SilentProgress(), store or Store()
    options = replace(options or Options(), thorough=True)
    question = load_kernel(kernel)
    cases = choose_cases(question, options)
    asked = choose_contestants(question, options)
    builds = build_all(question, asked, store, progress)
    sites = find_sites(asked, builds, store)
    run = Run(
        kernel=question,
        options=options,
        start=start,
        machine=describe_machine(),
        cases=cases,
        contestants=asked,
        builds=builds,
        checks=verify_all(question, asked, sites, cases, options, progress),
        raced=False,
    )
    return run.scorecard(Race())


def find_sites(
    contestants: tuple[Contestant, ...], builds: tuple[Build, ...], store: Store
) -> dict[str, Path | None]:
    """Folder from which each built contestant is imported; None for the reference."""
    built: dict[tuple[str | None, str], Path] = {
        (build.project, build.profile): store.site(build.result.key)
        for build in builds
        if isinstance(build.result, Built)
    }
    sites: dict[str, Path | None] = {c.name: None for c in contestants if not c.project}
    for contestant in contestants:
        site = built.get((contestant.project, contestant.profile))
        if site is not None:
            sites[contestant.name] = site
    return sites
