"""Stage 3, audit: what was really built, and whether the compared builds are comparable.

It reads the compiler calls that the build stage recorded, the libraries in the wheel, the sources,
and calls of each entry. It does not trust build files or logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from whichext.audit.behaviour import judge_probes
from whichext.audit.probe import probe_all
from whichext.audit.reading import Reading, contradictions, read_build
from whichext.audit.rules import judge_each, set_by_environment, unchanged, unlike
from whichext.build.session import Session
from whichext.model.contestant import Contestant
from whichext.model.evidence import Probe
from whichext.model.finding import Finding, Severity
from whichext.model.kernel import Project
from whichext.model.outcome import Built
from whichext.model.raw import Raw

_MOST_SERIOUS_FIRST = tuple(Severity)


def audit(session: Session, raw: Raw) -> Raw:
    """Examine the builds of the contestants."""
    projects = {project.name: project for project in session.kernel.projects}
    readings: list[Reading] = []
    keys: dict[str, str] = {}
    for build in raw.builds:
        if isinstance(build.result, Built):
            project = projects[build.project]
            reading = read_build(project, build.profile, build.result, session.store)
            readings.append(reading)
            keys |= {c.name: build.result.key for c in raw.contestants if reading.evidence.is_of(c)}
    probes = probe_all(session.crew, raw.contestants, keys, session.store, session.progress)
    readings = [_with_called(reading, probes, raw.contestants) for reading in readings]
    found = list(_judge(readings, projects, raw.contestants))
    found += judge_probes(probes, raw.contestants)
    found.sort(key=lambda finding: _MOST_SERIOUS_FIRST.index(finding.severity))
    evidence = tuple(one.evidence for one in readings)
    return replace(raw, evidence=evidence, probes=probes, findings=tuple(found))


def _with_called(
    reading: Reading, probes: tuple[Probe, ...], contestants: tuple[Contestant, ...]
) -> Reading:
    """The same with what the entries of the build compiled when they were called."""
    entries = {one.name: one.entry for one in contestants if reading.evidence.is_of(one)}
    found = {
        entries[probe.contestant]: probe.compiling.code_digest
        for probe in probes
        if probe.contestant in entries and probe.compiling and probe.compiling.code_digest
    }
    return replace(reading, evidence=replace(reading.evidence, called=found)) if found else reading


def _judge(
    readings: list[Reading],
    projects: Mapping[str, Project],
    contestants: tuple[Contestant, ...],
) -> Iterator[Finding]:
    """The findings about the builds that matter for a comparison."""
    everything = tuple(one.evidence for one in readings)
    for reading in readings:
        one = reading.evidence
        owners = tuple(c for c in contestants if one.is_of(c))
        yield from judge_each(one, projects[one.project], owners, everything, reading.marked)
        yield from contradictions(one, owners)
    yield from unlike(everything)
    yield from set_by_environment(everything, contestants)
    yield from unchanged(everything)
