"""Stage 3, audit: what was really built, and whether those who are compared are built alike.

From the compilers' own calls, which the build stage noted, from the libraries in the wheel, from
the sources, and from one call of each entry; no build file and no log is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from whichext.audit.factors import contradictions
from whichext.audit.gather import gather
from whichext.audit.library import read_library
from whichext.audit.probe import probe_all
from whichext.audit.rules import judge_each
from whichext.audit.unlike import unchanged, unlike
from whichext.audit.unsafety import find_unsafe
from whichext.build.store import Store
from whichext.model.contestant import Contestant
from whichext.model.evidence import Evidence, Library, Probe, Unseen
from whichext.model.findings import Finding
from whichext.model.findings.code import GilHeld
from whichext.model.findings.severity import Severity
from whichext.model.kernel import Kernel, Project
from whichext.model.outcome import Built
from whichext.model.scorecard import Build
from whichext.system.progress import Progress

_MOST_SERIOUS_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Audit:
    """What an audit gives to a scorecard."""

    evidence: tuple[Evidence, ...] = ()
    """How each project was compiled under each profile, and what came of it."""
    probes: tuple[Probe, ...] = ()
    """What was seen of each entry when it was called."""
    findings: tuple[Finding, ...] = ()
    """What a reader of a comparison must know of it, most serious first."""


def audit_all(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    builds: tuple[Build, ...],
    sites: Mapping[str, Path | None],
    store: Store,
    progress: Progress,
) -> Audit:
    """Look at what was built for the contestants.

    Args:
        kernel: Its projects say what they need and declare.
        contestants: Who will be compared.
        builds: What became of their projects; only what was built is looked at.
        sites: Folder of each built contestant's build by the contestant's name.
        store: Has the builds, and what was noted of them.
        progress: Told of each contestant.

    """
    projects = {project.name: project for project in kernel.projects}
    evidence = tuple(
        look_at(projects[build.project], build.profile, build.result, store)
        for build in builds
        if isinstance(build.result, Built)
    )
    probes = probe_all(kernel, contestants, sites, progress)
    findings: list[Finding] = []
    for one in evidence:
        owners = tuple(c for c in contestants if one.is_of(c))
        findings += judge_each(one, projects[one.project], owners, evidence)
        findings += contradictions(one, owners)
    findings += unlike(evidence)
    findings += unchanged(evidence)
    holding = tuple(one.contestant for one in probes if one.releases_gil is False)
    if holding:
        findings.append(GilHeld(contestants=holding))
    findings.sort(key=lambda finding: _MOST_SERIOUS_FIRST.index(finding.severity))
    return Audit(evidence, probes, tuple(findings))


def look_at(project: Project, profile: str, built: Built, store: Store) -> Evidence:
    """How one build was compiled, what is in its libraries, and what in its sources."""
    paths = sorted(store.site(built.key).rglob("*.so"))
    read = [read_library(path) for path in paths]
    record = store.record(built.key)
    return Evidence(
        project=project.name,
        profile=profile,
        compiled=gather(record.commands, {path.name for path in paths}),
        tag="-".join(built.wheel.removesuffix(".whl").split("-")[-3:]),
        libraries=tuple(one for one in read if isinstance(one, Library)),
        python_lines=record.python_lines,
        unsafe=find_unsafe(project.folder),
        unseen=(*(one for one in read if isinstance(one, Unseen)), *record.unseen),
    )
