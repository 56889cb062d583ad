"""The factors of a contestant that its build shows.

Some of them are settings that may change results or times, and are seldom named. They count only
where two builds of a comparison differ in them. So a ladder names what changes, and nothing that
all have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whichext.model.contestant import (
    CHOSEN_AT_RUN_TIME,
    ENVIRONMENT,
    OBJECTS,
    PYTHON_IN_LOOP,
    UNSEEN_VALUE,
    Contestant,
    Factor,
)
from whichext.model.evidence import NOT_KNOWN, Evidence
from whichext.toolchains.flags import C_API, FLAGS, is_seen

# Of -Ofast, all that is more than -O3 is in other factors.
_LEVELS = {"0": "none", "fast": "O3"}
_NONE = "none"


def seen_factors(contestant: Contestant, evidence: tuple[Evidence, ...]) -> tuple[Factor, ...]:
    """The factors that a contestant's build shows: "compiler", "optimisation", "isa", "lto".

    And "sanitizers" and variables of the environment where there are any, which no other source
    states and so are a difference; and whether its loops call Python, unless sources could not be
    looked at.

    Nothing is said of what no compiler was seen to build, nor of the instructions of an entry that
    declares to choose them at run time.

    Args:
        contestant: The contestant.
        evidence: All builds of the comparison: a compiler's version is named where two differ.

    """
    build = next((one for one in evidence if one.is_of(contestant) and one.compiled), None)
    if build is None:
        return ()
    compilers = [compiler for one in evidence for compiler in one.compilers]
    seen = {
        **_further(build, contestant, evidence),
        PYTHON_IN_LOOP: _python_in_loop(build, contestant),
        **_seen(build, frozenset(compilers)),
    }
    if Factor("isa", CHOSEN_AT_RUN_TIME) in contestant.factors:
        del seen["isa"]
    found = (Factor(name, "+".join(values)) for name, values in seen.items() if values)
    return tuple(sorted(found))


def _seen(build: Evidence, everywhere: frozenset[str]) -> dict[str, Sequence[str]]:
    """The factors that a build shows, by name; `everywhere` has the compilers of all builds."""
    return {
        "compiler": [_shortest(name, everywhere) for name in build.compilers],
        "isa": build.isa or ("baseline",),
        "lto": sorted({one.lto or "none" for one in build.settings}),
        "optimisation": list(dict.fromkeys(_LEVELS.get(o, f"O{o}") for o in build.levels)),
        "sanitizers": build.sanitizers,
        ENVIRONMENT: build.inherited,
    }


def _python_in_loop(build: Evidence, contestant: Contestant) -> Sequence[str]:
    """Whether calls of a contestant were seen to call Python again and again; empty if unknown."""
    lines = [line for line in build.python_lines if line.is_repeated_by(contestant)]
    if not all(line.is_outer_for(contestant) for line in lines):
        return ("yes",)
    if any(one.hides_loops for one in build.unseen):
        return ()
    return ("in outer loops",) if lines else ("none seen",)


def _shortest(compiler: str, everywhere: frozenset[str]) -> str:
    """A compiler's name, with its version only if another version of it was used too."""
    name = compiler.partition(" ")[0]
    return compiler if sum(one.partition(" ")[0] == name for one in everywhere) > 1 else name


def _further(
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
        # Each entry has a value of its own: which of them uses the unseen code is not known.
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
    values = build.values_of(name)
    if not name.endswith(FLAGS):
        return "+".join(values)
    everywhere = [set(text.split()) for one in compiled for text in one.values_of(name)]
    common = set.intersection(*everywhere) if everywhere else set[str]()
    own = {word for text in values for word in text.split()} - common
    return " ".join(sorted(own)) or _NONE
