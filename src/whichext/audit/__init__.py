"""Stage 3, audit: what was really built, and whether those who are compared are built alike.

From the compilers' own calls, which the build stage noted, from the libraries in the wheel, from
the sources, and from one call of each entry; no build file and no log is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from whichext.audit.factors import contradictions
from whichext.audit.probe import probe_all
from whichext.audit.reading import Marked, read_build
from whichext.audit.rules import judge_each
from whichext.audit.unlike import unchanged, unlike
from whichext.build.session import Session
from whichext.build.store import Store
from whichext.model.evidence import Evidence, Probe
from whichext.model.finding import Finding, GilHeld, Severity
from whichext.model.kernel import Kernel
from whichext.model.outcome import Built
from whichext.model.raw import Raw
from whichext.system.progress import Progress
from whichext.system.workers.crew import Crew

_MOST_SERIOUS_FIRST = tuple(Severity)


def audit(session: Session, raw: Raw) -> Raw:
    """Look at what was built for the contestants."""
    found = audit_all(session.kernel, raw, session.store, session.crew, session.progress)
    return replace(raw, evidence=found.evidence, probes=found.probes, findings=found.findings)


@dataclass(frozen=True)
class Audit:
    """What an audit finds."""

    evidence: tuple[Evidence, ...] = ()
    """How each project was compiled under each profile, and what came of it."""
    probes: tuple[Probe, ...] = ()
    """What was seen of each entry when it was called."""
    findings: tuple[Finding, ...] = ()
    """What a reader of a comparison must know of it, most serious first."""


def audit_all(kernel: Kernel, raw: Raw, store: Store, crew: Crew, progress: Progress) -> Audit:
    """Look at what was built for the contestants.

    Args:
        kernel: Its projects say what they need and declare.
        raw: The contestants, and what became of their projects; only what was built is looked at.
        store: Has the builds, and what was recorded of them.
        crew: Calls each entry in a process of its own.
        progress: Told of each contestant.

    """
    projects = {project.name: project for project in kernel.projects}
    evidence: list[Evidence] = []
    marks: list[Marked] = []
    for build in raw.builds:
        if isinstance(build.result, Built):
            project = projects[build.project]
            reading = read_build(project, build.result, store)
            evidence.append(reading.evidence(project, build.profile, build.result, store))
            marks.append(reading.marked)
    everything = tuple(evidence)
    keys = {
        contestant.name: build.result.key
        for build in raw.builds
        if isinstance(build.result, Built)
        for contestant in raw.contestants
        if (build.project, build.profile) == (contestant.project, contestant.profile)
    }
    probes = probe_all(crew, raw.contestants, keys, store, progress)
    findings: list[Finding] = []
    for one, marked in zip(evidence, marks, strict=True):
        owners = tuple(c for c in raw.contestants if one.is_of(c))
        findings += judge_each(one, projects[one.project], owners, everything, marked)
        findings += contradictions(one, owners)
    findings += unlike(everything)
    findings += unchanged(everything)
    holding = tuple(one.contestant for one in probes if one.releases_gil is False)
    if holding:
        findings.append(GilHeld(contestants=holding))
    findings.sort(key=lambda finding: _MOST_SERIOUS_FIRST.index(finding.severity))
    return Audit(everything, probes, tuple(findings))
