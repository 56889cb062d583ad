"""Stage 3, audit: what was really built, and whether those who are compared are built alike.

From the compilers' own calls, which the build stage noted; no build file and no log is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from whichext.audit.each import judge_each
from whichext.audit.factors import contradictions
from whichext.audit.gather import gather
from whichext.audit.unlike import unlike
from whichext.build.store import Store
from whichext.contestant import Contestant
from whichext.evidence import Evidence
from whichext.findings import Finding, Severity
from whichext.kernel import Kernel
from whichext.scorecard import Build, Built

_MOST_SERIOUS_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Audit:
    """What an audit gives to a scorecard."""

    evidence: tuple[Evidence, ...] = ()
    """How each project was compiled under each profile."""
    findings: tuple[Finding, ...] = ()
    """What a reader of a comparison must know of it, most serious first."""


def audit_all(
    kernel: Kernel, contestants: tuple[Contestant, ...], builds: tuple[Build, ...], store: Store
) -> Audit:
    """Look at what was built for the contestants.

    Args:
        kernel: Its projects say what they need and declare.
        contestants: Who will be compared.
        builds: What became of their projects; only what was built is looked at.
        store: Has the builds, and what their compilers were told.

    """
    projects = {project.name: project for project in kernel.projects}
    evidence = tuple(
        look_at(build.project, build.profile, build.result, store)
        for build in builds
        if isinstance(build.result, Built)
    )
    findings: list[Finding] = []
    for one in evidence:
        owners = tuple(c for c in contestants if one.is_of(c))
        findings += judge_each(one, projects[one.project], owners, evidence)
        findings += contradictions(one, owners)
    findings += unlike(evidence)
    findings.sort(key=lambda finding: _MOST_SERIOUS_FIRST.index(finding.severity))
    return Audit(evidence, tuple(findings))


def look_at(project: str, profile: str, built: Built, store: Store) -> Evidence:
    """How one build was compiled and linked."""
    libraries = {path.name for path in store.site(built.key).rglob("*.so")}
    compiled, linked = gather(store.commands(built.key), libraries)
    return Evidence(project=project, profile=profile, compiled=compiled, linked=linked)
