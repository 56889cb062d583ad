"""What a race lacks that has no ladder between two contestants.

Contestants that other compiler settings or another thread count would make of the same sources are
looked for first: those are one more option of a run. Where they do not help, an entry has to be
written, and the two that come nearest to each other say which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from msgspec.structs import replace

from whichext.judge.factors import IDLE, UNSTATED, Vector, differences, vector_under
from whichext.judge.ladders import keeps_direction, reached, shortest_way
from whichext.model.contestant import RELEASE, Contestant, Profile, Role
from whichext.model.insight import Gap
from whichext.model.view import CaseView, View
from whichext.toolchains.profiles import settings_for

_RACED, _MISSING = 0.001, 1.0  # what a step costs: few missing contestants first, then few steps
_IDLE = -1


class Gaps:
    """What is missing between contestants, whatever the case in which they raced."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._fields: dict[frozenset[str], _Field] = {}
        self._found: dict[tuple[_Field, str, str], Gap] = {}

    def between(self, case: CaseView, start: str, end: str) -> Gap:
        """What is missing between two contestants that raced in a case without a ladder."""
        # It depends on what raced and not on the times, which is the same in most cases.
        raced = frozenset(case.measured)
        if raced not in self._fields:
            self._fields[raced] = _field(self._view, raced)
        key = self._fields[raced], start, end
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, field: _Field, start: str, end: str) -> Gap:
        raced, made = field.raced, field.made
        there = raced.threads(start), raced.threads(end)
        way = shortest_way(
            start,
            end,
            lambda name: (
                (other, _MISSING if other in made else _RACED)
                for other in field.everyone.next_to(name, there)
            ),
        )
        sides = (
            reached(start, lambda name: raced.next_to(name, there)),
            reached(end, lambda name: raced.next_to(name, there[::-1])),
        )
        one, other = min(product(*sides), key=lambda pair: raced.distance(*pair))
        missing = [made[name] for name in way or () if name in made]
        profiles = dict.fromkeys(contestant.profile for contestant in missing)
        return Gap(
            missing=tuple(contestant.name for contestant in missing),
            settings=tuple(profile.name for profile in profiles if profile.single),
            threads=_thread_counts(self._view, missing),
            nearest=(one, other),
            differences=differences(self._view, one, other),
        )


class _Space:
    """Contestants by their factors: how many of these keep them apart."""

    def __init__(self, vectors: Mapping[str, Vector]) -> None:
        self._names = list(vectors)
        self._places = {name: place for place, name in enumerate(vectors)}
        factors = sorted({factor for vector in vectors.values() for factor in vector})
        numbers = {IDLE: _IDLE}
        self._values = np.array(
            [
                [numbers.setdefault(vector.get(f, UNSTATED), len(numbers)) for f in factors]
                for vector in vectors.values()
            ]
        )
        self._threads = [int(vector["threads"]) for vector in vectors.values()]
        self._next: dict[str, list[int]] = {}

    def threads(self, name: str) -> int:
        """Threads of a contestant."""
        return self._threads[self._places[name]]

    def distance(self, one: str, other: str) -> int:
        """In how many factors two contestants differ."""
        return int(self._distances(one)[self._places[other]])

    def next_to(self, name: str, ends: tuple[int, int]) -> Iterator[str]:
        """What differs from a contestant in one factor, on a way between two thread counts."""
        if name not in self._next:
            self._next[name] = np.flatnonzero(self._distances(name) == 1).tolist()
        here = self.threads(name)
        for place in self._next[name]:
            if keeps_direction((here, self._threads[place]), ends):
                yield self._names[place]

    def _distances(self, name: str) -> np.ndarray:
        """In how many factors each differs from a contestant; what is idle is no difference."""
        values, its = self._values, self._values[self._places[name]]
        unlike = (values != its) & (values != _IDLE) & (its != _IDLE)
        return np.asarray(unlike.sum(axis=1))


@dataclass(frozen=True, eq=False)
class _Field:
    """What raced, and what might have."""

    raced: _Space
    """What raced."""
    made: Mapping[str, Contestant]
    """What can be made of the same sources, by name."""
    everyone: _Space
    """Both."""


def _field(view: View, names: frozenset[str]) -> _Field:
    raced = {name: its for name, its in view.judged.factors.items() if name in names}
    made = {one.name: (one, vector) for one, vector in _makeable(view, raced)}
    return _Field(
        raced=_Space(raced),
        made={name: one for name, (one, _) in made.items()},
        everyone=_Space({name: vector for name, (_, vector) in made.items()} | raced),
    )


def _thread_counts(view: View, missing: list[Contestant]) -> tuple[int, ...]:
    """All counts that are needed at once; none where nothing that is missing takes one."""
    raced = {c.threads for c in view.raw.contestants if c.parallel and c.role is Role.ENTRY}
    wanted = {contestant.threads for contestant in missing if contestant.parallel}
    return tuple(sorted(wanted | raced)) if wanted - raced else ()


def _makeable(view: View, raced: Mapping[str, Vector]) -> Iterator[tuple[Contestant, Vector]]:
    """What would have raced if another setting or thread count had been asked for.

    Nothing that was asked for: asking again would not keep it from failing again.
    """
    counts = {contestant.threads for contestant in view.raw.contestants} | {1}
    for contestant in view.raw.contestants:
        if contestant.role is not Role.ENTRY or contestant.name not in raced:
            continue
        vector = raced[contestant.name]
        for setting in (None, *_fitting(contestant, vector)):
            for threads in counts if contestant.parallel else {1}:
                made = replace(contestant, profile=setting or contestant.profile, threads=threads)
                if made.name not in view.contestants:
                    yield made, vector_under(contestant, vector, setting, threads)


def _fitting(contestant: Contestant, vector: Vector) -> tuple[Profile, ...]:
    """Settings that would say something to a contestant's compiler and have not been used yet."""
    compiler = vector.get("compiler", "")
    if not compiler or contestant.profile != RELEASE:
        return ()
    return settings_for(compiler, vector.get("toolchain", ""))
