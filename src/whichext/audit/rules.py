"""Faults that a build has by itself, whatever it is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from whichext.audit.unlike import group_builds
from whichext.build.key import content_files
from whichext.model.contestant import Contestant
from whichext.model.evidence import Compiled, Evidence
from whichext.model.findings import Finding
from whichext.model.findings.code import PythonInLoop, UnsafeUnexplained
from whichext.model.findings.compiling import (
    CompilerUnseen,
    DebugSymbolsCounted,
    NotOptimised,
    OpenMpMissing,
    Sanitized,
)
from whichext.model.kernel import Project
from whichext.toolchains.profiles import Profile

_COMPILERS = ("cc", "c++", "cargo")
_CYTHON, _C = {".pyx", ".py"}, {".c", ".cc", ".cpp", ".cxx", ".c++"}
_PRANGE = re.compile(r"^[^#\n]*\bprange\s*\(", re.MULTILINE)
# What takes the optimisation away from inside a source, whatever the compiler is told.
_TAKES_AWAY = re.compile(
    r"""^\s*\#\s*pragma\s+GCC\s+optimize\s*\(?\s*"?-?O?0\b"""
    r"""|^\s*\#\s*pragma\s+clang\s+optimize\s+off\b"""
    r"""|__attribute__\s*\(\(\s*(?:__)?(?:optnone|optimize\s*\(\s*"?-?O?0\b)""",
    re.MULTILINE,
)
_PRAGMA = re.compile(r"^\s*#\s*pragma\s+omp\b", re.MULTILINE)


def judge_each(
    evidence: Evidence,
    project: Project,
    contestants: tuple[Contestant, ...],
    everything: tuple[Evidence, ...],
) -> Iterator[Finding]:
    """What is wrong with one build.

    Args:
        evidence: How it was compiled.
        project: Its sources, and what they need.
        contestants: Whose code is in it.
        everything: All builds of the comparison.

    """
    names = tuple(contestant.name for contestant in contestants)
    yield from _python_in_loops(evidence, contestants)
    if evidence.unsafe and evidence.unsafe.unexplained:
        yield UnsafeUnexplained(
            build=evidence.label,
            places=evidence.unsafe.places,
            unexplained=evidence.unsafe.unexplained,
        )
    if not evidence.compiled:
        needs = tuple(need for need in project.needs if need in _COMPILERS)
        if needs:
            yield CompilerUnseen(build=evidence.label, needs=needs)
        return
    yield from _not_optimised(evidence, names, everything)
    yield from _taken_away(evidence, project, names)
    yield from _openmp_missing(evidence, project, contestants)
    sanitizers = {name for settings in evidence.settings for name in settings.sanitizers}
    if sanitizers:
        yield Sanitized(contestants=names, sanitizers=tuple(sorted(sanitizers)))
    debug = tuple(library for library in evidence.libraries if library.debug_bytes)
    if debug:
        yield DebugSymbolsCounted(
            build=evidence.label,
            files=tuple(library.file for library in debug),
            debug_bytes=sum(library.debug_bytes for library in debug),
            file_bytes=sum(library.file_bytes for library in debug),
        )


def _not_optimised(
    evidence: Evidence, names: tuple[str, ...], everything: tuple[Evidence, ...]
) -> Iterator[NotOptimised]:
    """One finding for each way of not being optimised."""
    better = (one for one in everything if one.compiled and "0" not in one.levels)
    beside = group_builds(better, lambda one: one.flags)
    for told in sorted({s.told for s in evidence.settings if s.level == "0"}):
        found = [c for c in evidence.compiled if (c.settings.level, c.settings.told) == ("0", told)]
        all_of_it = len(found) == len(evidence.compiled)
        yield NotOptimised(
            contestants=names,
            told=told,
            sources=() if all_of_it else _sources(found),
            declared=evidence.profile == Profile.DEBUG,
            beside=beside,
        )


def _taken_away(
    evidence: Evidence, project: Project, names: tuple[str, ...]
) -> Iterator[NotOptimised]:
    """Sources that switch their own optimisation off, although the compiler is told to optimise."""
    stems = _stems_with(project.folder, _TAKES_AWAY, _TAKES_AWAY)
    optimised = [compiled for compiled in evidence.compiled if compiled.settings.level != "0"]
    sources = tuple(name for name in _sources(optimised) if name.partition(".")[0] in stems)
    if sources:
        told = "a pragma or an attribute in the source"
        yield NotOptimised(contestants=names, told=told, sources=sources, declared=False)


def _python_in_loops(
    evidence: Evidence, contestants: tuple[Contestant, ...]
) -> Iterator[PythonInLoop]:
    """One finding for each function with such a loop."""
    for function in dict.fromkeys(line.function for line in evidence.python_lines):
        lines = [line for line in evidence.python_lines if line.function == function]
        yield PythonInLoop(
            build=evidence.label,
            function=function,
            contestants=tuple(c.name for c in contestants if c.function == function),
            lines=tuple(map(str, lines)),
            calls=tuple(dict.fromkeys(call for line in lines for call in line.calls)),
        )


def _openmp_missing(
    evidence: Evidence, project: Project, contestants: tuple[Contestant, ...]
) -> Iterator[OpenMpMissing]:
    asking = _stems_with(project.folder, _PRANGE, _PRAGMA)
    without = [compiled for compiled in evidence.compiled if not compiled.settings.openmp]
    sources = tuple(name for name in _sources(without) if name.partition(".")[0] in asking)
    if sources:
        names = tuple(contestant.name for contestant in contestants)
        yield OpenMpMissing(contestants=names, asked_by=sources)
    if not evidence.openmp:
        declaring = tuple(c.name for c in contestants if ("pool", "openmp") in _factors(c))
        if declaring:
            yield OpenMpMissing(contestants=declaring, asked_by=('pool = "openmp"',))


def _stems_with(folder: Path, in_cython: re.Pattern[str], in_c: re.Pattern[str]) -> set[str]:
    """Names, without suffixes, of a project's sources in which something is found.

    Cython's C, which the build makes and throws away, has the name of its source in front.
    """
    return {
        path.name.partition(".")[0]
        for path in content_files(folder)
        if (path.suffix in _CYTHON and in_cython.search(path.read_text("utf-8", "replace")))
        or (path.suffix in _C and in_c.search(path.read_text("utf-8", "replace")))
    }


def _sources(compiled: list[Compiled]) -> tuple[str, ...]:
    return tuple(sorted({source for one in compiled for source in one.sources}))


def _factors(contestant: Contestant) -> set[tuple[str, str]]:
    return {(factor.name, factor.value) for factor in contestant.factors}
