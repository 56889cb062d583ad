"""The rules of the audit: faults of one build, and differences between compared builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from whichext.audit.reading import Marked
from whichext.model.contestant import DEBUG, Contestant, Factor
from whichext.model.evidence import NOT_KNOWN, Compiled, Evidence, PythonLine
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    Finding,
    Group,
    NotOptimised,
    ObjectsUnseen,
    OpenMpMissing,
    PythonInLoop,
    Sanitized,
    SetByEnvironment,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeMath,
    UnlikeOptimisation,
    UnsafeUnexplained,
)
from whichext.model.kernel import Project
from whichext.toolchains import compilers, every_toolchain
from whichext.toolchains.flags import MATH


def judge_each(
    evidence: Evidence,
    project: Project,
    contestants: tuple[Contestant, ...],
    everything: tuple[Evidence, ...],
    marked: Marked,
) -> Iterator[Finding]:
    """The findings about one build.

    Args:
        evidence: How it was compiled.
        project: What it needs.
        contestants: The contestants whose code is in it.
        everything: All builds of the comparison.
        marked: What its sources say by themselves.

    """
    names = tuple(contestant.name for contestant in contestants)
    yield from _python_in_loops(evidence, contestants)
    if evidence.unsafe and evidence.unsafe.unexplained:
        yield UnsafeUnexplained(
            build=evidence.label,
            places=evidence.unsafe.places,
            unexplained=evidence.unsafe.unexplained,
        )
    if evidence.unseen_objects:
        files = evidence.unseen_objects
        yield ObjectsUnseen(build=evidence.label, contestants=names, files=files)
    if evidence.compiled:
        yield from _not_optimised(evidence, names, everything)
        yield from _taken_away(evidence, marked, names)
        yield from _openmp_missing(evidence, marked, contestants)
        yield from _added(evidence, names)
    elif not evidence.unseen_objects:
        needs = tuple(need for need in project.needs if need in compilers())
        if needs:
            yield CompilerUnseen(build=evidence.label, needs=needs)


def _not_optimised(
    evidence: Evidence, names: tuple[str, ...], everything: tuple[Evidence, ...]
) -> Iterator[NotOptimised]:
    """One finding for each reason of missing optimisation."""
    better = (one for one in everything if one.compiled and "0" not in one.levels)
    beside = group_builds(better, lambda one: one.flags)
    for told in sorted({s.told for s in evidence.settings if s.level == "0"}):
        found = [c for c in evidence.compiled if (c.settings.level, c.settings.told) == ("0", told)]
        all_of_it = len(found) == len(evidence.compiled)
        yield NotOptimised(
            contestants=names,
            told=told,
            sources=() if all_of_it else _sources(found),
            declared=DEBUG.sets[0] in evidence.profile.sets,
            beside=beside,
            inherited=evidence.inherited,
        )


def _taken_away(
    evidence: Evidence, marked: Marked, names: tuple[str, ...]
) -> Iterator[NotOptimised]:
    """Sources that switch their own optimisation off, although the flags ask for optimisation."""
    optimised = [compiled for compiled in evidence.compiled if compiled.settings.level != "0"]
    sources = _those_in(_sources(optimised), marked.unoptimised)
    if sources:
        told = "a pragma or an attribute in the source"
        yield NotOptimised(contestants=names, told=told, sources=sources, declared=False)


def _python_in_loops(
    evidence: Evidence, contestants: tuple[Contestant, ...]
) -> Iterator[PythonInLoop]:
    """One finding for each function with such lines and the contestants whose calls repeat them.

    What no contestant comes to is left out. Innermost loops are found apart from those around them.
    """
    found: dict[tuple[str, tuple[str, ...], bool], list[PythonLine]] = {}
    for line in evidence.python_lines:
        for outer in (False, True):
            names = tuple(
                one.name
                for one in contestants
                if line.is_repeated_by(one) and line.is_outer_for(one) is outer
            )
            if names:
                found.setdefault((line.function, names, outer), []).append(line)
    for (function, names, outer), lines in found.items():
        yield PythonInLoop(
            build=evidence.label,
            function=function,
            contestants=names,
            lines=tuple(map(str, lines)),
            calls=tuple(dict.fromkeys(call for line in lines for call in line.calls)),
            texts=tuple(line.text for line in lines) if all(line.text for line in lines) else (),
            causes=tuple(line.cause for line in lines),
            outer=outer,
        )


def _openmp_missing(
    evidence: Evidence, marked: Marked, contestants: tuple[Contestant, ...]
) -> Iterator[OpenMpMissing]:
    without = [compiled for compiled in evidence.compiled if not compiled.settings.openmp]
    sources = _those_in(_sources(without), marked.parallel)
    if sources:
        names = tuple(contestant.name for contestant in contestants)
        yield OpenMpMissing(contestants=names, asked_by=sources)
    if not _has_openmp(evidence):
        declaring = tuple(c.name for c in contestants if Factor("pool", "openmp") in c.factors)
        if declaring:
            yield OpenMpMissing(contestants=declaring, asked_by=('pool = "openmp"',))


def _added(evidence: Evidence, names: tuple[str, ...]) -> Iterator[Finding]:
    """Findings about additions to the code: sanitizers and symbols for a debugger."""
    sanitizers = evidence.sanitizers
    if sanitizers:
        yield Sanitized(contestants=names, sanitizers=sanitizers)
    debug = tuple(library for library in evidence.libraries if library.debug_bytes)
    if debug:
        yield DebugSymbolsCounted(
            build=evidence.label,
            files=tuple(library.file for library in debug),
            debug_bytes=sum(library.debug_bytes for library in debug),
            file_bytes=sum(library.file_bytes for library in debug),
        )


def _has_openmp(evidence: Evidence) -> bool:
    """Whether OpenMP was compiled in, and linked where the libraries can be read."""
    compiled = any(settings.openmp for settings in evidence.settings)
    needs = {name for library in evidence.libraries for name in library.needs}
    run_times = tuple(name for one in every_toolchain() for name in one.parallel_libraries)
    linked = any(name.startswith(run_times) for name in needs)
    return compiled and (linked or not evidence.libraries)


def _sources(compiled: list[Compiled]) -> tuple[str, ...]:
    return tuple(sorted({source for one in compiled for source in one.sources}))


def _those_in(sources: tuple[str, ...], stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in sources if name.partition(".")[0] in stems)


def unlike(evidence: tuple[Evidence, ...]) -> Iterator[Finding]:
    """Differences between builds under the same profile; profiles may differ."""
    for profile in dict.fromkeys(one.profile for one in evidence):
        builds = [one for one in evidence if one.profile == profile and one.compiled]
        yield from _unlike(builds)


def set_by_environment(
    evidence: tuple[Evidence, ...], contestants: tuple[Contestant, ...]
) -> Iterator[SetByEnvironment]:
    """Builds in which variables of the environment had a say; one finding for each set of these."""
    reached: dict[tuple[str, ...], list[Evidence]] = {}
    for one in evidence:
        if one.inherited:
            reached.setdefault(one.inherited, []).append(one)
    for variables, builds in reached.items():
        others = (one for one in evidence if one.compiled and one not in builds)
        yield SetByEnvironment(
            contestants=tuple(c.name for c in contestants if any(b.is_of(c) for b in builds)),
            variables=variables,
            builds=tuple(one.label for one in builds),
            others=tuple(one.label for one in others),
        )


def unchanged(evidence: tuple[Evidence, ...]) -> Iterator[SettingWithoutEffect]:
    """Settings that did not change the machine code."""
    for one in evidence:
        release = one.release_in(evidence)
        if release is not None and one.is_same_code_as(release):
            yield SettingWithoutEffect(build=one.label, release=release.label)


def _unlike(builds: list[Evidence]) -> Iterator[Finding]:
    optimised = (one for one in builds if "0" not in one.levels)  # the others are found as such
    levels = group_builds(optimised, lambda one: one.flags)
    if len(levels) > 1:
        yield UnlikeOptimisation(groups=levels)
    isa = group_builds(builds, lambda one: ", ".join(one.isa) or "any of its architecture")
    if len(isa) > 1:
        yield UnlikeIsa(groups=isa)
    known = (one for one in builds if NOT_KNOWN not in one.values_of(MATH))
    math = group_builds(known, lambda one: " and ".join(one.values_of(MATH)) or "strict")
    if len(math) > 1:
        yield UnlikeMath(groups=math)
    free = _languages_with_a_choice()
    choosing = group_builds([one for one in builds if one.languages <= free], _compilers)
    if len(choosing) > 1:
        yield UnlikeCompiler(groups=choosing, one_language=True)
    others = group_builds(builds, _compilers)
    if len(others) > len(choosing) > 0:
        yield UnlikeCompiler(groups=others, one_language=False)


def _languages_with_a_choice() -> frozenset[str]:
    """Languages with several compilers, whose builds could use the same one."""
    choosing = (one.languages for one in every_toolchain() if one.interchangeable)
    return frozenset().union(*choosing)


def _compilers(build: Evidence) -> str:
    return ", ".join(build.compilers)


def group_builds(
    builds: Iterable[Evidence], setting: Callable[[Evidence], str]
) -> tuple[Group, ...]:
    """The builds, grouped by the value of a setting."""
    found: dict[str, list[str]] = {}
    for build in builds:
        found.setdefault(setting(build), []).append(build.label)
    return tuple(Group(text, tuple(labels)) for text, labels in found.items())
