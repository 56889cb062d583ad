"""The profiles, and how a project's toolchains apply them.

Compiler settings are applied from outside and nothing else: a project's files stay as they are. A
setting is a flag that the recorder appends to the calls that compile the project's own objects. So
it is the last of contradicting flags and wins, whatever the backend; all other flags are those of
the release. Environment variables would not do: setuptools lets CFLAGS replace Python's own flags,
and CMake puts those of its build type behind the environment's. Only what is compiled when it is
called takes its settings from variables, which the processes that call it get.

Only factors that compilers take from outside are settings. What is written in the source, such
as the order of a loop or a lock, can be compared by entries that differ in it and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whichext.model.contestant import NAMED, Contestant, Profile
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.toolchains import every_toolchain, find_toolchain, toolchains_of
from whichext.toolchains.base import (
    Toolchain,
    Unknown,
)
from whichext.toolchains.calls import Setting

_SHARED = ("optimisation", "isa", "bounds", "compiler")
"""The best known factors, in the order in which they are listed; those of plug-ins come after."""


def single_settings() -> tuple[Profile, ...]:
    """All single settings that some toolchain knows on this architecture, factor by factor."""
    found = dict.fromkeys(
        setting.profile for toolchain in every_toolchain() for setting in toolchain.settings
    )
    factors = [*_SHARED, *(profile.sets[0].name for profile in found)]
    return tuple(sorted(found, key=lambda profile: factors.index(profile.sets[0].name)))


def profile_names() -> list[str]:
    """All names of profiles, the named sets first."""
    return [profile.name for profile in (*NAMED, *single_settings())]


def find_profile(text: str) -> Profile | None:
    """The profile that a user means; None where there is none of that name."""
    known = (profile for profile in (*NAMED, *single_settings()) if profile.name == text)
    return next(known, None)


@dataclass(frozen=True)
class Telling:
    """What a build receives from outside; nothing under the release, as from `pip install`."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables that are set: those of the project's own toolchains."""
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that are appended to compilers' calls, by the name of the toolchain."""


def telling_of(profile: Profile, project: Project) -> Telling:
    """What a build of a project receives under a profile.

    Flags are for every toolchain that has some, since a crate may compile C as well. A project that
    compiles nothing receives nothing.
    """
    own = toolchains_of(project)
    variables: dict[str, str] = {}
    for toolchain in own:
        said = toolchain.told(profile)
        variables |= said.variables if said else {}
    flags: dict[str, tuple[str, ...]] = {}
    for toolchain in every_toolchain() if any(map(_may_compile, own)) else ():
        said = toolchain.told(profile)
        if said and said.flags:
            flags[toolchain.name] = said.flags
    return Telling(variables, flags)


def variables_for(contestant: Contestant, folder: Path) -> Mapping[str, str]:
    """Variables of a process that calls a contestant; none where all is compiled in its build.

    Args:
        contestant: The contestant.
        folder: Where what is compiled when it is called is kept for later processes.

    """
    toolchain = find_toolchain(contestant.toolchain)
    if not toolchain.compiles_into:
        return {}
    said = toolchain.told(contestant.profile)
    return {**(said.variables if said else {}), toolchain.compiles_into: str(folder)}


def _may_compile(toolchain: Toolchain) -> bool:
    return bool(toolchain.settings) or isinstance(toolchain, Unknown)


def needs_under(profile: Profile, project: Project) -> tuple[str, ...]:
    """What a project needs when it is built under a profile."""
    chosen = [(one, setting) for one in toolchains_of(project) for setting in _chosen(one, profile)]
    programs = dict.fromkeys(program for _, setting in chosen for program in setting.programs)
    replaced = {need.name for one, setting in chosen if setting.programs for need in one.needs}
    return (*programs, *(need for need in project.needs if need not in replaced))


def find_deaf(profile: Profile, project: Project) -> NotApplicable | None:
    """Why a profile does not apply to a project; None if it does.

    A named profile applies to whatever may compile: what of it does not reach is seen in the build.
    """
    applies = (
        any(one.told(profile) is not None for one in compiling(project))
        if profile.single
        else any(map(_may_compile, toolchains_of(project)))
    )
    if applies or not profile.sets:
        return None
    return NotApplicable(profile.sets[0].name, project.toolchain)


def settings_for(compiler: str, toolchain: str) -> tuple[Profile, ...]:
    """Single settings that apply to code.

    Args:
        compiler: What compiled it, as an audit names it.
        toolchain: What it is written in, as its project declares it.

    """
    name = compiler.partition(" ")[0]
    told = [one for one in every_toolchain() if name in one.compilers or one.name == toolchain]
    return tuple(
        profile
        for profile in single_settings()
        if any(one.told(profile) is not None for one in told)
    )


def _chosen(toolchain: Toolchain, profile: Profile) -> Iterator[Setting]:
    """The toolchain settings behind a single setting."""
    if profile.single:
        yield from (setting for setting in toolchain.settings if setting.profile == profile)


def compiling(project: Project) -> Iterator[Toolchain]:
    """The toolchains that compile a project's own code, and not only link it."""
    toolchains = toolchains_of(project)
    linking = {need for one in toolchains for need in one.links_with}
    for one in toolchains:
        names = {need.name for need in one.needs}
        if not names or not names <= linking:
            yield one
