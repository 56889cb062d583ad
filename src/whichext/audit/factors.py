"""The factors of a contestant as its build shows them, and declared ones that it contradicts.

Only what can be known for sure: instructions that a source asks for by itself, say, are in no call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.contestant import CHOSEN_AT_RUN_TIME, RELEASE, Contestant, Factor
from whichext.model.evidence import Evidence
from whichext.model.finding import FactorContradicted
from whichext.toolchains import find_toolchain


def seen_factors(contestant: Contestant, evidence: tuple[Evidence, ...]) -> tuple[Factor, ...]:
    """The factors that a contestant's build shows: "compiler", "optimisation", "isa", "lto".

    And "sanitizers" where there are any, which no other source states and so is a difference.

    Nothing is said of what no compiler was seen to build, nor of the instructions of an entry that
    declares to choose them at run time.

    Args:
        contestant: Whose factors.
        evidence: All builds of the comparison: a compiler's version is named where two differ.

    """
    build = next((one for one in evidence if one.is_of(contestant) and one.compiled), None)
    if build is None:
        return ()
    compilers = [compiler for one in evidence for compiler in one.compilers]
    seen = _seen(build, frozenset(compilers))
    if Factor("isa", CHOSEN_AT_RUN_TIME) in contestant.factors:
        del seen["isa"]
    return tuple(Factor(name, "+".join(values)) for name, values in seen.items() if values)


def _seen(build: Evidence, everywhere: frozenset[str]) -> dict[str, Sequence[str]]:
    """What a build shows of each factor, by its name; `everywhere` are all builds' compilers."""
    return {
        "compiler": [_shortest(name, everywhere) for name in build.compilers],
        "isa": build.isa or ("baseline",),
        "lto": sorted({one.lto or "none" for one in build.settings}),
        "optimisation": ["none" if level == "0" else f"O{level}" for level in build.levels],
        "sanitizers": sanitizers_of(build),
    }


def sanitizers_of(build: Evidence) -> tuple[str, ...]:
    """Checkers compiled into some of its sources, sorted."""
    return tuple(sorted({name for one in build.settings for name in one.sanitizers}))


def _shortest(compiler: str, everywhere: frozenset[str]) -> str:
    """A compiler's name, with its version only where another of that name has another one."""
    name = compiler.partition(" ")[0]
    return compiler if sum(one.partition(" ")[0] == name for one in everywhere) > 1 else name


def contradictions(
    evidence: Evidence, contestants: tuple[Contestant, ...]
) -> Iterator[FactorContradicted]:
    """What the contestants of a build declare and what was seen, where the two differ."""
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
    """What the build says of a factor; empty where it agrees or has no say."""
    by_profile = evidence.profile != RELEASE  # which is there to change these
    match name:
        case "toolchain":
            expected = find_toolchain(value).languages
            agrees = not expected or bool(expected & evidence.languages)
            return "" if agrees else f"sources in {', '.join(sorted(evidence.languages))} alone"
        case "compiler":
            agrees = any(value in (seen, seen.split()[0]) for seen in evidence.compilers)
            return "" if agrees else ", ".join(evidence.compilers)
        case "optimisation" if not by_profile:
            agrees = evidence.levels == (value.lstrip("-").removeprefix("O"),)
            return "" if agrees else evidence.flags
        case "isa" if not by_profile and value == "baseline":
            return ", ".join(evidence.isa)
        case _:
            return ""
