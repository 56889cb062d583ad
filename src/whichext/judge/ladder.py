"""From one contestant to another in steps of one factor each: what makes up a headline ratio.

Rungs are effects of the same race, so the product of the rungs and the ratio of the two ends are
two measurements of one thing. What a race lacks that has no such way, `gap` finds out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace

from whichext.judge.paths import shortest_way
from whichext.judge.ratios import direct_ratio
from whichext.model.judged import Effect
from whichext.model.profile import RELEASE
from whichext.model.ratio import Ratio
from whichext.model.view import View


@dataclass(frozen=True)
class Ladder:
    """A way from one contestant to another, each step of which changes one factor."""

    case: str
    """The case in which all of them raced."""
    rungs: tuple[Effect, ...]
    """The steps in order, each an effect in the direction of the way."""
    ratio: Ratio
    """Time of the end over time of the start, measured directly."""

    @property
    def product(self) -> float:
        """Speed-ups of all rungs multiplied: that of the whole, measured step by step."""
        return math.prod(rung.ratio.inverse.value for rung in self.rungs)


def find_ladder(view: View, case: str, start: str, end: str) -> Ladder | None:
    """The shortest way between two contestants that raced in a case.

    None where there is none, and where the two share no round.
    """
    effects = {
        (effect.contestant_before, effect.contestant_after): effect
        for found in view.judged.effects
        if found.case == case
        for effect in (found, _turned(found))
    }
    threads = {contestant.name: contestant.threads for contestant in view.raw.contestants}
    released = {c.name for c in view.raw.contestants if c.profile == RELEASE}
    way = shortest_way(
        start,
        end,
        lambda name: (
            step
            for step in _neighbours(effects, name, released)
            if keeps_direction((threads[name], threads[step[0]]), (threads[start], threads[end]))
        ),
    )
    if way is None:
        return None
    timings = view.cases[case].timings
    noise = view.cases[case].noise
    ratio = direct_ratio(timings[end], timings[start], view.judged.confidence, noise)
    if ratio is None:
        return None
    return Ladder(case, tuple(effects[step] for step in pairwise(way)), ratio)


def keeps_direction(step: tuple[int, int], ends: tuple[int, int]) -> bool:
    """Whether a step changes the thread count, if at all, as the whole way does.

    With one thread, idle factors are equal to anything. A way down to one thread and up again would
    change the pool or the lock unseen, and call it threads.
    """
    (here, there), (start, end) = step, ends
    return here == there or (start < end and here < there) or (start > end and here > there)


def _neighbours(
    effects: Mapping[tuple[str, str], Effect], name: str, released: Collection[str]
) -> Iterator[tuple[str, float]]:
    """Where one step leads, and its cost: of equal ways, the one by what users of a wheel get.

    The numbers have no say in it, so that all cases of a race are explained by the same steps.
    """
    for (before, after), effect in effects.items():
        if before == name and effect.ratio.low is not None:
            yield after, 1.0 if after in released else 1.01


def _turned(effect: Effect) -> Effect:
    return replace(
        effect,
        before=effect.after,
        after=effect.before,
        contestant_before=effect.contestant_after,
        contestant_after=effect.contestant_before,
        ratio=effect.ratio.inverse,
    )
