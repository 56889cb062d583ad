"""Whether a build is what its profile says, from the calls that were noted while it was made.

Nothing is assumed: a setting that is in no call behind the wheel's libraries is one that the
project cannot be built under, and the reason names what is in its way. That is known without a
build of the release beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from whichext.model.contestant import Profile
from whichext.model.evidence import Settings
from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable
from whichext.toolchains import every_toolchain, toolchains_of, trace_all
from whichext.toolchains.base import Command, Part, Sources, Toolchain
from whichext.toolchains.flags import LEVELS

_MOST_NAMED = 3
_UNSEEN = "let the build files call the compiler by a name such as cc, and not by a path"


def find_unheard(
    profile: Profile,
    project: Project,
    commands: tuple[Command, ...],
    libraries: Iterable[str],
    sources: Sources,
) -> NotApplicable | None:
    """Why a build is not what its profile says; None if it is.

    Args:
        profile: The profile that it was built under.
        project: The project.
        commands: All calls of the build.
        libraries: File names of the compiled libraries in the wheel.
        sources: The project's own files.

    """
    names = frozenset(libraries)
    if not names or not profile.sets:
        return None
    found = _unheard(profile, project, commands, names)
    own = (one.find_unheard(profile, commands, sources) for one in toolchains_of(project))
    return next(filter(None, (found, *own)), None)


def _unheard(
    profile: Profile, project: Project, commands: tuple[Command, ...], libraries: frozenset[str]
) -> NotApplicable | None:
    """What all compiled sources contradict; some of them alone are left to the audit."""
    given = _given(profile)
    if not given:
        return None  # it is a matter of no compiler
    languages = frozenset(language for one in given for language in one.languages)
    those = [part for part in trace_all(commands, libraries) if part[0].language in languages]
    if not those:
        files = _named(sorted(libraries))
        reason = f"no call of a compiler that has the setting was seen behind {files}"
        return NotApplicable(profile.sets[0].name, project.toolchain, reason, _UNSEEN)
    found = _contradicted(profile, project, those, commands)
    names = {one.name for one in given}
    if found or any(one.appended for one in commands if one.toolchain in names):
        return found
    if any(factor.name == "compiler" for factor in profile.sets):  # no flag, but a variable
        return None
    reason = f"no call was seen behind {_sources(those)} to which flags could be appended"
    return NotApplicable(profile.sets[0].name, project.toolchain, reason, _UNSEEN)


def _contradicted(
    profile: Profile, project: Project, parts: list[Part], commands: tuple[Command, ...]
) -> NotApplicable | None:
    """The first factor that the calls of all sources contradict."""
    for factor in profile.sets:
        contradiction, remedy = _SEEN.get(factor.name, (_nothing, ""))
        texts = [contradiction(factor.value, settings, commands) for settings, _ in parts]
        if all(texts):
            seen = " and ".join(dict.fromkeys(texts))
            what = f"{factor.name}={factor.value} did not reach {_sources(parts)}"
            return NotApplicable(factor.name, project.toolchain, f"{what}, compiled {seen}", remedy)
    return None


def _sources(parts: list[Part]) -> str:
    return _named(sorted({source for _, source in parts}))


def _given(profile: Profile) -> list[Toolchain]:
    """The toolchains whose compilers a profile says something to."""
    said = ((one, one.told(profile)) for one in every_toolchain() if one.compilers)
    return [one for one, told in said if told is not None and (told.flags or told.variables)]


def _nothing(value: str, settings: Settings, commands: tuple[Command, ...]) -> str:  # noqa: ARG001
    """No call shows such a factor."""
    return ""


def _level(value: str, settings: Settings, commands: tuple[Command, ...]) -> str:  # noqa: ARG001
    """The levels that a source was compiled with, where the last is another one."""
    agrees = settings.level == LEVELS[value]
    return "" if agrees else f"with {settings.told or 'no level'}"


def _instructions(value: str, settings: Settings, commands: tuple[Command, ...]) -> str:
    """What chooses other instructions; more of them than this processor's are no matter."""
    wanted = {value} - {"baseline"}
    others = [name for name in settings.isa if name not in wanted]
    agrees = wanted <= {*settings.isa} and (not others or value == "native")
    flags = dict.fromkeys(_flag(name, commands) for name in others)
    return "" if agrees else f"with {' '.join(flags) or 'no processor'}"


def _compiler(value: str, settings: Settings, commands: tuple[Command, ...]) -> str:  # noqa: ARG001
    """The compiler, where it is another one."""
    agrees = settings.compiler.partition(" ")[0] == value
    return "" if agrees else f"by {settings.compiler}"


def _flag(instructions: str, commands: tuple[Command, ...]) -> str:
    """The project's flag that switches instructions on."""
    words = (word for command in commands for word in command.asked if "/" not in word)
    return next((word for word in words if instructions in word), instructions)


_SEEN = {
    "optimisation": (_level, _UNSEEN),
    "isa": (
        _instructions,
        "take the instruction sets out of the project's flags, or let a switch of its build "
        "choose them",
    ),
    "compiler": (_compiler, "let the build files take the compiler from CC and CXX"),
}
"""Factors whose values are seen in every call: what contradicts one, empty where the call agrees,
and what lets a setting through."""


def _named(files: list[str]) -> str:
    more = len(files) - _MOST_NAMED
    return ", ".join(files[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
