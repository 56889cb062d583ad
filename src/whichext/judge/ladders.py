"""Ladders: paths from one contestant to another in steps of one factor each.

Rungs are effects of the same race, so the product of the rungs and the ratio of the two ends are
two measurements of one thing.

Of a race that has no such way, what it lacks is found out. Contestants that other compiler settings
or another thread count would make of the same sources are looked for first: those are one more
option of a run. Where they do not help, an entry has to be written, and the two that come nearest
to each other say which.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, pairwise, product

import numpy as np
from msgspec.structs import replace

from whichext.judge.factors import (
    IDLE,
    WITHIN,
    Vector,
    differences,
    is_stated,
    value_of,
    vector_under,
)
from whichext.judge.ratios import ratio_in
from whichext.model.contestant import (
    CODE,
    OBJECTS,
    PYTHON_IN_LOOP,
    RELEASE,
    Contestant,
    Profile,
    Role,
)
from whichext.model.insight import Effect, Gap, Ladder
from whichext.model.view import CaseView, View
from whichext.toolchains.profiles import settings_for

_RACED, _MISSING = 0.001, 1.0  # what a step costs: few missing contestants first, then few steps
_IDLE = -1

Source = tuple[str | None, str]
"""What is compiled: a project and an entry."""
Steps = Callable[[str], Iterable[tuple[str, float]]]
"""Where one step leads from a contestant, and what each costs (more than 0)."""


class Ladders:
    """The graph of single-factor steps between the contestants of one case."""

    def __init__(self, view: View, case: CaseView) -> None:
        self._case, self._confidence = case, view.judged.confidence
        self._vectors = view.judged.factors
        self._contestants = view.contestants
        self._effects: dict[tuple[str, str], Effect] = {}
        self._next: dict[str, list[tuple[str, float]]] = {}
        for effect in case.effects:
            if effect.ratio.low is not None:
                self._add(effect)
                self._add(_turned(effect))

    def between(self, start: str, end: str) -> Ladder | None:
        """The shortest path between two contestants that raced in the case.

        None where there is none, and where the two share no round.
        """
        ends = self._threads(start, end)
        way = shortest_way(
            start,
            end,
            lambda name: (
                (other, cost)
                for other, cost in self._next.get(name, ())
                if keeps_direction(self._threads(name, other), ends)
                and self._goes_on(self._effects[name, other], start, end)
            ),
        )
        if way is None:
            return None
        ratio = ratio_in(self._case, end, start, self._confidence)
        if ratio is None:
            return None
        rungs = tuple(self._effects[step] for step in pairwise(way))
        product = math.prod(rung.ratio.inverse.value for rung in rungs)
        return Ladder(rungs=rungs, ratio=ratio, product=product)

    def _goes_on(self, step: Effect, start: str, end: str) -> bool:
        """Whether a step neither comes back to what the start has, nor leaves what the end has.

        Otherwise one change would be listed twice, there and back.
        """
        before, after = (value_of(self._vectors[name], step.factor) for name in (start, end))
        return step.after != before and step.before != after

    def _add(self, effect: Effect) -> None:
        """Add the step of an effect.

        Of equal ways, the one by what users of a wheel get costs less. The numbers have no say in
        it, so that all cases of a race are explained by the same steps.
        """
        before, after = effect.contestant_before, effect.contestant_after
        self._effects[before, after] = effect
        cost = 1.0 if self._contestants[after].profile == RELEASE else 1.01
        self._next.setdefault(before, []).append((after, cost))

    def _threads(self, one: str, other: str) -> tuple[int, int]:
        return self._contestants[one].threads, self._contestants[other].threads


def keeps_direction(step: tuple[int, int], ends: tuple[int, int]) -> bool:
    """Whether a step changes the thread count in the direction of the whole path, if at all.

    With one thread, idle factors are equal to anything. A way down to one thread and up again would
    change the pool or the lock unseen, and call it threads.
    """
    (here, there), (start, end) = step, ends
    return here == there or (start < end and here < there) or (start > end and here > there)


def shortest_way(start: str, end: str, steps: Steps) -> list[str] | None:
    """The shortest path with both ends; None if there is none.

    By Dijkstra's algorithm.
    """
    tie, best = count(), {start: 0.0}
    queue = [(0.0, next(tie), [start])]
    while queue:
        cost, _, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        for name, price in steps(way[-1]):
            if cost + price < best.get(name, math.inf):
                best[name] = cost + price
                heapq.heappush(queue, (best[name], next(tie), [*way, name]))
    return None


def reached(start: str, steps: Callable[[str], Iterable[str]]) -> list[str]:
    """All nodes that can be reached, the start first."""
    found, waiting = {start: None}, [start]
    while waiting:
        new = [name for name in steps(waiting.pop()) if name not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)


def _turned(effect: Effect) -> Effect:
    return replace(
        effect,
        before=effect.after,
        after=effect.before,
        contestant_before=effect.contestant_after,
        contestant_after=effect.contestant_before,
        ratio=effect.ratio.inverse,
    )


class Gaps:
    """Finds the contestants that are missing for a ladder."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._fields: dict[frozenset[str], _Field] = {}
        self._found: dict[tuple[_Field, str, str], Gap] = {}

    def between(self, case: CaseView, start: str, end: str) -> Gap:
        """What is missing between two contestants that raced in a case without a ladder."""
        # It depends on what raced and not on the times, which is the same in most cases.
        raced = frozenset(case.measured)
        if raced not in self._fields:
            self._fields[raced] = _Field(self._view, raced)
        key = self._fields[raced], start, end
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, field: _Field, start: str, end: str) -> Gap:
        raced, made = field.raced, field.made
        way = shortest_way(
            start,
            end,
            lambda name: (
                (other, _MISSING if other in made else _RACED)
                for other in field.everyone.next_to(name, (start, end))
            ),
        )
        sides = (
            reached(start, lambda name: raced.next_to(name, (start, end))),
            reached(end, lambda name: raced.next_to(name, (end, start))),
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
    """Contestants by their factors, with the number of differing factors as distance.

    Args:
        vectors: Their factors, by name.
        sources: The source of each, by name.

    """

    def __init__(self, vectors: Mapping[str, Vector], sources: Mapping[str, Source]) -> None:
        self._names = list(vectors)
        self._places = {name: place for place, name in enumerate(vectors)}
        named = {factor for vector in vectors.values() for factor in vector}
        factors = sorted(named | {CODE, OBJECTS, PYTHON_IN_LOOP})
        self._objects = factors.index(OBJECTS)
        self._within = [
            (factors.index(one), factors.index(other))
            for one, other in WITHIN.items()
            if {one, other} <= {*factors}
        ]
        texts = [[value_of(vector, factor) for factor in factors] for vector in vectors.values()]
        numbers = {IDLE: _IDLE}
        self._rows = [[numbers.setdefault(text, len(numbers)) for text in row] for row in texts]
        self._values = np.array(self._rows)
        self._stated = [[is_stated(text) for text in row] for row in texts]
        self._sources = [sources[name] for name in vectors]
        self._threads = [int(vector["threads"]) for vector in vectors.values()]
        self._next: dict[str, list[tuple[int, int]]] = {}

    def distance(self, one: str, other: str) -> int:
        """In how many factors two contestants differ."""
        return int(self._unlike(one)[self._places[other]].sum())

    def next_to(self, name: str, ends: tuple[str, str]) -> Iterator[str]:
        """Contestants that differ from it in one factor, on a path between two others.

        As in a ladder: the thread count changes in one direction, and nothing there and back.
        """
        here, start, end = (self._places[one] for one in (name, *ends))
        threads, rows = self._threads, self._rows
        for place, factor in self._neighbours(name):
            goes_on = (
                rows[place][factor] != rows[start][factor]
                and rows[here][factor] != rows[end][factor]
            )
            step, way = (threads[here], threads[place]), (threads[start], threads[end])
            if goes_on and keeps_direction(step, way):
                yield self._names[place]

    def _neighbours(self, name: str) -> list[tuple[int, int]]:
        """Places of those that differ from a contestant in one factor for sure, with the factor."""
        if name not in self._next:
            here, unlike = self._places[name], self._unlike(name)
            near = np.flatnonzero(unlike.sum(axis=1) == 1).tolist()
            found = [(place, int(unlike[place].argmax())) for place in near]
            self._next[name] = [
                (place, factor)
                for place, factor in found
                if (self._stated[here][factor] and self._stated[place][factor])
                or (self._sources[here] == self._sources[place] and factor != self._objects)
            ]
        return self._next[name]

    def _unlike(self, name: str) -> np.ndarray:
        """Whether each differs from a contestant in each factor, without idle factors."""
        values, its = self._values, self._values[self._places[name]]
        unlike = np.asarray((values != its) & (values != _IDLE) & (its != _IDLE))
        for factor, other in self._within:
            unlike[:, factor] &= unlike[:, other]
        return unlike


class _Field:
    """The contestants that raced, and those that could have raced."""

    def __init__(self, view: View, names: frozenset[str]) -> None:
        raced = {name: its for name, its in view.judged.factors.items() if name in names}
        makeable = {one.name: (one, vector) for one, vector in _makeable(view, raced)}
        self.made = {name: one for name, (one, _) in makeable.items()}
        """What can be made of the same sources, by name."""
        everyone = {**view.contestants, **self.made}
        sources = {name: one.source for name, one in everyone.items()}
        self.raced = _Space(raced, sources)
        self.everyone = _Space({name: its for name, (_, its) in makeable.items()} | raced, sources)


def _thread_counts(view: View, missing: list[Contestant]) -> tuple[int, ...]:
    """The thread counts to request; none if no missing contestant takes one."""
    raced = {c.threads for c in view.raw.contestants if c.parallel and c.role is Role.ENTRY}
    wanted = {contestant.threads for contestant in missing if contestant.parallel}
    return tuple(sorted(wanted | raced)) if wanted - raced else ()


def _makeable(view: View, raced: Mapping[str, Vector]) -> Iterator[tuple[Contestant, Vector]]:
    """Contestants that would have raced under another setting or thread count.

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
    """Settings that apply to a contestant's compiler and were not used yet."""
    compiler = vector.get("compiler", "")
    if not compiler or contestant.profile != RELEASE or OBJECTS in vector:
        return ()
    return settings_for(compiler, vector.get("toolchain", ""))
