"""The flow: load, build, audit, verify, race, judge, one call each; `report` renders it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from whichext.audit import Audit, audit_all
from whichext.build import build_all
from whichext.build.store import Store
from whichext.contestant import Contestant
from whichext.earlier import find_earlier
from whichext.entrants import choose_cases, choose_contestants
from whichext.judge import next_field
from whichext.kernel import load_kernel
from whichext.machine import describe_machine
from whichext.options import Options
from whichext.progress import Progress, SilentProgress
from whichext.race import Plan, Race, race_all
from whichext.race.yardsticks import add_yardsticks
from whichext.run import Run, Start
from whichext.scorecard import Build, Built, Scorecard
from whichext.verify import verify_all

Keep = Callable[[Scorecard], None]


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
    built = {
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
