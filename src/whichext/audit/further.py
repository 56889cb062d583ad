"""Further factors of a build: settings that may change results or times, and are seldom named.

They are factors of a contestant only where two builds of a comparison differ in them. So a ladder
names what changes, and nothing that all have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whichext.model.contestant import OBJECTS, RELEASE, UNSEEN_VALUE, Contestant, Factor
from whichext.model.evidence import NOT_KNOWN, Evidence
from whichext.toolchains.flags import ASSERTIONS, C_API, FLAGS, MATH, OVERFLOW

_NONE = "none"
# What an entry may declare and a build contradict; any other value is of a factor of its own.
_WORDS = {
    MATH: ("strict", "fast"),
    OVERFLOW: ("undefined", "wraps", "checked"),
    ASSERTIONS: ("on", "off"),
}


def further_factors(
    build: Evidence, contestant: Contestant, evidence: Iterable[Evidence]
) -> dict[str, Sequence[str]]:
    """The values of these factors for a contestant, by name.

    Args:
        build: Its build.
        contestant: The contestant: of what files say of a whole library, its own word counts more.
        evidence: All builds of the comparison.

    """
    compiled = [one for one in evidence if one.compiled]
    values = {one.label: _values(one, compiled) for one in compiled}
    own = values.get(build.label, {})
    by_profile = {factor.name for factor in contestant.profile.sets}
    left = {factor.name for factor in contestant.factors if not is_seen(factor)}
    found: dict[str, Sequence[str]] = {}
    for name, value in own.items():
        everywhere = {its[name] for its in values.values() if name in its}
        if name not in left and (len(everywhere) > 1 or name in by_profile or NOT_KNOWN in value):
            unseen = f"{build.project}{UNSEEN_VALUE}"
            found[name] = (unseen if NOT_KNOWN in value else value,)
    if build.unseen_objects:
        # Of every entry its own, since nobody knows which of them it comes to.
        found[OBJECTS] = (f"{contestant.entry} @{contestant.profile}{UNSEEN_VALUE}",)
    return found


def _values(build: Evidence, compiled: Iterable[Evidence]) -> dict[str, str]:
    """All values that are known of a build, by factor."""
    names = {factor.name for one in build.settings for factor in one.further}
    found = {name: _setting(build, name, compiled) for name in names}
    if "abi3" in build.tag and found.get(C_API, "full") == "full":
        found[C_API] = "limited"  # by a line in a source, or in a language without such a flag
    found |= {f"version of {one.name}": one.value for one in build.contributors}
    return found | {one.name: one.value for one in build.said}


def _setting(build: Evidence, name: str, compiled: Iterable[Evidence]) -> str:
    """The value of a setting, of flags without those that all builds have."""
    values = values_of(build, name)
    if not name.endswith(FLAGS):
        return "+".join(values)
    everywhere = [set(text.split()) for one in compiled for text in values_of(one, name)]
    common = set.intersection(*everywhere) if everywhere else set[str]()
    own = {word for text in values for word in text.split()} - common
    return " ".join(sorted(own)) or _NONE


def values_of(build: Evidence, name: str) -> tuple[str, ...]:
    """All values that a setting has in a build, sorted."""
    values = {one.value_of(name) for one in build.settings}
    return tuple(sorted(value for value in values if value is not None))


def contradicted(build: Evidence, factor: Factor) -> str:
    """The observed value of a declared factor; empty where it agrees or is not known."""
    if build.profile != RELEASE or not is_seen(factor):  # a profile is there to change these
        return ""
    seen = set(values_of(build, factor.name)) - {NOT_KNOWN}
    return "" if seen <= {factor.value} else ", ".join(sorted(seen))


def is_seen(factor: Factor) -> bool:
    """Whether a declared factor means what is read from compilers' calls, if it is their word."""
    return factor.value in _WORDS.get(factor.name, ())
