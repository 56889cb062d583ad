"""What a race lacks that has no ladder between two contestants.

Contestants that other compiler settings or another thread count would make of the same sources are
looked for first: those are one more option of the command line. Where they do not help, somebody
has to write an entry, and the two that come nearest to each other say which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from whichext.judge.effects import measured_timings
from whichext.judge.factors import Vector, differing, vector_under, vectors
from whichext.judge.ladder import keeps_direction
from whichext.judge.paths import reached, shortest_way
from whichext.model.contestant import Contestant, Role
from whichext.model.difference import Difference
from whichext.model.profile import RELEASE, Profile
from whichext.model.view import View
from whichext.toolchains.profiles import settings_for

_RACED, _MISSING = 0.001, 1.0  # what a step costs: few missing contestants first, then few steps


@dataclass(frozen=True)
class Gap:
    """Between two contestants there is no way in steps of one factor each."""

    start: str
    """Where it would begin."""
    end: str
    """Where it would end."""
    missing: tuple[Contestant, ...]
    """Who would close it and can be made of the sources that there are; empty where nobody can."""
    threads: tuple[int, ...]
    """The thread counts of a race that has them as well as those who raced; empty where the count
    plays no part."""
    nearest: tuple[str, str]
    """The two that come nearest to each other, of those to which there is a way from the ends."""
    differences: tuple[Difference, ...]
    """In what these two differ."""


def find_gap(view: View, case: str, start: str, end: str) -> Gap:
    """What is missing between two contestants that raced in a case without a ladder."""
    timings = measured_timings(view, case)
    raced = {name: vector for name, vector in vectors(view).items() if name in timings}
    makeable = {one.name: (one, vector) for one, vector in _makeable(view, raced)}
    everyone = {name: vector for name, (_, vector) in makeable.items()} | raced
    there, back = ((raced[a], raced[b]) for a, b in ((start, end), (end, start)))
    way = shortest_way(start, end, lambda name: _steps(name, everyone, raced, there)) or []
    sides = (
        reached(start, lambda name: _steps(name, raced, raced, there)),
        reached(end, lambda name: _steps(name, raced, raced, back)),
    )
    one, other = min(
        ((one, other) for one in sides[0] for other in sides[1]),
        key=lambda pair: len(differing(raced[pair[0]], raced[pair[1]])),
    )
    missing = tuple(makeable[name][0] for name in way if name not in raced)
    return Gap(
        start=start,
        end=end,
        missing=missing,
        threads=_thread_counts(view, missing),
        nearest=(one, other),
        differences=differing(raced[one], raced[other]),
    )


def _thread_counts(view: View, missing: tuple[Contestant, ...]) -> tuple[int, ...]:
    """All counts that are needed at once; none where nobody who is missing takes one."""
    raced = {c.threads for c in view.raw.contestants if c.parallel and c.role is Role.ENTRY}
    wanted = {contestant.threads for contestant in missing if contestant.parallel}
    return tuple(sorted(wanted | raced)) if wanted - raced else ()


def _steps(
    name: str,
    among: Mapping[str, Vector],
    raced: Mapping[str, Vector],
    ends: tuple[Vector, Vector],
) -> Iterator[tuple[str, float]]:
    """Who differs from a contestant in one factor, and whether that one is there already."""
    for other, vector in among.items():
        step = (among[name], vector)
        if len(differing(*step)) == 1 and keeps_direction(_threads(step), _threads(ends)):
            yield other, _RACED if other in raced else _MISSING


def _threads(pair: tuple[Vector, Vector]) -> tuple[int, int]:
    return int(pair[0]["threads"]), int(pair[1]["threads"])


def _makeable(view: View, raced: Mapping[str, Vector]) -> Iterator[tuple[Contestant, Vector]]:
    """Who would have raced if another setting or thread count had been asked for.

    Nobody who was asked for: asking again would not keep it from failing again.
    """
    asked = {contestant.name for contestant in view.raw.contestants}
    counts = {contestant.threads for contestant in view.raw.contestants} | {1}
    for contestant in view.raw.contestants:
        if contestant.role is not Role.ENTRY or contestant.name not in raced:
            continue
        vector = raced[contestant.name]
        for setting in (None, *_fitting(contestant, vector)):
            for threads in counts if contestant.parallel else {1}:
                made = replace(contestant, profile=setting or contestant.profile, threads=threads)
                if made.name not in asked:
                    yield made, vector_under(contestant, vector, setting, threads)


def _fitting(contestant: Contestant, vector: Vector) -> tuple[Profile, ...]:
    """Settings that would say something to a contestant's compiler and have not been used yet."""
    compiler = vector.get("compiler", "")
    if not compiler or contestant.profile != RELEASE:
        return ()
    return settings_for(compiler, vector.get("toolchain", ""))
