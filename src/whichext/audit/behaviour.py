"""The rules about what an entry does beside its answer; they bar no contestant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whichext.model.contestant import Contestant
from whichext.model.evidence import Probe
from whichext.model.finding import (
    Finding,
    GilHeld,
    LeavesFiles,
    LeavesThreads,
    ProcessChanged,
    RemembersContent,
    StartsProcesses,
    WorksOn,
    WritesOutput,
)
from whichext.model.process import ProcessChange

_FREE = 0.5  # of a call, below which two threads come to less than one and a half
_HELD = 0.01  # what a moment at the end may let through
_WORKS_ON = 0.1  # of the call's own processor time
_LEAVES = 0.5  # threads or files a call: a pool that grows while it is new ends below that

_MANY_FILES = 64  # in all: what libraries open when they start is fewer


def judge_probes(
    probes: tuple[Probe, ...], contestants: tuple[Contestant, ...] = ()
) -> Iterator[Finding]:
    """The findings about what was seen in calls; their contestants say what they are written in."""
    yield from _gil_held(probes, {one.name: one.toolchain for one in contestants})
    for probe in probes:
        yield from _beside(probe)
        yield from _left(probe)
    remembering = tuple(probe.contestant for probe in probes if probe.remembers)
    if remembering:
        yield RemembersContent(contestants=remembering)
    changing: dict[ProcessChange, list[str]] = {}
    for probe in probes:
        for change in probe.changes:
            changing.setdefault(change, []).append(probe.contestant)
    for change, names in changing.items():
        yield ProcessChanged(contestants=tuple(names), change=change)


def _beside(probe: Probe) -> Iterator[Finding]:
    """What one does beside its answer."""
    who, call_ns, of_objects = (probe.contestant,), probe.cpu_ns or 0, probe.of_objects
    if probe.after_ns and probe.after_ns > _WORKS_ON * call_ns:
        yield WorksOn(
            contestants=who, after_ns=probe.after_ns, call_ns=call_ns, of_objects=of_objects
        )
    if probe.output is not None:
        yield WritesOutput(contestants=who, output=probe.output, of_objects=of_objects)


def _left(probe: Probe) -> Iterator[Finding]:
    """What the calls of one start or open."""
    who, of_objects = (probe.contestant,), probe.of_objects
    if probe.threads_a_call and probe.threads_a_call > _LEAVES:
        yield LeavesThreads(
            contestants=who, threads_a_call=probe.threads_a_call, of_objects=of_objects
        )
    a_call, kept = probe.files_a_call or 0, probe.files_kept or 0
    if a_call > _LEAVES:
        yield LeavesFiles(contestants=who, files_a_call=a_call, of_objects=of_objects)
    elif kept > _MANY_FILES:
        yield LeavesFiles(
            contestants=who, files_a_call=a_call, files_kept=kept, of_objects=of_objects
        )
    if probe.processes is not None:
        yield StartsProcesses(contestants=who, processes=probe.processes)


def _gil_held(probes: tuple[Probe, ...], toolchains: Mapping[str, str]) -> Iterator[GilHeld]:
    """One finding for all that keep the GIL to the end, and one for each that lets go of it."""
    seen = [(one.contestant, one.gil_free) for one in probes if one.gil_free is not None]
    holding = tuple(name for name, free in seen if free < _HELD)
    if holding:
        yield GilHeld(contestants=holding, toolchains=_known(holding, toolchains))
    for name, free in seen:
        if _HELD <= free < _FREE:
            known = _known((name,), toolchains)
            yield GilHeld(contestants=(name,), free=free, toolchains=known)


def _known(names: tuple[str, ...], toolchains: Mapping[str, str]) -> tuple[str, ...]:
    """The toolchains of these contestants, each once."""
    return tuple(dict.fromkeys(toolchains[name] for name in names if name in toolchains))
