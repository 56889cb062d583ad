"""From one contestant to another in steps of one factor each: what makes up a ratio.

Rungs are effects of the same race, so the product of the rungs and the ratio of the two ends are
two measurements of one thing. What a race lacks that has no such way, `gaps` finds out.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from itertools import count, pairwise

from msgspec.structs import replace

from whichext.judge.ratios import direct_ratio
from whichext.model.contestant import RELEASE
from whichext.model.insight import Effect, Ladder
from whichext.model.view import CaseView, View

Steps = Callable[[str], Iterable[tuple[str, float]]]
"""Where one step leads from a contestant, and what each costs (more than 0)."""


class Ladders:
    """The ways between the contestants of one case."""

    def __init__(self, view: View, case: CaseView) -> None:
        self._case, self._confidence = case, view.judged.confidence
        self._contestants = view.contestants
        self._effects: dict[tuple[str, str], Effect] = {}
        self._next: dict[str, list[tuple[str, float]]] = {}
        for effect in case.effects:
            if effect.ratio.low is not None:
                self._add(effect)
                self._add(_turned(effect))

    def between(self, start: str, end: str) -> Ladder | None:
        """The shortest way between two contestants that raced in the case.

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
            ),
        )
        if way is None:
            return None
        timings, noise = self._case.timings, self._case.noise
        ratio = direct_ratio(timings[end], timings[start], self._confidence, noise)
        if ratio is None:
            return None
        rungs = tuple(self._effects[step] for step in pairwise(way))
        product = math.prod(rung.ratio.inverse.value for rung in rungs)
        return Ladder(rungs=rungs, ratio=ratio, product=product)

    def _add(self, effect: Effect) -> None:
        """Make a step of an effect.

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
    """Whether a step changes the thread count, if at all, as the whole way does.

    With one thread, idle factors are equal to anything. A way down to one thread and up again would
    change the pool or the lock unseen, and call it threads.
    """
    (here, there), (start, end) = step, ends
    return here == there or (start < end and here < there) or (start > end and here > there)


def shortest_way(start: str, end: str, steps: Steps) -> list[str] | None:
    """All on the way of least cost, both ends among them; None where there is none.

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
    """All to which there is a way, the start first."""
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
