"""Whether builds that are compared were compiled alike, as far as their language allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from whichext.model.contestant import RELEASE
from whichext.model.evidence import Evidence
from whichext.model.finding import (
    Finding,
    Group,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
)
from whichext.toolchains import every_toolchain


def unlike(evidence: tuple[Evidence, ...]) -> Iterator[Finding]:
    """In what builds under the same profile differ; two profiles differ by their names."""
    for profile in dict.fromkeys(one.profile for one in evidence):
        builds = [one for one in evidence if one.profile == profile and one.compiled]
        yield from _unlike(builds)


def unchanged(evidence: tuple[Evidence, ...]) -> Iterator[SettingWithoutEffect]:
    """Builds under other settings that came out as the same machine code."""
    for one in evidence:
        release = find_release(one, evidence)
        if release is not None and one.is_same_code_as(release):
            yield SettingWithoutEffect(build=one.label, release=release.label)


def find_release(build: Evidence, evidence: tuple[Evidence, ...]) -> Evidence | None:
    """The release build of the same project; None where there is none, and for itself."""
    return next(
        (
            other
            for other in evidence
            if other.project == build.project
            and other.profile == RELEASE
            and build.profile != RELEASE
        ),
        None,
    )


def _unlike(builds: list[Evidence]) -> Iterator[Finding]:
    optimised = (one for one in builds if "0" not in one.levels)  # the others are found as such
    levels = group_builds(optimised, lambda one: one.flags)
    if len(levels) > 1:
        yield UnlikeOptimisation(groups=levels)
    isa = group_builds(builds, lambda one: ", ".join(one.isa) or "any of its architecture")
    if len(isa) > 1:
        yield UnlikeIsa(groups=isa)
    free = _languages_with_a_choice()
    choosing = group_builds([one for one in builds if one.languages <= free], _compilers)
    if len(choosing) > 1:
        yield UnlikeCompiler(groups=choosing, one_language=True)
    others = group_builds(builds, _compilers)
    if len(others) > len(choosing) > 0:
        yield UnlikeCompiler(groups=others, one_language=False)


def _languages_with_a_choice() -> frozenset[str]:
    """Languages that several compilers compile, so that two builds in them need not differ."""
    choosing = (one.languages for one in every_toolchain() if one.interchangeable)
    return frozenset().union(*choosing)


def _compilers(build: Evidence) -> str:
    return ", ".join(build.compilers)


def group_builds(
    builds: Iterable[Evidence], setting: Callable[[Evidence], str]
) -> tuple[Group, ...]:
    """The builds, put together where a setting is the same."""
    found: dict[str, list[str]] = {}
    for build in builds:
        found.setdefault(setting(build), []).append(build.label)
    return tuple(Group(text, tuple(labels)) for text, labels in found.items())
