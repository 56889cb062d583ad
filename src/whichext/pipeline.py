"""The flow: load -> build -> verify -> race -> judge -> report, one call each."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from whichext import __version__
from whichext.build import build_all
from whichext.build.store import Store
from whichext.entrants import choose_cases, choose_contestants
from whichext.judge import judge_all, precise_enough
from whichext.judge.verdicts import CONFIDENCE, TIE_ZONE
from whichext.kernel import load_kernel
from whichext.machine import describe_machine
from whichext.options import Options
from whichext.progress import Progress, SilentProgress
from whichext.race import race_all
from whichext.scorecard import SCHEMA_VERSION, Build, Built, Contestant, Scorecard
from whichext.verify import verify_all


def compare(
    kernel: str | Path,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    store: Store | None = None,
    command: str = "whichext.compare()",
) -> Scorecard:
    """Build, verify, race and judge a kernel's contestants.

    Args:
        kernel: Name of a built-in kernel or path of a kernel folder.
        options: What to compare and how long; by default everything.
        progress: Where to say how far it is; by default nowhere.
        store: Where builds are kept; by default the user's cache.
        command: How the run was asked for, for the scorecard.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing.
        KernelError: The kernel's author has something to mend.

    """
    options, progress, store = options or Options(), progress or SilentProgress(), store or Store()
    started_at, start_ns = datetime.now(UTC), time.perf_counter_ns()

    question = load_kernel(kernel)
    cases = choose_cases(question, options)
    contestants = choose_contestants(question, options)
    builds = build_all(question, contestants, store, progress)
    sites = find_sites(contestants, builds, store)
    checks = verify_all(question, contestants, sites, cases, options, progress)
    timings = race_all(
        question, contestants, sites, cases, checks, options, progress, precise_enough
    )
    bytes_moved = {case.name: question.bytes_moved(case) for case in cases}
    rows = judge_all(contestants, cases, bytes_moved, builds, checks, timings)

    return Scorecard(
        schema_version=SCHEMA_VERSION,
        whichext_version=__version__,
        kernel=question.name,
        question=question.question,
        command=command,
        started_at=started_at.isoformat(timespec="seconds"),
        duration_ns=time.perf_counter_ns() - start_ns,
        seed=options.seed,
        confidence=CONFIDENCE,
        tie_zone=TIE_ZONE,
        baseline=contestants[0].name,
        machine=describe_machine(),
        cases=cases,
        bytes_moved=bytes_moved,
        contestants=contestants,
        builds=builds,
        checks=checks,
        timings=timings,
        rows=rows,
    )


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
