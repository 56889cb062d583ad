"""Reads one build, independently of any comparison; the result is cached as JSON.

It depends on the build alone (its key holds the sources), and on the code that reads it. What it
shows can be known for sure. Instructions, for example, that a source asks for by itself are in no
compiler call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from whichext.audit.library import read_library
from whichext.audit.objects import unseen_objects
from whichext.build.sources import content_files
from whichext.build.store import Store, digest
from whichext.model.contestant import (
    RELEASE,
    Contestant,
    Factor,
    Profile,
)
from whichext.model.evidence import NOT_KNOWN, Compiled, Evidence, Library, Settings, Unseen
from whichext.model.finding import FactorContradicted
from whichext.model.kernel import Project
from whichext.model.outcome import Built
from whichext.toolchains import (
    contributors,
    every_toolchain,
    find_toolchain,
    knowledge_digest,
    toolchains_of,
    trace_all,
)
from whichext.toolchains.base import Command, Sources, Toolchain
from whichext.toolchains.flags import is_seen
from whichext.toolchains.inherited import reaching


class Marked(Struct, frozen=True, kw_only=True):
    """Marks in the sources, by file name without suffix, which generated files keep."""

    parallel: tuple[str, ...] = ()
    """Sources that ask for OpenMP."""
    unoptimised: tuple[str, ...] = ()
    """Sources that take their own optimisation away."""


class Reading(Struct, frozen=True, kw_only=True):
    """The result of reading a build."""

    evidence: Evidence
    """How it was compiled, and what came of it."""
    marked: Marked
    """What its sources say by themselves."""


def read_build(project: Project, profile: Profile, built: Built, store: Store) -> Reading:
    """Read how a build was compiled, what its libraries contain, and what its sources contain."""
    name = f"read-{digest(reader_digest(), project.toolchain.encode())}"
    reading = store.noted(built.key, name, Reading)
    if reading is None:
        reading = _read(project, profile, built, store)
        store.note(built.key, name, reading)
    # Two projects, or two profiles, may be one build.
    own = replace(reading.evidence, project=project.name, profile=profile)
    return replace(reading, evidence=own)


def read_marks(sources: Sources) -> Marked:
    """Read the marks in a project's sources."""
    parallel, unoptimised = set[str](), set[str]()
    marks = [marks for toolchain in every_toolchain() for marks in toolchain.marks]
    for path in sources.files:
        fitting = [one for one in marks if path.suffix in one.suffixes]
        text = path.read_text("utf-8", "replace") if fitting else ""
        stem = path.name.partition(".")[0]
        if any(one.parallel and one.parallel.search(text) for one in fitting):
            parallel.add(stem)
        if any(one.unoptimised and one.unoptimised.search(text) for one in fitting):
            unoptimised.add(stem)
    return Marked(parallel=tuple(sorted(parallel)), unoptimised=tuple(sorted(unoptimised)))


def _read(project: Project, profile: Profile, built: Built, store: Store) -> Reading:
    paths = store.libraries(built.key)
    toolchains = _own_first(project)
    copies = _by_content(paths)
    read = [read_library(one[0], toolchains) for one in copies]
    record = store.record(built.key)
    names = [frozenset(path.name for path in one) for one in copies]
    libraries = tuple(one for one in read if isinstance(one, Library))
    sources = Sources(folder=project.folder, files=tuple(content_files(project.folder)))
    unsafe = (toolchain.find_unsafe(sources) for toolchain in toolchains)
    evidence = Evidence(
        project=project.name,
        profile=profile,
        compiled=gather(record.commands, frozenset[str]().union(*names)),
        tag="-".join(built.wheel.removesuffix(".whl").split("-")[-3:]),
        libraries=libraries,
        python_lines=record.python_lines,
        codes=record.codes,
        unsafe=next((places for places in unsafe if places is not None), None),
        unseen=(*(one for one in read if isinstance(one, Unseen)), *record.unseen),
        contributors=contributors(built.tools, record.commands),
        said=tuple(
            said for one in toolchains for said in one.said(sources, profile, record.commands)
        ),
        unseen_objects=unseen_objects(record.commands, libraries, names),
        inherited=tuple(
            f"{one.name}={one.value}" for one in reaching(built.inherited, project, record.commands)
        ),
    )
    return Reading(evidence=evidence, marked=read_marks(sources))


def _by_content(paths: Iterable[Path]) -> list[list[Path]]:
    """The paths of each library: a wheel has a copy of it for each of its names."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(digest(path.read_bytes()), []).append(path)
    return list(found.values())


def gather(commands: tuple[Command, ...], libraries: Iterable[str]) -> tuple[Compiled, ...]:
    """How the code in a wheel was compiled: selects the calls behind it from all calls of a build.

    Backends call compilers for many other things: to ask what they can do, and to build what only
    the build itself needs. So every toolchain starts from the libraries that were linked for Python
    to load, and goes back to the sources behind them.

    Args:
        commands: All calls of the build.
        libraries: File names of the compiled libraries in the wheel.

    """
    sources: dict[Settings, set[str]] = {}
    for settings, source in trace_all(commands, frozenset(libraries)):
        sources.setdefault(settings, set()).add(source)
    return tuple(
        Compiled(settings=settings, sources=tuple(sorted(sources[settings])))
        for settings in sorted(sources, key=msgspec.json.encode)
    )


def _own_first(project: Project) -> tuple[Toolchain, ...]:
    """All toolchains, the project's own first, since two toolchains may name symbols alike."""
    own = toolchains_of(project)
    names = {toolchain.name for toolchain in own}
    return (*own, *(one for one in every_toolchain() if one.name not in names))


@cache
def reader_digest() -> bytes:
    """Hash of the code and the packages that read a build."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    packages = [metadata.version(name).encode() for name in ("capstone", "pyelftools")]
    return digest(knowledge_digest().encode(), *code, *packages).encode()


def contradictions(
    evidence: Evidence, contestants: tuple[Contestant, ...]
) -> Iterator[FactorContradicted]:
    """The factors for which a declaration differs from the observation."""
    if not evidence.compiled:
        return
    declaring: dict[tuple[str, str], list[str]] = {}
    for contestant in contestants:
        for factor in contestant.factors:
            declaring.setdefault((factor.name, factor.value), []).append(contestant.name)
    for (name, value), names in declaring.items():
        seen = _contradiction(evidence, name, value)
        if seen:
            yield FactorContradicted(
                contestants=tuple(names), factor=name, declared=value, seen=seen
            )


def _contradiction(evidence: Evidence, name: str, value: str) -> str:
    """The observed value of a factor; empty where it agrees or is not known."""
    match name:
        case "toolchain":
            expected = find_toolchain(value).languages
            agrees = not expected or bool(expected & evidence.languages)
            return "" if agrees else f"sources in {', '.join(sorted(evidence.languages))} alone"
        case "compiler":
            agrees = any(value in (seen, seen.split()[0]) for seen in evidence.compilers)
            return "" if agrees else ", ".join(evidence.compilers)
        case _ if evidence.profile == RELEASE:  # another profile is there to change settings
            return _other_setting(evidence, Factor(name, value))
        case _:
            return ""


def _other_setting(evidence: Evidence, declared: Factor) -> str:
    """The same for what flags say."""
    match declared:
        case Factor("optimisation", value):
            agrees = evidence.levels == (value.lstrip("-").removeprefix("O"),)
            return "" if agrees else evidence.flags
        case Factor("isa", "baseline"):
            return ", ".join(evidence.isa)
        case _ if is_seen(declared):
            seen = set(evidence.values_of(declared.name)) - {NOT_KNOWN}
            return "" if seen <= {declared.value} else ", ".join(sorted(seen))
        case _:
            return ""
