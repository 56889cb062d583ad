"""The factors in which contestants differ, and the effect of a single factor on the time.

Factors have five sources. An entry declares what is written in its source (order, pool, lock, ...).
Its profile sets compiler flags. The audit sees the flags that compilers really received, and
whether loops call Python. A probe sees whether its import or a call changes how the processor
computes. The contestant has its threads. Where two sources name the same factor, the later in this
list counts, because an observation is worth more than an intention.

Whether loops call Python is seen and not declared, so two unlike algorithms may differ in nothing
else that is known. Such a pair needs sources that say the same, or entries with declared factors.

Of what no compiler was seen to build, only the origin is known. Two libraries, or two projects,
then differ in their builds as well, whatever else they differ in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec.structs import astuple, replace

from whichext.judge.ratios import CONFIDENCE, ratio_in
from whichext.judge.seen_factors import seen_factors
from whichext.model.contestant import (
    CHOSEN_AT_RUN_TIME,
    CODE,
    ENTRY,
    OBJECTS,
    PYTHON_IN_LOOP,
    REVISION,
    UNSEEN_VALUE,
    WORKING,
    Contestant,
    Difference,
    Profile,
)
from whichext.model.evidence import Evidence
from whichext.model.insight import Effect
from whichext.model.process import Shared
from whichext.model.ratio import Ratio
from whichext.model.raw import Raw
from whichext.model.view import View
from whichext.toolchains import find_toolchain

Vector = Mapping[str, str]
"""A contestant's factors, value by name."""
_ARITHMETIC = {
    Shared.SUBNORMALS: ("kept", "flushed"),
    Shared.ROUNDING: ("to nearest", "otherwise"),
}
"""What code may change of the processor's arithmetic, with the usual value and the other one."""
Pair = tuple[str, str, Difference]
"""Two contestants, and the one factor in which they differ."""

IDLE = "idle"
"""A factor that plays no part with one thread: it is no difference to any value."""
UNSTATED = "unstated"
"""The value of a factor of which nothing is known for a contestant."""
BUILD = "build"
"""The factor of where a build comes from, if no compiler was seen. Of other contestants, flags and
compiler are factors of their own, and this one plays no part."""
WITHIN: Mapping[str, str] = {CODE: PYTHON_IN_LOOP, ENTRY: REVISION}
"""Factors that play a part only between two that differ in another one, by their names."""


def vectors(raw: Raw) -> dict[str, Vector]:
    """The factors of all that can be compared, by contestant's name; no twins and no limits."""
    compared = [one for one in raw.contestants if one.is_compared]
    codes, computing = _codes(compared, raw.evidence), _computing(raw)
    found = {
        one.name: {
            **_vector(one, raw.evidence, codes.get(one.source)),
            **{name: seen.get((one.entry, one.profile), usual) for name, usual, seen in computing},
        }
        for one in compared
    }
    at_some = frozenset(one.project.partition("@")[0] for one in raw.revisions)
    return {one.name: _at_revision(one, found[one.name], at_some) for one in compared}


def _computing(raw: Raw) -> list[tuple[str, str, Mapping[tuple[str, Profile], str]]]:
    """What entries change of how their process computes: name of the factor, usual value, others.

    Only what some of them change is a factor at all.
    """
    entries = {one.name: (one.entry, one.profile) for one in raw.contestants}
    found: list[tuple[str, str, Mapping[tuple[str, Profile], str]]] = []
    for state, (usual, other) in _ARITHMETIC.items():
        changing = {
            entries[probe.contestant]: other
            for probe in raw.probes
            if probe.contestant in entries and any(one.state is state for one in probe.changes)
        }
        if changing:
            found.append((state.value, usual, changing))
    return found


def _at_revision(contestant: Contestant, vector: Vector, at_some: frozenset[str]) -> Vector:
    """The vector in a race of these projects at revisions; as it is where there are none.

    Other projects do not differ from them in the revision.
    """
    if not at_some:
        return vector
    project, _, revision = (contestant.project or "").partition("@")
    if project not in at_some:
        return {ENTRY: IDLE, REVISION: IDLE, **vector}
    entry = contestant.entry.replace(f"@{revision}.", ".", 1)
    return {**vector, ENTRY: entry, REVISION: revision or WORKING}


def vector_under(
    contestant: Contestant, vector: Vector, setting: Profile | None, threads: int
) -> Vector:
    """The vector that a contestant would have with another setting and thread count.

    Args:
        contestant: One that there is.
        vector: Its factors.
        setting: An additional compiler setting; None for none.
        threads: How many it would have.

    """
    declared = {factor.name: factor.value for factor in contestant.factors}
    changed = {**vector, **{name: declared[name] for name in contestant.idle}}
    if setting is not None:
        changed = _told(changed, setting)
    return _with_threads(changed, contestant.idle, threads)


def differences(view: View, one: str, other: str) -> tuple[Difference, ...]:
    """The differences between two contestants of a result, sorted by factor."""
    factors = view.judged.factors
    return differing(factors[one], factors[other])


def differing(one: Vector, other: Vector) -> tuple[Difference, ...]:
    """The differences between two vectors, sorted by factor.

    What is known of one alone is a difference: nothing may be attributed to a single factor while
    another may differ unseen.
    """
    names = sorted({name for name, _ in one.items() ^ other.items()})
    pairs = (Difference(name, value_of(one, name), value_of(other, name)) for name in names)
    found = [pair for pair in pairs if IDLE not in (pair.before, pair.after)]
    differing = {pair.factor for pair in found}
    return tuple(pair for pair in found if WITHIN.get(pair.factor, pair.factor) in differing)


def value_of(vector: Vector, factor: str) -> str:
    """The value of a factor, also where the vector has none.

    What an unseen build does in its loops is one of the things that may differ in it.
    """
    within = factor in (BUILD, CODE) or (factor == PYTHON_IN_LOOP and BUILD in vector)
    return vector.get(factor, IDLE if within else UNSTATED)


def _codes(
    contestants: Iterable[Contestant], evidence: tuple[Evidence, ...]
) -> Mapping[tuple[str | None, str], str]:
    """Whose code each source is, of those that declare nothing but their toolchain.

    That of the first with the same; of which nothing is known, its own.
    """
    known: dict[tuple[str | None, str], str] = {
        (one.project, code.function): code.digest for one in evidence for code in one.codes
    }
    first: dict[str, str] = {}
    found: dict[tuple[str | None, str], str] = {}
    for one in contestants:
        if all(factor.name == "toolchain" for factor in one.factors):
            digest = known.get((one.project, one.called), one.entry)
            found[one.source] = f"{first.setdefault(digest, one.entry)}'s"
    return found


def _vector(contestant: Contestant, evidence: tuple[Evidence, ...], code: str | None) -> Vector:
    contestant = _as_built(contestant, evidence)
    vector = {factor.name: factor.value for factor in contestant.factors}
    told = _told(vector, contestant.profile)
    seen = {factor.name: factor.value for factor in seen_factors(contestant, evidence)}
    if evidence and not seen:
        told[BUILD] = f"{_origin(contestant, told)}{UNSEEN_VALUE}"
    elif seen and PYTHON_IN_LOOP not in seen:
        told[PYTHON_IN_LOOP] = f"{contestant.entry}{UNSEEN_VALUE}"
    told.update(seen)
    if code is not None and PYTHON_IN_LOOP in seen:
        told[CODE] = code
    return _with_threads(told, contestant.idle, contestant.threads)


def _origin(contestant: Contestant, vector: Vector) -> str:
    """The origin of what no compiler was seen to build: a library, or else the project."""
    toolchain = vector.get("toolchain")
    if toolchain is None or find_toolchain(toolchain).languages:
        return contestant.project or contestant.entry
    return toolchain


def _as_built(contestant: Contestant, evidence: tuple[Evidence, ...]) -> Contestant:
    """The contestant under the release's settings where its own changed nothing in its code."""
    build = next((one for one in evidence if one.is_of(contestant)), None)
    release = build.release_in(evidence) if build else None
    if build is None or release is None or not build.is_same_code_as(release):
        return contestant
    return replace(contestant, profile=release.profile)


def _told(vector: Vector, profile: Profile) -> dict[str, str]:
    """The vector of an entry that was compiled under a profile.

    Other instructions for the rest do not keep it from choosing its own at run time. Only where all
    of it is built for this processor is there nothing left to choose.
    """
    return {
        **vector,
        **{
            factor.name: factor.value
            for factor in profile.sets
            if vector.get(factor.name) != CHOSEN_AT_RUN_TIME or factor.value == "native"
        },
    }


def _with_threads(vector: Vector, idle: tuple[str, ...], threads: int) -> dict[str, str]:
    resting = dict.fromkeys(idle, IDLE) if threads == 1 else {}
    return {**vector, **resting, "threads": str(threads)}


def find_effects(view: View) -> tuple[Effect, ...]:
    """The effects that a race shows: pair by pair, sorted by factor, and case by case.

    All pairs that differ in one factor and in nothing else, each from the rounds that the two
    share. A pair that differs in several is confounded: its ratio is as true as any other, and says
    nothing about any one of them. What crashed in a race, or was found to be wrong, shows no effect
    of anything.
    """
    found = (_upward(view, pair) for pair in single_factor_pairs(view))
    return tuple(
        Effect(
            case=case,
            factor=difference.factor,
            before=difference.before,
            after=difference.after,
            contestant_before=before,
            contestant_after=after,
            ratio=ratio,
        )
        for (before, after, difference), ratios in sorted(found, key=lambda one: astuple(one[0][2]))
        for case, ratio in ratios
    )


def single_factor_pairs(view: View) -> Iterator[Pair]:
    """Pairs of contestants that differ in exactly one factor, and in it for sure.

    A value that is not stated may be that of the other one, except where the two have the same
    source: then a setting changed what it does by itself.
    """
    for (one, its), (other, others) in combinations(view.judged.factors.items(), 2):
        found = differing(its, others)
        if len(found) != 1:
            continue
        stated = is_stated(found[0].before) and is_stated(found[0].after)
        same = view.contestants[one].source == view.contestants[other].source
        if stated or (same and found[0].factor != OBJECTS):
            yield one, other, found[0]


def is_stated(value: str) -> bool:
    """Whether a factor's value is known."""
    return value != UNSTATED and not value.endswith(UNSEEN_VALUE)


def _upward(view: View, pair: Pair) -> tuple[Pair, Sequence[tuple[str, Ratio]]]:
    """A pair in the direction in which times fall over all cases, with its ratios there.

    Threads always go upwards. It is one direction for all cases, so that an effect which turns
    around in one of them is seen to.
    """
    before, after, difference = pair
    ratios = tuple(_ratios(view, before, after))
    if difference.factor == "threads":
        upward = int(difference.before) < int(difference.after)
    else:
        upward = sum(ratio.centre for _, ratio in ratios) <= 0
    if upward:
        return pair, ratios
    # Not the inverse: its last digit would depend on which of the two comes first.
    return (after, before, difference.reversed()), tuple(_ratios(view, after, before))


def _ratios(view: View, before: str, after: str) -> Iterator[tuple[str, Ratio]]:
    """The second's time over the first's, in each case in which both took turns in one round."""
    for name, case in view.cases.items():
        if {before, after} <= case.measured.keys():
            ratio = ratio_in(case, after, before, CONFIDENCE)
            if ratio is not None:
                yield name, ratio
